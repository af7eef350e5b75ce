"""Where the journal of a hall lies, by what the command line says."""

import argparse
from pathlib import Path

from hall.runtime import settings
from hall.runtime.sections import Shared
from hall.runtime.state_folders import state_folder

NAME = "journal.db"
# Where the unit of the controller keeps its state; a hall run by hand may give each role its own.
_UNITS_OWN = Path("/var/lib/motcua/controller")
_ROLES_OWN = "controller"


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
    if args.state is not None:
        folders = [Path(args.state)]
    elif hall is not None:
        folders = [state_folder(hall.hall.id, None), _UNITS_OWN]
    else:
        mistake = settings.Mistake(1, 1, "", "cần --state DIR hoặc -c TỆP")
        raise settings.ConfigError("motcua", (mistake,))
    places = [place / NAME for each in folders for place in (each, each / _ROLES_OWN)]
    there = [place for place in places if place.exists()]
    ready = [place for place in places if place.parent.is_dir()]
    return next(iter((*there, *ready, *places)))
