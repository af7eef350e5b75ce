"""The rating tablet of a counter on both panels, into docs/pictures/tablet-*.png.

python bench/tablet_photographs.py        needs chromium and chromedriver; a hall in this process
"""

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / folder) for folder in ("counter", "kit")]

from conftest import Browser, SmallHall  # noqa: E402 - from the tests' own folder

REASONS = "reasons: [{id: cho-lau, name: Chờ lâu}, {id: thai-do, name: Thái độ phục vụ}]"
HALL = "Trung tâm Phục vụ hành chính công xã Mù Cang Chải"
PANELS = {"landscape": (1280, 800), "portrait": (800, 1280)}
OUT = ROOT / "docs" / "pictures"


def main() -> None:
    driver, chromium = shutil.which("chromedriver"), shutil.which("chromium")
    if driver is None or chromium is None:
        raise SystemExit("needs chromium and chromedriver")
    browser = Browser(driver, chromium)
    try:
        for name, size in PANELS.items():
            with tempfile.TemporaryDirectory() as folder:
                _photograph(browser, Path(folder), name, size)
    finally:
        browser.close()


def _photograph(browser: Browser, folder: Path, name: str, size: tuple[int, int]) -> None:
    hall = SmallHall(folder, name=HALL, sections=f"ratings: {{{REASONS}}}\n")
    try:
        hall.open()
        browser.size(*size)
        browser.go(f"{hall.url}danh-gia/1")
        browser.wait_text(".idle h1", "Kính chào")
        (OUT / f"tablet-idle-{name}.png").write_bytes(browser.picture())
        hall.issue()
        for verb in ("call-next", "start"):
            hall.press(f"/api/counter/1/{verb}", {"id": verb})
        browser.wait_text("#number", "Số A001")
        (OUT / f"tablet-faces-{name}.png").write_bytes(browser.picture())
        browser.click("[data-score='2']")
        browser.wait_text("#chosen-word", "Chưa hài lòng")
        (OUT / f"tablet-why-{name}.png").write_bytes(browser.picture())
    finally:
        hall.close()


if __name__ == "__main__":
    main()
