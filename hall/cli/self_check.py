"""`python -m hall.cli.self_check`: whether this copy of motcua can run this hall on this machine.

Every module is imported, so that a library which does not fit this Python or processor is found
before the hall is handed over; then the hall's own file is judged, and all of it built.
"""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

from hall.cli import check

PACKAGES = ("kiosk", "display", "printer", "firmware_bridge", "hall")
_FAULT = 1
# MicroPython's, for another processor.
_ELSEWHERE = "firmware_bridge.firmware"


def main(config: Path) -> int:
    for name in modules():
        try:
            importlib.import_module(name)
        except Exception as err:  # noqa: BLE001 - whatever a library's first line may raise
            print(f"không nạp được {name}: {err}", file=sys.stderr)
            return _FAULT
    return check.main(argparse.Namespace(config=config))


def modules() -> Iterator[str]:
    """Of all packages, without what starts something."""
    for package in PACKAGES:
        folder = importlib.import_module(package).__path__
        for found in pkgutil.walk_packages(folder, f"{package}."):
            if not found.name.startswith(_ELSEWHERE) and not found.name.endswith(".__main__"):
                yield found.name


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
