"""Photographs every journey in a real window into docs/kiosk: panels, languages, modes.

`python bench/kiosk_photographs.py [SHEET …]`: needs Xvfb, xdotool and ImageMagick. Each sheet runs
the journeys of tests/kiosk/test_kiosk_window.py in one combination.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "kiosk"
PORTRAIT, LANDSCAPE = "1080 1920 32", "1920 1080 21.5"
SHEETS = {
    "portrait-vi": (PORTRAIT, "vi"),
    "landscape-vi": (LANDSCAPE, "vi"),
    "portrait-en": (PORTRAIT, "en"),
    "landscape-en": (LANDSCAPE, "en"),
    "large-vi": (PORTRAIT, "vi large"),
    "contrast-vi": (PORTRAIT, "vi contrast"),
    "wheelchair-vi": (PORTRAIT, "vi wheelchair"),
    "wheelchair-landscape-vi": (LANDSCAPE, "vi wheelchair"),
}
# These begin a journey in another mode or cannot be walked in this one.
LEFT_OUT = {
    "wheelchair-vi": "not wheelchair and not figures",
    "wheelchair-landscape-vi": "not wheelchair and not figures",
}


def walk(name: str, folder: Path) -> None:
    glass, modes = SHEETS[name]
    env = {**os.environ, "MOTCUA_PHOTOS": str(folder), "MOTCUA_GLASS": glass,
           "MOTCUA_MODES": modes}  # fmt: skip
    journeys = ["tests/kiosk/test_kiosk_window.py", "-k", LEFT_OUT.get(name, "citizen")]
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", *journeys],
        env=env, cwd=ROOT, check=True,
    )  # fmt: skip


def sheet(name: str, folder: Path) -> None:
    """One picture a page: the home page once, every other page once."""
    seen: dict[str, Path] = {}
    for picture in sorted(folder.iterdir()):
        seen.setdefault(picture.stem.partition("-")[2], picture)
    size = "640x360" if "landscape" in name else "324x576"
    OUT.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["montage", *map(str, seen.values()), "-tile", "5x", "-geometry", f"{size}+6+6",
         "-background", "#D5DEE8", "-quality", "86", str(OUT / f"{name}.jpg")],
        check=True,
    )  # fmt: skip


def main() -> None:
    for name in sys.argv[1:] or SHEETS:
        with tempfile.TemporaryDirectory() as folder:
            walk(name, Path(folder))
            sheet(name, Path(folder))


if __name__ == "__main__":
    main()
