"""Rows become black dots: fonts, codes and pictures, each drawn once and kept."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from hall import fonts
from hall.fonts import Family
from hall.signs import pictures
from hall.signs.picture_lines import picture_lines
from printer.paper.rows import Bitmap, Digits, FilledBar, Font, Qr, Strokes, TextRun, TicketRow

# Grey edges below this become black; dithering would fray the letters.
THRESHOLD = 140
BLACK, WHITE = 0, 255
# A Raspberry Pi has no memory for the picture of a camera.
MOST_PIXELS = 16_000_000
KEPT_ROWS = 256
KEPT_SIZES = 4096


@dataclass(frozen=True, slots=True)
class _Size:
    width: int
    rise: int
    fall: int


def _size(face: ImageFont.FreeTypeFont, text: str) -> _Size:
    left, top, right, bottom = face.getbbox(text, anchor="ls")
    width = max(right, face.getlength(text)) - min(left, 0)
    return _Size(ceil(width), ceil(max(0, -top)), ceil(max(0, bottom)))


def _side_by_side(parts: list[_Size]) -> _Size:
    return _Size(
        sum(part.width for part in parts),
        max((part.rise for part in parts), default=0),
        max((part.fall for part in parts), default=0),
    )


class Studio:
    """Measures and draws with the vendored fonts and a hall's pictures. One thread only."""

    def __init__(self, pictures: Mapping[str, Image.Image] | None = None) -> None:
        self._pictures = dict(pictures or {})
        self._fonts: dict[tuple[Font, Family], ImageFont.FreeTypeFont] = {}
        self._sizes: dict[tuple[str, Font], _Size] = {}
        self._glyphs: dict[tuple[str, Font], Image.Image] = {}
        self._rows: OrderedDict[tuple[TicketRow, int], Image.Image] = OrderedDict()

    # --- measuring (rows.Metrics) ---

    def width(self, text: str, font: Font) -> int:
        return self._measured(text, font).width

    def rise(self, text: str, font: Font) -> int:
        return self._measured(text, font).rise

    def fall(self, text: str, font: Font) -> int:
        return self._measured(text, font).fall

    def modules(self, text: str) -> int:
        return int(_code(text).symbol_size(scale=1, border=0)[0])

    def picture(self, name: str) -> tuple[int, int]:
        image = self._pictures.get(name)
        return image.size if image is not None else (0, 0)

    # --- drawing ---

    def draw(self, row: TicketRow, width: int) -> Image.Image:
        """The row as a mode "1" image `width` dots wide."""
        key = (row, width)
        known = self._rows.get(key)
        if known is not None:
            self._rows.move_to_end(key)
            return known
        image = self.sheet(row.parts, width) if row.parts else self._drawn(row, width)
        self._rows[key] = image
        if len(self._rows) > KEPT_ROWS:
            self._rows.popitem(last=False)
        return image

    def sheet(self, rows: Iterable[TicketRow], width: int) -> Image.Image:
        """All rows under one another, as the paper will look."""
        strips = [self.draw(row, width) for row in rows]
        sheet = Image.new("1", (width, sum(s.height for s in strips)), 1)
        y = 0
        for strip in strips:
            sheet.paste(strip, (0, y))
            y += strip.height
        return sheet

    def _face(self, font: Font, family: Family) -> ImageFont.FreeTypeFont:
        face = self._fonts.get((font, family))
        if face is None:
            path = fonts.path(font.weight, family)
            face = self._fonts[font, family] = ImageFont.truetype(str(path), font.size)
        return face

    def _measured(self, text: str, font: Font) -> _Size:
        known = self._sizes.get((text, font))
        if known is None:
            if len(self._sizes) > KEPT_SIZES:
                self._sizes.clear()
            parts = [_size(self._face(font, family), part) for family, part in fonts.runs(text)]
            known = self._sizes[text, font] = _side_by_side(parts)
        return known

    def _drawn(self, row: TicketRow, width: int) -> Image.Image:
        canvas = Image.new("L", (width, row.height), WHITE)
        pen = ImageDraw.Draw(canvas)
        for ink in row.inks:
            match ink:
                case TextRun():
                    self._write(pen, ink)
                case FilledBar():
                    corner = (ink.x + ink.width - 1, ink.y + ink.height - 1)
                    pen.rectangle(((ink.x, ink.y), corner), BLACK)
                case Digits():
                    self._paste_digits(canvas, ink)
                case Qr():
                    canvas.paste(_code_image(ink), (ink.x, 0))
                case Strokes():
                    _stroke(pen, ink)
                case Bitmap():
                    canvas.paste(self._pictures[ink.name].convert("L"), (ink.x, 0))
        return canvas.point(_threshold, "1")

    def _write(self, pen: ImageDraw.ImageDraw, ink: TextRun) -> None:
        x, colour = ink.x, WHITE if ink.inverse else BLACK
        for family, part in fonts.runs(ink.text):
            face = self._face(ink.font, family)
            pen.text((x, ink.baseline), part, colour, face, anchor="ls")
            x += _size(face, part).width

    def _paste_digits(self, canvas: Image.Image, ink: Digits) -> None:
        x = ink.x
        for char in ink.text:
            glyph = self._glyph(char, ink.font, canvas.height, ink.baseline)
            canvas.paste(glyph, (x, 0))
            x += glyph.width

    def _glyph(self, char: str, font: Font, height: int, baseline: int) -> Image.Image:
        known = self._glyphs.get((char, font))
        if known is None:
            known = Image.new("L", (self.width(char, font), height), WHITE)
            pen = ImageDraw.Draw(known)
            pen.text((0, baseline), char, BLACK, self._face(font, Family.BE_VIETNAM), anchor="ls")
            self._glyphs[char, font] = known
        return known


def _stroke(pen: ImageDraw.ImageDraw, ink: Strokes) -> None:
    """Lines with round ends, as on the screens."""
    scale = ink.side / pictures.GRID
    width = max(2, round(pictures.STROKE * scale))
    for line in picture_lines(ink.name):
        points = [(ink.x + x * scale, y * scale) for x, y in line]
        pen.line(points, BLACK, width)
        for x, y in points:
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), BLACK)


def _threshold(level: float) -> int:
    return WHITE if level >= THRESHOLD else BLACK


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="m", boost_error=False)


def _code_image(ink: Qr) -> Image.Image:
    matrix = _code(ink.text).matrix
    side = len(matrix)
    data = bytes(BLACK if module else WHITE for line in matrix for module in line)
    small = Image.frombytes("L", (side, side), data)
    return small.resize((side * ink.scale, side * ink.scale), Image.Resampling.NEAREST)


def read_picture(path: Path, side: int) -> Image.Image:
    """A logo as black and white, no wider and no taller than `side`. Raises OSError."""
    try:
        with Image.open(path) as source:
            if source.width * source.height > MOST_PIXELS:
                raise OSError("ảnh quá lớn, nhiều nhất 16 triệu điểm")
            rgba = source.convert("RGBA")
    except Image.DecompressionBombError as err:
        raise OSError(str(err)) from err
    paper = Image.new("RGBA", rgba.size, (WHITE, WHITE, WHITE, WHITE))
    grey = Image.alpha_composite(paper, rgba).convert("L")
    longest = max(grey.size)
    if longest > side:
        grey = grey.resize(
            (_scaled(grey.width, side, longest), _scaled(grey.height, side, longest))
        )
    return grey.point(_threshold, "1")


def _scaled(length: int, side: int, longest: int) -> int:
    return max(1, length * side // longest)
