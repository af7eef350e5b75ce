"""The paper of the simulated printer: dots burnt row by row, cut into tickets."""

from dataclasses import dataclass

import segno
from PIL import Image, ImageDraw, ImageFont

CELL = (12, 24)
LINE_ROWS = 34
CUTTER_ROWS = 120


@dataclass(frozen=True, slots=True)
class CutPaper:
    """One piece of paper as it fell out: its picture, and the exact bytes that made it."""

    image: Image.Image
    data: bytes

    @property
    def blank(self) -> bool:
        """A scrap without a dot."""
        return self.image.convert("L").getextrema() == (255, 255)


class Roll:
    """The strip of paper under the head since the last cut, `width` dots wide."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._strips: list[Image.Image] = []
        self._line: list[tuple[int, int, int]] = []

    @property
    def rows(self) -> int:
        return sum(strip.height for strip in self._strips)

    def burn(self, row: bytes, align: int, margin: int) -> None:
        """One raster row, placed as the alignment says; dots beyond the paper are lost."""
        dots = len(row) * 8
        ink = Image.frombytes("1", (dots, 1), bytes(255 - b for b in row))
        self._place(ink, align, margin)

    def picture(self, image: Image.Image, align: int, margin: int) -> None:
        self._place(image, align, margin)

    def feed(self, rows: int) -> None:
        if rows:
            self._strips.append(Image.new("1", (self.width, rows), 1))

    def type(self, byte: int, across: int, down: int) -> None:
        """A character of the printer's own ASCII type waits for its line to end."""
        self._line.append((byte, across, down))

    def end_line(self, align: int, margin: int) -> None:
        line, self._line = self._line, []
        if not line:
            self.feed(LINE_ROWS)
            return
        type_set = _typeset(line)
        self._place(type_set, align, margin)
        # The paper moves by the line spacing, or by the line where that is taller.
        self.feed(max(0, LINE_ROWS - type_set.height))

    def cut(self) -> Image.Image:
        """Everything since the last cut."""
        sheet = Image.new("1", (self.width, max(1, self.rows)), 1)
        y = 0
        for strip in self._strips:
            sheet.paste(strip, (0, y))
            y += strip.height
        self._strips.clear()
        return sheet

    def forget_line(self) -> None:
        self._line.clear()

    def _place(self, image: Image.Image, align: int, margin: int) -> None:
        room = self.width - margin - image.width
        x = margin + (max(room, 0) * align) // 2
        strip = Image.new("1", (self.width, image.height), 1)
        strip.paste(image, (x, 0))
        self._strips.append(strip)


def _typeset(line: list[tuple[int, int, int]]) -> Image.Image:
    height = max(down for _, _, down in line) * CELL[1]
    width = sum(across for _, across, _ in line) * CELL[0]
    image = Image.new("1", (width, height), 1)
    x = 0
    for byte, across, down in line:
        glyph = _glyph(chr(byte)).resize((CELL[0] * across, CELL[1] * down))
        image.paste(glyph, (x, height - glyph.height))
        x += glyph.width
    return image


def _glyph(char: str) -> Image.Image:
    """One cell of the printer's type; bytes beyond ASCII show as '?', as in a wrong code page."""
    cell = Image.new("L", CELL, 255)
    pen = ImageDraw.Draw(cell)
    shown = char if char.isascii() else "?"
    pen.text((CELL[0] // 2, CELL[1] - 5), shown, 0, ImageFont.load_default(19), anchor="ms")
    return cell.convert("1", dither=Image.Dither.NONE)


def code_image(text: bytes, module: int, level: str) -> Image.Image:
    """A QR code as the printer draws it by itself."""
    matrix = segno.make_qr(text, error=level, boost_error=False).matrix
    side = len(matrix)
    data = bytes(0 if dot else 255 for line in matrix for dot in line)
    small = Image.frombytes("L", (side, side), data).convert("1")
    return small.resize((side * module, side * module), Image.Resampling.NEAREST)
