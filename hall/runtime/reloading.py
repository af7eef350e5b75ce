"""A new configuration for a role at work: taken when it is right, told when it is not.

SIGHUP, or a wrong file that changed ──▶ judged ──▶ wrong: alert, the role goes on
                                           └─▶ right ──▶ as before: the alert is withdrawn
                                                 └─▶ another ──▶ what runs is kept; start again
"""

import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hall.runtime import last_good
from hall.runtime.last_good import RIGHT, ConfigJudged, KeptConfig
from hall.runtime.notify import Notifier
from hall.runtime.settings import ConfigError, Document

log = logging.getLogger(__name__)

# Exit status of a role that is to be started again at once (EX_TEMPFAIL of sysexits.h).
START_AGAIN = 75
# How often a wrong file is looked at.
LOOK_S = 2.0
_GOES_ON = "hội trường chạy tiếp với bản đang có"


@dataclass(slots=True)
class Reloader:
    """`running`: what the roles were built from; `told`: what people were last told of the file.

    `judge`: reads `file` and builds all it asks for, without opening anything; raises ConfigError.
    One thread only, but for `became_ready`.
    """

    file: Path
    running: Document
    kept: KeptConfig
    judge: Callable[[], Document]
    tell: Callable[[ConfigJudged], None]
    told: ConfigJudged = RIGHT
    adopted: bool = False
    _seen: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._seen = self._signature()

    def became_ready(self) -> None:
        """What runs is good: it is there for a start without a good file."""
        try:
            self.kept.keep(self.running)
        except OSError as err:
            log.warning("the configuration could not be kept: %s", err)

    def attend(self, heard: "queue.SimpleQueue[None]", stop: Callable[[], None]) -> None:
        """Until a new file is adopted: then `stop` is called."""
        while not self.adopted:
            if self._is_asked(heard):
                self._judge_anew()
        stop()

    def _is_asked(self, heard: "queue.SimpleQueue[None]") -> bool:
        try:
            heard.get(timeout=None if self.told == RIGHT else LOOK_S)
        except queue.Empty:
            return self._signature() != self._seen
        return True

    def _judge_anew(self) -> None:
        self._seen = self._signature()
        try:
            found = self.judge()
        except ConfigError as err:
            log.error("%s", err)  # noqa: TRY400 - a person's mistake, not the program's
            self._tell_people(last_good.wrong(err, _GOES_ON))
        except OSError as err:
            self._tell_people(last_good.unkept(err))
        except Exception:
            log.exception("the configuration could not be judged")
        else:
            self._take_file(found)

    def _take_file(self, found: Document) -> None:
        if found.values == self.running.values:
            log.info("%s: nothing has changed", self.file)
            self._tell_people(RIGHT)
            return
        try:
            self.kept.keep(self.running)
        except OSError as err:
            self._tell_people(last_good.unkept(err))
            return
        log.warning("%s: starting again with it", self.file)
        self.adopted = True

    def _tell_people(self, judged: ConfigJudged) -> None:
        self.told = judged
        self.tell(judged)

    def _signature(self) -> tuple[int, ...]:
        try:
            found = self.file.stat()
        except OSError:
            return ()
        return found.st_ino, found.st_size, found.st_mtime_ns


def on_signals(stop: Callable[[], None], reloader: Reloader) -> None:
    """SIGTERM and SIGINT stop, SIGHUP reloads, but for the hang-up of our own terminal.

    `stop` is called in a thread: a handler that takes a lock hangs on its own thread's. A second
    SIGTERM within the first, or one that meets the loop at its inbox, did so.
    """
    ends: queue.SimpleQueue[None] = queue.SimpleQueue()
    reloads: queue.SimpleQueue[None] = queue.SimpleQueue()
    has_hung_up = hang_up()

    def stop_on_signal() -> None:
        ends.get()
        stop()

    threading.Thread(target=stop_on_signal, name="signals", daemon=True).start()
    threading.Thread(
        target=reloader.attend, args=(reloads, stop), name="reload", daemon=True
    ).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ends.put(None))
    signal.signal(signal.SIGHUP, lambda *_: (ends if has_hung_up() else reloads).put(None))
    hear_reloads()


def hold_reloads() -> None:
    """From here until `hear_reloads`, a SIGHUP waits; neither fork nor exec ends this.

    It would end a program that does not listen yet. One that ignored it would go on with the file
    that it had read before.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})


def hear_reloads() -> None:
    """One that came meanwhile is heard at once."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})


def hang_up() -> Callable[[], bool]:
    """Whether the terminal that this process was started from has gone."""
    had_one = _is_at_terminal()
    return lambda: had_one and not _is_at_terminal()


def _is_at_terminal() -> bool:
    return os.isatty(0)


def again(status: int) -> int:
    """Start this process anew where `status` asks for it; never returns then."""
    if status == START_AGAIN:
        hold_reloads()
        Notifier().starting_again()
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
    return status
