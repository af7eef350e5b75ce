"""The call page in Debian's Firefox ESR: a call by a key, an end, and nothing in its console."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bidi import Firefox

pytestmark = pytest.mark.page


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    program = shutil.which("firefox-esr")
    if program is None:
        pytest.skip("needs Debian's firefox-esr")
    opened = Firefox(program, tmp_path)
    yield opened
    opened.close()


def test_a_clerk_calls_and_finishes_in_firefox(
    hall: Any, firefox: Firefox, until: Callable[..., None]
) -> None:
    def press(verb: str) -> None:
        """A button that is barred, as while the last press is answered, does nothing."""
        button = f"document.querySelector('[data-verb={verb}]')"
        until(lambda: firefox.run(f"{button}.ariaDisabled") == "false")
        firefox.run(f"{button}.click()")

    number = hall.issue()
    firefox.size(1366, 768)
    firefox.go(f"{hall.url}quay/1")
    until(lambda: number in firefox.text("#waiting"))

    firefox.key("\ue032")
    until(lambda: firefox.text("#number") == number)
    assert firefox.run("document.title") == number
    press("start")
    until(lambda: firefox.text("#status") == "Đang phục vụ")
    press("finish")

    until(lambda: firefox.text("#status") == "Sẵn sàng")
    assert hall.entry("hall")["served_today"] == 1
    assert firefox.complaints() == []
