"""Where the journal of a hall lies, by what the command line says."""

import argparse
from pathlib import Path

from hall.cli import state_places
from hall.runtime import settings
from hall.runtime.sections import Shared

NAME = "journal.db"
_ROLE = "controller"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-c", "--config", type=Path, help="tệp cấu hình, để biết thư mục trạng thái và các tên"
    )
    parser.add_argument("--state", type=Path, metavar="DIR", help="thư mục trạng thái")


def shared(args: argparse.Namespace) -> Shared | None:
    """What the YAML says, where one is given. Raises ConfigError."""
    if args.config is None:
        return None
    document = settings.read(args.config)
    return settings.check(document.part(Shared.model_fields), Shared)


def find(args: argparse.Namespace, hall: Shared | None) -> Path:
    """The first place that holds one, else the first where one should be. Raises ConfigError."""
    if args.state is None and hall is None:
        mistake = settings.Mistake(1, 1, "", "cần --state DIR hoặc -c TỆP")
        raise settings.ConfigError("motcua", (mistake,))
    given = None if args.state is None else Path(args.state)
    return state_places.find(given, hall.hall.id if hall else "", _ROLE, NAME)
