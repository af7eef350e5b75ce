"""A simulated LED display: keeps the faces it was given, as values and as pictures."""

import io
import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from display.blinking import BlinkingFace, take_face
from display.ports import DISPLAY_LOST, FaceDriverError
from hall import fonts
from hall.contract.messages import Face
from hall.runtime import pictures
from hall.runtime.devices import Device

_DOT = 8
_ROWS = 16
_COLUMN = 12
_GLASS = (18, 8, 8)
_DARK = (52, 18, 16)
_LIT = (255, 58, 30)
_DIM = (165, 60, 34)


class SimulatedFaces:
    """`folder`: where `face-N.png` lies; None keeps no pictures. `broken`: the wire is cut."""

    def __init__(self, width: int, folder: Path | None = None, counter: str = "") -> None:
        self.device = Device(DISPLAY_LOST, f"bảng số mô phỏng của quầy {counter}", "Nối lại dây.")
        self._width = width
        self._folder = folder
        self.broken = False
        self.shown: dict[str, BlinkingFace] = {}
        self.blinked: list[str] = []

    def show_face(self, counter: str, face: Face, now: float) -> None:
        if self.broken:
            raise FaceDriverError("mất dây")
        before = self.shown.get(counter)
        self.shown[counter] = take_face(before, face, now)
        if self.shown[counter].since == now:
            self.blinked.append(face.text)
        if self._folder is not None:
            pictures.put(self._folder, f"face-{counter}.png", picture(face, self._width))

    def tick(self, now: float) -> float:
        if self.broken:
            raise FaceDriverError("mất dây")
        return now + 3600.0

    def close(self) -> None:
        self.shown.clear()


def picture(face: Face, width: int) -> bytes:
    """The face as a LED matrix shows it, as PNG: every dot lit, dim or dark."""
    columns = _COLUMN * width + 4
    mask = _dots(face.text, columns) if face.style != "off" else Image.new("L", (columns, _ROWS))
    color = _DIM if face.style == "stale" else _LIT
    lights = mask.tobytes()
    image = Image.new("RGB", (columns * _DOT, _ROWS * _DOT), _GLASS)
    draw = ImageDraw.Draw(image)
    for row in range(_ROWS):
        for column in range(columns):
            lit = lights[row * columns + column] > 110  # noqa: PLR2004 - half covered
            x, y = column * _DOT, row * _DOT
            draw.ellipse((x + 1, y + 1, x + _DOT - 2, y + _DOT - 2), fill=color if lit else _DARK)
    if face.style == "stale":
        draw.rectangle((0, 0, 2 * _DOT, 2 * _DOT), fill=(255, 205, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _dots(text: str, columns: int) -> Image.Image:
    """The text in the largest size that stays inside, one pixel a dot."""
    mask = Image.new("L", (columns, _ROWS))
    draw = ImageDraw.Draw(mask)
    px = 20
    font = ImageFont.truetype(fonts.path(fonts.Weight.MEDIUM), px)
    while px > 6 and draw.textlength(text, font) > columns - 2:  # noqa: PLR2004
        px -= 1
        font = ImageFont.truetype(fonts.path(fonts.Weight.MEDIUM), px)
    left, top, right, bottom = draw.textbbox((0, 0), text, font)
    x = math.floor((columns - right - left) / 2)
    draw.text((x, (_ROWS - bottom - top) / 2), text, 255, font)
    return mask
