"""One person before a kiosk of a busy hall, for benchmarks and tests: a finger, and ears.

The kiosk's own service runs on a bus in memory, without SDL; the clock is set, so that every time
is exact and always the same. Who sees takes `LOOK_S` from one touch to the next. Who does not rests
a finger on one target after the other, in the order of the page, until the wanted one is said, and
remembers what was said on this page. A word of speech takes what espeak-ng's pace makes of it, an
answer of the hall `ANSWER_S`.
"""

import json
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from hall.contract import codec  # noqa: E402
from hall.contract.words import WireModel  # noqa: E402
from hall.runtime import settings, settings_yaml  # noqa: E402
from hall.runtime.bus_memory import MemoryBroker  # noqa: E402
from hall.runtime.clock import SetClock  # noqa: E402
from hall.runtime.daemon import Daemon, DaemonContext  # noqa: E402
from hall.runtime.devices import Device  # noqa: E402
from hall.runtime.health import Health  # noqa: E402
from hall.runtime.inbox import Inbox  # noqa: E402
from hall.runtime.requester import Requester  # noqa: E402
from hall.screen.geometry import Panel  # noqa: E402
from hall.screen.pointer import REST_S  # noqa: E402
from hall.screen.tree import Placed, targets  # noqa: E402
from hall.screen.window import Contact, Input, Window  # noqa: E402
from kiosk import plan  # noqa: E402
from kiosk.glass.view import KioskView  # noqa: E402
from kiosk.model import samples  # noqa: E402
from kiosk.model.modes import Volume  # noqa: E402
from kiosk.model.pages import DossierResult, Page, TicketTaken  # noqa: E402
from kiosk.model.setup import KioskSetup  # noqa: E402
from kiosk.model.state import KioskModel  # noqa: E402
from kiosk.ports import Sentence, Sounded  # noqa: E402
from kiosk.service import Extras, KioskService  # noqa: E402
from kiosk.settings import KioskFile  # noqa: E402

NUMBER = "A025"
LOOK_S, ANSWER_S, TAP_S, LATE_S, TURN_S = 2.0, 0.3, 0.1, 0.3, 0.1
WORD_S = 60 / 140
_BEAT_S = 5.0
_TOPIC = "motcua/1/bench"
_CLIENT = "kiosk-1"


class NoWay(Exception):
    """The page that is up has nothing of what is wanted."""


@dataclass(slots=True)
class PlayedGlass(Window):
    """A window without SDL, whose fingers are played: each look at it takes one batch."""

    batches: deque[tuple[Input, ...]] = field(default_factory=deque)

    def inputs(self) -> tuple[Input, ...]:
        return self.batches.popleft() if self.batches else ()


@dataclass
class PacedSpeaker:
    """Speaks as long as its words take. `said`: each speech, when it was begun, sentence by one."""

    clock: SetClock
    said: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)
    device: Device | None = None
    _ends: float | None = None
    _told: Callable[[Sounded], None] = lambda _: None

    def start(self, post: Callable[[Sounded], None]) -> None:
        self._told = post

    def try_out(self) -> None:
        self._told(Sounded())

    def say_sentences(
        self,
        sentences: Sequence[Sentence],
        lang: str,  # noqa: ARG002 - the port's
        volume: Volume,  # noqa: ARG002
    ) -> int:
        told = tuple(" ".join(piece.text for piece in each) for each in sentences)
        now = self.clock.monotonic()
        self.said.append((now, told))
        self._ends = now + sum(map(spoken_s, told))
        return len(self.said)

    def hush(self) -> None:
        self._ends = None

    def turn(self) -> None:
        if self._ends is not None and self.clock.monotonic() >= self._ends:
            self._ends = None
            self._told(Sounded(None, len(self.said)))


def spoken_s(text: str) -> float:
    return len(text.split()) * WORD_S


class Citizen:
    """One person before a kiosk of a busy hall, from its first page on."""

    def __init__(self, panel: Panel, folder: Path, *, sees: bool = True) -> None:
        self.sees, self.touches, self.asked = sees, 0, 0
        self._known: set[tuple[str, str]] = set()
        self.clock, self._broker = SetClock(), MemoryBroker()
        self.speaker, self._beaten = PacedSpeaker(self.clock), self.clock.monotonic()
        document = settings_yaml.read(ROOT / "config" / "demo.yaml")
        config = settings.check(document.part(KioskFile.model_fields), KioskFile)
        section = config.kiosks[0]
        words = plan.wordings(document, config, section)
        made = plan.setup(config, section, tuple(words))
        setup = replace(made, speaks=True, booked=True, client=_CLIENT)
        self.glass = PlayedGlass(panel, "bench", headless=True)
        self.view = KioskView(self.glass, words, plan.languages(words), tells=True)
        bus = self._broker.bus(_CLIENT, "bench", self.clock)
        context = DaemonContext(
            _CLIENT, "bench", bus, Inbox(), self.clock, Health(bus, self.clock), Requester(bus)
        )
        extras = Extras(
            ZoneInfo(config.hall.timezone), self.speaker, plan.lexicons(document, config, words)
        )
        self.service = KioskService(context, _busy(setup, self.clock), self.view, extras, folder)
        self.daemon = Daemon(context, self.service, chosen={"printer": ("printer-1",)})
        self.service.start()
        self.daemon.open()
        self.wait(1.0)

    @property
    def page(self) -> Page:
        return self.service.model.page

    # --- time -----------------------------------------------------------------------------------

    def wait(self, seconds: float) -> None:
        ends = self.clock.monotonic() + seconds
        while self.clock.monotonic() < ends - TURN_S / 2:
            self.turn()

    def turn(self) -> None:
        self.clock.advance(TURN_S)
        now = self.clock.monotonic()
        if now - self._beaten >= _BEAT_S:
            self._beaten = now
            self._publish("state/hall", "controller", codec.plain(self._hall()))
        self.speaker.turn()
        for _ in range(3):
            self.daemon.turn(now, 0.0)
        self._answer()

    def _hall(self) -> WireModel:
        hall = self.service.model.world.hall
        if hall is None:
            raise NoWay("no controller is known")
        return hall

    # --- fingers --------------------------------------------------------------------------------

    def press(self, *beginnings: str) -> None:
        """The first target whose key begins so; further down a list, where it is not in sight."""
        for _ in range(40):
            for beginning in beginnings:
                found = self._found(beginning)
                if found is not None:
                    self._tap(found)
                    return
            down = self._found("list.down")
            if down is None:
                break
            self._tap(down)
        raise NoWay(f"{type(self.page).__name__}: {beginnings}")

    def offers(self, key: str) -> bool:
        return self._found(key) is not None

    def _targets(self) -> tuple[Placed, ...]:
        placed = targets(self.view.scene) if self.view.scene else ()
        return tuple(each for each in placed if not each.target.hold_s)

    def _found(self, beginning: str) -> Placed | None:
        return next((p for p in self._targets() if p.target.key.startswith(beginning)), None)

    def _tap(self, wanted: Placed) -> None:
        if not self.sees:
            self._find(wanted)
        self._contact(wanted, TAP_S)
        self.touches += 1
        self.wait(LOOK_S if self.sees else ANSWER_S + 3 * TURN_S)

    def _find(self, wanted: Placed) -> None:
        """Each target in turn is asked what it is, until it is the wanted one."""
        scene = self.view.scene
        page = "" if scene is None else scene.name
        for each in self._targets():
            if (page, wanted.target.key) in self._known:
                return
            if (page, each.target.key) not in self._known:
                self._contact(each, REST_S + LATE_S)
                self.asked += 1
                self._hear_name()
                self._known.add((page, each.target.key))

    def _hear_name(self) -> None:
        """What a tile is comes first; the rest of it is broken off by the next finger."""
        _, told = self.speaker.said[-1]
        self.wait(spoken_s(told[0]) - LATE_S)

    def _contact(self, placed: Placed, held_s: float) -> None:
        x, y = placed.rect.centre
        self.glass.batches.append((Contact("down", 1, x, y),))
        self.wait(held_s)
        self.glass.batches.append((Contact("up", 1, x, y),))
        self.wait(TURN_S)

    # --- the other side of the bus ----------------------------------------------------------------

    def _publish(self, topic: str, src: str, content: dict[str, object]) -> None:
        stamp = self.clock.now().isoformat()
        body = {"schema": 1, "hall": "bench", "src": src, "ts": stamp, **content}
        raw = json.dumps(body).encode()
        self._broker.publish(f"{_TOPIC}/{topic}", raw, retain=topic.startswith("state"))

    def _answer(self) -> None:
        log, self._broker.log = self._broker.log, []
        for topic, raw in log:
            if "/req/" in topic and topic.endswith(f"/{_CLIENT}"):
                asked = json.loads(raw)
                data = self._data(topic.split("/")[-2])
                self.wait(ANSWER_S)
                answer = {"id": asked["id"], "status": "ok", "data": data}
                self._publish(f"rsp/{_CLIENT}", "printer-1", answer)

    def _data(self, verb: str) -> object:
        pages = samples.pages(self.service.model.setup, NUMBER)
        match verb:
            case "dispense" | "check-in":
                taken = pages["số thứ tự"]
                return codec.plain(taken.issued) if isinstance(taken, TicketTaken) else {}
            case "dossier-lookup":
                found = pages["kết quả 9"]
                return codec.plain(found.dossier) if isinstance(found, DossierResult) else {}
            case _:
                return {}


def _busy(setup: KioskSetup, clock: SetClock) -> KioskModel:
    model = samples.model(setup, NUMBER)
    return replace(model, now=clock.monotonic(), touched=clock.monotonic())
