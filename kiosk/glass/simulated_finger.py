"""Steers a kiosk over the bus for demo and training: taps, scans, pages. Nothing on real glass."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from hall.screen.tree import Scene, targets
from hall.screen.window import Contact
from kiosk.model.pages import PAGES_BY_NAME
from kiosk.model.state import KioskModel

_TAP_S = 0.5
_FINGER = -2


@dataclass(slots=True)
class SimulatedFinger:
    """Simulated touches; each waits until the page accepts taps, as a person's would have to."""

    scan: Callable[[str], None]
    contact: Callable[[Contact, float], None]
    settled: Callable[[float], bool]
    _taps: deque[tuple[float, float]] = field(default_factory=deque)
    _tap_at: float = 0.0

    def act_on(self, action: str, args: Mapping[str, object], scene: Scene | None) -> bool:
        """Understands `touch` x y (mm), `tap` key, `scan` text; False: not understood."""
        match action, args:
            case "touch", {"x": (int() | float()) as x, "y": (int() | float()) as y}:
                self._taps.append((float(x), float(y)))
                return True
            case "tap", {"key": str(key)}:
                return self._tap(key, scene)
            case "scan", {"text": str(text)}:
                self.scan(text)
                return True
            case _:
                return False

    def tick(self, now: float) -> None:
        if not self._taps or now < self._tap_at or not self.settled(now):
            return
        x, y = self._taps.popleft()
        self.contact(Contact("down", _FINGER, x, y), now)
        self.contact(Contact("up", _FINGER, x, y), now)
        self._tap_at = now + _TAP_S

    def _tap(self, key: str, scene: Scene | None) -> bool:
        for placed in targets(scene) if scene else ():
            if placed.target.key == key:
                self._taps.append(placed.rect.centre)
                return True
        return False


def turned_to(model: KioskModel, args: Mapping[str, object]) -> KioskModel | None:
    """The model with the page of this name up; None for an unknown name."""
    page = PAGES_BY_NAME.get(str(args.get("name", "")))
    return None if page is None else replace(model.fresh(), page=page())
