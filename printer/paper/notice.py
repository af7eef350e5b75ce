"""What is put on paper for whoever showed a code that brings no number."""

from collections.abc import Sequence
from datetime import tzinfo

from pydantic import ValidationError

from hall.contract.messages import Refusal
from hall.contract.requests import Appointment
from hall.fonts import Weight
from printer.paper.blocks import Block, Gap, TextBlock
from printer.paper.layout import sizes_for
from printer.paper.rows import Font

TITLE = "CHƯA LẤY ĐƯỢC SỐ"


def reasons(refusal: Refusal, zone: tzinfo) -> tuple[str, ...]:
    """Why, in sentences; of an appointment that is for another time or was used, which."""
    try:
        told = Appointment.model_validate(refusal.current)
    except ValidationError:
        return (refusal.text,)
    if told.ticket is not None:
        return refusal.text, f"Số đã lấy: {told.ticket.number}."
    slot = f"Giờ hẹn của ông/bà: {told.slot.astimezone(zone):%H:%M ngày %d/%m/%Y}."
    if told.from_ is None:
        return refusal.text, slot
    return refusal.text, slot, f"Lấy số được từ {told.from_.astimezone(zone):%H:%M}."


def blocks(width: int, sentences: Sequence[str]) -> tuple[Block, ...]:
    """`width`: dots across the paper."""
    sizes = sizes_for(width)
    plain = Font(Weight.REGULAR, sizes.label)
    told = (TextBlock(sentence, plain, 6) for sentence in sentences if sentence)
    return TextBlock(TITLE, Font(Weight.BOLD, sizes.value)), Gap(sizes.gap), *told
