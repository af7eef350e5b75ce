"""One rule for every device: lost, told, tried again, and well only when it has worked."""

import errno
import logging
import os
import socket
from collections.abc import Callable
from typing import Any

import pytest
import serial

from hall.runtime.causes import Cause, DeviceError, Why, cause_of
from hall.runtime.clock import SetClock
from hall.runtime.devices import (
    PAUSES_S,
    Device,
    DeviceLost,
    DeviceNews,
    Devices,
    DeviceWatch,
    DeviceWell,
)

SCANNER = Device("scanner_offline", "máy quét A", "Xem cáp.", {Why.DENIED: "Xem quyền."})
OTHER = Device("scanner_offline", "máy quét B", "Xem cáp.")
ABSENT = cause_of(FileNotFoundError(errno.ENOENT, "x"))


class OfALibrary(Exception):
    """As lgpio.error is: nothing but an Exception."""


# --- why ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("err", "why"),
    [
        (FileNotFoundError(errno.ENOENT, "x"), Why.ABSENT),
        (OSError(errno.ENODEV, "x"), Why.ABSENT),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), Why.ABSENT),
        (socket.gaierror(-2, "x"), Why.ABSENT),
        (TimeoutError("timed out"), Why.ABSENT),
        (OSError(errno.EBUSY, "x"), Why.BUSY),
        (serial.SerialException(errno.EAGAIN, "Could not exclusively lock port"), Why.BUSY),
        (PermissionError(errno.EACCES, "x"), Why.DENIED),
        (OSError(errno.ENOTTY, "x"), Why.UNFIT),
        (OSError(errno.EIO, "x"), Why.BROKEN),
        (ModuleNotFoundError("No module named 'spidev'", name="spidev"), Why.NO_LIBRARY),
        (OfALibrary("GPIO busy"), Why.UNKNOWN),
        (OSError("no number"), Why.UNKNOWN),
    ],
)
def test_an_exception_is_told_apart_by_what_to_do(err: Exception, why: Why) -> None:
    assert cause_of(err).why is why


def test_what_a_library_wrapped_is_still_found() -> None:
    def wrapped(*, explicit: bool) -> Exception:
        try:
            try:
                raise PermissionError(errno.EACCES, "x")
            except OSError as err:
                if explicit:
                    raise OfALibrary("device not found") from err
                raise OfALibrary("device not found")  # noqa: B904 - as libraries do
        except OfALibrary as err:
            return err

    assert cause_of(wrapped(explicit=True)).why is Why.DENIED
    assert cause_of(wrapped(explicit=False)).why is Why.DENIED


def test_a_driver_that_knows_better_is_believed() -> None:
    class LineBusy(DeviceError):
        why = Why.BUSY

    assert cause_of(LineBusy("chân 17 đang bị 'led0' giữ")) == Cause(
        Why.BUSY, "chân 17 đang bị 'led0' giữ"
    )


def test_what_nobody_knows_is_shown_in_its_own_words() -> None:
    assert cause_of(OfALibrary("GPIO busy")).text == "lỗi chưa rõ (OfALibrary: GPIO busy)"


# --- the alerts -----------------------------------------------------------------------------------


@pytest.fixture
def devices(world: Any) -> Devices:
    context = world.context_of("kiosk-1")
    made = Devices(context.health)
    made.expect(SCANNER, OTHER)
    return made


def told(devices: Devices) -> tuple[str, str] | None:
    alert = devices._health.alerts.get("scanner_offline")
    return (alert.text, alert.advice) if alert else None


def test_a_lost_device_is_an_alert_with_its_name_its_cause_and_what_to_do(devices: Devices) -> None:
    devices.take_news(DeviceLost(SCANNER, ABSENT))

    assert told(devices) == ("Không dùng được máy quét A: không thấy thiết bị.", "Xem cáp.")


def test_the_advice_follows_the_cause(devices: Devices) -> None:
    devices.take_news(DeviceLost(SCANNER, cause_of(PermissionError(errno.EACCES, "x"))))

    assert told(devices) == (
        "Không dùng được máy quét A: không có quyền mở thiết bị.",
        "Xem quyền.",
    )


def test_one_device_that_is_back_does_not_hide_another_that_is_lost(devices: Devices) -> None:
    devices.take_news(DeviceLost(SCANNER, ABSENT))
    devices.take_news(DeviceLost(OTHER, ABSENT))
    both = told(devices)
    assert both is not None
    assert both[0].count("không thấy thiết bị.") == 2
    assert both[1] == "Xem cáp."

    devices.take_news(DeviceWell(SCANNER))
    assert told(devices) == ("Không dùng được máy quét B: không thấy thiết bị.", "Xem cáp.")
    devices.take_news(DeviceWell(OTHER))

    assert told(devices) is None


def test_an_alert_of_an_earlier_run_stands_until_each_device_of_its_code_has_worked(
    world: Any,
) -> None:
    body = (
        '{"schema": 1, "hall": "thu", "src": "kiosk-1", "code": "scanner_offline",'
        ' "text": "Mất.", "since": "2026-11-22T10:00:00+07:00"}'
    )
    world.say("dev/kiosk-1/alert/scanner_offline", body, retain=True)
    kiosk = world.daemon("kiosk-1", None, "scanner_offline")
    made = Devices(kiosk.context.health)
    made.expect(SCANNER, OTHER)

    made.take_news(DeviceWell(SCANNER))
    assert set(kiosk.context.health.alerts) == {"scanner_offline"}
    made.take_news(DeviceWell(OTHER))

    assert set(kiosk.context.health.alerts) == set()


# --- looking after one ----------------------------------------------------------------------------


@pytest.fixture
def cared() -> tuple[DeviceWatch, SetClock, list[DeviceNews]]:
    clock, news = SetClock(), list[DeviceNews]()
    return DeviceWatch(SCANNER, news.append, clock.monotonic), clock, news


def failing(err: Exception) -> Callable[[], None]:
    def act() -> None:
        raise err

    return act


@pytest.mark.parametrize(
    "err", [OSError(errno.EBUSY, "x"), ImportError("x"), ValueError("x"), OfALibrary("x")]
)
def test_whatever_is_raised_is_a_loss_and_goes_no_further(cared: Any, err: Exception) -> None:
    care, _, news = cared

    assert not care.attempt(failing(err))

    assert news == [DeviceLost(SCANNER, cause_of(err))]


def test_opening_is_not_working(cared: Any) -> None:
    care, _, news = cared
    care.attempt(failing(OSError(errno.ENOENT, "x")))

    assert care.attempt(lambda: None)
    assert not care.well
    assert len(news) == 1

    care.works()
    assert care.well
    assert news[1:] == [DeviceWell(SCANNER)]


def test_a_loss_is_told_once_until_its_cause_changes(
    cared: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    care, _, news = cared
    for number in (errno.ENOENT, errno.ENOENT, errno.EACCES, errno.EACCES):
        care.attempt(failing(OSError(number, os.strerror(number))))

    assert [each.cause.why for each in news] == [Why.ABSENT, Why.DENIED]
    assert len(caplog.records) == 2


def test_an_unknown_fault_leaves_its_trace_in_the_log_once(
    cared: Any, caplog: pytest.LogCaptureFixture
) -> None:
    care, _, _ = cared
    for _ in range(3):
        care.attempt(failing(OfALibrary("GPIO busy")))

    assert caplog.text.count("Traceback") == 1


def pauses(care: DeviceWatch, clock: SetClock, tries: int) -> list[float]:
    found = []
    for _ in range(tries):
        care.attempt(failing(OSError(errno.ENOENT, "x")))
        found.append(care.retry_at - clock.monotonic())
        clock.advance(care.retry_at - clock.monotonic())
    return found


def test_it_is_tried_again_after_longer_and_longer_pauses(cared: Any) -> None:
    care, clock, _ = cared

    assert pauses(care, clock, 7) == pytest.approx([*PAUSES_S, PAUSES_S[-1], PAUSES_S[-1]])


def test_a_device_that_comes_and_goes_is_not_tried_ever_faster(cared: Any) -> None:
    care, clock, _ = cared
    pauses(care, clock, 4)
    care.works()
    clock.advance(1.0)

    assert pauses(care, clock, 1) == pytest.approx([PAUSES_S[4]])
    care.works()
    clock.advance(PAUSES_S[-1])
    assert pauses(care, clock, 1) == pytest.approx([PAUSES_S[0]])
