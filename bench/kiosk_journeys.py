"""What a journey at the kiosk takes, in every mode: touches, seconds, until a number is heard.

`python bench/kiosk_journeys.py [SIZE …]`: no X server, no broker; what a person and a hall take is
in bench/kiosk_citizen.py. Every figure is exact and always the same.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
# bench/kiosk.py must not stand for the package of that name.
sys.path.insert(0, str(ROOT))

from kiosk_citizen import Citizen, NoWay, spoken_s  # noqa: E402

from hall.screen.geometry import Panel  # noqa: E402
from kiosk.model.pages import (  # noqa: E402
    Dashboard,
    DossierResult,
    Page,
    RatingSent,
    TicketTaken,
)

SIZES = {
    "1080x1920": Panel(1080, 1920, 32),
    "1920x1080": Panel(1920, 1080, 21.5),
    "1366x768": Panel(1366, 768, 15.6),
    "1280x800": Panel(1280, 800, 10.1),
}
SCORE, APPOINTMENT, DOSSIER = 5, "H38-4711", "2611100042"


@dataclass(frozen=True, slots=True)
class Journey:
    """`steps`: what is pressed, by the beginning of its key; where pages differ, either of two."""

    name: str
    steps: tuple[tuple[str, ...], ...]
    ends: type[Page]


def _keys(code: str) -> tuple[tuple[str, ...], ...]:
    return tuple((f"key.{sign}.go",) for sign in code)


_TO_SERVICE = (("ticket",), ("service.ho-tich.go",))
JOURNEYS = (
    Journey("số, không ưu tiên", (*_TO_SERVICE, ("priority.no.go",)), TicketTaken),
    Journey("số, ưu tiên", (*_TO_SERVICE, ("priority.uu-tien.go",)), TicketTaken),
    Journey("tra cứu bằng mã", (("lookup",), *_keys(DOSSIER), ("go",)), DossierResult),
    Journey(
        "thủ tục → số",
        (("procedures",), ("field.",), ("row.",), ("take",), ("service.", "priority.no.go"),
         ("priority.no.go",)),
        TicketTaken,
    ),
    Journey(
        "số theo hẹn", (("ticket",), ("booked",), *_keys(APPOINTMENT), ("go",)), TicketTaken
    ),
    Journey("đánh giá", (("rating",), ("rate.1",), (f"score.{SCORE}.go",)), RatingSent),
    Journey("số liệu", (("figures.open", "more"),), Dashboard),
)  # fmt: skip
MODES = {
    "thường": (),
    "chữ to": ("mode.large",),
    "đọc to": ("mode.aloud",),
    "xe lăn": ("mode.wheelchair",),
}
SIGHTLESS = "không nhìn"


@dataclass(frozen=True, slots=True)
class Walked:
    """`touches`: the mode's own among them. `asked`: targets that were asked what they are.

    `heard_s`: from the number's page to the end of the first reading of the number, None: nothing
    is read; `again_s`: of the second; `stays_s`: how long that page stays by itself.
    """

    touches: int
    asked: int
    seconds: float
    heard_s: float | None = None
    again_s: float | None = None
    stays_s: float | None = None


def walk(panel: Panel, journey: Journey, mode: str, folder: Path) -> Walked | None:
    """None: this panel does not offer that mode."""
    sees = mode != SIGHTLESS
    citizen = Citizen(panel, folder, sees=sees)
    begun = citizen.clock.monotonic()
    for key in MODES["đọc to" if not sees else mode]:
        if not citizen.offers(key):
            return None
        citizen.press(key)
    for step in journey.steps:
        if isinstance(citizen.page, journey.ends):
            break
        citizen.press(*step)
    if not isinstance(citizen.page, journey.ends):
        raise NoWay(f"{journey.name}, {mode}: ended at {type(citizen.page).__name__}")
    seconds = citizen.clock.monotonic() - begun
    if not isinstance(citizen.page, TicketTaken):
        return Walked(citizen.touches, citizen.asked, seconds)
    since = citizen.page.since
    return Walked(citizen.touches, citizen.asked, seconds, *_read_out(citizen, since))


def _read_out(citizen: Citizen, since: float) -> tuple[float | None, float | None, float | None]:
    """When the number was heard once and twice, and how long its page stayed."""
    while isinstance(citizen.page, TicketTaken):
        citizen.turn()
    stayed = citizen.clock.monotonic() - since
    for at, told in citizen.speaker.said:
        places = [n for n, text in enumerate(told[1:], 1) if text == told[n - 1]]
        if at >= since and places:
            first = at - since + sum(map(spoken_s, told[: places[0]]))
            return first, first + spoken_s(told[places[0]]), stayed
    return None, None, stayed


def table(size: str, folder: Path) -> Iterator[str]:
    modes = (*MODES, SIGHTLESS)
    yield f"{size}: chạm (hỏi) giây, số nghe được sau giây"
    yield f"{'':<20}" + "".join(f"{mode:>24}" for mode in modes)
    for journey in JOURNEYS:
        cells = (walk(SIZES[size], journey, mode, folder) for mode in modes)
        yield f"{journey.name:<20}" + "".join(f"{_cell(each):>24}" for each in cells)


def _cell(found: Walked | None) -> str:
    if found is None:
        return "–"
    asked = f" ({found.asked})" if found.asked else ""
    heard = f", {found.heard_s:.1f}" if found.heard_s is not None else ""
    return f"{found.touches}{asked} {found.seconds:.0f}{heard}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", metavar="SIZE", help=", ".join(SIZES))
    with tempfile.TemporaryDirectory() as folder:
        for size in parser.parse_args().sizes or SIZES:
            for line in table(size, Path(folder) / "catalogue"):
                print(line, flush=True)
            print()


if __name__ == "__main__":
    main()
