"""What is wrong with a dispenser, said to people: an alert's code, its words, what to do. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from printer.line.reports import Breach
from printer.line.status import PrinterFaults
from printer.ports import Absent, AccessDenied, Busy, NoLibrary, WireError


@dataclass(frozen=True, slots=True)
class PrinterTrouble:
    """`blocking`: no ticket can leave the printer."""

    code: str
    text: str
    advice: str
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class PrinterCondition:
    """All that is known of the printer. `down`: why there is no line; `up`: it takes jobs.

    `tardy`: it has a line and no fault, and still takes none.
    """

    device: str
    up: bool = False
    down: WireError | Breach | None = None
    faults: PrinterFaults | None = None
    roll_left: int | None = None
    warn_left: int = 0
    stuck: tuple[str, ...] = ()
    memory_short: bool = False
    tardy: bool = False

    @property
    def blocked(self) -> bool:
        """Whether the printer itself says that it cannot print."""
        return self.faults is not None and self.faults.blocked


PAPER_OUT = PrinterTrouble("paper_out", "Máy in hết giấy.", "Thay cuộn giấy mới, đóng nắp.")
COVER_OPEN = PrinterTrouble(
    "cover_open", "Nắp máy in đang mở.", "Đóng nắp máy in cho đến khi nghe tiếng tách."
)
CUTTER = PrinterTrouble(
    "cutter_error",
    "Dao cắt giấy bị kẹt.",
    "Tắt máy in, mở nắp, lấy giấy kẹt ra, đóng nắp rồi bật lại.",
)
BROKEN = PrinterTrouble(
    "printer_error",
    "Máy in báo lỗi.",
    "Tắt máy in 10 giây rồi bật lại; nếu còn báo, thay máy in và gọi bảo hành.",
)
HELD_OFF = PrinterTrouble(
    "offline", "Máy in đang ngừng.", "Bấm nút FEED hoặc Online trên máy in; kiểm tra nắp và giấy."
)
PAPER_LOW = PrinterTrouble(
    "paper_low", "Máy in sắp hết giấy.", "Chuẩn bị cuộn giấy mới.", blocking=False
)

MEMORY_SHORT = PrinterTrouble(
    "assets_missing",
    "Bộ nhớ máy in chưa có đủ phần cố định của phiếu: in chậm.",
    "Khi không có người chờ: dừng dịch vụ máy in, chạy motcua provision, rồi bật lại.",
    blocking=False,
)


# Only a printer that has answered can say that these are over.
OF_THE_PRINTER = (
    "paper_out",
    "cover_open",
    "cutter_error",
    "printer_error",
    "offline",
    "paper_low",
)


def judged(known: PrinterCondition) -> tuple[str, ...]:
    """The alerts that stand if and only if they are among the `troubles`."""
    return OF_THE_PRINTER if known.up or known.blocked else ()


def troubles(known: PrinterCondition) -> tuple[PrinterTrouble, ...]:
    """Worst first."""
    return tuple(_troubles(known))


def blocking(known: PrinterCondition) -> PrinterTrouble | None:
    """Why no number may be asked for now; None when a ticket would be printed."""
    found = next((t for t in troubles(known) if t.blocking), None)
    return found or (None if known.up else STARTING)


STARTING = PrinterTrouble("offline", "Máy in chưa sẵn sàng.", "Chờ vài giây rồi thử lại.")
TARDY = PrinterTrouble(
    "offline",
    "Máy in chưa sẵn sàng đã lâu.",
    "Tắt máy in 10 giây rồi bật lại; còn lặp lại: đặt confirm: none.",
)


def _troubles(known: PrinterCondition) -> Iterator[PrinterTrouble]:
    faults = known.faults
    if known.down is not None:
        yield _offline(known.down, known.device)
    elif faults is not None and faults.blocked:
        yield from _of_faults(faults)
    elif known.tardy:
        yield TARDY
    if (faults is not None and faults.paper_low and not faults.paper_out) or _few_left(known):
        yield PAPER_LOW
    if known.stuck:
        names = ", ".join(known.stuck)
        yield PrinterTrouble(
            "button_stuck",
            f"Nút bấm bị kẹt: {names}.",
            "Gỡ nút ra khỏi trạng thái bị đè; kiểm tra dây nút.",
            blocking=False,
        )
    if known.memory_short:
        yield MEMORY_SHORT


def _few_left(known: PrinterCondition) -> bool:
    return known.roll_left is not None and known.roll_left <= known.warn_left


def _of_faults(faults: PrinterFaults) -> Iterator[PrinterTrouble]:
    if faults.cover_open:
        yield COVER_OPEN
    if faults.paper_out:
        yield PAPER_OUT
    if faults.cutter:
        yield CUTTER
    if faults.broken:
        yield BROKEN
    causes = faults.cover_open or faults.paper_out or faults.cutter or faults.broken
    if faults.offline and not causes:
        yield HELD_OFF


def _offline(why: WireError | Breach, device: str) -> PrinterTrouble:
    text, advice = words(why)
    return PrinterTrouble("offline", text, f"{advice} [{device}]")


def words(why: WireError | Breach) -> tuple[str, str]:
    """The cause, and what to do."""
    if isinstance(why, Breach):
        return _BREACHES[why]
    return next(_LINES[kind] for kind in type(why).__mro__ if kind in _LINES)


_LINES: Mapping[type, tuple[str, str]] = {
    Busy: (
        "Thiết bị máy in đang bị chương trình khác giữ.",
        "Tắt chương trình in khác (systemctl disable --now cups), rút cắm lại máy in.",
    ),
    AccessDenied: (
        "Không có quyền mở thiết bị máy in.",
        "Kiểm tra quy tắc udev và nhóm lp, dialout của dịch vụ motcua-printer.",
    ),
    NoLibrary: (
        "Máy này chưa cài phần mềm cho loại cổng của máy in.",
        "Cài lại motcua đủ gói cho máy này; xem: docs/technician.md.",
    ),
    Absent: (
        "Không thấy máy in.",
        "Kiểm tra nguồn, cáp và tên thiết bị hoặc địa chỉ trong tệp cấu hình.",
    ),
    WireError: ("Mất liên lạc với máy in.", "Kiểm tra nguồn và cáp của máy in."),
}
_BREACHES: Mapping[Breach, tuple[str, str]] = {
    Breach.MUTE: (
        "Máy in không trả lời.",
        "Bật máy in; so tốc độ cổng (baud) hai bên. Máy không biết trả lời: confirm: none.",
    ),
    Breach.STALLED: (
        "Máy in không nhận dữ liệu.",
        "Tắt máy in 10 giây rồi bật lại; kiểm tra cáp.",
    ),
    Breach.RESTARTED: (
        "Máy in bị tắt giữa lúc in.",
        "Kiểm tra nguồn và ổ cắm của máy in.",
    ),
    Breach.NOISE: (
        "Đường nối máy in bị nhiễu.",
        "Kiểm tra cáp, địa chỉ, tốc độ cổng (baud): đầu kia có thể không phải máy in.",
    ),
    Breach.SILENT: (
        "Máy in không xác nhận phiếu đã in.",
        "Tắt bật lại máy in; còn lặp lại: đặt confirm: none.",
    ),
}
