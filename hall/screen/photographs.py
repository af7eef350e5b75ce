"""The one photograph that is held, at its size on the glass; the file's own pixels are let go."""

from dataclasses import dataclass
from pathlib import Path

import pygame

from hall.screen.picture_files import PictureFile, examined
from hall.screen.sprites import native

_QUARTER = 90


@dataclass(slots=True)
class PhotographShelf:
    """Has room for one: the next takes the place of the last."""

    _key: tuple[str, int, int] | None = None
    _held: pygame.Surface | None = None

    def shown(self, file: str, w: int, h: int) -> pygame.Surface:
        """The picture, `w` x `h` pixels of it about its middle. Raises OSError or pygame.error."""
        if self._held is None or self._key != (file, w, h):
            self.clear()
            self._held, self._key = native(_filling(file, w, h)), (file, w, h)
        return self._held

    def clear(self) -> None:
        self._held = self._key = None


def _filling(file: str, w: int, h: int) -> pygame.Surface:
    found = examined(Path(file))
    lying = found.turn % (2 * _QUARTER) == _QUARTER
    size = (h, w) if lying else (w, h)
    stored = pygame.image.load(file)
    if stored.get_bitsize() < 24:  # noqa: PLR2004 - smoothscale takes 24 and 32 bits only
        stored = stored.convert(32)
    scaled = pygame.transform.smoothscale(stored.subsurface(_middle(found, *size)), size)
    return pygame.transform.rotate(scaled, -found.turn) if found.turn else scaled


def _middle(found: PictureFile, w: int, h: int) -> pygame.Rect:
    """The largest part of the picture that has the shape of `w` x `h`."""
    scale = min(found.width / w, found.height / h)
    part = pygame.Rect(0, 0, max(1, int(w * scale)), max(1, int(h * scale)))
    part.center = (found.width // 2, found.height // 2)
    return part.clamp(pygame.Rect(0, 0, found.width, found.height))
