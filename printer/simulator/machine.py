# ruff: noqa: PLR2004 - the bytes of a protocol are their own names
"""A model of a ticket printer: buffer, paper, faults, time and answers. No thread, no clock.

It recognises real-time commands wherever they stand, inside raster data too, as many printers do.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PIL import Image

from printer.simulator import tokens as t
from printer.simulator.paper import CUTTER_ROWS, CutPaper, Roll, code_image

DOTS_A_MM = 8
_CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
_GARBLE = bytes((b * 167 + 0xE5 & 0x7F) | 0x80 for b in range(256))
_KEYS_A_BLOCK = 40
_LEVELS = {48: "l", 49: "m", 50: "q", 51: "h"}


@dataclass(frozen=True, slots=True)
class Make:
    """What kind of printer this is. `speed` in mm/s, 0 = prints in no time.

    `hangs_up`: closes the line after every paper.
    """

    name: str = "TM-T20III"
    width: int = 576
    buffer: int = 4096
    speed: float = 0.0
    cut_s: float = 0.0
    roll_mm: int = 80_000
    near_end_mm: int = 3_000
    asb: bool = True
    in_order: bool = True
    process_id: bool = True
    identifies: bool = True
    nv: bool = True
    hangs_up: bool = False


@dataclass(frozen=True, slots=True)
class MachineCondition:
    """What was done to it. `mute`: it takes and prints but never answers.

    `garbled`: the baud rates of the two sides differ, so nothing arrives as it was sent.
    """

    power: bool = True
    cover_open: bool = False
    paper_out: bool = False
    paper_low: bool = False
    offline: bool = False
    cutter: bool = False
    mute: bool = False
    stalled: bool = False
    garbled: bool = False


@dataclass(slots=True)
class _Settings:
    asb: bool = False
    align: int = 0
    margin: int = 0
    across: int = 1
    down: int = 1
    qr_module: int = 3
    qr_level: str = "l"
    qr_text: bytes = b""


@dataclass(slots=True)
class _Storage:
    """What survives the mains: graphics by key."""

    graphics: dict[str, Image.Image] = field(default_factory=dict)


class Machine:
    """`on_sheet` is told every piece of paper that is cut off. `now` never goes back."""

    def __init__(self, make: Make, on_sheet: Callable[[CutPaper], None]) -> None:
        self.make = make
        self.condition = MachineCondition()
        self._on_sheet = on_sheet
        self._parser = t.TokenParser()
        self._hungry = True
        self._settings = _Settings()
        self._storage = _Storage()
        self._roll = Roll(make.width)
        self._roll_left = make.roll_mm * DOTS_A_MM
        self._busy_until = 0.0
        self._answers = bytearray()
        self._due_answers: deque[tuple[float, bytes]] = deque()
        self._last_asb = b""
        self._tail = b""
        self._untold: list[str] = []
        self._cut_off = False

    # --- the line ---

    @property
    def room(self) -> int:
        """Bytes it would take now."""
        if not self.condition.power or self.condition.stalled:
            return 0
        # A command longer than the buffer is taken in as it is worked off.
        return self.make.buffer if self._hungry else max(0, self.make.buffer - self._waiting)

    @property
    def _waiting(self) -> int:
        return self._parser.waiting

    def receive(self, data: bytes, now: float) -> None:
        """Bytes off the line; real-time commands act at once."""
        if not self.condition.power:
            return
        if self._hungry:
            self._busy_until = max(self._busy_until, now)
        if self.condition.garbled:
            data = data.translate(_GARBLE)
        if b"\x10" in self._tail or b"\x10" in data:
            for at in range(len(data)):
                self._take_in(data[at : at + 1])
                self._real_time()
        else:
            self._take_in(data)
        self.advance(now)

    def _take_in(self, data: bytes) -> None:
        self._parser.feed(data)
        self._hungry = False
        self._tail = (self._tail + data)[-len(_CLEAR) :]

    def answers(self) -> bytes:
        """What it says on the line since last asked."""
        out = bytes(self._answers)
        self._answers.clear()
        if self.condition.mute:
            return b""
        return out.translate(_GARBLE) if self.condition.garbled else out

    def advance(self, now: float) -> None:
        """Let the mechanics work until `now`."""
        while self._due_answers and self._due_answers[0][0] <= now:
            self._answers += self._due_answers.popleft()[1]
        while not self._hungry and self._busy_until <= now and self._can_work():
            self._step(now)
        self._push_asb()

    def due(self, now: float) -> float | None:
        """When it will have something more to do, if nothing arrives; None = never."""
        times = [when for when, _ in self._due_answers]
        if not self._hungry and self._can_work() and self._busy_until > now:
            times.append(self._busy_until)
        return min(times, default=None)

    # --- what people and accidents do to it ---

    def change(self, now: float, **what: bool) -> None:
        """Set parts of the condition: power, cover_open, paper_out …."""
        before, self.condition = self.condition, replace(self.condition, **what)
        if before.power and not self.condition.power:
            self._lose_power()
        # What was held begins now, not when it arrived.
        self._busy_until = max(self._busy_until, now)
        self.advance(now)

    def new_roll(self, now: float, mm: int | None = None) -> None:
        self._roll_left = (self.make.roll_mm if mm is None else mm) * DOTS_A_MM
        self.change(now, paper_out=False, paper_low=False)

    @property
    def asleep(self) -> bool:
        """Nothing is left to print or to answer."""
        return self._hungry and not (self._due_answers or self._answers)

    def hangs_up(self) -> bool:
        """Whether it closes the line now; true once a job."""
        over = self.make.hangs_up and self._cut_off and self.asleep
        self._cut_off = self._cut_off and not over
        return over

    # --- inside ---

    def _lose_power(self) -> None:
        self._parser.reset()
        self._hungry = True
        self._settings = _Settings()
        self._answers.clear()
        self._due_answers.clear()
        self._roll.forget_line()
        self._busy_until = 0.0
        self._last_asb = b""

    @property
    def _paper_out(self) -> bool:
        return self.condition.paper_out or self._roll_left <= 0

    @property
    def _paper_low(self) -> bool:
        return self.condition.paper_low or self._roll_left <= self.make.near_end_mm * DOTS_A_MM

    @property
    def _offline(self) -> bool:
        state = self.condition
        return self._paper_out or state.cover_open or state.offline or state.cutter

    def _can_work(self) -> bool:
        return self.condition.power and not self._offline and not self.condition.stalled

    def _step(self, now: float) -> None:
        token = self._parser.take_token()
        if token is None:
            self._hungry = True
        else:
            self._do_token(token, now)

    def _do_token(self, token: t.Token, now: float) -> None:  # noqa: C901, PLR0912 - one line a command
        s = self._settings
        match token:
            case t.Init():
                self._settings = _Settings()
            case t.SetAsb():
                s.asb = token.on and self.make.asb
                self._last_asb = b""
            case t.Feed():
                self._move(token.rows)
            case t.FeedLines():
                self._move(token.lines * 34)
            case t.Align():
                s.align = token.where
            case t.Size():
                s.across, s.down = token.across, token.down
            case t.Margin():
                s.margin = token.dots
            case t.RasterRow():
                self._roll.burn(token.data, s.align, s.margin)
                self._spend(1)
            case t.Text():
                self._roll.type(token.byte, s.across, s.down)
            case t.LineEnd():
                before = self._roll.rows
                self._roll.end_line(s.align, s.margin)
                self._spend(self._roll.rows - before)
            case t.Cut():
                self._cut(token)
            case t.AskInOrder():
                self._say_in_order()
            case t.AskIdentity():
                self._say_identity(token.what)
            case t.ProcessId():
                if self.make.process_id:
                    answer = b"\x37\x22" + token.tag + b"\x00"
                    self._due_answers.append((max(self._busy_until, now), answer))
            case t.Graphics():
                self._graphics(token)
            case t.QrCommand():
                self._qr(token)
            case t.Unknown(data=b"\x06") if self._untold:
                self._say_forty()
            case t.RasterStart() | t.Unknown():
                pass

    def _move(self, rows: int) -> None:
        self._roll.feed(rows)
        self._spend(rows)

    def _spend(self, rows: int) -> None:
        self._roll_left -= rows
        if self.make.speed:
            self._busy_until += rows / DOTS_A_MM / self.make.speed

    def _cut(self, token: t.Cut) -> None:
        self._spend(CUTTER_ROWS + token.feed)
        self._busy_until += self.make.cut_s
        self._cut_off = True
        self._on_sheet(CutPaper(self._roll.cut(), self._parser.eaten()))

    def _say_in_order(self) -> None:
        if self.make.in_order:
            self._answers.append(0x03 if self._paper_low else 0x00)

    def _say_identity(self, what: int) -> None:
        names = {0x41: "1.00", 0x42: "EPSON", 0x43: self.make.name}
        if self.make.identifies and what in names:
            self._answers += b"\x5f" + names[what].encode("ascii") + b"\x00"

    def _graphics(self, token: t.Graphics) -> None:
        if not self.make.nv:
            return
        body, store = token.body, self._storage.graphics
        match token.fn:
            case 0x43 if len(body) >= 9:
                store[body[1:3].decode("latin-1")] = _defined(body)
            case 0x45:
                self._print_graphic(body[:2].decode("latin-1"))
            case 0x40:
                self._say_keys()
            case 0x42:
                store.pop(body[:2].decode("latin-1"), None)
            case 0x41:
                store.clear()
            case _:
                pass

    def _print_graphic(self, key: str) -> None:
        image = self._storage.graphics.get(key)
        if image is not None:
            self._roll.picture(image, self._settings.align, self._settings.margin)
            self._spend(image.height)

    def _say_keys(self) -> None:
        """GS ( L fn 64: 37 72 flag keys 00; flag 41 means that more follows after an ACK."""
        self._untold = sorted(self._storage.graphics)
        self._say_forty()

    def _say_forty(self) -> None:
        now, self._untold = self._untold[:_KEYS_A_BLOCK], self._untold[_KEYS_A_BLOCK:]
        flag = b"\x41" if self._untold else b"\x40"
        self._answers += b"\x37\x72" + flag + "".join(now).encode("latin-1") + b"\x00"

    def _qr(self, token: t.QrCommand) -> None:
        s = self._settings
        match token.fn:
            case 67 if token.body:
                s.qr_module = token.body[0]
            case 69 if token.body:
                s.qr_level = _LEVELS.get(token.body[0], "l")
            case 80:
                s.qr_text = token.body[1:]
            case 81 if s.qr_text:
                image = code_image(s.qr_text, s.qr_module, s.qr_level)
                self._roll.picture(image, s.align, s.margin)
                self._spend(image.height)
            case _:
                pass

    # --- status ---

    def _real_time(self) -> None:
        if self._tail.endswith(_CLEAR):
            self._parser.reset()
            self._hungry = True
            return
        if len(self._tail) >= 3 and self._tail[-3:-1] == b"\x10\x04":
            asked = self._tail[-1]
            if 1 <= asked <= 4:
                self._answers.append(self._status(asked))
                self._parser.drop_last(3)

    def _status(self, asked: int) -> int:
        state = self.condition
        match asked:
            case 1:
                return 0x1E if self._offline else 0x16
            case 2:
                cover = 0x04 if state.cover_open else 0
                return 0x12 | cover | (0x20 if self._paper_out else 0)
            case 3:
                return 0x12 | (0x08 if state.cutter else 0)
            case _:
                low = 0x0C if self._paper_low or self._paper_out else 0
                return 0x12 | low | (0x60 if self._paper_out else 0)

    def _asb(self) -> bytes:
        state = self.condition
        first = 0x14 | (0x08 if self._offline else 0) | (0x20 if state.cover_open else 0)
        second = 0x08 if state.cutter else 0
        third = 0x0C if self._paper_out else 0
        third |= 0x03 if self._paper_low or self._paper_out else 0
        return bytes((first, second, third, 0))

    def _push_asb(self) -> None:
        if not self._settings.asb:
            return
        status = self._asb()
        if status != self._last_asb:
            self._last_asb = status
            self._answers += status


def _defined(body: bytes) -> Image.Image:
    """GS ( L fn 67: 30 k1 k2 01 xL xH yL yH 31 data."""
    width = int.from_bytes(body[4:6], "little")
    rows = int.from_bytes(body[6:8], "little")
    data = bytes(255 - b for b in body[9:])
    return Image.frombytes("1", (width, rows), data)
