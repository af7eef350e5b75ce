"""From an issued ticket to a printer's job: names, time zone, dress, rows, bytes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from PIL import Image

from hall.contract.requests import IssueData
from hall.runtime.turn_page import TurnPageSection
from hall.signs.assigning import ServiceSign
from hall.wording import naming
from printer.jobs.attempts import Attempt
from printer.line.reports import PrintJob
from printer.models import PrinterModel
from printer.paper.blocks import Block, typeset
from printer.paper.compact import lay_out_compact
from printer.paper.drawing import Studio
from printer.paper.layout import Content, Dress, dress_alone, lay_out
from printer.paper.phrases import LANGUAGES
from printer.paper.rows import TicketRow

if TYPE_CHECKING:
    from printer.paper.encoder import Encoded, Encoder

ToRows = Callable[[Content, Dress, int], tuple[TicketRow, ...]]
_TAG_FIRST, _TAG_LAST = 32, 126
# Three lines of the ticket's bold type on the narrow paper.
_COUNTERS_LETTERS = 78


@dataclass(frozen=True, slots=True)
class PaperNames:
    """What ids are called on paper."""

    services: Mapping[str, str]
    counters: Mapping[str, str]

    def of_service(self, ident: str) -> str:
        return self.services.get(ident, ident)

    def of_counters(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Long names together are shortened, but not by what tells one from another."""
        names = (self.counters.get(ident, ident) for ident in ids)
        return naming.together(names, tuple(self.counters.values()), _COUNTERS_LETTERS)

    def renamed(self, told: Mapping[str, str]) -> "PaperNames":
        """In another language; what is not translated stays as it is."""
        return PaperNames(
            {ident: told.get(name, name) for ident, name in self.services.items()},
            {ident: told.get(name, name) for ident, name in self.counters.items()},
        )


@dataclass(frozen=True, slots=True)
class Composers:
    """`memory` writes tickets for a printer that holds the strips of `keys`; else `raster` does.

    `stale`: since those strips were written, tickets have come to need others.
    """

    raster: "Composer"
    memory: "Composer | None" = None
    keys: frozenset[str] = frozenset()
    stale: bool = False

    def for_printer(self, listed: Iterable[str]) -> "Composer":
        """The one that fits what the printer says it holds."""
        held = bool(self.keys) and self.keys <= set(listed)
        return self.memory if self.memory is not None and held else self.raster


@dataclass(frozen=True, slots=True)
class Composer:
    """`bytes_a_second`: of the line, to know how long a job takes. `qr`: address or "".

    `turn_page`: where holders follow their turn; a code of the printer's own stands before it.
    `translated`: Vietnamese name to name, by language. `signs`: by service.
    """

    model: PrinterModel
    encoder: "Encoder"
    dress: Dress
    names: PaperNames
    zone: tzinfo
    bytes_a_second: float
    qr: str = ""
    turn_page: TurnPageSection | None = None
    translated: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    signs: Mapping[str, ServiceSign] = field(default_factory=dict)
    to_rows: ToRows = field(kw_only=True)

    def ticket(self, attempt: Attempt) -> PrintJob:
        rows = self._rows(self.content(attempt))
        return self._job(attempt.id, rows)

    def warm(self) -> None:
        """Draw everything that will not change, before the first press."""
        for content in self._samples():
            self._job("warm", self._rows(content))

    def strips(self) -> list[Image.Image]:
        """Every row that stays the same from ticket to ticket, drawn."""
        rows = (
            row
            for lang in LANGUAGES
            for sample in self._samples(lang)
            for content in _faces(sample)
            for row in self._rows(content)
            if row.asset is not None
        )
        return [self.encoder.studio.draw(r, self.model.width) for r in dict.fromkeys(rows)]

    def _samples(self, lang: str = "vi") -> Iterator[Content]:
        """One ticket a service, of all counters."""
        names = self._names(lang)
        counters = names.of_counters(names.counters)
        for ident, service in names.services.items():
            yield Content(
                "A000", service, 1, counters, (5, 10), lang=lang, wifi=self._wifi,
                picture=self._picture(ident),
            )  # fmt: skip

    def _picture(self, service: str) -> str:
        sign = self.signs.get(service)
        return "" if sign is None else sign.picture

    def _names(self, lang: str) -> PaperNames:
        return self.names.renamed(self.translated.get(lang, {}))

    def _rows(self, content: Content) -> tuple[TicketRow, ...]:
        told = self.translated.get(content.lang, {})
        dress = replace(self.dress, hall=told.get(self.dress.hall, self.dress.hall))
        return self.to_rows(content, dress, self.model.width)

    @property
    def _wifi(self) -> str | None:
        return None if self.qr or self.turn_page is None else self.turn_page.wifi

    def slip(self, job_id: str, blocks: Iterable[Block]) -> PrintJob:
        """Any other paper: a test page, the name of the printer."""
        rows = typeset(blocks, self.model.width, self.encoder.studio)
        return self._job(job_id, rows)

    def content(self, attempt: Attempt) -> Content:
        ticket = attempt.data.ticket
        names = self._names(ticket.lang)
        return Content(
            number=ticket.number,
            service=names.of_service(ticket.service),
            ahead=attempt.data.ahead,
            counters=names.of_counters(attempt.data.counters),
            wait_min=attempt.data.wait_min,
            issued_at=None if attempt.clock_unsure else ticket.issued_at.astimezone(self.zone),
            priority=ticket.priority is not None,
            lang=ticket.lang,
            reprint=attempt.reprint,
            picture=self._picture(ticket.service),
            **self._code(attempt.data),
        )

    def _code(self, data: IssueData) -> dict[str, Any]:
        ticket, page = data.ticket, self.turn_page
        if self.qr:
            return {"code": self.qr.format(ticket=ticket.id, number=ticket.number)}
        if page is None or data.token is None:
            return {}
        return {"code": page.url_of(data.token), "wifi": page.wifi}

    def _job(self, job_id: str, rows: Iterable[TicketRow]) -> PrintJob:
        tag = tag_of(job_id)
        encoded: Encoded = self.encoder.encode(rows, tag)
        wire_s = len(encoded.data) / self.bytes_a_second
        return PrintJob(
            job_id,
            encoded.data,
            paper_s=max(wire_s, self.model.paper_s(encoded.rows)),
            tag=tag if self.model.process_id else None,
        )


def _faces(content: Content) -> tuple[Content, ...]:
    """A ticket, and one with all that is rarely on it."""
    return content, replace(content, reprint=True, priority=True, issued_at=None)


def tag_of(job_id: str) -> bytes:
    """Four printable bytes that name the job to GS ( H."""
    span = _TAG_LAST - _TAG_FIRST + 1
    return bytes(_TAG_FIRST + b % span for b in blake2b(job_id.encode(), digest_size=4).digest())


def plain_rows(studio: Studio) -> ToRows:
    """The usual ticket."""
    return lambda content, dress, width: lay_out(content, dress, width, studio)


def dress_rows(studio: Studio) -> ToRows:
    """The usual ticket for a line of middling speed: head, foot and pictures never change."""
    usual = plain_rows(studio)
    return lambda *ticket: dress_alone(usual(*ticket))


def compact_rows(studio: Studio) -> ToRows:
    """The ticket for a slow line."""
    return lambda content, dress, width: lay_out_compact(content, dress, width, studio)
