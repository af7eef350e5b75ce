"""docs/devices.md tells of every driver that the YAML allows whether it has met a real kernel."""

import re
from pathlib import Path

from reach_table import table

PAGE = Path(__file__).parents[2] / "docs" / "devices.md"
ROW = re.compile(r"^\| `(?P<key>[^`]+)` \| (?:`(?P<value>[^`]+)`)? *\|(?P<met>.*)\|(?P<how>.*)\|$")
MET = {"có", "một phần", "chưa", "không"}


def rows() -> list[dict[str, str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [found.groupdict() for line in lines if (found := ROW.match(line))]


def test_every_driver_that_the_yaml_allows_has_one_row_and_no_other_has() -> None:
    """systemd/reach.toml has all of them, which its own test holds against the schema."""
    told = [(row["key"], row["value"]) for row in rows()]

    assert sorted(told, key=str) == sorted({row.driver for row in table().rows}, key=str)


def test_a_row_says_whether_and_how_or_why_not() -> None:
    for row in rows():
        assert row["met"].strip() in MET, row
        assert row["how"].strip(), row
