"""`motcua run ROLE[,ROLE…] -c FILE`: the roles of one process."""

import argparse
import sys

from hall.cli import parts
from hall.cli.check import judge
from hall.runtime import roles, settings


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument(
        "roles",
        metavar="VAI_TRÒ[,VAI_TRÒ…]",
        help=f"{', '.join(parts.MODULES)}; hoặc một thiết bị: printer-1, kiosk-2 …",
    )
    roles.add_arguments(parser)


def main(args: argparse.Namespace) -> int:
    try:
        names = parts.named(args.roles)
        document, _ = judge(args.config)
        parts.require(document, names)
    except parts.UnknownRole as err:
        print(f"motcua run: {err}", file=sys.stderr)
        return roles.CONFIG_ERROR
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return roles.CONFIG_ERROR
    return roles.run(parts.wanted(names), roles.place(args))
