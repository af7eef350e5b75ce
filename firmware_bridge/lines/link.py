"""What libraries raise about a line, as the one thing that its master must know."""

from collections.abc import Iterator
from contextlib import contextmanager

from firmware_bridge.ports import LinkLost
from hall.runtime.causes import cause_of


@contextmanager
def linked() -> Iterator[None]:
    """Pyserial alone has three ways to show a pulled adapter, and a missing package a fourth."""
    try:
        yield
    except LinkLost:
        raise
    except Exception as err:
        cause = cause_of(err)
        raise LinkLost(cause.text, cause.why) from err
