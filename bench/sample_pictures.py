"""Draws the sample photographs and the sample logo of the demo hall into config/pictures.

`python bench/sample_pictures.py`. A hall replaces them by its own; nothing here is of a real place.
"""

import io
import math
import os
import random
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame

OUT = Path(__file__).parents[1] / "config" / "pictures"
SIDE = 1440
LOGO = 360
SKIN, HAIR = ("#E7B48C", "#D9A074", "#EBC09B"), "#2B211E"


def svg(*parts: str, side: int = SIDE) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">'
    return head + "".join(parts) + "</svg>"


def sky(top: str, bottom: str, height: float = SIDE) -> str:
    return (
        f'<defs><linearGradient id="sky" x1="0%" y1="0%" x2="0%" y2="100%">'
        f'<stop offset="0" stop-color="{top}"/><stop offset="1" stop-color="{bottom}"/>'
        f'</linearGradient></defs><rect width="{SIDE}" height="{height}" fill="url(#sky)"/>'
    )


def rect(  # noqa: PLR0913, PLR0917
    x: float, y: float, w: float, h: float, fill: str, r: float = 0
) -> str:
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{r}" fill="{fill}"/>'


def disc(x: float, y: float, r: float, fill: str, opacity: float = 1) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}" fill-opacity="{opacity}"/>'


def path(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{fill}"/>'


def ridge(y: float, high: float, waves: int, turn: float, fill: str) -> str:
    """A hill line across the picture, filled down to its foot."""
    points = [
        (x, y - high * math.sin(turn + waves * math.tau * x / SIDE)
         - 0.35 * high * math.sin(2.3 * turn + 2.7 * waves * math.tau * x / SIDE))
        for x in range(-20, SIDE + 41, 20)
    ]  # fmt: skip
    line = " ".join(f"{x:.0f} {height:.0f}" for x, height in points)
    return path(f"M{line} {SIDE + 40} {SIDE} -20 {SIDE}z", fill)


def cloud(x: float, y: float, size: float) -> str:
    puffs = ((0, 0, 1.0), (0.95, 0.18, 0.75), (-0.95, 0.2, 0.7), (1.7, 0.42, 0.45))
    return "".join(
        disc(x + dx * size, y + dy * size, r * size, "#FFFFFF", 0.9) for dx, dy, r in puffs
    ) + rect(x - 1.6 * size, y + 0.2 * size, 3.7 * size, 0.68 * size, "#FFFFFF", 0.34 * size)


def terraces() -> str:
    """Ripe rice steps below hills, in the morning."""
    greens = ("#F3D25B", "#E9C34A", "#D7B93F", "#B9B143", "#98A845", "#7A9B44", "#5F8B41")
    steps = []
    for n in range(16):
        y = 760 + n * 44 + n * n * 0.9
        turn = 0.55 * n
        steps.append(ridge(y - 9, 46 - n, 2, turn, "#5A7A36" if n % 2 else "#6C7F34"))
        steps.append(ridge(y, 46 - n, 2, turn, greens[n % len(greens)]))
    return svg(
        sky("#8EC9F0", "#FFF1D0", 900),
        disc(1040, 330, 215, "#FFF3C4", 0.45),
        disc(1040, 330, 125, "#FFE38A"),
        cloud(330, 250, 78),
        cloud(760, 130, 48),
        ridge(560, 120, 2, 0.4, "#9DB9CF"),
        ridge(640, 96, 3, 1.9, "#7BA0A8"),
        ridge(712, 70, 2, 3.4, "#5B8B7C"),
        *steps,
        *(stilt_house(x, y, s) for x, y, s in ((360, 1010, 1.0), (1010, 905, 0.7))),
    )


def stilt_house(x: float, y: float, s: float) -> str:
    posts = "".join(
        rect(x + p * s, y + 66 * s, 12 * s, 60 * s, "#5C3D28") for p in (0, 62, 124, 186)
    )
    return (
        posts
        + rect(x - 12 * s, y, 224 * s, 72 * s, "#9A6A42", 4)
        + rect(x + 26 * s, y + 20 * s, 40 * s, 36 * s, "#F8DFA8")
        + rect(x + 130 * s, y + 20 * s, 40 * s, 36 * s, "#F8DFA8")
        + path(f"M{x - 44 * s} {y + 10 * s}L{x + 26 * s} {y - 84 * s}H{x + 174 * s}"
               f"L{x + 244 * s} {y + 10 * s}z", "#6F4A2F")
    )  # fmt: skip


def building() -> str:
    """The hall from outside: steps, columns, a flag in the sun."""
    windows = "".join(
        rect(x, y, 110, 150, "#CFE6F5", 6) + rect(x + 52, y, 6, 150, "#FFFFFF")
        for y in (560, 800)
        for x in (190, 340, 990, 1140)
    )
    columns = "".join(rect(x, 640, 36, 400, "#FFFDF6", 6) for x in (520, 640, 764, 884))
    steps = "".join(
        rect(420 - n * 36, 1040 + n * 30, 600 + n * 72, 30, "#E9E2D2" if n % 2 else "#D9D0BC")
        for n in range(4)
    )
    return svg(
        sky("#6DB7EA", "#DDF1FB", 1160),
        cloud(260, 210, 70),
        cloud(1120, 300, 54),
        ridge(860, 110, 2, 1.2, "#8FB58E"),
        ridge(920, 70, 3, 0.2, "#6F9F6D"),
        rect(0, 1040, SIDE, 400, "#B9C98E"),
        rect(150, 500, 1140, 560, "#F4E6C4"),
        rect(130, 470, 1180, 46, "#C8553D"),
        windows,
        rect(500, 620, 440, 440, "#E6D2A2"),
        path("M470 640L720 500L970 640z", "#C8553D"),
        path("M560 622L720 534L880 622z", "#F9EED4"),
        columns,
        rect(600, 800, 240, 240, "#2E5E86", 6),
        rect(716, 800, 8, 240, "#F4E6C4"),
        steps,
        path("M440 1160H1000L1240 1440H200z", "#E7DDC7"),
        rect(1216, 190, 12, 320, "#8A8F96"),
        path("M1228 200H1400V318H1228z", "#DA251D"),
        star(1314, 259, 40),
        *(tree(x, y, s) for x, y, s in ((70, 1120, 1.15), (1370, 1150, 1.3), (240, 1230, 0.8))),
        person(560, 1240, 0.95, "#2F6F8F", 0),
        person(660, 1268, 0.62, "#E0A33B", 2),
        person(930, 1220, 0.9, "#9C4668", 1),
    )


def star(x: float, y: float, r: float) -> str:
    points = [
        (x + part * r * math.sin(math.pi * n / 5), y - part * r * math.cos(math.pi * n / 5))
        for n in range(10)
        for part in ((1.0, 0.382)[n % 2],)
    ]
    return path("M" + " ".join(f"{a:.1f} {b:.1f}" for a, b in points) + "z", "#FFDA2D")


def tree(x: float, y: float, s: float) -> str:
    return rect(x - 14 * s, y - 90 * s, 28 * s, 130 * s, "#7B5636") + "".join(
        disc(x + dx * s, y - dy * s, r * s, fill)
        for dx, dy, r, fill in ((-56, 130, 70, "#4F8A4B"), (56, 136, 74, "#467F45"),
                                (0, 196, 86, "#5B9A55"))
    )  # fmt: skip


def person(x: float, y: float, s: float, shirt: str, skin: int) -> str:
    """Seen from the front, standing with the feet at about `y` + 190."""
    return (
        rect(x - 40 * s, y + 60 * s, 34 * s, 150 * s, "#3B4757", 14 * s)
        + rect(x + 6 * s, y + 60 * s, 34 * s, 150 * s, "#3B4757", 14 * s)
        + rect(x - 62 * s, y - 68 * s, 124 * s, 160 * s, shirt, 46 * s)
        + disc(x, y - 116 * s, 52 * s, HAIR)
        + disc(x, y - 104 * s, 44 * s, SKIN[skin])
    )


def counters() -> str:
    """Inside: clerks behind their desks, people in front of them, a plant, the light of day."""
    windows = "".join(
        rect(x, 170, 250, 330, "#BFE0F2", 8) + rect(x + 120, 170, 10, 330, "#FFFFFF")
        for x in (120, 600, 1080)
    )
    desks = "".join(desk(x, n) for n, x in enumerate((70, 545, 1020)))
    seats = "".join(
        rect(x, 1240, 128, 96, "#3C7FA6", 22) + rect(x + 18, 1326, 12, 70, "#6B7785")
        + rect(x + 98, 1326, 12, 70, "#6B7785")
        for x in (60, 214, 368, 944, 1098, 1252)
    )  # fmt: skip
    return svg(
        sky("#FBF4E4", "#F3E6CB"),
        windows,
        rect(0, 1020, SIDE, 420, "#D8BE94"),
        rect(0, 1020, SIDE, 14, "#C4A778"),
        desks,
        person(720, 1010, 1.1, "#B0563C", 0),
        person(1235, 1000, 1.0, "#3E7A57", 2),
        person(278, 1190, 0.95, "#6A5AA0", 1),
        person(1160, 1190, 0.9, "#C38A2C", 0),
        seats,
        plant(690, 1340),
    )


def desk(x: float, n: int) -> str:
    plates = ("#0B5CAD", "#117A65", "#6C3FA0")
    shirt = ("#FFFFFF", "#DCE9F5", "#FFFFFF")[n]
    clerk = (
        disc(x + 175, 640, 58, HAIR) + disc(x + 175, 654, 49, SKIN[n])
        + rect(x + 100, 700, 150, 170, shirt, 54) + path(
            f"M{x + 175} 706l-16 26 16 84 16-84z", plates[n])
    )  # fmt: skip
    return (
        clerk
        + rect(x + 232, 716, 108, 76, "#2F3B4A", 8)
        + rect(x + 278, 790, 16, 26, "#2F3B4A")
        + rect(x, 810, 350, 30, "#8A5A33", 8)
        + rect(x + 14, 838, 322, 206, "#B57B49")
        + rect(x + 96, 880, 158, 96, plates[n], 14)
        + disc(x + 175, 928, 30, "#FFFFFF")
    )


def plant(x: float, y: float) -> str:
    leaves = "".join(
        path(f"M{x} {y - 60}q{dx} {-dy} {dx * 1.5} {-dy * 1.5}q{-dx * 1.2} {dy * 0.2} "
             f"{-dx * 1.5} {dy * 1.5}z", fill)
        for dx, dy, fill in ((-90, 90, "#4F8A4B"), (90, 90, "#467F45"), (-36, 140, "#5B9A55"),
                             (40, 140, "#549250"))
    )  # fmt: skip
    return leaves + path(f"M{x - 66} {y - 70}h132l-20 120h-92z", "#C8553D")


def logo() -> str:
    """Rice steps under a sun, in a ring: of no real commune."""
    steps = "".join(
        f'<path d="M{60 + n * 10} {210 + n * 26}q{60 - n * 5} -34 {120 - n * 10} 0'
        f't{120 - n * 10} 0" fill="none" stroke="{color}" stroke-width="15" '
        'stroke-linecap="round"/>'
        for n, color in enumerate(("#E9C34A", "#98A845", "#117A65", "#0B5CAD"))
    )
    return svg(
        disc(180, 180, 178, "#0B5CAD"),
        disc(180, 180, 164, "#FFFFFF"),
        disc(180, 128, 46, "#F5B92E"),
        *(ray(turn) for turn in range(0, 360, 30)),
        steps,
        side=LOGO,
    )


def ray(turn: int) -> str:
    x, y = math.sin(math.radians(turn)), math.cos(math.radians(turn))
    return (
        f'<path d="M{180 + 58 * x:.1f} {128 - 58 * y:.1f}L{180 + 74 * x:.1f} {128 - 74 * y:.1f}" '
        'fill="none" stroke="#F5B92E" stroke-width="8" stroke-linecap="round"/>'
    )


def drawn() -> Iterator[tuple[str, str]]:
    yield "ruong-bac-thang.jpg", terraces()
    yield "tru-so.jpg", building()
    yield "quay-tiep-dan.jpg", counters()
    yield "logo.png", logo()


def grained(picture: pygame.Surface) -> pygame.Surface:
    """A little unevenness, so that wide gradients show no bands on cheap glass."""
    chance = random.Random(1)
    flat = pygame.Surface(picture.get_size(), 0, 24)
    flat.blit(picture, (0, 0))
    tile = pygame.Surface((64, 64), pygame.SRCALPHA, 32)
    for x in range(64):
        for y in range(64):
            tile.set_at((x, y), (chance.choice((0, 255)),) * 3 + (chance.randrange(4),))
    for x in range(0, SIDE, 64):
        for y in range(0, SIDE, 64):
            flat.blit(tile, (x, y))
    return flat


def main() -> None:
    pygame.display.init()
    pygame.display.set_mode((1, 1))
    OUT.mkdir(exist_ok=True)
    for name, text in drawn():
        picture = pygame.image.load(io.BytesIO(text.encode()), "x.svg")
        pygame.image.save(picture if name.endswith("png") else grained(picture), str(OUT / name))


if __name__ == "__main__":
    main()
