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


def test_what_the_shopping_list_calls_tried_stands_so_in_the_table() -> None:
    met = {row["key"] for row in rows() if row["met"].strip() in ("có", "một phần")}
    lines = (PAGE.parent / "shopping.md").read_text(encoding="utf-8").splitlines()
    bought = [line.split("|")[4:6] for line in lines if line.count("|") == 6]
    named = [(re.findall(r"`([^`]+)`", keys), tried.strip()) for keys, tried in bought]

    assert {key for keys, _ in named for key in keys} <= {row["key"] for row in rows()}
    assert len([keys for keys, tried in named if tried.startswith("có") and keys]) > 5
    assert not [keys for keys, tried in named if tried.startswith("có") and not {*keys} <= met]
