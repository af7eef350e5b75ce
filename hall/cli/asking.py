"""A command that asks something of its hall: why it cannot is said in one place."""

import argparse
import sys
from collections.abc import Callable

from pydantic import ValidationError

from hall.cli import connection
from hall.cli.checking.check import judge
from hall.contract.requests import Request
from hall.runtime import settings
from hall.runtime.roles import CONFIG_ERROR
from hall.runtime.settings_words import words
from hall.runtime.terminal import NoHall, Terminal

Act = Callable[[Terminal], int]
Asked = tuple[str, Request]


def ask(
    args: argparse.Namespace,
    request: Callable[[argparse.Namespace], Asked],
    prepare: Callable[[Asked, settings.Document], Act],
) -> int:
    """Exit status of one request; words that none can carry are told before a file is read."""
    try:
        asked = request(args)
    except ValidationError as err:
        print(f"motcua {args.command}: {_misused(err)}", file=sys.stderr)
        return CONFIG_ERROR
    return with_hall(args, lambda document: prepare(asked, document))


def with_hall(args: argparse.Namespace, prepare: Callable[[settings.Document], Act]) -> int:
    """Exit status of what is done with the running hall. `prepare` may raise ConfigError."""
    try:
        document, shared = judge(args.config)
        act = prepare(document)
        with connection.connected(args, shared) as hall:
            return act(hall)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    except NoHall as err:
        print(f"Không nối được với hội trường: {err}", file=sys.stderr)
        return 1


def _misused(err: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {words(e)}" for e in err.errors())
