"""Figures of days out of the journal's rows. Pure."""

from collections.abc import Iterable
from datetime import tzinfo

from hall.controller.ports import JournalRow
from hall.figures import days as figures
from hall.figures.days import Line, RatedAct, standing
from hall.figures.people import Act


def report(days: Iterable[tuple[str, Iterable[JournalRow]]], zone: tzinfo) -> list[Line]:
    """All lines of these days (date, rows)."""
    return figures.report_lines((date, _day(rows, zone)) for date, rows in days)


def _day(rows: Iterable[JournalRow], zone: tzinfo) -> figures.DayFigures:
    acts: list[Act] = []
    ratings: list[RatedAct] = []
    taken_back: set[int] = set()
    for row in rows:
        if row.kind == "rated":
            ratings.append(_rating(row))
        elif row.kind == "unrated":
            taken_back.add(int(row.body["of"]))
        elif "ticket" in row.body:
            acts.append(_act(row))
    return figures.day_figures(acts, standing(ratings, taken_back), zone)


def _rating(row: JournalRow) -> RatedAct:
    """A rating need not be about anybody's ticket."""
    body = {"ticket": "", "service": ""} | dict(row.body)
    return RatedAct(
        about=str(row.body.get("ticket", row.seq)),
        score=int(body["score"]),
        act=_act(JournalRow(row.seq, row.epoch, row.day, row.kind, body)),
        question=str(body.get("question", "")),
        reason=str(body.get("reason", "")),
    )


def _act(row: JournalRow) -> Act:
    body = row.body
    return Act(
        seq=row.seq,
        type=row.kind,
        ticket=str(body["ticket"]),
        at=int(body["wall"]),
        service=str(body["service"]),
        counter=str(body.get("counter", "")),
        wait_s=_whole(body.get("wait_s")),
        serve_s=_whole(body.get("serve_s")),
        how=_text(body.get("how")),
        cause=_text(body.get("cause")),
        of=_whole(body.get("of")),
        staff=str(body.get("staff", "")),
    )


def _whole(value: str | int | None) -> int | None:
    return None if value is None else int(value)


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)
