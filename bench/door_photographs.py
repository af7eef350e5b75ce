"""Photographs the pages of devices, browsers and clerks at three sizes into docs/pictures.

`python bench/door_photographs.py [FOLDER]`: a hall whose pages ask who comes, with a head who signs
in and five paired browsers. Needs Chromium.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from head_pages import ROOT, SIZES, Browser, chromium, keep, pages_tests

Hall = Any

PAGES = ("thiet-bi", "may", "can-bo")
PAIRED = {
    "1": "Máy bàn quầy 1", "5A": "Máy bàn quầy 5A", "technician": "Máy xách tay kỹ thuật",
    "tablet-1": "Máy bảng quầy 1",
}  # fmt: skip
CLERKS = (("nv.07", "Nguyễn Thị Lan"), ("nv.08", "Lò Văn Minh"))
OWN_PIN = "4mua-xuan"
WRITE = "document.querySelector(arguments[0]).value = arguments[1]"


def sign_in(hall: Hall, browser: Browser) -> None:
    """As the first head of a hall does: paired by a code, then entered by herself."""
    browser.go(f"{hall.url}ghep")
    browser.run(WRITE, "[name=code]", hall.code("head"))
    browser.run(WRITE, "[name=name]", "Máy trưởng bộ phận")
    browser.click("form button")
    browser.wait_text("#tabs", "Cán bộ")
    browser.go(f"{hall.url}can-bo")
    browser.wait_text("#none", "Chưa có ai")
    browser.run(WRITE, "#mark", "tp.01")
    browser.run(WRITE, "#name", "Trần Thị Hoa")
    browser.run("document.querySelector('#head').checked = true")
    browser.click("#new button")
    browser.wait_for("return document.querySelector('#pin').textContent !== ''")
    first = browser.text("#pin").replace(" ", "")
    browser.click("#done")
    browser.wait_for("return location.pathname === '/dang-nhap' && window.motcuaStarted")
    for field, word in (("#pin", first), ("#own", OWN_PIN), ("#again", OWN_PIN)):
        browser.run(WRITE, field, word)
    browser.click("form button")
    browser.wait_text("#tabs", "Việc")


def fill(hall: Hall, browser: Browser) -> None:
    add = (
        "return fetch('/api/staff', {method: 'POST', body: arguments[0],"
        " headers: {'content-type': 'application/json'}}).then(answer => answer.status)"
    )
    for mark, name in CLERKS:
        assert browser.run(add, f'{{"mark": "{mark}", "name": "{name}"}}') == 200
    for place, name in PAIRED.items():
        hall.cookie(place, name)


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        name = "Trung tâm Phục vụ hành chính công xã Mù Cang Chải"
        hall = pages_tests().SmallHall(
            Path(folder), pairing="required", hall_page="false", name=name
        )
        browser = chromium()
        try:
            hall.open()
            sign_in(hall, browser)
            fill(hall, browser)
            for size, (width, height) in SIZES.items():
                browser.size(width, height)
                for page in PAGES:
                    browser.go(f"{hall.url}{page}")
                    browser.wait_for("return document.querySelector('#tabs [aria-current]')")
                    time.sleep(1.2)
                    keep(browser.picture(), out / f"{page}-{size}.png")
        finally:
            browser.close()
            hall.close()


if __name__ == "__main__":
    main()
