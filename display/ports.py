"""What the faces need: something that shows one on a device wired to this machine."""

from typing import Protocol

from hall.contract.messages import Face


class FaceDriverError(Exception):
    """The display cannot be reached; the message is Vietnamese, for a technician."""


class FaceDriver(Protocol):
    """Shows the faces of some counters. Called by the daemon's loop alone."""

    def show(self, counter: str, face: Face, now: float) -> None:
        """Take over a face; a call id that differs from the last one blinks.

        Raises FaceDriverError; the face counts as not shown and comes again.
        """

    def tick(self, now: float) -> float:
        """Blink, draw, poll; the next moment to be called. Raises FaceDriverError."""

    def close(self) -> None:
        """Go dark; may be called twice."""
