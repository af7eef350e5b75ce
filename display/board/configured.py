"""The board as the YAML describes it: what stands on it, how large, for which seats."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from display.board.board_section import BoardSection
from display.board.legible import Legible, Trial, left_out, legible
from display.board.look import BoardSetup, CounterPlace
from display.board.words import BoardWords, Second
from display.settings import DisplayConfig
from hall import naming
from hall.runtime.sections import ServiceSection
from hall.screen.geometry import Panel

_PICTURES = ("*.png", "*.PNG", "*.jpg", "*.JPG", "*.jpeg", "*.JPEG")
# As wide as any digit.
_WIDE = "8"


def place(config: DisplayConfig, section: BoardSection) -> BoardSetup:
    """With the shape that reads from the last seat."""
    full = everything(config, section)
    return replace(full, shape=legibly(config, section, full).shape)


def legibly(config: DisplayConfig, section: BoardSection, full: BoardSetup) -> Legible:
    number = longest_number(config.services)
    return legible(Trial(panel(section), full, words(section), number), section.distance_m)


def advice(config: DisplayConfig, section: BoardSection) -> tuple[str, ...]:
    """For `motcua check`: what the last row of seats cannot have, in Vietnamese."""
    full = everything(config, section)
    found = legibly(config, section, full)
    seats = f"ghế cách {section.distance_m:g} m".replace(".", ",")
    if not found.reads:
        high = f"{section.distance_m * 5:g}".replace(".", ",")
        inches = f"{section.screen.diagonal_inch:g}".replace(".", ",")
        return (f"màn hình {inches} inch quá nhỏ cho {seats}: chữ thấp hơn {high} mm",)
    out = left_out(found.shape, full)
    return (f"để chữ đọc được từ {seats}, bảng bỏ: {', '.join(out)}",) if out else ()


def panel(section: BoardSection) -> Panel:
    screen = section.screen
    return Panel(screen.width, screen.height, screen.diagonal_inch)


def words(section: BoardSection) -> BoardWords:
    second = section.second_language
    if second is None:
        return BoardWords()
    return BoardWords(Second(second.invite, second.counter, second.waiting, second.recent))


def longest_number(services: Iterable[ServiceSection]) -> str:
    numbers = (f"{each.prefix}{_WIDE * max(each.digits, len(str(each.last)))}" for each in services)
    return max(numbers, key=len)


def everything(config: DisplayConfig, section: BoardSection) -> BoardSetup:
    """Whether there is room for it or not."""
    names = {service.id: service.name for service in config.services}
    shorter = naming.all_shorter([each.title for each in config.counters])
    counters = tuple(
        CounterPlace(
            each.id,
            each.title,
            ", ".join(names.get(s, s) for s in each.serves),
            shorter[each.title],
        )
        for each in config.counters
    )
    return BoardSetup(
        unit=config.hall.name,
        counters=counters,
        services=tuple(names.items()),
        notices=section.notices if section.ticker else (),
        ticker=section.ticker,
        period=section.period,
        page_s=section.page_s,
        show_figures=section.figures,
        slides=_slides(section),
        slide_s=section.media.seconds if section.media else 12.0,
    )


def _slides(section: BoardSection) -> tuple[str, ...]:
    if section.media is None:
        return ()
    folder = Path(section.media.folder)
    found = {path for pattern in _PICTURES for path in folder.glob(pattern)}
    return tuple(str(path) for path in sorted(found))
