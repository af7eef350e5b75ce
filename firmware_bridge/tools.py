"""`motcua bus scan|watch|set-address|test|flash-unit`: a technician alone with a bus.

The port is opened for oneself: the bridge must be stopped first, and is told to be.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from firmware_bridge import exchange
from firmware_bridge.decoding import decoded
from firmware_bridge.firmware import counter_unit as unit
from firmware_bridge.lines.serial import SerialLine
from firmware_bridge.lines.simulated import RealPace
from firmware_bridge.lines.tcp import TCP, TcpLine, tcp_place
from firmware_bridge.master import Master, Station
from firmware_bridge.ports import BusEvent, BusLine, BusLost, LinkLost, UnitLost, WireClock
from firmware_bridge.protocols import rtu
from firmware_bridge.protocols.foreign import ForeignDisplay
from firmware_bridge.protocols.own_unit import OwnUnit
from firmware_bridge.protocols.profile import OWN_UNIT, DisplayProfile, known_kinds, load_profile
from firmware_bridge.protocols.rtu import NoRtuResponse, RtuExceptionResponse, RtuResponse
from firmware_bridge.protocols.session import KeyPressed, Rebooted, UnitSession
from firmware_bridge.protocols.unit_face import UnitFace
from hall.runtime import durable
from hall.runtime.clock import SystemClock

_MAP = 10
BAUDS = (115200, 57600, 19200, 9600)
FIRMWARE = Path(__file__).with_name("firmware")
_CAUSES = {1: "cấp điện", 2: "tự khởi động lại (watchdog)", 3: "sụt áp"}
_IN_USE = (
    "Không mở được cổng {port}: {why}.\n"
    "Nếu bridge đang chạy, dừng nó trước: sudo systemctl stop 'motcua-bridge@*'"
)
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class ScanHit:
    """Something that answers at an address, or that tries to."""

    baud: int
    address: int
    what: str


def scan(line: BusLine, baud: int, addresses: Sequence[int], clock: Clock) -> Iterator[ScanHit]:
    """Ask every address once. Raises LinkLost."""
    for address in addresses:
        asked = rtu.read(address, rtu.READ_INPUT, 0, unit.INPUTS)
        match exchange.ask_once(line, asked, baud, clock):
            case RtuResponse(registers=registers) if registers[unit.BOOT] and registers[_MAP]:
                yield ScanHit(baud, address, _own_words(registers))
            case RtuResponse() | RtuExceptionResponse():
                yield ScanHit(baud, address, "thiết bị Modbus của hãng khác")
            case NoRtuResponse(noise) if noise:
                yield ScanHit(baud, address, "trả lời hỏng: có thể hai bộ cùng địa chỉ này")
            case NoRtuResponse():
                yield from _foreign(line, baud, address, clock)


def _foreign(line: BusLine, baud: int, address: int, clock: Clock) -> Iterator[ScanHit]:
    """Some displays know nothing but holding registers and are silent to all else."""
    asked = rtu.read(address, rtu.READ_HOLDING, 0, 1)
    if not isinstance(exchange.ask_once(line, asked, baud, clock), NoRtuResponse):
        yield ScanHit(baud, address, "thiết bị Modbus của hãng khác")


def _own_words(registers: Sequence[int]) -> str:
    if registers[_MAP] != unit.MAP_VERSION:
        return (
            f"bộ motcua, bản đồ thanh ghi {registers[_MAP]} (phần mềm này biết {unit.MAP_VERSION})"
        )
    cause = _CAUSES.get(registers[unit.CAUSE], "không rõ")
    return (
        f"bộ motcua, firmware {registers[_MAP + 1]}, khởi động do {cause}, "
        f"{registers[unit.CRC_ERRORS]} khung hỏng{_status_words(registers[unit.STATUS])}"
    )


def _status_words(status: int) -> str:
    names = ((unit.LED_FAULT, "lỗi đèn"), (unit.STUCK_KEY, "kẹt phím"))
    return "".join(f", {name}" for bit, name in names if status & bit)


def set_address(line: BusLine, baud: int, old: int, new: int, clock: Clock) -> str:
    """Give a unit another address; says what came of it. Raises LinkLost, ValueError."""
    if not unit.FIRST_ADDRESS <= new <= unit.LAST_ADDRESS:
        raise ValueError("địa chỉ mới phải từ 1 đến 32")

    def there(address: int) -> bool:
        asked = rtu.read(address, rtu.READ_INPUT, 0, 1)
        return not isinstance(exchange.ask_once(line, asked, baud, clock), NoRtuResponse)

    if not there(old):
        raise ValueError(f"không có bộ nào trả lời ở địa chỉ {old}")
    if new != old and there(new):
        raise ValueError(f"địa chỉ {new} đã có bộ khác")
    exchange.ask_once(line, rtu.write(old, unit.ADDRESS_REGISTER, (new,)), baud, clock)
    if not there(new):
        raise ValueError(f"bộ {old} không nhận địa chỉ {new}")
    return f"Bộ {old} nay ở địa chỉ {new}. Ghi lại địa chỉ vào mục bridges của tệp cấu hình."


def test_texts(width: int) -> Sequence[str]:
    """All segments, then every digit at every place, then nothing."""
    digits = "0123456789"
    return ("8" * width, *(digit * width for digit in digits), digits[:width], "")


def show_texts(
    line: BusLine, baud: int, session: UnitSession, texts: Sequence[str], pace: WireClock
) -> int:
    """Show the texts a second each; how many the unit took."""
    master = Master(line, [Station(session)], baud, pace.now)
    taken = 0
    for text in texts:
        master.want_face(session.address, UnitFace(text))
        taken += _run(master, 1.0, pace)
    master.close()
    return taken


def _run(master: Master, seconds: float, pace: WireClock) -> bool:
    """Take turns for a while; whether the unit was there all the time."""
    until, there = pace.now() + seconds, True
    while pace.now() < until:
        turn = master.turn()
        there = there and not any(isinstance(e, UnitLost | BusLost) for e in turn.events)
        wait = min(turn.due, until) - pace.now()
        if wait > 0:
            pace.wait(wait)
    return there and all(count.alive for count in (s.counts() for s in master.stations))


def event_words(event: BusEvent) -> str:
    match event:
        case KeyPressed(address, key, age_s, _):
            return f"địa chỉ {address}: phím {key} ({age_s:.1f} s trước)"
        case Rebooted(address, cause):
            return f"địa chỉ {address}: vừa khởi động lại do {_CAUSES.get(cause, 'không rõ')}"
        case UnitLost(address):
            return f"địa chỉ {address}: không trả lời"
        case BusLost(_, cause):
            return f"mất đường truyền: {cause.text}"
        case _:
            return f"{type(event).__name__}"


@dataclass(slots=True)
class _Say:
    out: TextIO

    def __call__(self, text: str) -> None:
        self.out.write(text + "\n")
        self.out.flush()


def run(
    args: argparse.Namespace,
    out: TextIO | None = None,
    opener: Callable[[str, int], BusLine] | None = None,
    pace: WireClock | None = None,
) -> int:
    """The command; exit status 0 fine, 1 a fault found, 2 wrong use."""
    say = _Say(out or sys.stdout)
    try:
        return _COMMANDS[args.verb](
            args, say, opener or line_of, pace or RealPace(SystemClock().monotonic)
        )
    except LinkLost as err:
        say(_IN_USE.format(port=args.port, why=err))
    except ValueError as err:
        say(f"{err}")
        return 2
    return 1


def line_of(port: str, baud: int) -> BusLine:
    """The line of a port as the YAML writes it. Raises ValueError."""
    if port.startswith(TCP):
        return TcpLine(*tcp_place(port))
    return SerialLine(port, baud, rs485=False)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Every verb with its own words, in the parser's own language."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VIỆC")
    for name, help_ in (
        ("scan", "tìm mọi thiết bị trên bus"),
        ("watch", "xem phím bấm và từng khung trên bus, đã giải nghĩa"),
        ("set-address", "đặt địa chỉ mới cho một bộ motcua"),
        ("test", "thử hiển thị một bộ"),
    ):
        verb = verbs.add_parser(name, help=help_, description=help_)
        verb.add_argument("--port", required=True, help="/dev/hall/bus1 hoặc socket://máy:cổng")
        verb.add_argument(
            "--baud", type=int, choices=BAUDS, help="mặc định: 115200; scan: mọi tốc độ"
        )
        if name in ("watch", "test"):
            verb.add_argument("--address", type=int, help="chỉ địa chỉ này")
        if name == "watch":
            verb.add_argument("--seconds", type=float, help="dừng sau bao nhiêu giây")
            verb.add_argument("--listen", action="store_true", help="chỉ nghe, không hỏi")
        if name == "test":
            verb.add_argument("--kind", default=OWN_UNIT, help="loại thiết bị, ví dụ dm56")
        if name == "set-address":
            verb.add_argument("old", type=int, help="địa chỉ hiện nay")
            verb.add_argument("new", type=int, help="địa chỉ mới, 1 đến 32")
    flash_help = "soạn các tệp để nạp vào một bộ mới"
    flash = verbs.add_parser("flash-unit", help=flash_help, description=flash_help)
    flash.add_argument("folder", type=Path, help="thư mục ghi tệp")
    flash.add_argument("--address", type=int, default=1, help="địa chỉ của bộ, 1 đến 32")
    flash.add_argument("--baud", type=int, choices=BAUDS, default=115200, help="tốc độ của bus")


Opener = Callable[[str, int], BusLine]
_Command = Callable[[argparse.Namespace, _Say, Opener, WireClock], int]


def _scan(args: argparse.Namespace, say: _Say, opener: Opener, pace: WireClock) -> int:
    total = 0
    for baud in (args.baud,) if args.baud else BAUDS:
        line = opener(args.port, baud)
        line.open()
        try:
            for found in scan(
                line, baud, range(unit.FIRST_ADDRESS, unit.LAST_ADDRESS + 1), pace.now
            ):
                say(f"{found.baud} baud, địa chỉ {found.address}: {found.what}")
                total += 1
        finally:
            line.close()
    say(f"Tìm thấy {total} thiết bị." if total else "Không có thiết bị nào trả lời.")
    return 0 if total else 1


def _watch(args: argparse.Namespace, say: _Say, opener: Opener, pace: WireClock) -> int:
    line, baud = opener(args.port, args.baud or 115200), args.baud or 115200
    until = pace.now() + args.seconds if args.seconds else float("inf")
    if args.listen:
        return _listen(line, say, until, pace.now)
    addresses = [args.address] if args.address else range(1, unit.LAST_ADDRESS + 1)
    last: dict[bytes, bytes] = {}

    def seen(request: bytes, heard: bytes) -> None:
        """Only what changed: a healthy bus repeats itself a hundred times a second."""
        if last.get(request) != heard and (heard or request in last):
            say(f"→ {decoded(request)}")
            say(f"← {decoded(heard)}" if heard else "← không trả lời")
        last[request] = heard

    master = Master(line, [Station(OwnUnit(a)) for a in addresses], baud, pace.now, seen)
    while pace.now() < until:
        turn = master.turn()
        for event in turn.events:
            say(event_words(event))
        wait = min(turn.due, until) - pace.now()
        if wait > 0:
            pace.wait(wait)
    master.close()
    return 0


def _listen(line: BusLine, say: _Say, until: float, clock: Clock) -> int:
    line.open()
    try:
        while clock() < until:
            heard = line.read(min(1.0, until - clock()))
            while heard and (more := line.read(0.004)):
                heard += more
            if heard:
                say(decoded(heard))
    finally:
        line.close()
    return 0


def _set_address(args: argparse.Namespace, say: _Say, opener: Opener, pace: WireClock) -> int:
    baud = args.baud or 115200
    line: BusLine = opener(args.port, baud)
    line.open()
    try:
        say(set_address(line, baud, args.old, args.new, pace.now))
    finally:
        line.close()
    return 0


def _test(args: argparse.Namespace, say: _Say, opener: Opener, pace: WireClock) -> int:
    address, width = args.address or 1, unit.CHARACTERS
    session: UnitSession = OwnUnit(address)
    if args.kind != OWN_UNIT:
        profile = _profile(args.kind)
        session, width = ForeignDisplay(address, profile), profile.width
    baud = args.baud or 115200
    taken = show_texts(opener(args.port, baud), baud, session, test_texts(width), pace)
    say(f"Địa chỉ {address}: " + ("đã hiện đủ các số." if taken else "không trả lời."))
    return 0 if taken else 1


def _profile(kind: str) -> DisplayProfile:
    try:
        return load_profile(kind)
    except KeyError as err:
        raise ValueError(f"không có loại '{kind}'; có: {', '.join(known_kinds())}") from err


def _flash_unit(args: argparse.Namespace, say: _Say, _: Opener, __: WireClock) -> int:
    """Write the files of a unit; copying them needs a tool of MicroPython's own."""
    if not unit.FIRST_ADDRESS <= args.address <= unit.LAST_ADDRESS:
        raise ValueError("địa chỉ phải từ 1 đến 32")
    args.folder.mkdir(parents=True, exist_ok=True)
    for name in ("counter_unit.py", "main.py", "settings.py"):
        text = (FIRMWARE / name).read_text(encoding="utf-8")
        text = text.replace("ADDRESS = 1 ", f"ADDRESS = {args.address} ", 1)
        text = text.replace("BAUD = 115200", f"BAUD = {args.baud}", 1)
        durable.replace(args.folder / name, text.encode(), mode=0o644)
    say(
        f"Đã soạn bộ {args.address} ở {args.folder}. Cắm Pico (đã có MicroPython) rồi chạy:\n"
        f"  cd {args.folder}\n"
        "  mpremote cp counter_unit.py main.py settings.py : + reset"
    )
    return 0


_COMMANDS: dict[str, _Command] = {
    "scan": _scan,
    "watch": _watch,
    "set-address": _set_address,
    "test": _test,
    "flash-unit": _flash_unit,
}
