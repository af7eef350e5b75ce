"""One rule for devices of every kind.

    not known ──works──▶ well ──anything raised──▶ lost ─┐ tried again after 0.5, 1, 2, 5, 10 s …
        └──anything raised──────────────────────▶ lost ◀─┘
                              ▲────────works──────┘

Whatever opening or using a device raises is the loss of that device alone: an alert that says why
and what to do, and another try later; never the end of its role. The alert is withdrawn when the
device has really worked: who looks after it says so by `works`, since opening proves little.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hall.runtime.causes import Cause, Why, cause_of
from hall.runtime.health import Health

log = logging.getLogger(__name__)

PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Device:
    """`code`: its alert's, which several devices may share; `name`: as a technician knows it.

    `check`: what to do about its loss, `checks`: where the cause tells more.
    """

    code: str
    name: str
    check: str = field(default="", compare=False)
    checks: Mapping[Why, str] = field(default_factory=dict, compare=False)

    def advice(self, why: Why) -> str:
        return self.checks.get(why, self.check)


@dataclass(frozen=True, slots=True)
class DeviceLost:
    device: Device
    cause: Cause


@dataclass(frozen=True, slots=True)
class DeviceWell:
    device: Device


DeviceNews = DeviceLost | DeviceWell


class Devices:
    """The devices of one daemon, on its loop: one alert a code, in which each lost one is named."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._known: dict[Device, Cause | None] = {}
        self._expected: set[Device] = set()

    def expect(self, *devices: Device) -> None:
        """Call before the bus is opened: an earlier run's alert stands until all have worked."""
        self._expected.update(devices)
        self._health.inherit(*{device.code for device in devices})

    def take_news(self, news: DeviceNews) -> None:
        self._known[news.device] = news.cause if isinstance(news, DeviceLost) else None
        self._show_alert(news.device.code)

    def _show_alert(self, code: str) -> None:
        lost = {d: c for d, c in self._known.items() if d.code == code and c is not None}
        if lost:
            text = " ".join(f"Không dùng được {d.name}: {c.text}." for d, c in lost.items())
            advice = dict.fromkeys(d.advice(c.why) for d, c in lost.items())
            self._health.alert(code, text, " ".join(advice))
        elif all(device in self._known for device in self._expected if device.code == code):
            self._health.solve(code)


@dataclass(slots=True)
class DeviceWatch:
    """Looks after one device, in one thread: what is known of it, and when it is tried again.

    `clock`: monotonic seconds.
    """

    device: Device
    tell: Callable[[DeviceNews], None]
    clock: Callable[[], float]
    retry_at: float = 0.0
    _tries: int = 0
    _well_since: float | None = None
    _told: DeviceNews | None = None

    @property
    def well(self) -> bool:
        """It has worked, and nothing was heard to the contrary since."""
        return self._well_since is not None

    def attempt(self, act: Callable[[], object]) -> bool:
        """Use the device. Nothing that this raises goes further; False: it is lost."""
        try:
            act()
        except Exception as err:  # noqa: BLE001 - the rule
            self.fail(err)
            return False
        return True

    def fail(self, err: BaseException) -> None:
        """The device is lost."""
        now = self.clock()
        if self._well_since is not None and now - self._well_since >= PAUSES_S[-1]:
            self._tries = 0
        self._well_since = None
        self.retry_at = now + PAUSES_S[min(self._tries, len(PAUSES_S) - 1)]
        self._tries += 1
        lost = DeviceLost(self.device, cause_of(err))
        if lost != self._told:
            trace = err if lost.cause.why is Why.UNKNOWN else None
            log.warning("%s lost: %s", self.device.name, lost.cause.text, exc_info=trace)
            self._post_news(lost)

    def works(self) -> None:
        """The device has done its work just now."""
        if self._well_since is None:
            self._well_since = self.clock()
            self._post_news(DeviceWell(self.device))

    def _post_news(self, news: DeviceNews) -> None:
        self._told = news
        self.tell(news)
