"""The kiosk's loop body: touches, scans and messages go into the model, its effects are done."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from hall.contract.messages import Reply, TicketEvent
from hall.contract.onestop_messages import Catalogue
from hall.contract.onestop_requests import DossierLookup
from hall.contract.requests import Request, Simulate, TestPrint
from hall.contract.topics import REQ_DEV, REQ_ONESTOP, REQ_QUEUE
from hall.runtime.bus import Cleared, Connected, Disconnected, Received, expect
from hall.runtime.daemon import DaemonContext, Fatal
from hall.runtime.devices import DeviceLost, Devices, DeviceWell
from hall.runtime.glass_size import judge_glass
from hall.runtime.requester import LOOKUP_PATIENCE_S, new_id
from hall.scanning.ports import Scan, Scanner
from hall.screen.geometry import Panel
from hall.screen.pointer import Act, FoundNothing, Rested, Scrolled, Tapped
from hall.screen.tree import Scene
from hall.screen.window import Blind, Closed, Contact, Input, Key, Typed
from kiosk import tickets
from kiosk.decoding.wedge import DecodedKeys, Wedge
from kiosk.glass.album import Album
from kiosk.glass.device import GLASS, Glass
from kiosk.glass.rehearsal import Rehearsal
from kiosk.glass.simulated_finger import SimulatedFinger, turned_to
from kiosk.glass.view import KioskView
from kiosk.library import Library
from kiosk.model.actions import (
    Acted,
    Action,
    AskCheckIn,
    AskDossier,
    AskTicket,
    DoChore,
    Effect,
    Erase,
    Event,
    Forget,
    Hear,
    Hush,
    Learned,
    LookUp,
    Moved,
    PaperNews,
    PressKey,
    Read,
    ReadAloud,
    ReadTile,
    ReplyArrived,
    SayThat,
    SendScore,
    ShowVain,
    SpeechEnded,
    TakeBackScore,
    Ticked,
    Touched,
    TouchedNothing,
    Warn,
    Wipe,
)
from kiosk.model.modes import Modes
from kiosk.model.state import KioskModel
from kiosk.model.step import step
from kiosk.model.world import learn_item
from kiosk.ports import Sounded, Speaker
from kiosk.scores import request_of
from kiosk.sounds.lexicon import Lexicon
from kiosk.sounds.loudspeaker import Loudspeaker
from kiosk.sounds.speech import of_tile, sentences
from kiosk.wording import Wording

log = logging.getLogger(__name__)

_LIVELY_S, _QUIET_S = 0.02, 0.08
# Nobody sees or touches anything then, but time passes all the same.
_BLIND_S = 0.5
_LIVELY_FOR_S = 30.0
EXIT_RESTART = 0
_GLASS = "Màn hình của kiosk"
_TURN_IT = "Màn hình treo xoay: thêm rotate: 90 hoặc 270 vào screen. Không xoay:"


@dataclass(frozen=True, slots=True)
class Extras:
    """`pictures`: a folder for what the glass shows. `steered`: touches may come by the bus.

    `samples`: every dossier is a made-up one, so its page may be pictured too (training).
    """

    zone: ZoneInfo
    speaker: Speaker
    lexicons: Mapping[str, Lexicon]
    scanners: Sequence[Scanner] = ()
    pictures: Path | None = None
    steered: bool = False
    samples: bool = False


class KioskService:
    def __init__(
        self,
        context: DaemonContext,
        model: KioskModel,
        view: KioskView,
        extras: Extras,
        cache: Path,
    ) -> None:
        self._context = context
        self._view = view
        self._extras = extras
        now, modes = context.clock.monotonic(), Modes(lang=model.setup.languages[0])
        self.model = replace(model, modes=modes, touched=now)
        self._library = Library(cache, context.requester, self._use_catalogue)
        self._wedge = Wedge()
        self._speech = 0
        self._steering = SimulatedFinger(self._scan, self._contact, self._view.settled)
        self._album = Album(view.window, model.setup.client, extras.pictures, extras.samples)
        self._rehearsal = Rehearsal(view)
        self._devices = Devices(context.health)
        heard, clock = self._devices.take_news, context.clock.monotonic
        self._glass = Glass(view, heard, clock, self._judge_glass)
        self._loudspeaker = Loudspeaker(extras.speaker, heard, clock)

    @property
    def needs_main_thread(self) -> bool:
        return not self._view.window.headless

    def start(self) -> None:
        spoken = self._extras.speaker.device
        self._devices.expect(GLASS, *(scanner.device for scanner in self._extras.scanners))
        self._devices.expect(*([] if spoken is None else [spoken]))
        self._glass.is_there(self._context.clock.monotonic())
        self._library.start()
        self._extras.speaker.start(self._context.inbox.post)
        for scanner in self._extras.scanners:
            scanner.start(self._context.inbox.post)

    def stop(self) -> None:
        for scanner in self._extras.scanners:
            scanner.close()
        self._extras.speaker.hush()
        self._view.close()

    def tick(self, now: float) -> float:
        self._feed(Ticked(now, self._context.clock.now().astimezone(self._extras.zone)))
        self._library.tick(now)
        self._loudspeaker.tick(now)
        if not self._glass.is_there(now):
            return now + _BLIND_S
        self._glass.turn(lambda: self._on_glass(now))
        lively = self._view.pointer.busy or now - self.model.touched < _LIVELY_FOR_S
        return now + (_LIVELY_S if lively and not self._view.window.headless else _QUIET_S)

    def _on_glass(self, now: float) -> None:
        """Raises Blind where the glass is gone."""
        self._steering.tick(now)
        for each in self._view.inputs():
            self._input(each, now)
        for act in self._view.gliding(now):
            self._act(act)
        self._take_keys(self._wedge.tick(now))
        self._album.changed |= self._view.show_model(self.model)
        self._album.tick(self.model)
        self._rehearsal.turn(self.model)

    def _judge_glass(self, said: Panel, real: Panel) -> None:
        judge_glass(self._context.health, _GLASS, said.size, real.size, on_its_side=_TURN_IT)

    # --- from the bus and from scanners ---------------------------------------------------------

    def handle(self, item: object) -> None:
        match item:
            case Received(channel=channel) if channel is REQ_DEV:
                self._device_request(item)
            case Received(message=Catalogue() as announced):
                self._library.announced(announced, self._context.clock.monotonic())
            case Received(message=TicketEvent() as event):
                self._printed(event)
                self._learn_item(item)
            case Connected() | Disconnected() | Received() | Cleared():
                self._learn_item(item)
            case Scan(text):
                self._scan(text)
            case DeviceLost() | DeviceWell():
                self._devices.take_news(item)
            case Sounded(said=said):
                self._loudspeaker.take_sounded(item)
                if said and said == self._speech:
                    self._speech = 0
                    self._feed(SpeechEnded())
            case _:
                log.debug("not for a kiosk: %s", type(item).__name__)

    def _learn_item(self, item: Connected | Disconnected | Received | Cleared) -> None:
        now, setup = self._context.clock.monotonic(), self.model.setup
        self._feed(Learned(learn_item(self.model.world, item, now, setup.printer)))

    def _printed(self, event: TicketEvent) -> None:
        if event.ticket is None:
            return
        match event.type:
            case "printed" | "print_unknown" | "voided":
                self._feed(PaperNews(event.ticket.id, event.type))
            case _:
                pass

    def _use_catalogue(self, shelf: object) -> None:
        self._feed(Learned(replace(self.model.world, shelf=shelf)))  # type: ignore[arg-type]

    # --- people ---------------------------------------------------------------------------------

    def _input(self, each: Input, now: float) -> None:
        match each:
            case Contact() as contact:
                self._contact(contact, now)
            case Typed(text):
                self._take_keys(self._wedge.typed(text, now))
            case Key("return" | "enter" | "tab"):
                self._entered(now)
            case Key("backspace"):
                self._do_action(Erase())
            case Key():
                pass
            case Closed():
                raise Blind("cửa sổ đã đóng")

    def _take_keys(self, heard: DecodedKeys) -> None:
        for letter in heard.letters:
            self._do_action(PressKey(letter))
        if heard.scan is not None:
            self._scan(heard.scan)

    def _entered(self, now: float) -> None:
        burst = self._wedge.entered()
        if burst is not None:
            self._take_keys(burst)
            return
        self._take_keys(self._wedge.tick(now + 1.0))
        self._do_action(LookUp())

    def _contact(self, contact: Contact, now: float) -> None:
        if contact.phase == "down":
            self._feed(Touched(contact.x, contact.y))
        for act in self._view.acts(contact, now):
            self._act(act)

    def _act(self, act: Act) -> None:
        match act:
            case Tapped(action=action):
                self._do_action(action)  # type: ignore[arg-type]
            case Scrolled(offset=offset):
                self._feed(Moved(offset))
            case FoundNothing():
                self._feed(TouchedNothing())
            case Rested(key=key):
                self._do_action(Hear(key))

    def _do_action(self, action: Action) -> None:
        self._feed(Acted(action, new_id()))

    def _feed(self, event: Event) -> None:
        self.model, effects = step(self.model, event)
        for effect in effects:
            self._effect(effect)

    # --- effects of the model --------------------------------------------------------------------

    def _effect(self, effect: Effect) -> None:  # noqa: C901 - one case for each effect
        match effect:
            case AskTicket() | AskCheckIn() as ask:
                self._ask_number(ask)
            case AskDossier(ask_id, code):
                lookup = DossierLookup(id=ask_id, code=code)
                self._ask_onestop("dossier-lookup", lookup)
            case SendScore() | TakeBackScore():
                now, send = self._context.clock.monotonic(), self._context.requester.send_request
                verb, request = request_of(effect)
                send(REQ_QUEUE, verb, request, lambda _: None, now)
            case Forget(ask_id):
                self._context.requester.forget(ask_id)
            case Wipe():
                self._wedge.wipe()
                self._view.wipe()
            case ReadAloud():
                self._speak_texts(sentences, heeded=True)
            case ReadTile(key):
                self._speak_texts(lambda scene: of_tile(scene, key, self._words()), heeded=True)
            case ShowVain():
                self._view.pointer.show_vain(self.model.now)
            case SayThat(key):
                told = self._words()(key)
                self._speak_texts(lambda _: (told,), heeded=True)
            case Warn():
                self._speak_texts(sentences, heeded=False)
            case Hush():
                self._extras.speaker.hush()
            case DoChore() as chore:
                self._chore(chore)

    def _ask_number(self, ask: AskTicket | AskCheckIn) -> None:
        channel, verb, request = tickets.request_of(ask)
        target = None if ask.paperless else self.model.setup.printer
        now, done = self._context.clock.monotonic(), self._answer(ask.id)
        self._context.requester.send_request(channel, verb, request, done, now, target=target)

    def _ask_onestop(self, verb: str, request: Request) -> None:
        self._context.requester.send_request(
            REQ_ONESTOP,
            verb,
            request,
            self._answer(request.id),
            self._context.clock.monotonic(),
            patience=LOOKUP_PATIENCE_S,
        )

    def _answer(self, ask_id: str) -> "_Answer":
        return _Answer(self, ask_id)

    def answered(self, ask_id: str, reply: Reply) -> None:
        """The reply, or the requester's own `unavailable`, on the loop."""
        self._feed(ReplyArrived(ask_id, reply))

    def _speak_texts(self, told_of: Callable[[Scene], Sequence[str]], *, heeded: bool) -> None:
        """`heeded`: the page stays as long as this is said."""
        self._view.show_model(self.model)
        scene, modes = self._view.scene, self.model.modes
        lexicon = self._extras.lexicons[modes.lang]
        told = [lexicon.pieces(text) for text in told_of(scene)] if scene else []
        count = self._extras.speaker.say_sentences(
            list(filter(None, told)), modes.lang, modes.volume
        )
        self._speech = count if heeded else 0
        if heeded and not count:
            self._feed(SpeechEnded())

    def _words(self) -> Wording:
        return self._view.wordings[self.model.modes.lang]

    def _chore(self, chore: DoChore) -> None:
        printer, now = self.model.setup.printer, self._context.clock.monotonic()
        match chore.name:
            case "test-print" if printer:
                test = TestPrint(id=chore.id)
                ask = self._context.requester.send_request
                ask(REQ_DEV, "test-print", test, lambda _: None, now, target=printer)
            case "photograph":
                self._album.take_picture(self.model)
            case "speak":
                self._speak_texts(sentences, heeded=False)
            case "restart":
                raise Fatal(EXIT_RESTART, "kỹ thuật viên khởi động lại kiosk")
            case _:
                pass

    # --- simulation -------------------------------------------------------------------

    def _device_request(self, item: Received) -> None:
        request = expect(item.message, Request)
        client = item.levels["client"]
        if not isinstance(request, Simulate):
            self._context.refuse(client, request.id, "bad_request", "Kiosk không có việc này.")
        elif not self._extras.steered:
            self._context.refuse(client, request.id, "bad_request", "Kiosk này dùng màn hình thật.")
        elif self._steered(request.action, request.args):
            self._context.reply(client, request.id)
        else:
            self._context.refuse(client, request.id, "bad_request", "Không hiểu thao tác giả lập.")

    def _steered(self, action: str, args: Mapping[str, object]) -> bool:
        """`touch` comes in shares of the panel (0..1), whatever its size."""
        if action == "page":
            turned = turned_to(self.model, args)
            self.model = turned or self.model
            return turned is not None
        if action == "touch":
            area = self._view.panel.area
            args = {k: v * s for (k, v), s in zip(_place(args), (area.w, area.h), strict=False)}
        return self._steering.act_on(action, args, self._view.scene)

    def _scan(self, text: str) -> None:
        self._feed(Read(text, new_id()))


@dataclass(frozen=True, slots=True)
class _Answer:
    service: KioskService
    ask_id: str

    def __call__(self, reply: Reply) -> None:
        self.service.answered(self.ask_id, reply)


def _place(args: Mapping[str, object]) -> list[tuple[str, float]]:
    """The x and y of a touch, where both are numbers."""
    found = [(key, args.get(key)) for key in ("x", "y")]
    return [(key, float(value)) for key, value in found if isinstance(value, int | float)]
