"""When a face blinks: for a call that is new to the display, at most twice a second. Pure."""

from dataclasses import dataclass

from hall.contract.messages import Face

BLINK_S = 6.0
# 1 Hz, lit for half of it: far below the 2 Hz that could harm someone (screens.md, 9).
HALF_PERIOD_S = 0.5


@dataclass(frozen=True, slots=True)
class BlinkingFace:
    """A face on a display, and since when it blinks (None: it does not)."""

    face: Face
    since: float | None = None

    def lit(self, now: float) -> bool:
        """Whether the text stands now; a blinking one is lit first."""
        if self.since is None or now >= self.since + BLINK_S:
            return True
        return int((now - self.since) / HALF_PERIOD_S) % 2 == 0

    def due(self, now: float) -> float | None:
        """When `lit` changes next, or None when it stays."""
        if self.since is None or now >= self.since + BLINK_S:
            return None
        steps = int((now - self.since) / HALF_PERIOD_S) + 1
        return self.since + steps * HALF_PERIOD_S


def take_face(before: BlinkingFace | None, face: Face, now: float) -> BlinkingFace:
    """The display after this face: the same call goes on blinking, a new one begins."""
    if face.call is None:
        return BlinkingFace(face)
    if before is not None and before.face.call == face.call:
        return BlinkingFace(face, before.since)
    return BlinkingFace(face, now)
