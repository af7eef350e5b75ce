"""The smallest text of the hall board against what the last row of seats can read.

`python bench/board_seats.py`: halls of several sizes with the longest names of config/demo.yaml,
screens of 43 to 85 inches, seats at several distances. Capitals in mm, as they are set, of every
text of the fullest board; wanted is a two-hundredth of the distance. Nothing is drawn or timed.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from display.board import configured, view  # noqa: E402
from display.board.board_section import BoardSection  # noqa: E402
from display.board.legible import PARTS_OF_DISTANCE, fullest, left_out  # noqa: E402
from display.board.look import BoardSetup, CounterPlace  # noqa: E402
from display.settings import DisplayConfig  # noqa: E402
from hall.runtime import settings, settings_yaml  # noqa: E402
from hall.screen.geometry import CAP_PER_EM, Panel  # noqa: E402
from hall.screen.palette import NORMAL  # noqa: E402
from hall.screen.text import Typesetter  # noqa: E402
from hall.screen.tree import Scene, Strip, labels  # noqa: E402
from hall.wording.glossary import bound  # noqa: E402

COUNTERS = (2, 5, 8, 13, 20, 40)
DISTANCES_M = (3.0, 5.0, 8.0)
PANELS = {
    "43 inch": Panel(1920, 1080, 43),
    "55 inch": Panel(1920, 1080, 55),
    "85 inch 4K": Panel(3840, 2160, 85),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """`smallest_mm`: the lowest capital on the board; `wanted_mm`: of the last row of seats."""

    smallest_mm: float
    wanted_mm: float
    reads: bool
    left_out: tuple[str, ...]


def hall(counters: int) -> tuple[DisplayConfig, BoardSection, BoardSetup]:
    """The demo's hall with so many counters."""
    document = settings_yaml.read(ROOT / "config" / "demo.yaml")
    config = settings.check(document.part(DisplayConfig.model_fields), DisplayConfig)
    section = config.display.board
    if section is None:
        raise SystemExit("config/demo.yaml has no board")
    full = configured.everything(config, section)
    fields = [place.field for place in full.counters]
    places = tuple(
        CounterPlace(str(n), f"Quầy {n}", fields[n % len(fields)]) for n in range(1, counters + 1)
    )
    return config, section, replace(full, counters=places)


def seen(panel: Panel, counters: int, distance_m: float) -> Seen:
    config, section, full = hall(counters)
    section = section.model_copy(update={"distance_m": distance_m})
    found = configured.legibly(config, section, full, panel)
    number, words = configured.longest_number(config.services), configured.words(section)
    place = replace(full, shape=found.shape)
    scenes = (
        view.scene(board, panel, NORMAL, words, 0.0)
        for board in fullest(found.shape, place, number)
    )
    smallest = min(size for scene in scenes for size in _capitals(scene, panel))
    out = left_out(found.shape, full)
    return Seen(smallest, distance_m * 1000 / PARTS_OF_DISTANCE, found.reads, out)


def _capitals(scene: Scene, panel: Panel) -> Iterator[float]:
    typesetter = Typesetter(bind=bound)
    for label in labels(scene):
        if label.text:
            laid = typesetter.lay(label, panel.px_per_mm)
            yield laid.px / panel.px_per_mm * CAP_PER_EM
    for node in scene.nodes:
        if isinstance(node, Strip):
            yield node.size * CAP_PER_EM


def main() -> None:
    for name, panel in PANELS.items():
        print(f"{name}: chữ hoa thấp nhất / cần, mm; đã bỏ")
        for counters in COUNTERS:
            for distance_m in DISTANCES_M:
                each = seen(panel, counters, distance_m)
                mark = "" if each.reads else "  KHÔNG ĐỌC ĐƯỢC"
                print(
                    f"  {counters:>2} quầy, {distance_m:g} m: {each.smallest_mm:.1f} / "
                    f"{each.wanted_mm:.1f}{mark}  {', '.join(each.left_out)}"
                )


if __name__ == "__main__":
    main()
