"""Clock, log lines and pictures: the small things that every daemon leans on."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hall.runtime import clock as module
from hall.runtime import logs, pictures
from hall.runtime.clock import SetClock, SystemClock


@pytest.fixture
def root_logger() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.usefixtures("root_logger")
def test_every_line_tells_systemd_its_level(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start(systemd=True)

    logging.getLogger("printer").warning("hết giấy\nhai dòng")
    logging.getLogger("printer").critical("hỏng")

    assert capsys.readouterr().err.splitlines() == [
        "<4>printer: hết giấy",
        "<4>hai dòng",
        "<2>printer: hỏng",
    ]


@pytest.mark.usefixtures("root_logger")
def test_at_a_terminal_a_line_has_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start(systemd=False)

    logging.getLogger("printer").info("có giấy")

    assert capsys.readouterr().err.endswith(" printer: có giấy\n")


def test_a_picture_is_whole_or_not_there(tmp_path: Path) -> None:
    pictures.put(tmp_path, "tickets/0001-A001.png", b"one")
    pictures.put(tmp_path, "tickets/0001-A001.png", b"two")

    assert [(path.name, path.read_bytes()) for path in (tmp_path / "tickets").iterdir()] == [
        ("0001-A001.png", b"two")
    ]


def test_a_clock_before_the_software_existed_is_not_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BUILD", datetime.now(UTC) + timedelta(days=1))

    assert not SystemClock().trusted()


def test_a_board_without_a_battery_is_trusted_once_it_is_synchronised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_has_battery_clock", lambda: False)
    monkeypatch.setattr(module, "_synchronised", lambda: False)
    assert not SystemClock().trusted()

    monkeypatch.setattr(module, "_synchronised", lambda: True)
    assert SystemClock().trusted()


PI = "firmware/devicetree/base"
RTC = "class/rtc/rtc0/since_epoch"


@pytest.mark.parametrize(
    ("found", "vouched"),
    [
        ({}, True),
        ({PI: ""}, False),
        ({PI: "", RTC: "1795997000\n"}, True),
        ({PI: "", RTC: "339\n"}, False),
        ({RTC: "339\n"}, False),
        ({PI: "", RTC: ""}, False),
    ],
    ids=[
        "a guest",
        "a Pi",
        "a Pi with a battery",
        "a Pi 5 without one",
        "a PC with an empty one",
        "a clock that cannot be read",
    ],
)
def test_a_clock_that_begins_at_1970_vouches_for_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: dict[str, str], *, vouched: bool
) -> None:
    for name, text in found.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(module, "_SYS", tmp_path)
    monkeypatch.setattr(module, "_synchronised", lambda: False)

    assert SystemClock().trusted() is vouched


def test_a_clock_chip_is_asked_until_it_has_vouched(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [False, True]
    monkeypatch.setattr(module, "_has_battery_clock", lambda: answers.pop(0))
    monkeypatch.setattr(module, "_synchronised", lambda: False)
    clock = SystemClock()

    assert [clock.trusted() for _ in range(4)] == [False, True, True, True]


def test_time_never_goes_back_and_is_aware() -> None:
    clock = SystemClock()

    assert clock.monotonic() <= clock.monotonic()
    assert clock.now().tzinfo is not None


def test_a_set_clock_moves_when_told() -> None:
    clock = SetClock()
    before = clock.now(), clock.monotonic()

    clock.advance(1.5)

    assert clock.now() - before[0] == timedelta(seconds=1.5)
    assert clock.monotonic() - before[1] == 1.5
