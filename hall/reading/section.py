"""How this hall reads its numbers: keys of `display: voice:`, heeded by all who speak."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from hall.reading.vietnamese import NORTH, ReadingStyle
from hall.runtime.sections import Label
from hall.runtime.settings import Document, Section


class ReadingSection(Section):
    zero_tens: Literal["linh", "lẻ"] = Field(default="linh", description="105: linh năm, lẻ năm.")
    thousand: Literal["nghìn", "ngàn"] = Field(default="nghìn", description="1000: nghìn, ngàn.")
    numbers: Literal["digits", "number"] = Field(
        default="digits",
        description="Số trên phiếu. digits: A105 là “a một không năm”; number: “a một trăm linh "
        "năm”. Số quầy luôn đọc như số đếm.",
    )
    letters: dict[Annotated[str, Field(pattern=r"^[A-Z]$")], Label] = Field(
        default={}, description="Cách đọc chữ cái khác thường lệ.", examples=[{"D": "đê"}]
    )

    @property
    def style(self) -> ReadingStyle:
        return ReadingStyle(self.zero_tens, self.thousand, self.numbers, dict(self.letters))


def style_of(document: Document) -> ReadingStyle:
    """What the file says; of a hall without loudspeakers, or a faulty section, the usual way."""
    display = document.values.get("display")
    voice = display.get("voice") if isinstance(display, Mapping) else None
    if not isinstance(voice, Mapping):
        return NORTH
    mine = {key: voice[key] for key in ReadingSection.model_fields if key in voice}
    try:
        return ReadingSection.model_validate(mine).style
    except ValidationError:
        return NORTH
