"""The pure core: commands a second, and whether a full day is as quick as an empty one.

`python bench/core_speed.py [TICKETS]` prints medians of the CPU time of blocks of commands.
"""

import statistics
import sys
import time
from dataclasses import dataclass

from hall.queueing import commands as cmd
from hall.queueing.decide import decide
from hall.queueing.rules import Band, Counter, Now, Rules, Service
from hall.queueing.state import Hall, empty

SERVICES = 6
COUNTERS = 20
BLOCK = 200
RULES = Rules(
    {f"s{n}": Service(f"s{n}", (Band(1, 99_999),), f"{n}", 5) for n in range(SERVICES)},
    {
        str(n): Counter(str(n), (f"s{n % SERVICES}", f"s{(n + 1) % SERVICES}"))
        for n in range(COUNTERS)
    },
    {"uu-tien": 1_200_000},
)


@dataclass
class Run:
    """A hall and the time of its blocks, in microseconds of CPU a command."""

    hall: Hall
    at: int = 0

    def do(self, command: cmd.Command) -> None:
        self.at += 50
        now = Now(self.at, 1_790_000_000_000 + self.at, True, "2026-11-23")  # noqa: FBT003
        self.hall = decide(RULES, self.hall, command, now).hall

    def issue(self, number: int) -> None:
        priority = "uu-tien" if number % 13 == 0 else None
        self.do(cmd.Issue("printer-1", f"s{number % SERVICES}", "button", priority))

    def call(self, number: int) -> None:
        self.do(cmd.CallNext("bridge-1", str(number % COUNTERS)))

    def block(self, kind: str) -> float:
        act = self.issue if kind == "issue" else self.call
        begun = time.process_time()
        for number in range(BLOCK):
            act(number)
        return (time.process_time() - begun) / BLOCK * 1e6


def measure(tickets: int, blocks: int = 15) -> dict[str, float]:
    """Microseconds of CPU per issue and per call with so many tickets in the day, all waiting."""
    run = Run(empty(1, RULES.counters))
    for number in range(tickets):
        run.issue(number)
    issues, calls = [], []
    for _ in range(blocks):
        issues.append(run.block("issue"))
        calls.append(run.block("call"))
    return {"issue": statistics.median(issues), "call": statistics.median(calls)}


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    base = measure(0)
    for tickets in (0, most // 10, most):
        found = measure(tickets)
        rate = 2e6 / (found["issue"] + found["call"])
        ratios = ", ".join(f"{k} {v:.0f} us (x{v / base[k]:.2f})" for k, v in found.items())
        print(f"{tickets:>6} tickets in the day: {ratios}; {rate:,.0f} commands/s")


if __name__ == "__main__":
    main()
