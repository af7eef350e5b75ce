"""The emulated hall: one machine with its cables plugged in, and a technician's hands on it."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from emulated import journal
from emulated.cables import Bus, Cable, Paper, Server, listen_only
from emulated.computer import NETWORKED, Computer, Start
from emulated.guest import Guest, awaited
from emulated.lines import HungUp
from emulated.monitor import Monitor
from emulated.network import Browser, Network
from emulated.pictures import Word, read, words
from emulated.pins import Pins
from emulated.usb_devices import ButtonBox, TouchScreen, UsbPrinter
from emulated.waiting import pause, until
from PIL import Image

from hall.contract import requests as req
from hall.contract.messages import CounterState, DeviceStatus, Face, HallState, TicketEvent
from hall.contract.topics import DEV_STATUS, FACE, REQ_QUEUE, STATE_COUNTER, STATE_HALL
from hall.runtime.bus import Subscription
from hall.runtime.requester import new_id
from hall.runtime.terminal import NoHall, Terminal
from printer.jobs.presses import LOCKOUT_S
from printer.simulator.paper import CutPaper

_WATCHED = (FACE, STATE_COUNTER, STATE_HALL, DEV_STATUS)
# Under emulation, on a host that others use too.
BOOT_S = 600.0


@dataclass(slots=True, eq=False)
class Hall:
    """`start` first; `cut` and `start` again is a power cut. The far ends outlive both."""

    computer: Computer
    network: Network
    paper: Paper = field(default_factory=Paper)
    receipts: Paper = field(default_factory=Paper)
    network_paper: Paper = field(default_factory=Paper)
    bus: Bus = field(default_factory=lambda: Bus((1, 2)))
    network_bus: Bus = field(default_factory=lambda: Bus((3,)))
    screen: TouchScreen = field(default_factory=TouchScreen)
    box: ButtonBox = field(default_factory=ButtonBox)
    usb_printer: UsbPrinter = field(init=False)
    cables: Mapping[str, Cable] = field(init=False)
    servers: Mapping[str, Server] = field(init=False)
    monitor: Monitor = field(init=False)
    pins: Pins = field(init=False)
    guest: Guest = field(init=False)
    _terminal: Terminal | None = None

    def __post_init__(self) -> None:
        far_ends = {
            "bus1": self.bus.serve,
            "printer2": self.receipts.serve,
            "scanner": listen_only,
        }
        self.cables = {
            name: Cable(self.computer.socket(name), serve) for name, serve in far_ends.items()
        }
        self.usb_printer = UsbPrinter(self.paper)
        networked = {
            "printer3": self.network_paper.serve,
            "bus2": self.network_bus.serve,
            "printer": self.usb_printer.serve,
            "touch": self.screen.device.serve,
            "box": self.box.device.serve,
        }
        self.servers = {
            name: Server(self.computer.port_file(name), networked[name]) for name in NETWORKED
        }
        for server in self.servers.values():
            server.switch(on=True)

    # --- power ----------------------------------------------------------------------------------

    def start(self, how: Start, *plugged: str) -> None:
        """Until the machine's inside answers; `plugged`: the adapters that hang there already."""
        self.computer.start(how)
        self.attend(*plugged)
        self.computer.prefer_devices()

    def attend(self, *plugged: str) -> None:
        """To a machine that is on."""
        self.monitor = Monitor(self.computer.socket("qmp"))
        self.pins = Pins(self.computer.socket("qtest"), self.monitor)
        self.pins.release_all()
        for name in plugged:
            self.cables[name].plug()
        self.guest = awaited(self.computer.socket("agent"), self.computer.console, BOOT_S)

    def cut(self) -> None:
        """The mains fail."""
        self.computer.cut()
        self.leave()

    def came_up_again(self) -> None:
        """After a reset that the machine did by itself: its inside is another one now."""
        self.pins.release_all()
        self.leave_terminal()
        with contextlib.suppress(HungUp, OSError):
            self.guest.close()
        self.guest = awaited(self.computer.socket("agent"), self.computer.console, BOOT_S)

    def leave(self) -> None:
        """Let go of everything; the machine stays on."""
        for cable in self.cables.values():
            cable.pull()
        self.leave_terminal()
        for dialogue in ("guest", "pins", "monitor"):
            with contextlib.suppress(AttributeError):
                getattr(self, dialogue).close()

    def close(self) -> None:
        self.cut()
        for server in self.servers.values():
            server.switch(on=False)
        for paper in (self.paper, self.receipts, self.network_paper):
            paper.close()

    # --- what a person sees and does ------------------------------------------------------------

    def glass(self) -> Image.Image:
        return self.monitor.picture(self.computer.run / "glass.ppm")

    def touch(self, text: str) -> None:
        """A finger on this word, once it can be read on the glass."""

        def seen() -> Word | None:
            return next((word for word in read(self.glass()) if word.text == text), None)

        word = until(seen, 60.0, f"'{text}' is not on the glass")
        self.screen.touch(word.x, word.y)

    def turn_page(self, text: str, page: str) -> None:
        """A finger on this word, once more where the glass had not felt it; until `page` is read.

        Not at once: a second touch that comes late lands on the page behind.
        """

        def turned() -> bool:
            self.touch(text)
            with contextlib.suppress(TimeoutError):
                return until(lambda: page in words(self.glass()), 20.0, page)
            return False

        until(turned, 120.0, f"'{text}' does not lead to '{page}'")

    def plug_usb(self, *names: str) -> None:
        """Their cables go into the machine; `pull_usb` takes one out."""
        for name in names:
            self.servers[name].switch(on=True)
        self.guest.ask(f"/usr/local/lib/hall/usb {' '.join(names)}")

    def pull_usb(self, name: str) -> None:
        self.servers[name].switch(on=False)

    def press(self, line: int) -> CutPaper:
        """A button on this line, and the paper that falls out for it. Raises TimeoutError."""
        assert self.sees(lambda: self.state("printer-1") == "ready", 60), self.alerts("printer-1")
        # A second press within the lockout counts as the first person's.
        pause(LOCKOUT_S)
        lying = len(self.paper.sheets)
        self.pins.press(line)
        return self.paper.after(lying)

    # --- what the bus says ----------------------------------------------------------------------

    @property
    def terminal(self) -> Terminal:
        """The technician's own connection over the hall's network, open until the power is cut."""
        if self._terminal is None:
            self._terminal = until(self._try_terminal, BOOT_S, "the broker lets nobody in")
        return self._terminal

    def sees(self, condition: Callable[[], bool], seconds: float = 30.0) -> bool:
        """Listen until the condition holds; False when the time is up."""
        return self.terminal.until(condition, seconds)

    def state(self, client: str) -> str:
        """ready, degraded, lost …; empty when nothing is known of it."""
        status = self.terminal.state(DEV_STATUS, DeviceStatus, client=client)
        return status.state if status else ""

    def alerts(self, client: str) -> tuple[str, ...]:
        status = self.terminal.state(DEV_STATUS, DeviceStatus, client=client)
        return status.alerts if status else ()

    def face(self, counter: str) -> str:
        face = self.terminal.state(FACE, Face, counter=counter)
        return face.text.strip() if face else ""

    def held(self, counter: str) -> str:
        """The number that is at this counter, or nothing."""

        def state() -> CounterState | None:
            return self.terminal.state(STATE_COUNTER, CounterState, counter=counter)

        assert self.sees(lambda: state() is not None), f"nothing is known of counter {counter}"
        known = state()
        return known.ticket.number if known and known.ticket else ""

    def events(self, after: int = 0) -> tuple[TicketEvent, ...]:
        """The journal from the line behind this one on."""
        assert self.sees(lambda: self.terminal.state(STATE_HALL, HallState) is not None), (
            "no heartbeat"
        )
        hall = self.terminal.state(STATE_HALL, HallState)
        assert hall is not None
        epoch = hall.epoch

        def page(first: int) -> req.ReplayData:
            asked = req.Replay(id=new_id(), from_seq=first, epoch=epoch)
            reply = self.terminal.ask_hall(REQ_QUEUE, "replay", asked)
            assert reply.status == "ok", reply.error
            return req.ReplayData.model_validate(reply.data)

        return journal.read(page, after + 1)

    def given(self) -> list[str]:
        """The numbers of today, in the order of their printing."""
        return [e.ticket.number for e in self.events() if e.type == "issued" and e.ticket]

    def browser_of(self, place: str, ca: str = "") -> Browser:
        """Paired for a counter, `head` or `technician` by a code; by TLS where a CA is given."""
        told = self.guest.ask(f"motcua pair {place} -c /etc/motcua/hall.yaml")
        browser = self.network.trusting_browser(ca) if ca else self.network.browser()
        browser.pair(told.splitlines()[0].rpartition(": ")[2])
        return browser

    def _try_terminal(self) -> Terminal | None:
        terminal = self.network.terminal("tech-cli", self.guest)
        try:
            terminal.open([Subscription(channel) for channel in _WATCHED])
        except NoHall:
            terminal.close()
            return None
        return terminal

    def leave_terminal(self) -> None:
        """Another terminal of the technician may come, until this one is needed again."""
        if self._terminal is not None:
            self._terminal.close()
            self._terminal = None
