"""The picture that was touched is on the paper, as it is on the screens."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from hall.picture_lines import picture_lines
from hall.pictures import GRID, STROKES
from printer.paper.compact import lay_out_compact
from printer.paper.drawing import Studio
from printer.paper.layout import Content, Dress, lay_out
from printer.paper.rows import Strokes

TICKET = Content("A017", "Hộ tịch – Chứng thực", 3, ("Quầy 1",), (5, 10), picture="people")


@pytest.mark.parametrize("name", STROKES)
def test_every_picture_is_lines_within_its_grid(name: str) -> None:
    lines = picture_lines(name)

    assert all(0 <= x <= GRID and 0 <= y <= GRID for line in lines for x, y in line)
    assert len(lines) == sum(part in "Mm" for part in STROKES[name])


def test_a_circle_of_two_half_arcs_is_round() -> None:
    (circle, *_) = picture_lines("wheelchair")
    x, y = 10.5, 4.5

    assert {round(math.hypot(px - x, py - y), 6) for px, py in circle} == {1.3}
    assert all(math.dist(a, b) < 1 for a, b in pairwise(circle))


@pytest.mark.parametrize("to_rows", [lay_out, lay_out_compact])
@pytest.mark.parametrize("width", [576, 384])
def test_a_ticket_bears_its_services_picture_above_its_name(width: int, to_rows: object) -> None:
    studio = Studio()
    rows = to_rows(TICKET, Dress("Xã Mù Cang Chải"), width, studio)  # type: ignore[operator]
    (at,) = [n for n, row in enumerate(rows) if any(isinstance(i, Strokes) for i in row.inks)]
    drawn = studio.draw(rows[at], width)

    assert rows[at].asset == "sign:people"
    assert 0.01 < 1 - sum(drawn.convert("L").tobytes()) / 255 / (width * rows[at].height) < 0.5
    without = to_rows(replace(TICKET, picture=""), Dress("Xã Mù Cang Chải"), width, studio)  # type: ignore[operator]
    assert [*rows[:at], *rows[at + 1 :]] == [*without]
