"""The questions to a printer that are on their way, and what is known of how it answers."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from printer import commands
from printer.line.status import InOrder, RealTime

# Among the real-time questions 1 to 4: an answer in order, asked for as a sign of life.
ORDER = 0
# A late answer still comes within this time, and in its turn.
LATE_S = 5.0


@dataclass(slots=True)
class StatusQueries:
    """`misses`: questions in a row after which nothing at all came.

    `owed`: answers in order that come before that of the job in the printer. `order_only`: it
    answers in order and never did in real time.
    """

    answer_s: float
    misses: int = 0
    owed: int = 0
    order_only: bool = False
    _spoke: bool = False
    _asked: deque[tuple[int, float]] = field(default_factory=deque)
    _late: deque[tuple[int, float]] = field(default_factory=deque)

    def __bool__(self) -> bool:
        """Whether an answer is waited for."""
        return bool(self._asked)

    def due(self, now: float) -> float:
        """When the oldest question will count as missed."""
        return self._asked[0][1] + self.answer_s if self._asked else now + 3600

    def forget(self) -> None:
        """Nobody waits for these answers any more, though they may come."""
        self._late.extend(self._asked)
        self._asked.clear()

    def afresh(self) -> None:
        """Another line: nothing is owed on it."""
        self._asked.clear()
        self._late.clear()
        self.misses = self.owed = 0

    def answered(self) -> None:
        """Something came, whatever it was."""
        self.misses = 0

    def expect_order(self) -> None:
        """An answer in order is still to come that is no job's."""
        self.owed += 1

    def whether_well(self, *, idle: bool) -> tuple[int, ...]:
        """What to ask. While it prints, an answer in order is the job's."""
        return (ORDER,) if self.order_only and idle else (1, 4)

    def put(self, questions: Iterable[int], now: float) -> bytes:
        """The bytes that ask."""
        data = b""
        for question in questions:
            self._asked.append((question, now))
            self.owed += question == ORDER
            data += commands.IN_ORDER if question == ORDER else commands.real_time(question)
        return data

    def match_reply(self, _reply: RealTime, now: float) -> int | None:
        """The question that this is the answer to; None: nobody asked."""
        self._spoke, self.order_only = True, False
        while self._late and now > self._late[0][1] + LATE_S:
            self._late.popleft()
        waiting = self._late or self._asked
        return waiting.popleft()[0] if waiting else None

    def settle(self, _reply: InOrder) -> bool:
        """Whether this was owed, and so is not the answer of the job in the printer."""
        if not self.owed:
            return False
        self.owed -= 1
        if self._asked and self._asked[0][0] == ORDER:
            self._asked.popleft()
        return True

    def missed(self, *, in_order: bool) -> None:
        """`in_order`: this printer is known to answer in order."""
        self.forget()
        self.misses += 1
        self.order_only = in_order and not self._spoke
