"""The pages a technician asks for: a test of everything a ticket needs, and who this printer is."""

from hall.fonts import Weight
from printer.blocks import Banner, Block, Code, Figure, Gap, Pair, Rule, Words
from printer.layout import sizes_for
from printer.rows import Font

LOWER = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
MARKS = "àáảãạ ằắẳẵặ ầấẩẫậ èéẻẽẹ ềếểễệ ìíỉĩị òóỏõọ ồốổỗộ ờớởỡợ ùúủũụ ừứửữự ỳýỷỹỵ"
DIGITS = "0123456789"
CODE = "https://motcua.local/thu-may-in"


def page(client: str, model: str, width: int, at: str) -> tuple[Block, ...]:
    """Alphabet, type sizes, full-width marks, number, QR; the cut comes with the job."""
    sizes = sizes_for(width)
    small, plain = Font(Weight.REGULAR, sizes.small), Font(Weight.REGULAR, sizes.label)
    bold = Font(Weight.BOLD, sizes.value)
    return (
        Banner("TRANG THỬ MÁY IN", bold),
        Gap(sizes.gap),
        Pair("Máy in", client, plain, bold),
        Pair("Kiểu máy", model, plain, bold),
        Pair("Khổ in", f"{width} điểm", plain, bold),
        Rule(sizes.rule),
        Figure(DIGITS[:6], sizes.number),
        Figure(DIGITS[6:], sizes.number // 2),
        Rule(sizes.rule),
        Words(LOWER, plain, 2),
        Words(LOWER.upper(), plain, 3),
        Words(MARKS, plain, 4),
        Words(MARKS.upper(), small, 5),
        Gap(sizes.gap),
        *_width_marks(width, sizes.gap),
        Gap(sizes.gap),
        Code(CODE, sizes.code),
        Gap(sizes.gap),
        Words("Hai vạch trên phải chạm gần hai mép giấy, mã QR phải quét được.", small, 3),
        Words(at, plain),
    )


def identity(client: str, model: str, width: int) -> tuple[Block, ...]:
    """Which printer this is, to be read from across the room."""
    sizes = sizes_for(width)
    return (
        Words("MÁY IN NÀY LÀ", Font(Weight.SEMIBOLD, sizes.label)),
        Words(client, Font(Weight.BOLD, sizes.number // 3)),
        Words(model, Font(Weight.REGULAR, sizes.label)),
    )


def _width_marks(width: int, gap: int) -> tuple[Block, ...]:
    """Ever shorter bars: the widest one must not be clipped."""
    steps = (0, width // 12, width // 6, width // 4)
    return tuple(block for step in steps for block in (Rule(4, step), Gap(gap // 2)))
