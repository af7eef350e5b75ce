"""Each service has a colour and a picture of its own, which people with two kinds of cones tell."""

import math
from itertools import combinations

import pytest

from hall.screen import icons
from hall.screen.palette import contrast, rgb
from hall.signs import pictures
from hall.signs.assigning import COLORS, PICTURES, WITH_PRIORITY, Signed, of_priority, signs

# Machado, Oliveira, Fernandes 2009: what is seen without one kind of cones, on linear RGB.
SEEN = {
    "all three": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}  # fmt: skip
# A difference of 2.3 in CIE Lab is just noticed side by side; these are told from memory.
APART = 20


def lab(color: str, seen: str) -> tuple[float, float, float]:
    straight = [_linear(part / 255) for part in rgb(color)]
    r, g, b = (
        min(1.0, max(0.0, sum(a * p for a, p in zip(row, straight, strict=True))))
        for row in SEEN[seen]
    )
    x = _root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047)
    y = _root(0.2126 * r + 0.7152 * g + 0.0722 * b)
    z = _root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _root(part: float) -> float:
    return part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116


@pytest.mark.parametrize("seen", SEEN)
def test_any_two_of_eight_colours_are_told_apart(seen: str) -> None:
    near = min(math.dist(lab(a, seen), lab(b, seen)) for a, b in combinations(COLORS, 2))

    assert len(COLORS) >= 8
    assert near >= APART


def test_the_four_colours_of_before_were_not() -> None:
    """The simulation finds what it is for: blue and purple are one for the red-blind."""
    before = ("#0B5CAD", "#117A65", "#6C3FA0", "#B9570A")
    nearest = min(
        math.dist(lab(a, seen), lab(b, seen)) for seen in SEEN for a, b in combinations(before, 2)
    )

    assert nearest < APART


def test_white_reads_on_every_colour() -> None:
    assert min(contrast(color, "#FFFFFF") for color in COLORS) >= 4.5


def test_no_two_services_of_a_hall_have_the_same_picture_or_the_same_sign() -> None:
    names = ["Hộ tịch", "Hộ tịch – liên thông", "Đất đai", "Xây dựng", "Bảo trợ", "Người có công",
             "Cư trú", "Công an", "Giáo dục", "Việc khác", "Việc nữa", "Trả kết quả"]  # fmt: skip
    told = signs(Signed(str(n), name) for n, name in enumerate(names))

    assert len({sign.picture for sign in told.values()}) == len(names)
    assert told["0"].picture == "people"
    assert told["11"].picture == "inbox"
    forty = signs(Signed(str(n), f"Lĩnh vực {n}") for n in range(40))
    assert len(set(forty.values())) >= 24


def test_a_picture_of_the_yaml_stays_its_services() -> None:
    told = signs([Signed("a", "Đất đai"), Signed("b", "Việc khác", "land")])

    assert told["b"].picture == "land"
    assert told["a"].picture != "land"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ưu tiên", WITH_PRIORITY),
        ("Người từ 80 tuổi", ("elder",)),
        ("Phụ nữ mang thai", ("pregnant",)),
        ("Khuyết tật nặng", ("wheelchair",)),
        ("Có con dưới 36 tháng", ("child",)),
    ],
)
def test_priority_is_told_by_who_has_it(name: str, shown: tuple[str, ...]) -> None:
    assert of_priority(name) == shown
    assert "hand" not in shown


def test_every_picture_can_be_drawn() -> None:
    assert {*PICTURES, *WITH_PRIORITY} <= set(pictures.STROKES)
    assert {*PICTURES, *WITH_PRIORITY} <= icons.NAMES
