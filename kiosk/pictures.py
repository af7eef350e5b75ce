"""The hall's own pictures: its logo and its photographs, as the YAML names them."""

from dataclasses import dataclass
from pathlib import Path

from hall.runtime.settings import Document, Mistake
from hall.screen import picture_files
from kiosk.settings import KioskFile, KioskSection


@dataclass(frozen=True, slots=True)
class HallPictures:
    """Files that can be shown, and what is wrong with the others. `logo` empty: none."""

    logo: str = ""
    photographs: tuple[str, ...] = ()
    unusable: tuple[Mistake, ...] = ()


def found(document: Document, config: KioskFile, section: KioskSection) -> HallPictures:
    """Without a picture that cannot be shown the kiosk goes on."""
    folder = Path(document.file).parent
    place = ("kiosks", config.kiosks.index(section))
    named: list[tuple[tuple[str | int, ...], str]] = []
    if section.logo:
        named.append((("logo",), section.logo))
    named += [(("photographs", n), name) for n, name in enumerate(section.photographs)]
    usable: dict[tuple[str | int, ...], str] = {}
    unusable: list[Mistake] = []
    for path, name in named:
        file = folder / name
        try:
            picture_files.examined(file)
        except OSError as err:
            told = err if isinstance(err, picture_files.UnusablePicture) else err.strerror
            text = f"không dùng được ảnh {file}: {told}"
            unusable.append(document.mistake((*place, *path), text))
        else:
            usable[path] = str(file)
    logo = usable.pop(("logo",), "")
    return HallPictures(logo, tuple(usable.values()), tuple(unusable))
