"""`motcua broker-guard`: before each start of mosquitto, leaves out a listener that would end it.

Loaded by a unit of the machine's boot: it imports nothing of the hall's YAML.
"""

import argparse
import sys
from pathlib import Path

from hall.runtime import lan_listener


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument(
        "--root", type=Path, default=Path("/"), metavar="ROOT", help="thư mục gốc của máy"
    )


def main(args: argparse.Namespace) -> int:
    try:
        fault = lan_listener.renew_copy(args.root)
    except OSError as err:
        print(f"Không ghi được {args.root / lan_listener.GIVEN}: {err}", file=sys.stderr)
        return 1
    if fault is None:
        return 0
    print(f"Broker chạy không có cổng mạng: {fault.text}. {fault.advice}", file=sys.stderr)
    return 1
