"""What the tests of each folder take of a processor.

User and system time of the process that runs a test and of every child it has waited for, from the
test's set-up to its tear-down; a fixture counts for the test that makes or ends it. The same work
takes more seconds of a slower processor, or of one whose other thread is busy: a folder above its
budget is named, and fails the run only where no such reason is left.
"""

import resource
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import pytest

LIMIT_S = 30.0
# Folders that start whole halls, databases, copies of the tree, browsers or compositors have more;
# so has the one that draws every page of the kiosk for every panel, language and mode.
GRANTS: Mapping[str, float] = {
    **dict.fromkeys(("hall", "faults", "counter"), 95.0),
    "systemd": 150.0,
    "kiosk": 110.0,
    "house": 90.0,
    "province": 105.0,
    "onestop": 70.0,
    **dict.fromkeys(("display", "printer"), 55.0),
    **dict.fromkeys(("cli", "install"), 50.0),
    **dict.fromkeys(("controller", "mutants", "runtime"), 35.0),
}
SLOWEST = 2.0
"""A run on a processor that takes this many times its budgets still passes."""
REPORTED_S = 10.0


def budget(folder: str) -> float:
    """Seconds of CPU that a folder's tests should take in the quick size."""
    return GRANTS.get(folder, LIMIT_S)


def over(spent: Mapping[str, float], times: float) -> list[str]:
    """A line for each folder that took more than so many times its budget."""
    return [
        f"tests/{folder}: {taken:.0f} s of CPU, budget {budget(folder):.0f}"
        for folder, taken in sorted(spent.items())
        if taken > times * budget(folder)
    ]


def folder_of(nodeid: str) -> str:
    """`display` of tests/display/board/test_board_plan.py::test_x."""
    return PurePosixPath(nodeid.partition("::")[0]).parts[1]


def taken_s() -> float:
    """Seconds of CPU of this process and of the children it has waited for."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


class FolderCpu:
    """Measures where a test runs, sums where its reports are gathered, which xdist parts.

    `limited`: a folder that takes far too much fails the run.
    """

    def __init__(self, *, limited: bool) -> None:
        self._limited = limited
        self._mark = taken_s()
        self.spent: dict[str, float] = {}

    def pytest_runtest_logstart(self) -> None:
        self._mark = taken_s()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Iterator[None]:
        report = yield
        now = taken_s()
        report.cpu_s, self._mark = now - self._mark, now
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        folder = folder_of(report.nodeid)
        self.spent[folder] = self.spent.get(folder, 0.0) + getattr(report, "cpu_s", 0.0)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        most = sorted(self.spent.items(), key=lambda each: -each[1])
        shown = ", ".join(f"{name} {taken:.0f}" for name, taken in most if taken >= REPORTED_S)
        if shown:
            terminalreporter.write_line(f"seconds of CPU by folder: {shown}")
        for line in over(self.spent, 1.0) if self._limited else ():
            terminalreporter.write_line(line, red=True)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._limited and over(self.spent, SLOWEST) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
