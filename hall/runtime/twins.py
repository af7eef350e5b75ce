"""Two programs under one client id: how each finds out, who goes on, what people are told. Pure.

The broker lets an id in once: each of the two throws the other out and is thrown out by it.
Mosquitto 2.0.11 only closes the line. What tells is our own retained status when we come back: it
is the other one's will, which carries another `conn` and its host.

    there first   ──── settled ────┐ out  ┌ in ┐ out       ┌ in ─────────────▶ goes on
    came second                    └ in ──┘    └ in ─ ─ ─ ─┘ says `disconnected`, away for AWAY_S

Of two that start at once the one that loses two young connections first stays away. The controller
has a rule of its own in place of this (hall/controller/fence.py).
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hall.contract.messages import DeviceStatus
from hall.contract.rights import kind_of

# A connection that has lasted so long was there first.
SETTLED_S = 10.0
AWAY_S = 60.0
MOST_LOST = 2
QUIET_S = 600.0
_MOST_CONNS = 100
_FAREWELLS = frozenset({"lost", "disconnected"})
_NOUNS: Mapping[str, str] = MappingProxyType(
    {
        "controller": "bộ điều khiển",
        "printer": "máy in",
        "kiosk": "kiosk",
        "bridge": "bộ nối bus",
        "display": "bộ bảng số",
        "board": "bảng lớn",
        "voice": "loa",
    }
)
_ADVICE = "Hai máy dùng chung một tên: tắt một máy, hoặc đổi id của nó trong tệp cấu hình."
_ADVICE_CONTROLLER = (
    "Tắt một máy. Máy còn trả lời đang giữ hàng chờ; muốn máy kia nhận thay thì tắt máy này, "
    "rồi trên máy kia chạy: sudo motcua takeover -c /etc/motcua/hall.yaml"
)


def twin_words(client: str, here: str, other: str) -> tuple[str, str]:
    """What is wrong and what to do. `other` "": the other's host is not known."""
    noun = _NOUNS.get(kind_of(client), "chương trình")
    text = f"Có hai {noun} {client} trên bus: {here} và {other or 'một máy chưa rõ tên'}."
    return text, _ADVICE_CONTROLLER if client == "controller" else _ADVICE


@dataclass(slots=True)
class Rivalry:
    """Whether to leave the id to the other one, by how long the lost connections had lasted."""

    _lost: int = 0

    def yields(self, lasted_s: float, *, other_left: bool) -> bool:
        """`other_left`: the other one has said goodbye, it stays away."""
        if other_left or lasted_s >= SETTLED_S:
            self._lost = 0
            return False
        self._lost += 1
        return self._lost >= MOST_LOST


@dataclass(slots=True)
class TwinWatch:
    """What one client hears of another one under its own id, and when it must make way.

    `other`: its host, by the status that it left or says now.
    """

    client: str
    other: str = ""
    _ours: deque[str] = field(default_factory=lambda: deque(maxlen=_MOST_CONNS))
    _since: float = 0.0
    _lasted: float | None = None
    _heard_at: float | None = None
    _times: int = 0
    _rivalry: Rivalry = field(default_factory=Rivalry)
    _back_at: float | None = None

    def connected(self, conn: str, now: float) -> None:
        self._ours.append(conn)
        self._since = now

    def lost(self, now: float) -> None:
        """The connection has ended, and not by us."""
        self._lasted = now - self._since

    def hear_status(self, status: DeviceStatus, here: str, now: float, *, retained: bool) -> bool:
        """A status under our id; True: make way for the other one now.

        What is retained at our first connection may be an earlier run's: it only gives a name. One
        message of this same host may be too, late or out of a broker's older file.
        """
        if status.conn in self._ours or not status.conn:
            return False
        self.other = status.host or self.other
        lasted = self._lasted
        if lasted is None if retained else status.state in _FAREWELLS:
            return False
        self._times += 1
        if self._times < 2 and status.host in ("", here):  # noqa: PLR2004
            return False
        self._heard_at, self._lasted = now, None
        left = status.state == "disconnected"
        yields = lasted is not None and self._rivalry.yields(lasted, other_left=left)
        # The controller decides by its own rule, hall/controller/fence.py.
        return yields and self.client != "controller"

    def make_way(self, now: float) -> None:
        """We leave the bus to the other one, for a time."""
        self._back_at, self._lasted = now + AWAY_S, None

    def is_back(self, now: float) -> bool:
        """Whether the time has come to look again; once."""
        if self._back_at is None or now < self._back_at:
            return False
        self._back_at = None
        return True

    def is_told(self, now: float) -> bool:
        """Whether people must know: until the other one has long been quiet."""
        if self._heard_at is not None and now - self._heard_at >= QUIET_S:
            self._heard_at, self._times = None, 0
        return self._heard_at is not None

    @property
    def is_quiet(self) -> bool:
        return self._heard_at is None and self._back_at is None
