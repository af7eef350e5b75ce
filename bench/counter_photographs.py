"""Photographs the call page at a desk, on a tablet and at 200 % into docs/pictures.

`python bench/counter_photographs.py`: needs Chromium. The scene is that of the journeys of
tests/counter/test_counter_call_page.py.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "pictures"
# The picture of each view, and of the dialog that asks most.
KEPT = {
    "counter-page-desk.png": "counter-page.png",
    "counter-page-tablet.png": "counter-page-tablet.png",
    "counter-page-zoomed.png": "counter-page-zoomed.png",
    "counter-page-desk-transfer.png": "counter-page-transfer.png",
}


def main() -> int:
    journeys = ["tests/counter/test_counter_call_page.py", "-k", "screen_reader"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", *journeys],
            env={**os.environ, "MOTCUA_PHOTOS": folder},
            cwd=ROOT,
            check=True,
        )
        for taken, kept in KEPT.items():
            (OUT / kept).write_bytes((Path(folder) / taken).read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
