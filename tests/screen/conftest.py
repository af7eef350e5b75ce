"""A small panel and a glass without a display."""

from collections.abc import Iterator

import pytest

from hall.screen.geometry import Panel
from hall.screen.window import Window


@pytest.fixture
def panel() -> Panel:
    return Panel(600, 800, 12)


@pytest.fixture
def window(panel: Panel) -> Iterator[Window]:
    made = Window(panel, "test", headless=True)
    made.open()
    yield made
    made.close()
