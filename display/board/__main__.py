"""`python -m display.board -c hall.yaml`: the hall board."""

import sys
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from display.board import configured
from display.board.board_section import BoardSection
from display.board.service import BoardService, Setting
from display.settings import DisplayConfig
from hall.runtime import roles, settings
from hall.runtime.daemon import Daemon, Ground
from hall.screen import palette

CLIENT = "board"


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
    glass = configured.panel(section)
    return Setting(
        panel=glass,
        palette=palette.CONTRAST if section.theme == "contrast" else palette.NORMAL,
        words=configured.words(section),
        place=configured.place(config, section, glass),
        place_on=partial(configured.place, config, section),
        zone=ZoneInfo(config.hall.timezone),
        calendar=config.hall.calendar,
        dark_after=(
            timedelta(minutes=section.dark_after_min)
            if section.dark_after_min is not None
            else None
        ),
        picture=picture,
    )


if __name__ == "__main__":
    sys.exit(roles.main("display.board", build))
