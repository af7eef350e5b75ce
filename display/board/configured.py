"""The board as the YAML describes it: what stands on it, how large, for which seats."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from display.board.board_section import BoardSection
from display.board.legible import Legible, Trial, left_out, legible
from display.board.look import BoardSetup, CounterPlace
from display.board.words import BoardWords, Second, board_words
from display.settings import DisplayConfig
from hall.runtime.sections import ServiceSection
from hall.runtime.service_signs import service_signs
from hall.runtime.translations import names_in
from hall.screen.geometry import Panel
from hall.wording import naming

_PICTURES = ("*.png", "*.PNG", "*.jpg", "*.JPG", "*.jpeg", "*.JPEG")
# As wide as any digit.
_WIDE = "8"


def place(config: DisplayConfig, section: BoardSection, glass: Panel) -> BoardSetup:
    """With the shape that on this glass reads from the last seat."""
    full = everything(config, section)
    return replace(full, shape=legibly(config, section, full, glass).shape)


def legibly(
    config: DisplayConfig, section: BoardSection, full: BoardSetup, glass: Panel
) -> Legible:
    number = longest_number(config.services)
    return legible(Trial(glass, full, words(section), number), section.distance_m)


def advice(config: DisplayConfig, section: BoardSection) -> tuple[str, ...]:
    """For `motcua check`: what the last row of seats cannot have, in Vietnamese."""
    full = everything(config, section)
    found = legibly(config, section, full, panel(section))
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
    own, second = board_words(section.language), section.second_language
    if second is None:
        return own
    beneath = Second(second.invite, second.counter, second.waiting, second.recent)
    return replace(own, second=beneath)


def longest_number(services: Iterable[ServiceSection]) -> str:
    numbers = (f"{each.prefix}{_WIDE * max(each.digits, len(str(each.last)))}" for each in services)
    return max(numbers, key=len)


def everything(config: DisplayConfig, section: BoardSection) -> BoardSetup:
    """Whether there is room for it or not."""
    told = names_in(config, section.language)
    names = {service.id: told.get(service.name, service.name) for service in config.services}
    titles = {each.id: told.get(each.title, each.title) for each in config.counters}
    shorter = naming.all_shorter(tuple(titles.values()))
    counters = tuple(
        CounterPlace(
            each.id,
            titles[each.id],
            ", ".join(names.get(s, s) for s in each.serves),
            shorter[titles[each.id]],
        )
        for each in config.counters
    )
    return BoardSetup(
        unit=told.get(config.hall.name, config.hall.name),
        counters=counters,
        services=tuple(names.items()),
        notices=section.notices if section.ticker else (),
        ticker=section.ticker,
        period=section.period,
        page_s=section.page_s,
        show_figures=section.figures,
        slides=_slides(section),
        slide_s=section.media.seconds if section.media else 12.0,
        words=words(section),
        signs=service_signs(config),
    )


def _slides(section: BoardSection) -> tuple[str, ...]:
    if section.media is None:
        return ()
    folder = Path(section.media.folder)
    found = {path for pattern in _PICTURES for path in folder.glob(pattern)}
    return tuple(str(path) for path in sorted(found))
