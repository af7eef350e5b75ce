"""The screen as a device: without one the kiosk stays on the bus, raises an alert and retries."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hall.runtime.attachments import screen
from hall.runtime.causes import DeviceError, Why
from hall.runtime.devices import DeviceNews, DeviceWatch
from hall.screen.geometry import Panel
from hall.screen.window import Blind
from kiosk.glass.view import KioskView

GLASS = screen("screen_lost", "màn hình của kiosk")


class NoGlass(DeviceError):
    """No screen is open: nothing can be shown."""

    why = Why.ABSENT


@dataclass(slots=True)
class Glass:
    """`tell` is called when it is lost and when a page was drawn on it again.

    `measured`: called with the size that was said and the real one, whenever it was opened.
    """

    view: KioskView
    tell: Callable[[DeviceNews], None]
    clock: Callable[[], float]
    measured: Callable[[Panel, Panel], None]
    _care: DeviceWatch = field(init=False)
    _is_open: bool = False

    def __post_init__(self) -> None:
        self._care = DeviceWatch(GLASS, self.tell, self.clock)

    @property
    def retry_at(self) -> float:
        return self._care.retry_at

    def is_there(self, now: float) -> bool:
        """Opened now if it is not, and its time has come; anew where it is another one."""
        if self._is_open and self.view.window.is_other:
            self.view.close()
            self._is_open = False
        if not self._is_open and now >= self._care.retry_at:
            self._is_open = self._care.attempt(self._open)
        return self._is_open

    def _open(self) -> None:
        try:
            self.view.open()
        except Blind as err:
            raise NoGlass(str(err)) from err
        self.measured(self.view.window.said, self.view.panel)

    def turn(self, act: Callable[[], None]) -> None:
        """Draw and read touches; only a page drawn without error proves that it works."""
        try:
            act()
        except Blind as err:
            self._is_open = False
            self.view.close()
            self._care.fail(NoGlass(str(err)))
        else:
            self._care.works()
