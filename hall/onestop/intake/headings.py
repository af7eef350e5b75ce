"""What a column is, by its heading, and which figure stands under headings of several rows.

Headings of OpenCPS, iGate, the national portal's synchronisation, provincial reports (form 06) and
of tables that communes keep by hand.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from hall.onestop.intake import words
from hall.onestop.intake.cells import bare, plain

Kind = Literal["dossiers", "procedures", "figure_list", "figure_table"]

# Wanted before a table is believed to be one.
REQUIRED: Mapping[Kind, frozenset[str]] = {
    "dossiers": frozenset({"code", "status"}),
    "procedures": frozenset({"code", "name", "field"}),
    "figure_list": frozenset({"period", "figure", "count"}),
}
# Figures beside those of the provincial report.
_MORE = frozenset(
    {
        "to_resolve",
        "received.direct_or_postal",
        "resolved.early_or_on_time",
        "postal.received",
        "postal.returned",
        "digitised.done",
        "digitised.total",
        "from",
        "to",
    }
)
_GROUPS: tuple[tuple[str, str], ...] = (
    ("pending", r"(?:dang|chua) (?:duoc )?(?:giai quyet|xu ly)|ton cuoi ky"),
    ("paused", r"tam dung"),
    ("digitised", r"so hoa"),
    ("to_resolve", r"phai (?:giai quyet|xu ly)"),
    ("resolved", r"da (?:duoc )?(?:giai quyet|xu ly)|(?:giai quyet|xu ly) xong|ket qua giai quyet"),
    ("received", r"tiep nhan|(?:^| )da nhan|nhan trong ky|moi nhan"),
)
# A day, a place or a person is no figure, whatever else its heading says.
_NO_FIGURE = re.compile(r"^(?:ngay|thoi|noi|nguoi|can bo|ma|ten|dia chi|don vi|linh vuc)\b")
_SHARE = re.compile(r"ty le|ti le|%|phan tram")
_CHANNELS = (
    ("carried_over", r"ky truoc|thang truoc|quy truoc|nam truoc|ton dau"),
    ("direct_or_postal", r"truc tiep.*(?:buu chinh|bcci)|(?:buu chinh|bcci).*truc tiep"),
    ("online", r"truc tuyen|qua mang"),
    ("direct", r"truc tiep"),
    ("postal", r"buu chinh|bcci"),
)
_PARTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "received": (("carried_over", r"chuyen sang"), *_CHANNELS),
    "resolved": (
        ("early_or_on_time", r"(?:truoc|som).*dung han|dung.*truoc han|trong han"),
        ("early", r"(?:truoc|som) (?:thoi )?han"),
        ("on_time", r"dung (?:thoi )?han"),
        ("overdue", r"(?:qua|tre) (?:thoi )?han"),
    ),
    "pending": (
        ("overdue", r"(?:qua|tre) (?:thoi )?han"),
        ("in_time", r"(?:trong|chua den|chua qua|dung) (?:thoi )?han"),
    ),
    "digitised": (("done", r"da so hoa|duoc so hoa"), ("total", r"phai so hoa")),
}
_BARE = (
    ("early_or_on_time", r"(?:truoc|som).*dung han|dung.*truoc han"),
    ("early", r"(?:truoc|som) (?:thoi )?han"),
    ("on_time", r"dung (?:thoi )?han"),
    ("in_time", r"(?:trong|chua den|chua qua) (?:thoi )?han"),
    ("overdue", r"(?:qua|tre) (?:thoi )?han"),
    *_CHANNELS,
)
# What came new in the period is a part of what was received, beside what was carried over.
_FRESH = re.compile(r"(?:tiep nhan|nhan) moi|moi (?:tiep )?nhan|trong ky|phat sinh")
FRESH = "received.fresh"
_TOTAL = re.compile(r"(?:tong|cong|so luong|so ho so|luong ho so|trong ky|\bso\b|ho so)")


def column_of(kind: Kind, heading: str) -> str | None:
    """What a column of a list of this kind is; None where the heading is not known."""
    return words.columns(kind).get(plain(heading))


def row_name_of(heading: str) -> str | None:
    """Whether a column of a table of figures names its rows, and how."""
    return words.columns("figure_rows").get(plain(heading))


def is_figure(path: str) -> bool:
    return path in _MORE or path in words.report_fields().values()


def figure_of(path: Sequence[str]) -> str | None:
    """The figure that stands under these headings, from the outermost to the innermost.

    A share reads "stated." and the name by which the contract compares it.
    """
    key = plain(path[-1]) if path else ""
    written = ".".join(path).strip().casefold()
    if key in words.report_fields() or is_figure(written):
        return words.report_fields().get(key, written)
    text = bare(" / ".join(path))
    if not path or _NO_FIGURE.match(bare(path[-1])):
        return None
    group = group_of(text)
    if _SHARE.search(text):
        return _share(group, text)
    if group == "to_resolve":
        return group
    return None if group is None else _part(group, text, bare(path[-1]))


def bare_part(heading: str) -> str | None:
    """The part of a group that a heading names without its group, such as "Đúng hạn"."""
    told = bare(heading)
    if group_of(told) is not None or _SHARE.search(told) or _NO_FIGURE.match(told):
        return None
    return next((part for part, pattern in _BARE if re.search(pattern, told)), None)


def is_share(heading: str) -> bool:
    """Whether percentages stand under, or beside, these words."""
    return bool(_SHARE.search(bare(heading)))


def group_of(text: str) -> str | None:
    """The group of figures that a heading speaks of."""
    told = bare(text)
    return next((name for name, pattern in _GROUPS if re.search(pattern, told)), None)


def _part(group: str, text: str, innermost: str) -> str | None:
    known = _PARTS["pending" if group == "paused" else group]
    for part, pattern in known:
        if re.search(pattern, text):
            return f"{group}.{part}"
    if group == "received" and _FRESH.search(innermost):
        return FRESH
    whole = _TOTAL.search(innermost) or re.search(dict(_GROUPS)[group], innermost)
    return f"{group}.total" if whole else None


def _share(group: str | None, text: str) -> str | None:
    if group in (None, "resolved"):
        for part, pattern in _PARTS["resolved"]:
            if re.search(pattern, text):
                return f"stated.{part}"
    return {"resolved": "stated.resolved", "digitised": "stated.digitised"}.get(group or "")
