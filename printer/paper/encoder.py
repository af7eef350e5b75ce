"""Rows become printer bytes, through python-escpos: bands small enough to recover from."""

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from escpos.escpos import QR_ECLEVEL_M
from escpos.printer import Dummy

from printer import commands
from printer.models import PrinterModel
from printer.paper.dots import Piece, digest, joined, raster
from printer.paper.drawing import Studio
from printer.paper.rows import Digits, Qr, TicketRow

KEPT_ROWS = 256
_NATIVE = re.compile(r"[0-9A-Z \-:/]+")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which of a printer's own abilities are used; without any, all of a ticket is raster.

    `assets` maps the digest of a drawn row to its key in the printer's memory.
    """

    trim: bool = True
    native_number: bool = False
    native_qr: bool = False
    native_text: bool = False
    assets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Encoded:
    """`longest`: bytes of the longest length-prefixed command; `rows`: height of the paper."""

    data: bytes
    rows: int
    longest: int


class Encoder:
    """Encodes for one printer model and paper width; keeps what it has encoded. One thread only."""

    def __init__(self, model: PrinterModel, studio: Studio, recipe: Recipe | None = None) -> None:
        self._model = model
        self.studio = studio
        self._recipe = recipe or Recipe()
        self._kept: OrderedDict[TicketRow, Piece] = OrderedDict()
        self._escpos = Dummy(profile=model.profile)

    def encode(self, rows: Iterable[TicketRow], tag: bytes | None = None) -> Encoded:
        """A whole job: init, automatic status, paper, cut, and the questions that confirm it."""
        rows = tuple(rows)
        body = joined(self._piece(row) for row in rows)
        data = commands.INIT + commands.ASB_ON + body.data + self._cut() + self._questions(tag)
        return Encoded(data, sum(row.height for row in rows), body.longest)

    def _questions(self, tag: bytes | None) -> bytes:
        tagged = self._model.process_id and tag is not None
        return (commands.process_id(tag) if tagged and tag else b"") + commands.IN_ORDER

    def _cut(self) -> bytes:
        features = self._escpos.profile.features
        full = features.get("paperFullCut", True) or not features.get("paperPartCut", False)
        return commands.FULL_CUT if full else commands.PARTIAL_CUT

    def _piece(self, row: TicketRow) -> Piece:
        known = self._kept.get(row)
        if known is not None:
            self._kept.move_to_end(row)
            return known
        piece = self._kept[row] = self._encoded(row)
        if len(self._kept) > KEPT_ROWS:
            self._kept.popitem(last=False)
        return piece

    def _encoded(self, row: TicketRow) -> Piece:
        match row.inks:
            case (Digits(text=text),) if self._recipe.native_number and _NATIVE.fullmatch(text):
                return Piece(self._native(commands.BIG, text, commands.NORMAL))
            case (Qr() as code,) if self._recipe.native_qr and self._model.native_qr:
                return self._native_qr(code)
        if self._recipe.native_text and row.plain and _NATIVE.fullmatch(row.plain):
            return Piece(self._native(commands.DOUBLE, row.plain, commands.NORMAL))
        image = self.studio.draw(row, self._model.width)
        key = self._recipe.assets.get(digest(image)) if self._recipe.assets else None
        if key is not None:
            return Piece(commands.nv_print(key))
        if row.parts:
            # The memory may be older than the whole and still hold one of them.
            return joined(self._piece(part) for part in row.parts)
        return raster(image, trim=self._recipe.trim)

    def _native(self, before: bytes, text: str, after: bytes) -> bytes:
        line = before + text.encode("ascii") + b"\n" + after
        return commands.CENTRE + line + commands.LEFT

    def _native_qr(self, code: Qr) -> Piece:
        self._escpos.clear()
        self._escpos.qr(code.text, ec=QR_ECLEVEL_M, size=min(code.scale, 16), native=True)
        data = commands.CENTRE + self._escpos.output + commands.LEFT
        self._escpos.clear()
        return Piece(data, len(code.text.encode("utf-8")) + 16)
