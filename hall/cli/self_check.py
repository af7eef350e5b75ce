"""`python -m hall.cli.self_check`: whether this copy of motcua can run this hall on this machine.

Every library and module is imported, so that one which does not fit this Python or processor is
found before the hall is handed over, also where only a press or a plugged-in device would ask for
it; then the hall's own file is judged, and all of it built.
"""

import argparse
import importlib
import importlib.metadata
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

from hall.cli.checking import check

PACKAGES = ("kiosk", "display", "printer", "firmware_bridge", "hall")
_FAULT = 1
# MicroPython's, for another processor.
_ELSEWHERE = "firmware_bridge.firmware"


def main(config: Path) -> int:
    for name in (*libraries(), *modules()):
        try:
            importlib.import_module(name)
        except Exception as err:  # noqa: BLE001 - whatever a library's first line may raise
            print(f"không nạp được {name}: {err}", file=sys.stderr)
            return _FAULT
    return check.main(argparse.Namespace(config=config))


def libraries() -> Iterator[str]:
    """All that is installed beside this Python, by what is imported."""
    names = importlib.metadata.packages_distributions()
    return (name for name in sorted(names) if not name.startswith("_"))


def modules() -> Iterator[str]:
    """Of all packages, without what starts something."""
    for package in PACKAGES:
        folder = importlib.import_module(package).__path__
        for found in pkgutil.walk_packages(folder, f"{package}."):
            if not found.name.startswith(_ELSEWHERE) and not found.name.endswith(".__main__"):
                yield found.name


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
