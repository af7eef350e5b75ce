"""The path language of SVG, as far as our pictures use it, flattened into lines. Pure.

M L H V C S A and Z, absolute and relative; curves become short straight pieces.
"""

import math
import re
from collections.abc import Iterator
from functools import cache

from hall.signs.pictures import STROKES

Point = tuple[float, float]
_PARTS = re.compile(r"[A-Za-z]|[-+]?(?:\d*\.\d+|\d+)")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "A": 7}
_PIECES = 12


@cache
def picture_lines(name: str) -> tuple[tuple[Point, ...], ...]:
    """The strokes of a picture as polylines on its grid. Raises KeyError for an unknown one."""
    return tuple(tuple(line) for line in _lines(STROKES[name]) if line)


def _lines(path: str) -> Iterator[list[Point]]:
    line: list[Point] = []
    at, control = (0.0, 0.0), (0.0, 0.0)
    for command, told in _commands(path):
        kind = command.upper()
        if kind == "Z":
            line.append(line[0])
            at = line[0]
            continue
        base = at if command.islower() else (0.0, 0.0)
        if kind == "M":
            yield line
            at = control = _moved(base, told, 0)
            line = [at]
            continue
        pieces, control = _pieces(kind, at, base, told, control)
        line += pieces
        at = line[-1]
    yield line


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """Each with its numbers; a pair behind those of M is a line."""
    parts = _PARTS.findall(path)
    command, place = "M", 0
    while place < len(parts):
        if parts[place].isalpha():
            command, place = parts[place], place + 1
        takes = _TAKES.get(command.upper(), 0)
        yield command, [float(part) for part in parts[place : place + takes]]
        place += takes
        if command in "Mm":
            command = "L" if command == "M" else "l"


def _pieces(
    kind: str, at: Point, base: Point, told: list[float], control: Point
) -> tuple[list[Point], Point]:
    """The points behind `at`, and the control point that a following S mirrors."""
    match kind:
        case "H":
            end = (base[0] + told[0], at[1])
            return [end], end
        case "V":
            end = (at[0], base[1] + told[0])
            return [end], end
        case "C":
            first, second, end = (_moved(base, told, n) for n in (0, 2, 4))
            return _curve(at, first, second, end), second
        case "S":
            mirrored = (2 * at[0] - control[0], 2 * at[1] - control[1])
            second, end = _moved(base, told, 0), _moved(base, told, 2)
            return _curve(at, mirrored, second, end), second
        case "A":
            end = _moved(base, told, 5)
            return _arc(at, end, told[0], large=told[3] == 1, sweep=told[4] == 1), end
        case _:
            end = _moved(base, told, 0)
            return [end], end


def _moved(base: Point, told: list[float], place: int) -> Point:
    return base[0] + told[place], base[1] + told[place + 1]


def _curve(start: Point, one: Point, two: Point, end: Point) -> list[Point]:
    def along(share: float) -> Point:
        left = 1 - share
        weights = (left**3, 3 * left**2 * share, 3 * left * share**2, share**3)
        points = (start, one, two, end)
        return (
            sum(w * p[0] for w, p in zip(weights, points, strict=True)),
            sum(w * p[1] for w, p in zip(weights, points, strict=True)),
        )

    return [along(n / _PIECES) for n in range(1, _PIECES + 1)]


def _arc(start: Point, end: Point, radius: float, *, large: bool, sweep: bool) -> list[Point]:
    """Of a circle: ours have no other (SVG 1.1, F.6.5)."""
    half = ((start[0] - end[0]) / 2, (start[1] - end[1]) / 2)
    chord = math.hypot(*half)
    radius = max(radius, chord)
    off = math.sqrt(max(0.0, radius**2 - chord**2)) / chord if chord else 0.0
    side = -off if large == sweep else off
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    centre = (middle[0] + side * half[1], middle[1] - side * half[0])
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    last = math.atan2(end[1] - centre[1], end[0] - centre[0])
    turn = (last - first) % math.tau if sweep else -((first - last) % math.tau)
    return [
        (
            centre[0] + radius * math.cos(first + turn * n / _PIECES),
            centre[1] + radius * math.sin(first + turn * n / _PIECES),
        )
        for n in range(1, _PIECES + 1)
    ]
