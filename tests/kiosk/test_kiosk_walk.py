"""A walk of all pages: every control of every page is pressed, on each panel, language and mode.

Nobody ends where no way leads home, nothing raises, and each control does something that is seen
or heard. The hall's answers are played, each as it may come; what is typed and how far a list is
turned counts as one page of its own kind.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, get_args

import pytest

from hall.contract import codec
from hall.contract.messages import ErrorCode, Refusal, Reply
from hall.contract.requests import IssueData
from hall.contract.words import WireModel
from hall.screen.geometry import Panel
from hall.screen.tree import Node, Scene, Scroll, Target, targets
from kiosk import screens
from kiosk.drawing.theme import Theme, measure
from kiosk.model.actions import (
    Acted,
    DoChore,
    Effects,
    Erase,
    Hush,
    PaperNews,
    ReadAloud,
    ReplyArrived,
    ShowVain,
    Stay,
    Ticked,
    Touched,
)
from kiosk.model.modes import Modes
from kiosk.model.pages import (
    Attract,
    CheckingIn,
    CheckInPage,
    Dashboard,
    Detail,
    DossierResult,
    Home,
    LookingUp,
    Lookup,
    Maintenance,
    NoCheckIn,
    NoResult,
    NoTicket,
    Page,
    PrintingTicket,
    Procedures,
    RatingFaces,
    RatingSent,
    Thanks,
    TicketTaken,
)
from kiosk.model.state import KioskModel
from kiosk.model.step import step

PANELS = {
    "1080x1920": Panel(1080, 1920, 32),
    "1920x1080": Panel(1920, 1080, 21.5),
    "1366x768": Panel(1366, 768, 15.6),
    "1280x800": Panel(1280, 800, 10.1),
}
MODES = {
    "usual": Modes(),
    "large": Modes(large=True),
    "wheelchair": Modes(wheelchair=True),
    "large, wheelchair": Modes(large=True, wheelchair=True),
    "aloud": Modes(aloud=True),
    "contrast": Modes(contrast=True),
}
# What may be seen or heard of a press beside another page.
TOLD = (ReadAloud, Hush, DoChore)
# High contrast changes colours alone; modes are walked on one panel of each shape, and each panel
# and language with each other.
FULL = os.environ.get("MOTCUA_FAULTS") == "full"
QUICK = {
    *product(("1080x1920", "1280x800"), ("vi",), MODES.keys() - {"contrast"}),
    *product(PANELS, ("vi",), ("usual", "large")),
    *product(PANELS, ("en",), ("large",)),
}
WALKED = sorted(product(PANELS, ("vi", "en"), MODES) if FULL else QUICK)
REFUSALS: tuple[ErrorCode, ...] = ("unknown", "limit", "closed", "unavailable", "busy")
FARTHEST = 400


def kind(model: KioskModel) -> tuple[object, ...]:
    """Models alike in this look and lead alike."""
    page, moved = model.page, model.offset_shown > 0
    return (type(page).__name__, moved, model.maintenance, *_of_its_own(model))


def _of_its_own(model: KioskModel) -> Iterator[object]:  # noqa: C901 - one case for each page
    match model.page:
        case NoTicket(code=code, fault=fault):
            yield from (code, fault)
        case NoResult(why=why) | NoCheckIn(why=why):
            yield why
        case DossierResult(dossier=dossier):
            yield dossier.status
        case TicketTaken(paper=paper):
            yield paper
        case RatingSent(about=about, reason=reason):
            yield from (about is None, bool(reason))
        case RatingFaces(about=about):
            yield about is None
        case Dashboard(period=period):
            yield period
        case Procedures(query=query, keyboard=keyboard, field_name=name):
            yield from (bool(query), keyboard, name is None)
        case Lookup(typed=typed, letters=letters) | CheckInPage(typed=typed, letters=letters):
            yield from (bool(typed), letters)
        case Home() | Maintenance():
            yield model.corner is not None
        case _:
            pass


@dataclass
class Walk:
    """`ways`: where each kind of page leads. `silent`: controls of which nothing was noticed."""

    kit: Any
    panel: Panel
    modes: Modes
    setter: Any
    seen: dict[tuple[object, ...], KioskModel] = field(default_factory=dict)
    ways: dict[tuple[object, ...], set[tuple[object, ...]]] = field(default_factory=dict)
    did: set[tuple[str, str]] = field(default_factory=set)
    vain: set[tuple[str, str]] = field(default_factory=set)
    silent: set[tuple[str, str]] = field(default_factory=set)
    judged: set[tuple[object, ...]] = field(default_factory=set)

    def theme(self, modes: Modes) -> Theme:
        words = self.kit.wordings[modes.lang]
        return Theme(self.panel, words, modes, self.setter, self.kit.languages)

    def scene(self, model: KioskModel) -> Any:
        return screens.scene(model, self.theme(model.modes))

    def go(self, *starts: KioskModel) -> None:
        left = list(starts)
        while left:
            model = left.pop(0)
            if kind(model) in self.seen:
                continue
            self.seen[kind(model)] = model
            assert len(self.seen) < FARTHEST
            found = [*self.pressed(model), *answered(self.kit, model)]
            self.ways[kind(model)] = {kind(each) for each in found}
            left += found

    def pressed(self, model: KioskModel) -> Iterator[KioskModel]:
        scene = self.scene(model)
        for placed in targets(scene):
            after, effects = step(model, Acted(placed.target.action, "i"))
            self.judge(model, scene, placed.target, after, effects)
            yield replace(after, modes=self.modes)

    def judge(
        self, model: KioskModel, scene: Any, target: Target, after: KioskModel, effects: Effects
    ) -> None:
        """The same act on the same kind of page is drawn once."""
        page = type(model.page).__name__
        name = type(target.action).__name__
        act = (kind(model), name, target.key if name in {"Open", "Toggle"} else "")
        if target.hold_s or act in self.judged:
            return
        self.judged.add(act)
        key = (page, target.key)
        if any(isinstance(each, ShowVain) for each in effects):
            self.vain.add(key)
        elif (
            any(isinstance(each, TOLD) for each in effects)
            or kind(after) != kind(model)
            or self.scene(after) != scene
        ):
            self.did.add(key)
        else:
            self.silent.add(key)

    def homeless(self) -> set[tuple[object, ...]]:
        """Kinds of pages from which no way leads home."""
        home = {each for each in self.seen if each[0] == "Home"}
        while True:
            more = {each for each, to in self.ways.items() if to & home} - home
            if not more:
                return self.seen.keys() - home
            home |= more


def answered(kit: Any, model: KioskModel) -> Iterator[KioskModel]:
    """What the hall may answer, what becomes of a paper, and what time alone does."""
    match model.page:
        case PrintingTicket(id=asked) | CheckingIn(id=asked):
            issued = IssueData(ticket=kit.ticket("A025"), ahead=2, counters=("1",))
            yield replied(model, asked, ok(issued))
            told = Refusal(code="not_now", text="…", current=codec.plain(kit.appointment("A025")))
            yield replied(model, asked, Reply(id=asked, status="error", error=told))
        case LookingUp(id=asked, code=code):
            for status in range(1, 11):
                yield replied(model, asked, ok(kit.dossier(status, code)))
        case Attract():
            yield step(model, Touched(1.0, 1.0))[0]
            return
        case TicketTaken(issued=taken):
            for fate in ("printed", "print_unknown", "voided"):
                yield step(model, PaperNews(taken.ticket.id, fate))[0]
            return
        case Thanks() | RatingSent():
            yield step(model, Ticked(model.now + 30.0, model.wall))[0]
            return
        case _:
            return
    for code in REFUSALS:
        refused = Refusal(code=code, text="…")
        yield replied(model, asked, Reply(id=asked, status="error", error=refused))


def replied(model: KioskModel, asked: str, reply: Reply) -> KioskModel:
    return step(model, ReplyArrived(asked, reply))[0]


def ok(data: WireModel) -> Reply:
    return Reply(id="i", status="ok", data=codec.plain(data))


def hall(kit: Any, modes: Modes) -> KioskModel:
    """With a PIN of one key, so that the walk finds the technician's pages too."""
    setup = replace(kit.setup, pin="7", paperless=True)
    return replace(kit.model, setup=setup, modes=modes)


@pytest.fixture(scope="module", name="setter")
def one_typesetter() -> Any:
    return measure()


def walked(kit: Any, setter: Any, panel: Panel, modes: Modes) -> Walk:
    start = hall(kit, modes)
    walk = Walk(kit, panel, modes, setter)
    pages = (page for page in kit.pages.values() if not isinstance(page, Maintenance))
    walk.go(start, *(replace(start, page=page, trail=(Home(),)) for page in pages))
    return walk


@pytest.mark.parametrize(("panel", "lang", "mode"), WALKED)
def test_every_page_leads_home_and_every_control_does_something(
    kit: Any, setter: Any, panel: str, lang: str, mode: str
) -> None:
    walk = walked(kit, setter, PANELS[panel], replace(MODES[mode], lang=lang))

    assert walk.homeless() == set()
    assert walk.silent == set()
    assert walk.vain - walk.did == set()
    assert {each[0] for each in walk.seen if each[2]} == {"Maintenance", "Pin", "Tech"}
    assert {each[0] for each in walk.seen} >= {page.__name__ for page in get_args(Page)}


def test_a_dead_end_a_dumb_control_and_one_in_vain_are_found(
    kit: Any, setter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A procedure's page without its bar, with buttons to stay and to erase what is not there."""
    whole = screens.scene

    def spoilt(model: KioskModel, theme: Theme) -> Scene:
        scene = whole(model, theme)
        if not isinstance(model.page, Detail):
            return scene
        spot = theme.body.top(30).left(30)
        dumb, vain = Target("dumb", spot, Stay()), Target("vain", spot, Erase())
        return replace(scene, nodes=(*_without_targets(scene), dumb, vain))

    monkeypatch.setattr(screens, "scene", spoilt)
    walk = walked(kit, setter, PANELS["1280x800"], Modes())

    assert {each[0] for each in walk.homeless()} == {"Detail"}
    assert walk.silent == {("Detail", "dumb")}
    assert walk.vain - walk.did == {("Detail", "vain")}


def _without_targets(scene: Scene) -> Iterator[Node]:
    return (node for node in scene.nodes if not isinstance(node, Target | Scroll))
