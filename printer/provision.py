"""Writes the unchanging strips into a printer's memory, once, and verifies that they are there.

The daemon of that printer must not run meanwhile: the device has one owner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from PIL import Image

from hall.runtime import durable
from hall.runtime.clock import Clock
from printer import commands, faults
from printer.faults import PrinterCondition
from printer.line.link import Down, Link, LinkReport
from printer.line.reports import Identified, Keys, SessionTimeouts, StatusReport, Up
from printer.line.session import PrinterSession
from printer.models import PrinterModel
from printer.paper import assets
from printer.paper.assets import Book
from printer.paper.dots import digest, disarm
from printer.ports import Driver

# A printer does not answer while it writes its memory.
PATIENT = SessionTimeouts(answer=30.0, tries=2, beat=60.0, stall=60.0)


CAUSE_S = 5.0
LIST_S = 15.0


class ProvisionError(Exception):
    """Nothing may be relied on; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Provisioned:
    """`sent`: bytes of strips that were written; 0 when all was there already."""

    strips: int
    written: int
    sent: int


@dataclass(frozen=True, slots=True)
class ProvisionTarget:
    """The printer, and the file in which its memory is remembered."""

    driver: Driver
    model: PrinterModel
    book: Path
    clock: Clock


def provision(
    target: ProvisionTarget, strips: Mapping[str, Image.Image], timeout_s: float
) -> Provisioned:
    """Write what differs, list, compare, remember. `strips` by digest. Raises ProvisionError.

    `timeout_s`: for all but the time that the bytes need on the wire.
    """
    if not target.model.nv:
        raise ProvisionError(f"Kiểu máy {target.model.name} không có bộ nhớ ảnh; dùng raster.")
    said: SimpleQueue[LinkReport] = SimpleQueue()
    driver = target.driver
    session = PrinterSession(
        target.model,
        patience=PATIENT,
        bytes_a_second=driver.bytes_a_second,
        nudge_s=driver.nudge_s,
    )
    link = Link(driver, session, said.put, target.clock.monotonic)
    link.start()
    try:
        return _Talk(target, link, said, target.clock.monotonic() + timeout_s).run(strips)
    finally:
        link.stop()


@dataclass(slots=True)
class _Talk:
    target: ProvisionTarget
    link: Link
    said: SimpleQueue[LinkReport]
    end: float
    identity: str = ""

    def run(self, strips: Mapping[str, Image.Image]) -> Provisioned:
        self._wait_for_up()
        # Five minutes are for writing: a printer that does nothing else lists at once.
        listed = self._list(until=min(self.end, self.target.clock.monotonic() + LIST_S))
        known = read_book(self.target.book)
        if not assets.held(known, listed):
            known = Book()
        try:
            plan = assets.changes(known, strips, self.identity)
        except assets.TooMany as err:
            raise ProvisionError(f"Quá nhiều dải ảnh ({err}): bớt dịch vụ hoặc quầy.") from err
        data = b"".join(commands.nv_delete(key) for key in plan.delete if key in listed)
        data += b"".join(definition(key, strips[d]) for key, d in plan.define.items())
        if data:
            self.link.instruct(data)
            self.end += len(data) / self.target.driver.bytes_a_second
        if not assets.held(plan.book, self._list(until=self.end)):
            raise ProvisionError("Máy in không giữ đủ ảnh: dùng assets: raster.")
        _write(self.target.book, plan.book)
        return Provisioned(len(plan.book.keys), len(plan.define), len(data))

    def _wait_for_up(self) -> None:
        while not isinstance(report := self._next("Máy in không trả lời.", self.end), Up):
            if isinstance(report, Identified):
                self.identity = report.name
            if isinstance(report, Down):
                text, advice = faults.words(report.why)
                raise ProvisionError(f"{text} Trước hết dừng dịch vụ máy in. {advice}")
            self._unblocked(report)

    def _unblocked(self, report: LinkReport) -> None:
        """A printer with a fault would let the technician wait for nothing."""
        known = PrinterCondition(
            "", up=True, faults=report.faults if isinstance(report, StatusReport) else None
        )
        trouble = faults.blocking(known)
        if trouble is faults.HELD_OFF:
            # What keeps it offline is the answer to the next question.
            self.end = min(self.end, self.target.clock.monotonic() + CAUSE_S)
        elif trouble is not None:
            raise ProvisionError(f"{trouble.text} {trouble.advice}")

    def _list(self, until: float) -> tuple[str, ...]:
        self.link.instruct(commands.NV_LIST)
        otherwise = "Máy in không liệt kê bộ nhớ ảnh: dùng assets: raster."
        while not isinstance(report := self._next(otherwise, until), Keys):
            if isinstance(report, Down):
                raise ProvisionError(" ".join(faults.words(report.why)))
            self._unblocked(report)
        return report.keys

    def _next(self, otherwise: str, until: float) -> LinkReport:
        left = min(until, self.end) - self.target.clock.monotonic()
        try:
            return self.said.get(timeout=max(0.0, left))
        except Empty as err:
            raise ProvisionError(otherwise) from err


def definition(key: str, image: Image.Image) -> bytes:
    """GS ( L fn 67: the strip under its key."""
    data = bytes(255 - b for b in image.tobytes())
    return commands.nv_define(key, image.width, image.height, disarm(data))


def strips_by_digest(images: list[Image.Image]) -> dict[str, Image.Image]:
    return {digest(image): image for image in images}


def read_book(path: Path) -> Book:
    """An empty book when there is none or it cannot be read: raster is always right."""
    try:
        return assets.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Book()


def _write(path: Path, book: Book) -> None:
    durable.replace(path, assets.dump(book).encode())
