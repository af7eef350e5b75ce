"""A supervisor whose roles behave as its arguments (NAME=CONDUCT) say."""

import signal
import sys
import threading
from collections.abc import Callable
from functools import partial

from hall.cli.apart import Supervisor
from hall.runtime.notify import Notifier
from hall.runtime.reloading import START_AGAIN, hear_reloads


def live(*, beats: bool, polite: bool) -> int:
    # A handler that takes a lock hangs on the loop's own: a list has none.
    leave: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: leave.append(number) if polite else None)
    notifier, pause = Notifier(), threading.Event()
    notifier.ready("")
    while not leave:
        pause.wait(0.05)
        if beats:
            notifier.beat()
    return 0


def renew(*, late: bool) -> int:
    """End as a role that takes a new file when it is told to; `late`: while it still starts."""
    heard: list[int] = []
    notifier, pause = Notifier(), threading.Event()
    while late and signal.SIGHUP not in signal.sigpending():
        pause.wait(0.05)
    signal.signal(signal.SIGHUP, lambda number, _frame: heard.append(number))
    hear_reloads()
    notifier.ready("")
    while not heard:
        pause.wait(0.05)
        notifier.beat()
    return START_AGAIN


CONDUCTS: dict[str, Callable[[], int]] = {
    "good": partial(live, beats=True, polite=True),
    "hung": partial(live, beats=False, polite=True),
    "deaf": partial(live, beats=True, polite=False),
    "renewed": partial(renew, late=False),
    "renewed-late": partial(renew, late=True),
    "wrong": lambda: 2,
    "broken": lambda: 1 // 0,
}

if __name__ == "__main__":
    works = dict(word.split("=") for word in sys.argv[1:])
    supervisor = Supervisor(
        {name: CONDUCTS[conduct] for name, conduct in works.items()},
        lambda text: print(text, flush=True),  # noqa: T201
        silent_s=1.0,
        leave_s=1.0,
    )
    sys.exit(supervisor.run())
