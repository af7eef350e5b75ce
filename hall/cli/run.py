"""`motcua run ROLE[,ROLE…] -c FILE`: the roles of one process, or each in one of its own."""

import argparse
import functools
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hall.cli.apart import Supervisor
from hall.cli.checking import parts
from hall.cli.checking.judging import judge_whole
from hall.contract.roles import PROGRAMS
from hall.runtime import logs, reloading, roles, settings


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument(
        "roles",
        metavar="VAI_TRÒ[,VAI_TRÒ…]",
        help=f"{', '.join(PROGRAMS)}; hoặc một thiết bị: printer-1, kiosk-2 …",
    )
    parser.add_argument(
        "--apart",
        action="store_true",
        help="mỗi vai trò một tiến trình riêng, dùng chung bộ nhớ của thư viện",
    )
    parser.add_argument(
        "--logs", type=Path, metavar="DIR", help="cùng với --apart: mỗi vai trò một tệp nhật ký"
    )
    roles.add_arguments(parser)


def main(args: argparse.Namespace) -> int:
    # Garbage collected before a fork leaves holes in pages that would be shared.
    if args.apart:
        gc.disable()
    try:
        names = parts.named(args.roles)
    except parts.UnknownRole as err:
        print(f"motcua run: {err}", file=sys.stderr)
        return roles.CONFIG_ERROR
    place = roles.place(args)
    if args.apart:
        return _run_apart(names, place, args.logs)
    return reloading.again(roles.run(parts.wanted(names), place, _judge(names)))


def _judge(names: Sequence[str]) -> roles.Judge:
    """The whole file, as `motcua check` does, and that it holds these roles."""

    def judge(document: settings.Document) -> None:
        judge_whole(document)
        parts.require(document, names)

    return judge


def _run_apart(names: Sequence[str], place: roles.RunOptions, folder: Path | None) -> int:
    """A file that is wrong is left to each role, which may have one that was good."""
    logs.start(systemd="JOURNAL_STREAM" in os.environ)
    try:
        _judge(names)(settings.skim(place.config))
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
    works = {name: functools.partial(roles.run, parts.wanted([name]), place) for name in names}
    return Supervisor(works, _print_line, folder).run()


def _print_line(text: str) -> None:
    print(text, flush=True)
