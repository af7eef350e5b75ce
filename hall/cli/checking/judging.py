"""The whole file judged in a process that ends, since what is loaded for it stays.

It takes the sections and checks of every role: 5 to 8 MB of a process that runs one of them.
"""

import json
import logging
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from hall.runtime import settings
from hall.runtime.settings import ConfigError, Document, Mistake

log = logging.getLogger(__name__)


def judge_whole(document: Document) -> None:
    """As in check.py. Raises ConfigError.

    Where no process can be had, a role goes on with what it judges of its own sections.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "hall.cli.checking.judging"],
            env=_environment(),
            input=document.source,
            stdout=subprocess.PIPE,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as err:
        log.warning("the whole file could not be judged: %s", err)
        return
    if found := tuple(Mistake(**each) for each in json.loads(done.stdout)):
        raise ConfigError(document.file, found)


def _environment() -> dict[str, str]:
    """The child finds this very program, installed or not."""
    root, known = str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, known] if known else [root])}


def main() -> None:
    """Judge what comes in, write what is wrong with it."""
    from hall.cli.checking import check  # noqa: PLC0415 - it is what must not be loaded above

    try:
        check.judge_whole(settings.skim(Path("/dev/stdin")))
    except ConfigError as err:
        print(json.dumps([asdict(each) for each in err.mistakes]))
    else:
        print("[]")


if __name__ == "__main__":
    main()
