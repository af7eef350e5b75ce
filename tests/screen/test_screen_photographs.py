"""Photographs fill their place, one is held at a time, and a bad file is named unread."""

import struct
from pathlib import Path

import pygame
import pytest

from hall.screen.geometry import Panel, Rect
from hall.screen.painter import Painter
from hall.screen.picture_files import PictureFile, UnusablePicture, examined
from hall.screen.tree import Box, Photograph, Scene
from hall.screen.window import Window

RED, BLUE = (196, 22, 28), (11, 92, 173)


def saved(file: Path, w: int, h: int) -> bytes:
    """Red on the left, blue on the right."""
    surface = pygame.Surface((w, h), 0, 24)
    surface.fill(RED)
    surface.fill(BLUE, (w // 2, 0, w, h))
    pygame.image.save(surface, str(file))
    return file.read_bytes()


def turned(jpeg: bytes, orientation: int, order: str = ">") -> bytes:
    """With the Exif segment of a camera that was held another way."""
    mark = {">": b"MM", "<": b"II"}[order]
    tiff = mark + struct.pack(f"{order}HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def scene(*files: Path) -> Scene:
    place = Rect(0, 0, 100, 50)
    shown = tuple(Photograph(f"p{n}", place, str(file)) for n, file in enumerate(files))
    return Scene("s", "#FFFFFF", shown or (Box("b", place, "#FFFFFF"),))


def near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 24 for a, b in zip(found, wanted, strict=False))


@pytest.mark.parametrize("name", ["x.jpg", "x.png"])
def test_a_picture_s_size_is_read_from_its_first_bytes(tmp_path: Path, name: str) -> None:
    saved(tmp_path / name, 60, 40)

    assert examined(tmp_path / name) == PictureFile(60, 40)


@pytest.mark.parametrize(("orientation", "turn"), [(1, 0), (3, 180), (6, 90), (8, 270)])
@pytest.mark.parametrize("order", [">", "<"])
def test_a_camera_tells_how_it_was_held(
    tmp_path: Path, orientation: int, turn: int, order: str
) -> None:
    file = tmp_path / "x.jpg"
    file.write_bytes(turned(saved(file, 60, 40), orientation, order))

    assert examined(file) == PictureFile(60, 40, turn)


def test_what_cannot_be_shown_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "x.jpg"
    jpeg = saved(file, 600, 400)
    png = saved(tmp_path / "x.png", 60, 40)
    bad = {
        "không phải ảnh": b"GIF89a",
        "bị cụt": jpeg[:-40],
        "quá lớn": png[:16] + struct.pack(">II", 60_000, 40_000) + png[24:],
        "hỏng": png[:16] + bytes(8) + png[24:],
    }
    for told, content in bad.items():
        file.write_bytes(content)
        with pytest.raises(UnusablePicture, match=told):
            examined(file)
    for cut in (2, 5, 12, 20):
        for content in (jpeg[:cut], png[:cut]):
            file.write_bytes(content)
            with pytest.raises(UnusablePicture):
                examined(file)
    with pytest.raises(FileNotFoundError):
        examined(tmp_path / "none.jpg")


def test_a_photograph_fills_its_place_about_its_middle(
    window: Window, panel: Panel, tmp_path: Path
) -> None:
    saved(tmp_path / "x.jpg", 80, 80)
    Painter(panel).paint(window.surface, scene(tmp_path / "x.jpg"))

    colors = [window.surface.get_at((panel.px(x), panel.px(y)))[:3]
              for x, y in ((2, 2), (2, 48), (98, 2), (98, 48))]  # fmt: skip
    assert [near(c, RED) for c in colors] == [True, True, False, False]
    assert near(colors[3], BLUE)


def test_a_photograph_of_a_turned_camera_stands_upright(
    window: Window, panel: Panel, tmp_path: Path
) -> None:
    """Turned by a quarter clockwise, what is left in the file is above."""
    file = tmp_path / "x.jpg"
    file.write_bytes(turned(saved(file, 80, 80), 6))
    Painter(panel).paint(window.surface, scene(file))

    above, below = (window.surface.get_at((panel.px(50), panel.px(y)))[:3] for y in (4, 46))
    assert near(above, RED)
    assert near(below, BLUE)


def test_one_photograph_is_held_and_none_on_a_page_without(
    window: Window, panel: Panel, tmp_path: Path
) -> None:
    painter = Painter(panel)
    held = []
    for name in ("a.jpg", "b.jpg"):
        saved(tmp_path / name, 80, 80)
        painter.paint(window.surface, scene(tmp_path / name))
        held.append(painter.photographs._held)
    painter.paint(window.surface, scene())

    assert held[0] is not held[1]
    assert all(each is not None and each.get_width() == panel.px(100) for each in held)
    assert painter.photographs._held is None
    assert painter.sprites._pixels < panel.px(100) * panel.px(50)


def test_a_photograph_whose_file_goes_leaves_what_is_behind_it(
    window: Window, panel: Panel, tmp_path: Path
) -> None:
    saved(tmp_path / "x.jpg", 80, 80)
    (tmp_path / "x.jpg").unlink()
    Painter(panel).paint(window.surface, scene(tmp_path / "x.jpg"))

    assert window.surface.get_at((4, 4))[:3] == (255, 255, 255)
