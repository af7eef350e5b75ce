"""Files as people have them: each gives the value that is meant, or a refusal that names itself."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from onestop_tables import ZONE, job, taken_in

from hall.contract.onestop_messages import Figures
from hall.onestop import store
from hall.onestop.intake.importing import ImportJob, ImportOutcome

DATA = Path(__file__).parent / "data"
TABLE = tomllib.loads((DATA / "files.toml").read_text("utf-8"))["file"]


def test_every_file_stands_in_the_table_once() -> None:
    assert sorted(row["name"] for row in TABLE) == sorted(
        f.name for f in (DATA / "files").iterdir()
    )
    assert len(TABLE) >= 60


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_a_file_gives_what_is_meant_or_says_why_not(row: dict[str, Any], tmp_path: Path) -> None:
    asked = job(DATA / "files" / row["name"], tmp_path)

    assert dict(told(asked, taken_in(asked))) == row


def told(asked: ImportJob, outcome: ImportOutcome) -> Iterator[tuple[str, Any]]:
    """An outcome in the words of the table."""
    report = outcome.report
    yield from (("name", report.file), ("what", report.what), ("state", report.state))
    if report.reasons:
        yield "reasons", list(report.reasons)
    if report.refused:
        places = [(each, f" @ {each.places[0]}" if each.places else "") for each in report.refused]
        yield "refused", [f"{each.kind} ×{each.count}{place}" for each, place in places]
    if report.remarks:
        yield "remarks", list(report.remarks)
    if report.what == "dossiers":
        lines = list(dossiers(asked.staged))
        yield "count", len(lines)
        yield "dossiers", lines if len(lines) < 12 else [*lines[:2], *lines[-3:]]
    if outcome.figures is not None:
        yield "figures", list(figures(outcome.figures, counted=report.what == "dossiers"))
    if outcome.procedures:
        yield (
            "procedures",
            [
                f"{p.code} {p.name} | {p.field} | {'–' if p.fee_vnd is None else p.fee_vnd}"
                for p in outcome.procedures
            ],
        )


def dossiers(path: Path) -> Iterator[str]:
    for each in store.everything(path, ZONE):
        days = (short(day) for day in (each.received, each.due, each.done))
        yield f"{each.code} {each.status} {' '.join(days)}"


def short(moment: datetime | None) -> str:
    if moment is None:
        return "–"
    return f"{moment:%Y-%m-%d}" if moment.time() == time.min else f"{moment:%Y-%m-%dT%H:%M:%S}"


def figures(told_figures: Figures, *, counted: bool) -> Iterator[str]:
    for period in told_figures.periods[: 1 if counted else None]:
        values = period.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
        name, fields = values.pop("id"), values.pop("fields", ())
        stated = [f"{each['name']}={each['percent']}" for each in values.pop("stated", ())]
        if counted:
            values.pop("to")
        yield f"{name}: {' '.join([*flat(values), *stated])}"
        for field in () if counted else fields:
            yield f"{name} / {field.pop('field')}: {' '.join(flat(field))}"


def flat(values: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}={value}"
