"""What the calendar of a hall's YAML says twice over, and what it forgets."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from hall.cli.checking import entries
from hall.runtime.settings import Document, Mistake

# The first day of the year in Vietnam's lunar calendar, reckoned for UTC+7: in 2030 it is not
# the Chinese one.
TET = (
    "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-02", "2031-01-23",
    "2032-02-11", "2033-01-31", "2034-02-19", "2035-02-08", "2036-01-28", "2037-02-15",
    "2038-02-04", "2039-01-24", "2040-02-12", "2041-02-01", "2042-01-22", "2043-02-10",
    "2044-01-30", "2045-02-17", "2046-02-06", "2047-01-26", "2048-02-14", "2049-02-02",
)  # fmt: skip
# A hall that rests on a day so near to it has been told of it: which days are off is decided anew
# each year.
_NEAR = timedelta(days=3)


def mistakes(document: Document) -> Iterator[Mistake]:
    """Days that are told in two ways."""
    hall = entries.hall(document)
    if hall is None:
        return
    if isinstance(hall.hours, dict) and "days" in hall.model_fields_set:
        text = "hours đã ghi giờ của từng thứ; bỏ khoá days"
        yield document.mistake(("hall", "days"), text)
    off = hall.calendar.off
    times = Counter(day.date for day in hall.days_worked)
    for place, day in enumerate(hall.days_worked):
        path = ("hall", "days_worked", place, "date")
        if times[day.date] > 1:
            yield document.mistake(path, f"'{day.date}' ghi hai lần")
        if any(first <= date.fromisoformat(day.date) <= last for first, last in off):
            text = f"'{day.date}' cũng là ngày nghỉ (holidays, days_off); chỉ giữ một nơi"
            yield document.mistake(path, text)


def advice(document: Document, today: date) -> Iterator[Mistake]:
    """Holidays that nobody has entered: the hall would open on them."""
    hall = entries.hall(document)
    if hall is None or not hall.calendar.rests:
        return
    off = hall.calendar.off
    if off and max(last for _, last in off) < today:
        key = "days_off" if hall.days_off else "holidays"
        text = "mọi ngày nghỉ ghi ở đây đã qua; thêm các ngày nghỉ sắp tới"
        yield document.mistake(("hall", key), text)
        return
    tet = next((day for day in map(date.fromisoformat, TET) if day >= today), None)
    if tet is not None and not any(a - _NEAR <= tet <= b + _NEAR for a, b in off):
        text = f"chưa có ngày nghỉ Tết {tet.year} (mùng một là {tet:%d/%m/%Y}): ghi ở days_off"
        yield document.mistake(("hall", "days_off"), text)
