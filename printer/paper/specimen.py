"""The pages a technician asks for: a test of everything a ticket needs, and who this printer is."""

from dataclasses import dataclass

from hall.fonts import Weight
from printer.paper.blocks import Banner, Block, Code, Figure, Gap, Pair, Rule, TextBlock
from printer.paper.layout import sizes_for
from printer.paper.rows import Font

LOWER = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
MARKS = "àáảãạ ằắẳẵặ ầấẩẫậ èéẻẽẹ ềếểễệ ìíỉĩị òóỏõọ ồốổỗộ ờớởỡợ ùúủũụ ừứửữự ỳýỷỹỵ"
DIGITS = "0123456789"
CODE = "https://motcua.local/thu-may-in"


@dataclass(frozen=True, slots=True)
class Subject:
    """The printer whose page it is. `answers`: it confirms papers itself. `at`: the time."""

    client: str
    model: str
    width: int
    answers: bool
    at: str


def page(printer: Subject) -> tuple[Block, ...]:
    """Alphabet, type sizes, full-width marks, number, QR; the cut comes with the job."""
    sizes = sizes_for(printer.width)
    small, plain = Font(Weight.REGULAR, sizes.small), Font(Weight.REGULAR, sizes.label)
    bold = Font(Weight.BOLD, sizes.value)
    return (
        Banner("TRANG THỬ MÁY IN", bold),
        Gap(sizes.gap),
        Pair("Máy in", printer.client, plain, bold),
        Pair("Kiểu máy", printer.model, plain, bold),
        Pair("Khổ in", f"{printer.width} điểm", plain, bold),
        Pair(
            "Xác nhận", "máy in tự báo" if printer.answers else "tính theo thời gian", plain, bold
        ),
        Rule(sizes.rule),
        Figure(DIGITS[:6], sizes.number),
        Figure(DIGITS[6:], sizes.number // 2),
        Rule(sizes.rule),
        TextBlock(LOWER, plain, 2),
        TextBlock(LOWER.upper(), plain, 3),
        TextBlock(MARKS, plain, 4),
        TextBlock(MARKS.upper(), small, 5),
        Gap(sizes.gap),
        *_width_marks(printer.width, sizes.gap),
        Gap(sizes.gap),
        Code(CODE, sizes.code),
        Gap(sizes.gap),
        TextBlock("Vạch dài nhất phải đủ hai đầu, mã QR phải quét được.", small, 3),
        TextBlock(printer.at, plain),
    )


def identity(printer: Subject) -> tuple[Block, ...]:
    """Which printer this is, to be read from across the room."""
    sizes = sizes_for(printer.width)
    return (
        TextBlock("MÁY IN NÀY LÀ", Font(Weight.SEMIBOLD, sizes.label)),
        TextBlock(printer.client, Font(Weight.BOLD, sizes.number // 3)),
        TextBlock(printer.model, Font(Weight.REGULAR, sizes.label)),
    )


def _width_marks(width: int, gap: int) -> tuple[Block, ...]:
    """Ever shorter bars: the widest one must not be clipped."""
    steps = (0, width // 12, width // 6, width // 4)
    return tuple(block for step in steps for block in (Rule(4, step), Gap(gap // 2)))
