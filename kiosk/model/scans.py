"""Which scans count: none twice, none of the person before. Pure.

A scanner on a stand reads a code again for as long as it lies there, and posts what it had begun to
read when the page was wiped. Of a scan only a mark is kept, so that it outlives the wipe.
"""

from dataclasses import replace

from kiosk.model.pages import CheckInPage, Lookup, Page, TicketTaken, personal
from kiosk.model.state import KioskModel, ScanMark

# Whoever takes a code away and holds it up again needs about so long.
SAME_S = 2.0
# Reading, decoding and the silence that ends a scan without an end mark (PAUSE_S) take less.
NEXT_PERSON_S = 0.5


def is_again(model: KioskModel, text: str) -> bool:
    """Whether this is the code that has just been read, still in front of the scanner."""
    seen = model.last_scan
    return seen.mark == hash(text) and model.now - seen.at < SAME_S


def is_of_before(model: KioskModel) -> bool:
    """Whether it was read before the last visit ended: it belongs to who has gone."""
    return model.now - model.ended < NEXT_PERSON_S


def noted(model: KioskModel, text: str) -> KioskModel:
    """Remember that it was seen now; a hash of Python's, another one in every run."""
    return replace(model, last_scan=ScanMark(hash(text), model.now))


def before(model: KioskModel) -> tuple[Page, ...]:
    """Where "Quay lại" leads from what is scanned now: to nothing that may be another person's."""
    return tuple(page for page in (*model.trail, model.page) if not _is_left_out(page))


def _is_left_out(page: Page) -> bool:
    """Also a field in which nothing is typed: the scan has an empty one of its own."""
    return personal(page) or isinstance(page, TicketTaken | Lookup | CheckInPage)
