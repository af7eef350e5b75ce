"""Why a printer's line does not open, from any exception of any library."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from hall.runtime.causes import Why, cause_of
from printer.ports import Absent, AccessDenied, Busy, NoLibrary, WireError

_KINDS: Mapping[Why, type[WireError]] = {
    Why.BUSY: Busy,
    Why.DENIED: AccessDenied,
    Why.NO_LIBRARY: NoLibrary,
}


@contextmanager
def opening(device: str) -> Iterator[None]:
    """What cannot be told apart is a printer that is not there."""
    try:
        yield
    except Exception as err:
        cause = cause_of(err)
        raise _KINDS.get(cause.why, Absent)(f"{device}: {cause.text} ({err})") from err
