"""The kiosk's speech as a device: tried out while nothing is known of it, and while it is lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from hall.runtime.devices import DeviceNews, DeviceWatch
from kiosk.ports import Sounded, Speaker

# A trial of which nothing comes back was broken off by speech.
TRIAL_S = 30.0


@dataclass(slots=True)
class Loudspeaker:
    """A sound played to its end proves that it works; `tell` is called at losses and returns."""

    speaker: Speaker
    tell: Callable[[DeviceNews], None]
    clock: Callable[[], float]
    _care: DeviceWatch | None = field(init=False)
    _try_at: float = 0.0

    def __post_init__(self) -> None:
        device = self.speaker.device
        self._care = None if device is None else DeviceWatch(device, self.tell, self.clock)

    def tick(self, now: float) -> None:
        if self._care is not None and now >= self._try_at:
            self._try_at = now + TRIAL_S
            self.speaker.try_out()

    def take_sounded(self, sounded: Sounded) -> None:
        if self._care is None:
            return
        if sounded.fault is None:
            self._care.works()
            self._try_at = inf
        else:
            self._care.fail(sounded.fault)
            self._try_at = self._care.retry_at
