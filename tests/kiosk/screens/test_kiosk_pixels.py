"""The pages look as they did: mean light of 12-pixel tiles. Rewrite: MOTCUA_TILES=write."""

import base64
import json
import os
import zlib
from pathlib import Path
from typing import Any

import pygame
import pytest

from hall.screen.window import Window
from kiosk.glass.view import KioskView
from kiosk.model.modes import Modes

_FILE = Path(__file__).parents[2] / "data" / "kiosk_tiles.json"
_SIDE = 12
_APART = 24
_FEW = 2
PAGES = (
    "home", "services", "priority", "ticket", "ticket on screen", "no paper", "lookup typed",
    "result of status 4", "result of status 9", "fields", "search", "detail", "dashboard", "rating",
    "rating faces", "rating sent",
)  # fmt: skip
MODES = {"usual": Modes(), "contrast": Modes(contrast=True), "large": Modes(large=True, lang="en")}


def tiles(window: Window) -> bytes:
    """One byte of light for each tile."""
    w, h = window.surface.get_size()
    small = pygame.transform.smoothscale(window.surface, (w // _SIDE, h // _SIDE))
    lines = range(small.get_height())
    colors = [small.get_at((x, y)) for y in lines for x in range(small.get_width())]
    return bytes((299 * c[0] + 587 * c[1] + 114 * c[2]) // 1000 for c in colors)


def known() -> dict[str, bytes]:
    packed = json.loads(_FILE.read_text(encoding="ascii")) if _FILE.exists() else {}
    return {name: zlib.decompress(base64.b64decode(text)) for name, text in packed.items()}


def remember(name: str, seen: bytes) -> None:
    packed = json.loads(_FILE.read_text(encoding="ascii")) if _FILE.exists() else {}
    packed[name] = base64.b64encode(zlib.compress(seen, 9)).decode("ascii")
    _FILE.write_text(json.dumps(dict(sorted(packed.items())), indent=0) + "\n", encoding="ascii")


def differing(one: bytes, other: bytes) -> int:
    return sum(abs(a - b) > _APART for a, b in zip(one, other, strict=True))


def shown(kit: Any, name: str, modes: Modes, panel: str = "half") -> bytes:
    stage: KioskView = kit.stage(panel)
    stage.show_model(kit.at(name, modes=modes))
    return tiles(stage.window)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_looks_as_it_did(kit: Any, page: str, mode: str) -> None:
    name = f"{page}, {mode}"
    seen = shown(kit, page, MODES[mode])
    if os.environ.get("MOTCUA_TILES") == "write":
        remember(name, seen)

    assert differing(seen, known()[name]) <= _FEW


def test_one_other_digit_would_be_seen(kit: Any) -> None:
    other = kit.world.counters["1"]
    ticket = other.ticket.model_copy(update={"number": "A888"})
    world_counters = {**kit.world.counters, "1": other.model_copy(update={"ticket": ticket})}
    stage = kit.stage("32 inch portrait")
    stage.show_model(kit.at("home"))
    before = tiles(stage.window)
    stage.show_model(kit.at("home", world=kit.with_counters(world_counters)))

    assert differing(before, tiles(stage.window)) > _FEW
