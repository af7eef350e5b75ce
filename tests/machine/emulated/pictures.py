"""What a picture says, read by tesseract: a ticket, the kiosk's glass, the hall's board."""

import os
import re
import subprocess
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image

_DIGITS = str.maketrans("OoQ†lIi", "0001111")


@dataclass(frozen=True, slots=True)
class Word:
    """`x`, `y`: its middle in shares of the picture."""

    text: str
    x: float
    y: float


def read(picture: Image.Image, scale: float = 1.0) -> Sequence[Word]:
    """Every word on it, in composed letters, in no order that could be relied upon."""
    size = (int(picture.width * scale), int(picture.height * scale))
    grey = BytesIO()
    picture.convert("L").resize(size).save(grey, "PPM")
    return _read(grey.getvalue(), size)


@lru_cache(maxsize=8)
def _read(grey: bytes, size: tuple[int, int]) -> Sequence[Word]:
    """A glass that is looked at again and has not changed costs the machine no second reading."""
    done = subprocess.run(
        ["tesseract", "-", "-", "-l", "vie", "--psm", "11", "tsv"],
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        input=grey,
        capture_output=True,
        timeout=120,
        check=True,
    )
    rows = (line.split("\t") for line in done.stdout.decode().splitlines()[1:])
    return tuple(_word(row, size) for row in rows if row[-1].strip())


def _word(row: list[str], size: tuple[int, int]) -> Word:
    left, top, width, height = map(int, row[6:10])
    text = unicodedata.normalize("NFC", row[-1].strip())
    return Word(text, (left + width / 2) / size[0], (top + height / 2) / size[1])


def words(picture: Image.Image, scale: float = 1.0) -> str:
    return " ".join(word.text for word in read(picture, scale))


def says(picture: Image.Image, text: str) -> bool:
    """Whether this can be read on it at one size or another."""
    wanted = text.translate(_DIGITS)
    return any(wanted in words(picture, scale).translate(_DIGITS) for scale in (1.0, 2.0, 0.5, 3.0))


def numbers(ticket: Image.Image) -> list[str]:
    """The queue numbers on a ticket: letters and digits are one shape to the reader."""
    for scale in (2.0, 1.0, 3.0):
        found = re.findall(r"\b[ABT8][0-9OoQ†lIi]{3}(?!\w)", words(ticket, scale))
        if found:
            return [each[0].replace("8", "B") + each[1:].translate(_DIGITS) for each in found]
    return []
