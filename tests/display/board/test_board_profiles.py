"""The figures of every profile as the board shows them, against the articles' own file."""

from typing import Any

import pytest
from published_figures import PROFILES, article, dotted, percent

from display.board import view
from display.board.look import look
from display.board.model import take_message
from display.board.words import BoardWords
from hall.onestop.sample.profiles import ProfileId, published
from hall.screen.geometry import Panel
from hall.screen.palette import NORMAL
from hall.screen.tree import texts

NO_DATA = "chưa có số liệu"
Morning = Any


@pytest.mark.parametrize("profile", PROFILES)
def test_the_board_shows_what_the_article_printed_or_words(
    morning: Morning, profile: ProfileId
) -> None:
    figures = morning.figures(periods=[published(profile)])
    model = take_message(morning.model(), figures, 1.0, retained=True)
    seen = look(model, morning.place(), 106.4, morning.local)
    told, shown = article(profile), seen.told

    assert shown is not None
    assert (shown.received, shown.in_time, shown.overdue) == tuple(
        NO_DATA if count is None else dotted(count)
        for count in (told.received, told.in_time, told.late)
    )
    share = percent(told.in_time, told.resolved) if told.in_time and told.resolved else NO_DATA
    assert shown.percent == share
    drawn = texts(view.scene(seen, Panel(1920, 1080, 55), NORMAL, BoardWords(), 106.4))
    assert {shown.received, shown.in_time, shown.overdue} <= set(drawn)
