"""`python -m display.board -c hall.yaml`: the hall board."""

import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from display.board.board_section import BoardSection
from display.board.look import BoardSetup, CounterPlace
from display.board.service import BoardService, Setting
from display.board.words import BoardWords, Second
from display.settings import DisplayConfig
from hall.runtime import roles, settings
from hall.runtime.daemon import Daemon, Ground
from hall.screen import palette
from hall.screen.geometry import Panel

CLIENT = "board"
_PICTURES = ("*.png", "*.PNG", "*.jpg", "*.JPG", "*.jpeg", "*.JPEG")


def build(config: settings.Document, ground: Ground, only: str | None = None) -> Sequence[Daemon]:
    if only not in (None, CLIENT):
        return ()
    checked = settings.check(config.part(DisplayConfig.model_fields), DisplayConfig)
    section = checked.display.board
    if section is None:
        return ()
    context = ground.context_of(CLIENT)
    picture = ground.pictures / "board.png" if ground.pictures else None
    made = setting(checked, section, picture)
    screen = section.connect(made.panel, made.place.unit, headless=ground.headless)
    return [Daemon(context, BoardService(context, made, screen))]


def setting(config: DisplayConfig, section: BoardSection, picture: Path | None) -> Setting:
    screen = section.screen
    second = section.second_language
    return Setting(
        panel=Panel(screen.width, screen.height, screen.diagonal_inch),
        palette=palette.CONTRAST if section.theme == "contrast" else palette.NORMAL,
        words=BoardWords(
            Second(second.invite, second.counter, second.waiting, second.recent) if second else None
        ),
        place=_place(config, section),
        zone=ZoneInfo(config.hall.timezone),
        calendar=config.hall.calendar,
        dark_after=(
            timedelta(minutes=section.dark_after_min)
            if section.dark_after_min is not None
            else None
        ),
        picture=picture,
    )


def _place(config: DisplayConfig, section: BoardSection) -> BoardSetup:
    names = {service.id: service.name for service in config.services}
    counters = tuple(
        CounterPlace(each.id, each.title, ", ".join(names.get(s, s) for s in each.serves))
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


if __name__ == "__main__":
    sys.exit(roles.main("display.board", build))
