"""`motcua check -c FILE`: the YAML judged, all errors at once."""

import argparse
import sys
from pathlib import Path

from hall.cli import references
from hall.cli.hallfile import hall_file
from hall.runtime import settings
from hall.runtime.roles import CONFIG_ERROR
from hall.runtime.sections import Shared


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument("-c", "--config", type=Path, required=True, help="tệp cấu hình (YAML)")


def main(args: argparse.Namespace) -> int:
    try:
        judge(args.config)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        print(f"\n{len(err.mistakes)} lỗi. Chưa chạy được với tệp này.", file=sys.stderr)
        return CONFIG_ERROR
    print(f"{args.config}: tốt.")
    return 0


def judge(path: Path) -> tuple[settings.Document, Shared]:
    """Read and check everything. Raises ConfigError with all mistakes."""
    document = settings.read(path)
    shared = settings.check(document, hall_file())
    wrong = references.mistakes(document, shared)
    if wrong:
        raise settings.ConfigError(str(path), tuple(wrong))
    return document, shared
