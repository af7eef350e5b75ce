"""Why a device cannot be used: any exception, told apart by what a person would do about it. Pure.

Libraries raise what they like: OSError and its kin, ImportError where a package is missing, plain
subclasses of Exception. What carries an errno is judged by it, wherever it stands in the chain.
"""

import errno
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum


class Why(Enum):
    ABSENT = "absent"
    BUSY = "busy"
    DENIED = "denied"
    UNFIT = "unfit"
    BROKEN = "broken"
    SILENT = "silent"
    NO_LIBRARY = "no library"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Cause:
    """`text`: Vietnamese, for a technician; the middle of a sentence."""

    why: Why
    text: str


class DeviceError(Exception):
    """Raised by a driver that knows the cause itself; its text is a `Cause`'s."""

    why = Why.BROKEN


_ERRNOS: Mapping[int, Cause] = {
    code: cause
    for codes, cause in (
        (
            (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTDIR, errno.ECONNREFUSED),
            Cause(Why.ABSENT, "không thấy thiết bị"),
        ),
        (
            (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ETIMEDOUT, errno.ECONNABORTED),
            Cause(Why.ABSENT, "thiết bị không trả lời"),
        ),
        ((errno.EBUSY, errno.EAGAIN), Cause(Why.BUSY, "chương trình khác đang giữ thiết bị")),
        ((errno.EACCES, errno.EPERM), Cause(Why.DENIED, "không có quyền mở thiết bị")),
        (
            (errno.ENOTTY, errno.EINVAL, errno.EOPNOTSUPP, errno.EISDIR),
            Cause(Why.UNFIT, "thiết bị này không phải loại cần, hoặc không nhận thiết lập"),
        ),
        (
            (errno.EIO, errno.EPIPE, errno.ECONNRESET, errno.EPROTO, errno.ESHUTDOWN),
            Cause(Why.BROKEN, "mất liên lạc với thiết bị"),
        ),
    )
    for code in codes
}


def cause_of(err: BaseException) -> Cause:
    """The first of the chain that tells something; else the exception's own words."""
    known = (cause for each in _chain(err) if (cause := _known(each)) is not None)
    return next(known, Cause(Why.UNKNOWN, f"lỗi chưa rõ ({type(err).__name__}: {err})"))


def _known(err: BaseException) -> Cause | None:
    match err:
        case DeviceError():
            return Cause(err.why, str(err))
        case ImportError():
            return Cause(Why.NO_LIBRARY, f"máy chưa cài phần mềm {err.name or err}")
        case socket.gaierror():
            return Cause(Why.ABSENT, "không tìm thấy máy này trong mạng")
        case TimeoutError():
            return _ERRNOS[errno.ETIMEDOUT]
        case OSError():
            return _ERRNOS.get(err.errno or 0)
        case _:
            return None


def _chain(err: BaseException) -> Iterator[BaseException]:
    """The exception and what it was raised from, or while."""
    seen: BaseException | None = err
    while seen is not None:
        yield seen
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
