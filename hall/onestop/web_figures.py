"""Figures of many units out of one web service: each unit is asked for by its code there, in turn.

every_min ─▶ unit a ─▶ unit b ─▶ … ─▶ this hall, or every hall (`own`)
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import Field, ValidationError, field_validator

from hall.contract.onestop_messages import Figures
from hall.onestop import named_counts, spans
from hall.onestop.intake.cells import Cell, Unclear
from hall.onestop.places import HallName, OfHall, OfUnit, Place, UnitName
from hall.onestop.spans import Span
from hall.onestop.web import Unreadable, WebError, at
from hall.runtime.clock import Clock
from hall.runtime.credentials import MissingCredential
from hall.runtime.settings import Section
from hall.runtime.settings_words import first_mistake

log = logging.getLogger(__name__)

TheirCode = Annotated[str, Field(min_length=1, max_length=200)]


class WebFiguresSection(Section):
    """How figures are asked for, and where in the answer each count stands."""

    path: str = Field(
        pattern=r"^/",
        description="Đường dẫn; {unit} là mã đơn vị ở phần mềm, {from} và {to} là ngày đầu, cuối "
        "của kỳ (YYYY-MM-DD).",
        examples=["/thong-ke/don-vi"],
    )
    query: dict[str, str] = Field(
        default_factory=dict,
        description="Tham số, viết như path.",
        examples=[{"donVi": "{unit}", "tuNgay": "{from}", "denNgay": "{to}"}],
    )
    found: str = Field(
        default="", description="Số liệu nằm ở đâu trong trả lời.", examples=["data.0"]
    )
    fields: dict[str, str] = Field(
        min_length=1,
        description="Chỉ tiêu: nơi của nó trong trả lời.",
        examples=[{"received.total": "tiepNhan", "resolved.overdue": "quaHan"}],
    )
    period: Literal["month", "year"] = Field(
        default="month", description="Kỳ của số liệu: tháng này hay năm nay."
    )
    own: str = Field(
        default="",
        max_length=200,
        description="Mã ở phần mềm của số liệu chung: của hội trường này, hay của mọi hội trường.",
    )
    units: dict[UnitName, TheirCode] = Field(
        default_factory=dict,
        description="Ở cổng của tỉnh. Đơn vị: mã của nó ở phần mềm.",
        examples=[{"xa-mu-cang-chai": "H38.12"}],
    )
    halls: dict[HallName, TheirCode] = Field(
        default_factory=dict, description="Ở cổng của tỉnh. Hội trường: mã của nó ở phần mềm."
    )
    every_min: float = Field(default=10, ge=1, le=1440, description="Hỏi lại sau mỗi … phút.")

    @field_validator("fields")
    @classmethod
    def _known(cls, fields: dict[str, str]) -> dict[str, str]:
        strange = [name for name in fields if not named_counts.is_name(name)]
        if strange:
            raise ValueError(f"không có chỉ tiêu '{strange[0]}'")
        return fields

    def span_of(self, day: date) -> Span:
        """The period in which this day lies."""
        year = spans.year_of(day.year)
        return year if self.period == "year" else spans.month(day.year, day.month)

    def places(self) -> Iterator[tuple[Place, str]]:
        """Single units and halls, and their codes there."""
        for unit, code in self.units.items():
            yield OfUnit(unit), code
        for hall, code in self.halls.items():
            yield OfHall(hall), code


@dataclass(slots=True)
class WebFigures:
    """One thread asks for one code after another. `get`: raises WebError, MissingCredential."""

    section: WebFiguresSection
    get: Callable[[str, Mapping[str, str]], Any]
    source: str
    clock: Clock
    zone: tzinfo
    post_of_place: Callable[[Place, Figures], None] | None = None
    _post: Callable[[Figures], None] | None = None
    _faults: dict[str, str] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self, post: Callable[[Figures], None]) -> None:
        """`post`: what is told under `own`, from the thread."""
        self._post = post
        self._thread = threading.Thread(target=self._work, name="onestop-figures")
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def ask(self, code: str) -> Figures:
        """Raises WebError, MissingCredential."""
        now = self.clock.now().astimezone(self.zone)
        span = self.section.span_of(now.date())
        words = {"{unit}": code, "{from}": str(span.first), "{to}": str(span.last)}
        path = _filled(self.section.path, {k: quote(v, safe="") for k, v in words.items()})
        query = {name: _filled(value, words) for name, value in self.section.query.items()}
        told = self.get(path, query)
        record = at(told, self.section.found)
        if not isinstance(record, dict):
            raise Unreadable(f"trả lời không có số liệu ở “{self.section.found}”")
        cells = {name: _cell(at(record, where)) for name, where in self.section.fields.items()}
        if not any(cell != "" for cell in cells.values()):
            raise Unreadable("trong trả lời không có chỉ tiêu nào")
        head = {"id": span.name, "kind": span.kind, "from": str(span.first), "to": str(span.last)}
        try:
            period = named_counts.period(head, cells)
        except ValidationError as err:
            raise Unreadable(first_mistake(err)) from err
        except Unclear as err:
            raise Unreadable(str(err)) from err
        return Figures(as_of=now, source=self.source, periods=(period,))

    # --- the thread -----------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._ended.is_set():
            if self.section.own and self._post is not None:
                self._tell_figures(self.section.own, self._post)
            if self.post_of_place is not None:
                for place, code in self.section.places():
                    self._tell_place(place, code, self.post_of_place)
            self._ended.wait(self.section.every_min * 60.0)

    def _tell_place(self, place: Place, code: str, post: Callable[[Place, Figures], None]) -> None:
        self._tell_figures(code, lambda told: post(place, told))

    def _tell_figures(self, code: str, post: Callable[[Figures], None]) -> None:
        """What one code is not answered leaves the others as they are; each cause is told once."""
        if self._ended.is_set():
            return
        try:
            found = self.ask(code)
        except (WebError, MissingCredential) as err:
            if self._faults.get(code) != str(err):
                log.warning("figures of %s: %s", code, err)
            self._faults[code] = str(err)
            return
        self._faults.pop(code, None)
        post(found)


def _filled(text: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def _cell(value: object) -> Cell:
    """Lists and objects are no counts."""
    match value:
        case None:
            return ""
        case bool() | dict() | list():
            return "?"
        case int() | float():
            return value
        case _:
            return str(value)
