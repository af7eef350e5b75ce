"""From an issued ticket to a printer's job: names, time zone, dress, rows, bytes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from hashlib import blake2b
from typing import TYPE_CHECKING

from printer.attempts import Attempt
from printer.blocks import Block, typeset
from printer.layout import Content, Dress, lay_out, sizes_for
from printer.models import Model
from printer.rows import Row
from printer.session import Job

if TYPE_CHECKING:
    from printer.encoder import Encoded, Encoder

_TAG_FIRST, _TAG_LAST = 32, 126


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called on paper."""

    services: Mapping[str, str]
    counters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Composer:
    """`bytes_a_second`: of the line, to know how long a job takes. `qr`: address or ""."""

    model: Model
    encoder: "Encoder"
    dress: Dress
    names: Names
    zone: tzinfo
    bytes_a_second: float
    qr: str = ""
    to_rows: Callable[[Content, Dress, int], tuple[Row, ...]] = field(kw_only=True)

    def ticket(self, attempt: Attempt) -> Job:
        rows = self.to_rows(self.content(attempt), self.dress, self.model.width)
        return self._job(attempt.id, rows)

    def warm(self) -> None:
        """Draw everything that will not change, before the first press."""
        for service in self.names.services.values():
            content = Content("A000", service, 1, tuple(self.names.counters.values()), (5, 10))
            self._job("warm", self.to_rows(content, self.dress, self.model.width))

    def slip(self, job_id: str, blocks: Iterable[Block]) -> Job:
        """Any other paper: a test page, the name of the printer."""
        margin = sizes_for(self.model.width).gap
        rows = typeset(blocks, self.model.width, self.encoder.studio, margin=margin)
        return self._job(job_id, rows)

    def content(self, attempt: Attempt) -> Content:
        ticket = attempt.data.ticket
        return Content(
            number=ticket.number,
            service=self.names.services.get(ticket.service, ticket.service),
            ahead=attempt.data.ahead,
            counters=tuple(self.names.counters.get(c, c) for c in attempt.data.counters),
            wait_min=attempt.data.wait_min,
            issued_at=None if attempt.clock_unsure else ticket.issued_at.astimezone(self.zone),
            priority=ticket.priority is not None,
            lang=ticket.lang,
            reprint=attempt.reprint,
            code=self.qr.format(ticket=ticket.id, number=ticket.number) if self.qr else None,
        )

    def _job(self, job_id: str, rows: Iterable[Row]) -> Job:
        tag = tag_of(job_id)
        encoded: Encoded = self.encoder.encode(rows, tag)
        wire_s = len(encoded.data) / self.bytes_a_second
        return Job(
            job_id,
            encoded.data,
            paper_s=max(wire_s, self.model.paper_s(encoded.rows)),
            tag=tag if self.model.process_id else None,
        )


def tag_of(job_id: str) -> bytes:
    """Four printable bytes that name the job to GS ( H."""
    span = _TAG_LAST - _TAG_FIRST + 1
    return bytes(_TAG_FIRST + b % span for b in blake2b(job_id.encode(), digest_size=4).digest())


def plain_rows(encoder: "Encoder") -> Callable[[Content, Dress, int], tuple[Row, ...]]:
    """The usual ticket."""
    return lambda content, dress, width: lay_out(content, dress, width, encoder.studio)
