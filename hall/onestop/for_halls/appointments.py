"""Who answers an appointment made at the province: the hall while its line stands, else we."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hall.contract.messages import ErrorCode

# So long after connecting it is not known yet which halls are there.
LEARNING_S = 2.0


@dataclass(frozen=True, slots=True)
class HallUnreachable:
    code: ErrorCode
    text: str


@dataclass(slots=True)
class HallsThere:
    """`units`: of every hall that the province knows; None: not read yet."""

    units: Mapping[str, str] | None = None
    _linked: dict[str, str] = field(default_factory=dict)
    _since: float | None = None

    def connected(self, now: float) -> None:
        """The lines are told anew."""
        self._linked.clear()
        self._since = now

    def note_line(self, hall: str, conn: str, *, up: bool) -> None:
        """A will of an earlier connection does not count."""
        if up:
            self._linked[hall] = conn
        elif self._linked.get(hall) == conn:
            del self._linked[hall]

    def is_linked(self, hall: str) -> bool:
        return hall in self._linked

    def refusal(self, hall: str, now: float) -> HallUnreachable | None:
        """What the vendor is told of this hall; None: the hall itself answers."""
        if self.is_linked(hall) or self._since is None or now < self._since + LEARNING_S:
            return None
        if self.units is not None and hall not in self.units:
            return HallUnreachable("unknown", f"Tỉnh không có hội trường '{hall}'.")
        return HallUnreachable(
            "unavailable", f"Hội trường '{hall}' đang mất kết nối với tỉnh; chưa làm gì."
        )
