"""Reasons not to believe a file that could be read: it waits until a person says that it is right.

Pure. What is wrong in itself (a sum that does not add up) is flagged beside the figures, not here.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from hall.contract.onestop_messages import Figures, Period

# A file that loses more of the dossiers known before than this is an export of something else.
_LOST_SHARE = 0.1
_LOST_FEW = 2
# Rows not understood: half of them make any count worthless, a tenth one that replaces a better.
_UNCLEAR_HALF = 0.5
_UNCLEAR_SHARE = 0.1
_UNCLEAR_FEW = 2
_SHRUNK = 0.7
# Clocks of office machines differ by so much without anybody noticing.
_AHEAD = timedelta(minutes=10)


def lost_dossiers(gone: int, known: int) -> Iterator[str]:
    if gone >= max(_LOST_FEW, known * _LOST_SHARE):
        yield f"thiếu {gone} trong {known} hồ sơ của lần nhập trước"


def unclear_rows(unclear: int, rows: int, known: int) -> Iterator[str]:
    """`rows`: those that were records; `known`: how many dossiers are in use."""
    share = _UNCLEAR_SHARE if known and unclear > _UNCLEAR_FEW else _UNCLEAR_HALF
    if rows == 0:
        yield "không có hồ sơ nào"
    elif unclear > rows * share:
        yield f"{unclear} trong {rows} dòng không đọc được chắc chắn"


def unclear_counts(unclear: int, cells: int) -> Iterator[str]:
    """`cells`: those of a report in which a count was meant to stand."""
    if unclear > cells * _UNCLEAR_HALF:
        yield f"{unclear} trong {cells} ô số không đọc được chắc chắn"


def fewer_procedures(count: int, before: int) -> Iterator[str]:
    if count < before * _SHRUNK:
        yield f"chỉ còn {count} thủ tục, lần trước có {before}"


def doubtful_figures(new: Figures, old: Figures | None, now: datetime) -> Iterator[str]:
    """`now` is the hall's own clock."""
    if new.as_of > now + _AHEAD:
        yield f"số liệu ghi ngày ở tương lai ({new.as_of.astimezone(now.tzinfo):%d/%m/%Y %H:%M})"
    if not new.periods:
        yield "không có số liệu của kỳ nào"
    if old is None:
        return
    if new.as_of < old.as_of:
        yield f"cũ hơn số liệu đang dùng (lúc {old.as_of.astimezone(now.tzinfo):%H:%M %d/%m/%Y})"
    before = {_key(period): period for period in old.periods}
    for period in new.periods:
        if (known := before.get(_key(period))) is not None:
            yield from _fallen(known, period)


def _key(period: Period) -> tuple[str, str | None]:
    return period.id, period.from_


def _fallen(old: Period, new: Period) -> Iterator[str]:
    """What only grows while a period lasts."""
    for name, total in (("tiếp nhận", _received), ("đã giải quyết", _resolved)):
        before, after = total(old), total(new)
        if before is not None and after is not None and after < before:
            yield f"{new.id}: số {name} giảm từ {before} xuống {after}"


def _received(period: Period) -> int | None:
    return None if period.received is None else period.received.total


def _resolved(period: Period) -> int | None:
    return None if period.resolved is None else period.resolved.total
