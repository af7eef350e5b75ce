"""Runs the tests of kit and kiosk on pygame-ce too, beside the pygame of the environment.

`python bench/kiosk_flavours.py [pytest arguments]`: installs pygame-ce into a folder of its own
and puts that folder first, so that the environment stays as it is.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
WANTED = "pygame-ce>=2.5.5,<2.6"


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--target", folder, WANTED]
        subprocess.run(pip, check=True)
        env = {**os.environ, "PYTHONPATH": folder}
        tests = ["tests/screen", "tests/kiosk", *arguments]
        command = [sys.executable, "-m", "pytest", "-q", *tests]
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
