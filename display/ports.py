"""What the faces need: something that shows one on a device wired to this machine."""

from typing import Protocol

from hall.contract.messages import Face
from hall.runtime.causes import DeviceError
from hall.runtime.devices import Device

# Code of the alert.
DISPLAY_LOST = "display_lost"


class FaceDriverError(DeviceError):
    """The display cannot be reached."""


class FaceDriver(Protocol):
    """Shows the faces of some counters. Called by the daemon's loop alone; raises anything."""

    @property
    def device(self) -> Device: ...

    def show_face(self, counter: str, face: Face, now: float) -> None:
        """Take over a face; a call id that differs from the last one blinks.

        After a failure the face counts as not shown and comes again.
        """

    def tick(self, now: float) -> float:
        """Open what is not open, blink, draw, poll; the next moment to be called."""

    def close(self) -> None:
        """Go dark; may be called twice."""
