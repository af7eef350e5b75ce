"""The picture that was touched is on the paper, as it is on the screens."""

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from hall.signs.assigning import PICTURES
from hall.signs.picture_lines import picture_lines
from hall.signs.pictures import GRID, STROKES
from printer.paper.compact import lay_out_compact
from printer.paper.dots import raster
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
def test_a_ticket_bears_its_services_picture_above_its_name(width: int, to_rows: Any) -> None:
    studio, dress = Studio(), Dress("Xã Mù Cang Chải")
    rows = to_rows(TICKET, dress, width, studio)
    ((at, (sign, name)),) = [(n, row.parts) for n, row in enumerate(rows) if row.parts]
    drawn = studio.draw(sign, width)

    assert [type(ink) for ink in sign.inks] == [Strokes]
    assert 0.01 < 1 - sum(drawn.convert("L").tobytes()) / 255 / (width * sign.height) < 0.5
    without = to_rows(replace(TICKET, picture=""), dress, width, studio)
    assert [*rows[:at], name, *rows[at + 1 :]] == [*without]
    assert rows[at].asset == name.asset


@pytest.mark.parametrize("width", [576, 384])
def test_picture_and_name_are_one_graphic_whose_dots_are_those_of_both(width: int) -> None:
    studio = Studio()
    (row,) = [r for r in lay_out_compact(TICKET, Dress("Xã"), width, studio) if r.parts]
    drawn = studio.draw(row, width)

    assert drawn.size == (width, row.height)
    assert drawn.tobytes() == b"".join(studio.draw(part, width).tobytes() for part in row.parts)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_no_memory_holds_leaves_a_slow_line_half_of_its_second(name: str) -> None:
    studio = Studio()
    ticket = replace(TICKET, picture=name)
    (row,) = [r for r in lay_out_compact(ticket, Dress("Xã"), 576, studio) if r.parts]
    sign, _ = row.parts

    assert len(raster(studio.draw(sign, 576)).data) * 10 / 9600 < 0.55
