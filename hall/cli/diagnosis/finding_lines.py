"""Findings as a technician reads them: a table, and under it what is to be done."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from hall.cli.tables import table
from hall.doctor import findings
from hall.doctor.findings import Finding


def print_findings(found: Sequence[Finding], zone: tzinfo, head: str) -> None:
    """`head`: of the column of names."""
    heads = ("", head, "Tình trạng", "Từ lúc", "Thấy lần cuối", "")
    rows = [
        (
            "✓" if f.well else "✗",
            f.name,
            f.state,
            _at(f.since, zone),
            _at(f.last_seen, zone),
            f.text,
        )
        for f in found
    ]
    print(table(heads, rows))
    wrong = [f for f in found if not f.well]
    if wrong:
        print("\nViệc cần làm:")
    for finding in wrong:
        print(f"  • {finding.name}: {finding.text or finding.state}")
        if finding.advice:
            print(f"    → {finding.advice}")


def _at(moment: datetime | None, zone: tzinfo) -> str:
    return findings.clock(moment, zone) if moment else "–"
