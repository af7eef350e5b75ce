"""Whether the controller is alive, by its heartbeat and its will. Pure: time is passed in."""

from dataclasses import dataclass, replace

from hall.contract.messages import DeviceStatus

# contract.md: who hears no state/hall for 20 s treats the picture as stale.
PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Controller:
    """`beat_at`: when the heartbeat was last heard live, or when we began to listen."""

    beat_at: float
    lost: bool = False
    conn: str = ""

    def alive(self, now: float) -> bool:
        return not self.lost and now < self.beat_at + PATIENCE_S

    def due(self) -> float:
        """When it counts as gone unless it is heard again."""
        return self.beat_at + PATIENCE_S


def beat(controller: Controller, now: float, *, retained: bool) -> Controller:
    """A kept `state/hall` proves nothing: the controller may have died long ago."""
    return controller if retained else replace(controller, beat_at=now, lost=False)


def heard(controller: Controller, status: DeviceStatus) -> Controller:
    """A `lost` of an older connection arrives late and is ignored.

    One that says goodbye is being restarted: its heartbeat has the usual time to come back.
    """
    gone = status.state == "lost"
    if gone and controller.conn and status.conn != controller.conn:
        return controller
    return replace(controller, lost=gone, conn=status.conn)
