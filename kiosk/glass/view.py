"""The screen of one kiosk: draws the model, turns touches into acts, drops all on demand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter

from hall.screen.geometry import Panel, Rect
from hall.screen.painter import Painter
from hall.screen.palette import Color
from hall.screen.pointer import Act, Pointer
from hall.screen.tree import Donut, Scene
from hall.screen.window import Contact, Input, Window
from kiosk import screens
from kiosk.drawing.theme import Theme, typesetter
from kiosk.model.modes import Modes
from kiosk.model.pages import LookingUp, NoResult, PrintingTicket
from kiosk.model.state import KioskModel
from kiosk.model.world import World
from kiosk.wording import Wording

_SPIN_FRAMES = 20
_COUNTER_PAGE_S = 8
# About as wide as a fingertip, so that it is seen around one.
_MISSED_MM = 18.0
# What of the model can be seen: not the passing of time, nor when a heartbeat was heard.
_MODEL = attrgetter(
    *(f.name for f in fields(KioskModel) if f.name not in {"now", "wall", "touched", "world"})
)
_WORLD = attrgetter("linked", *(f.name for f in fields(World) if f.name != "presence"))


@dataclass(slots=True)
class KioskView:
    """`tells`: a finger that rests on a tile hears what it is."""

    window: Window
    wordings: Mapping[str, Wording]
    languages: tuple[tuple[str, str], ...]
    distance_mm: float = 600.0
    tells: bool = False
    painter: Painter = field(init=False)
    pointer: Pointer = field(init=False)
    scene: Scene | None = None
    _shown: tuple[object, ...] = ()

    def __post_init__(self) -> None:
        self.painter = Painter(self.window.panel, typesetter())
        self.pointer = Pointer(self.tells)

    @property
    def panel(self) -> Panel:
        return self.window.panel

    def open(self) -> None:
        """Raises what the window system likes; what was drawn on another glass is drawn anew."""
        self.wipe()
        self.window.open()
        if self.painter.panel != self.panel:
            self.painter = Painter(self.panel, self.painter.typesetter)

    def close(self) -> None:
        self.window.close()

    def theme(self, modes: Modes) -> Theme:
        return Theme(
            self.panel,
            self.wordings[modes.lang],
            modes,
            self.painter.typesetter,
            self.languages,
            self.distance_mm,
        )

    def show_model(self, model: KioskModel) -> bool:
        """Paint what changed; whether anything did."""
        missed = self.pointer.missed(model.now)
        seen = (_MODEL(model), _WORLD(model.world), _moments(model), self.pointer.pressed, missed)
        if seen == self._shown:
            return False
        self._shown = seen
        self.scene = screens.scene(model, self.theme(model.modes))
        self.pointer.see(self.scene, model.now)
        shown = self.scene
        if missed is not None:
            color = self.theme(model.modes).palette.edge
            shown = replace(shown, nodes=(*shown.nodes, _felt(missed, color)))
        places = self.painter.paint(self.window.surface, shown, self.pointer.pressed)
        self.window.show_places(places)
        return bool(places)

    def rehearse(self, model: KioskModel) -> None:
        """Draw this page off screen, so that its fonts and texts are cached when it is shown."""
        self.painter.prepare(screens.scene(model, self.theme(model.modes)))

    def inputs(self) -> tuple[Input, ...]:
        return self.window.inputs()

    def acts(self, contact: Contact, now: float) -> tuple[Act, ...]:
        return () if self.scene is None else self.pointer.handle(contact, self.scene, now)

    def settled(self, now: float) -> bool:
        """Whether a tap now would count as meant for this page."""
        return self.scene is not None and self.pointer.settled(now)

    def gliding(self, now: float) -> tuple[Act, ...]:
        return () if self.scene is None else self.pointer.tick(self.scene, now)

    def wipe(self) -> None:
        """Nothing of the last citizen stays: no scene, no drawn text, no half press."""
        self.painter.wipe()
        self.pointer = Pointer(self.tells)
        self.scene = None
        self._shown = ()


def _felt(missed: tuple[float, float], color: Color) -> Donut:
    """A ring where a finger met nothing: the glass has felt it, there is nothing to touch there."""
    x, y = missed
    spot = Rect(x - _MISSED_MM / 2, y - _MISSED_MM / 2, _MISSED_MM, _MISSED_MM)
    return Donut("missed", spot, ((1.0, color),), color, _MISSED_MM * 0.09)


def _moments(model: KioskModel) -> tuple[object, ...]:
    """What of the passing time can be seen."""
    waiting = isinstance(model.page, LookingUp | PrintingTicket | NoResult)
    return (
        model.wall.replace(second=0, microsecond=0),
        model.countdown,
        model.world.current(model.now),
        model.world.onestop_ready(model.now),
        int(model.now // _COUNTER_PAGE_S),
        int(model.now * _SPIN_FRAMES) if waiting else None,
    )
