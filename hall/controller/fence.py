"""Which controller leads the queue, when there are two: judged before anything is answered.

Who leads says so in each `state/hall` by a mark that only its own disk knows, and draws a new one
at every start and every few minutes: a copy of the disk is no longer the leader soon after.

    retained state/hall            its epoch        we
    none, or without a mark        -                lead
    a mark of this disk            -                lead
    a mark that is not ours        older than ours  lead: the other one stands back when it hears us
    another disk's, this machine   ours or later    watch: a card put back or a new one, or a twin
    another machine's              ours or later    stand back

A mark begins with the machine it was drawn on. Who watches leads, in a new epoch, once nobody has
come back under our client id for a while. Who stands back goes on when a person orders it (`motcua
takeover`): the order lies in this file, the journal begins a new epoch, and with that the other
one is the older.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from hall.contract.messages import HallState
from hall.runtime import durable

log = logging.getLogger(__name__)

NAME = "fence.json"
# Between two marks. With so many kept, a broker that comes up with states of hours ago is ours.
RENEW_S = 600.0
_KEPT = 64


class QueueClaim(Enum):
    LEAD = "lead"
    WATCH = "watch"
    STAND_BACK = "stand back"


@dataclass(slots=True)
class Fence:
    """The file in the state folder.

    `draw`: makes a mark that nobody else has. `machine`: see `hall.controller.machine`.
    """

    path: Path
    draw: Callable[[], str]
    machine: str = ""
    _marks: tuple[str, ...] = ()
    _renew_at: float = field(default=0.0, init=False)

    def claim(self, heard: HallState | None, epoch: int) -> QueueClaim:
        """What this controller, in `epoch`, does by the retained state that it found."""
        marks, ordered = self._read()
        if (
            ordered
            or heard is None
            or heard.owner in ("", *marks, *self._marks)
            or heard.epoch < epoch
        ):
            return QueueClaim.LEAD
        machine, dot, _ = heard.owner.partition(".")
        ours = dot and machine == self.machine
        return QueueClaim.WATCH if ours else QueueClaim.STAND_BACK

    def is_ordered(self) -> bool:
        """Whether a person has told this controller to take over, and it has not yet done so."""
        return self._read()[1]

    def order(self) -> None:
        """Take over from another one at the next look. Raises OSError."""
        self._write(self._read()[0], ordered=True)

    def renew(self, now: float) -> None:
        """A new mark, on the disk before anybody hears it; the order to take over is carried out.

        Where the disk takes nothing the last mark goes on.
        """
        self._renew_at = now + RENEW_S
        mark = f"{self.machine}.{self.draw()}" if self.machine else self.draw()
        marks = (*self._read()[0], mark)[-_KEPT:]
        try:
            self._write(marks, ordered=False)
        except OSError as err:
            log.warning("fence not written: %s", err)

    def is_due(self, now: float) -> bool:
        return now >= self._renew_at

    @property
    def mark(self) -> str:
        """What this controller leads under; "" before it is known on the disk."""
        return self._marks[-1] if self._marks else ""

    def _read(self) -> tuple[tuple[str, ...], bool]:
        try:
            kept = json.loads(self.path.read_bytes())
            return tuple(str(mark) for mark in kept["marks"]), bool(kept["ordered"])
        except (OSError, ValueError, KeyError, TypeError):
            return (), False

    def _write(self, marks: tuple[str, ...], *, ordered: bool) -> None:
        content = json.dumps({"marks": marks, "ordered": ordered})
        durable.replace(self.path, content.encode())
        self._marks = marks
