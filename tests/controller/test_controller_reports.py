"""Figures of days as a technician prints them; a month's are those of an independent count."""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from lived_month import Month

from hall.cli.__main__ import main
from hall.controller import reports
from hall.controller.ports import JournalRow
from hall.figures import days

World = Any
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ENDS = ("served", "absent", "unclear", "expired", "cancelled", "voided", "here")


@pytest.fixture
def morning(hall: World) -> World:
    """Four people, two services: one served and content, one absent, one passed over, one waits."""
    hall.issue("a"), hall.issue("a"), hall.issue("a"), hall.issue("b")
    hall.wait(60)
    hall.call("1")
    hall.wait(300)
    hall.ask("finish", counter="1")
    hall.ask("rate", counter="1", score=4)
    hall.call("1")
    hall.ask("no-show", counter="1")
    hall.call("1"), hall.call("1")
    return hall


@pytest.fixture
def asked(world: World) -> World:
    """A hall that asks two things, and somebody who has been served at counter 1."""
    world.text += """
ratings:
  questions: [{id: thai-do, name: Thái độ}, {id: thoi-gian, name: Thời gian}]
  reasons: [{id: cho-lau, name: Chờ lâu}]
"""
    world.start()
    world.issue("a")
    world.call("1")
    world.ask("start", counter="1")
    world.ask("finish", counter="1")
    return world


def run(hall: World, *more: str) -> int:
    return main(["report", "--state", str(hall.folder), *more])


def test_a_ticket_that_is_rated_twice_counts_once(asked: World, capsys: Any) -> None:
    for score in (2, 3, 5):
        asked.ask("rate", counter="1", score=score, question="thai-do", reason="cho-lau")
    asked.ask("rate", counter="1", score=1, question="thoi-gian")

    assert run(asked, "--json", "-c", str(asked.home / "hall.yaml")) == 0
    lines = json.loads(capsys.readouterr().out)["lines"]
    found = {
        (line["part"], line["title"]): (line["ratings"], line["rating_mean_100"])
        for line in lines
        if line["part"] in ("total", "service", "question", "reason")
    }
    assert found == {
        ("total", "Tất cả"): (2, 300),
        ("service", "Hộ tịch"): (2, 300),
        ("question", "Thái độ"): (1, 500),
        ("question", "Thời gian"): (1, 100),
        ("reason", "Chờ lâu"): (1, 500),
    }


def test_events_say_which_rating_a_later_one_replaces(asked: World) -> None:
    for score, question in ((2, "thai-do"), (1, "thoi-gian"), (5, "thai-do")):
        asked.ask("rate", counter="1", score=score, question=question, reason="cho-lau")

    first, other, last = asked.said("evt/ticket")[-3:]
    assert (first["of"], other["of"], last["of"]) == (None, None, first["seq"])
    assert [(e["score"], e["cause"], e["question"], e["reason"]) for e in (first, last)] == [
        (2, "2", "thai-do", "cho-lau"),
        (5, "5", "thai-do", "cho-lau"),
    ]
    assert "score" not in asked.said("evt/ticket")[0]
    told = asked.ask("replay", from_seq=last["seq"], epoch=1, limit=1).data["events"]
    assert told[0]["of"] == first["seq"]


def test_a_rating_stays_when_the_finish_before_it_is_taken_back(asked: World, capsys: Any) -> None:
    asked.ask("rate", counter="1", score=2)
    assert asked.ask("undo", counter="1").status == "ok"
    asked.ask("finish", counter="1")
    asked.ask("rate", counter="1", score=4)

    assert run(asked, "--json") == 0
    total = json.loads(capsys.readouterr().out)["lines"][0]
    assert (total["ratings"], total["rating_mean_100"], total["served"]) == (1, 400, 1)


def test_a_rating_taken_back_counts_no_more_and_the_earlier_one_does(
    asked: World, capsys: Any
) -> None:
    asked.ask("rate", counter="1", score=5, question="thai-do")
    asked.ask("rate", counter="1", score=1, question="thai-do")
    assert asked.ask("unrate", counter="1", question="thai-do").status == "ok"
    asked.ask("rate", counter="1", score=3)
    assert asked.ask("unrate", counter="1").status == "ok"

    assert run(asked, "--json") == 0
    total = json.loads(capsys.readouterr().out)["lines"][0]
    assert [total[score] for score in days.SCORES] == [0, 0, 0, 0, 1]
    rated, unrated = asked.said("evt/ticket")[-4], asked.said("evt/ticket")[-3]
    assert (unrated["type"], unrated["of"], unrated["question"]) == (
        "unrated",
        rated["seq"],
        "thai-do",
    )


def test_only_what_the_hall_asks_is_rated(asked: World) -> None:
    for unknown in ({"question": "x"}, {"reason": "x"}):
        reply = asked.ask("rate", counter="1", score=5, **unknown)
        assert reply.error.code == "unknown"


def test_a_counter_that_has_served_nobody_cannot_be_rated(asked: World) -> None:
    assert asked.ask("rate", counter="3", score=5).error.code == "not_now"


def test_a_report_is_read_while_the_hall_is_at_work(morning: World, capsys: Any) -> None:
    assert run(morning) == 0
    text = capsys.readouterr().out

    assert "Ngày 23/11/2026" in text
    for title in ("Tất cả", "Dịch vụ", "Quầy", "Giờ"):
        assert f"\n{title}\n" in text
    assert "4,00 · hài lòng 1/1\n" in text.replace(" \n", "\n")
    assert "Chưa rõ: đã gọi, rồi gọi người khác" in text
    assert morning.issue() == "A004"


def test_a_report_names_services_and_counters_as_the_hall_does(morning: World, capsys: Any) -> None:
    assert run(morning, "-c", str(morning.home / "hall.yaml")) == 0
    text = capsys.readouterr().out

    assert "\nHộ tịch " in text
    assert "\nQuầy 1 " in text


def test_a_report_for_a_spreadsheet_has_vietnamese_headings(morning: World, capsys: Any) -> None:
    assert run(morning, "--csv", "-c", str(morning.home / "hall.yaml")) == 0
    text = capsys.readouterr().out
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    total = lines[0]

    assert text.startswith("\ufeff")
    assert (total["Từ ngày"], total["Đến ngày"], total["Mục"]) == (*["2026-11-23"] * 2, "Tất cả")
    assert [total[column] for column in ("Lấy số", "Được gọi", "Đến quầy", "Được phục vụ")] == [
        "4",
        "3",
        "1",
        "1",
    ]
    assert [total[column] for column in ("Vắng mặt", "Chưa rõ", "Đang ở hội trường")] == ["1"] * 3
    assert (total["Chờ, giữa (giây)"], total["Phục vụ, giữa (giây)"]) == ("360", "300")
    assert [line["Tên"] for line in lines if line["Mục"] == "Dịch vụ"] == ["Hộ tịch", "Đất đai"]


@pytest.mark.parametrize("name", ["=1+1", "+84 24", "-5 độ", "@SUM(A1)"])
def test_a_name_that_looks_like_a_formula_is_text_in_a_spreadsheet(
    world: World, capsys: Any, name: str
) -> None:
    world.text = world.text.replace("name: Hộ tịch", f'name: "{name}"')
    world.start().issue("a")
    out = world.home / "so lieu.xlsx"
    given = ("-c", str(world.home / "hall.yaml"))
    assert run(world, "--csv", *given) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert run(world, "--xlsx", str(out), *given) == 0

    assert f"'{name}" in {row[4] for row in rows}
    sheets, texts = workbook(out)
    assert name in texts
    assert not any("<f>" in sheet for sheet in sheets)


def workbook(path: Path) -> tuple[list[str], list[str]]:
    """The sheets of a workbook as XML, and every text in it."""
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(n).decode() for n in archive.namelist() if "/worksheets/" in n]
        strings = ET.fromstring(archive.read("xl/sharedStrings.xml"))
    return sheets, [text.text or "" for text in strings.iter() if text.tag.endswith("}t")]


def test_a_workbook_has_a_sheet_a_part_and_says_what_its_columns_mean(
    morning: World, capsys: Any
) -> None:
    out = morning.home / "thang11.xlsx"
    assert run(morning, "--xlsx", str(out), "-c", str(morning.home / "hall.yaml")) == 0
    told = capsys.readouterr().out
    sheets, texts = workbook(out)

    assert told == f"Đã ghi {out}: Ngày 23/11/2026.\n"
    assert len(sheets) == len(days.PARTS) - len(("question", "reason")) + 1
    assert {"Được phục vụ", "Chưa rõ", "Hộ tịch", "Quầy 1"} <= set(texts)
    assert any(text.startswith("Lấy số = được phục vụ") for text in texts)


def test_a_report_that_fails_leaves_an_older_file_as_it_was(hall: World, capsys: Any) -> None:
    out = hall.home / "cu.xlsx"
    out.write_bytes(b"old")
    assert run(hall, "--xlsx", str(out), "--day", "2020-01-01") == 1

    assert out.read_bytes() == b"old"
    assert "2020-01-01" in capsys.readouterr().err
    hall.issue()
    assert run(hall, "--xlsx", str(out)) == 0
    assert zipfile.is_zipfile(out)


def test_a_report_of_nothing_leaves_no_file(hall: World) -> None:
    before = {*hall.home.iterdir()}

    assert run(hall, "--xlsx", str(hall.home / "so.xlsx"), "--day", "2020-01-01") == 1
    assert {*hall.home.iterdir()} == before


def test_a_report_for_a_program(morning: World, capsys: Any) -> None:
    assert run(morning, "--json", "--day", "2026-11-23") == 0
    found = json.loads(capsys.readouterr().out)

    assert (found["from"], found["to"]) == ("2026-11-23", "2026-11-23")
    assert found["lines"][0]["rating_mean_100"] == 400
    assert found["lines"][0]["unclear"] == 1


def test_any_range_of_days_is_one_report(hall: World, capsys: Any) -> None:
    for _ in range(3):
        hall.issue()
        hall.wait(24 * 3600)
    assert run(hall, "--json", "--from", "2026-11-24", "--to", "2026-12-31") == 0
    found = json.loads(capsys.readouterr().out)

    assert (found["from"], found["to"]) == ("2026-11-24", "2026-11-25")
    assert found["lines"][0]["issued"] == 2
    days = [(line["name"], line["issued"]) for line in found["lines"] if line["part"] == "day"]
    assert days == [("2026-11-24", 1), ("2026-11-25", 1)]
    assert run(hall, "--to", "2026-11-23") == 0
    assert "Ngày 23/11/2026" in capsys.readouterr().out
    assert run(hall, "--from", "2027-01-01") == 1
    assert capsys.readouterr().err.startswith("Trong nhật ký không có ngày nào")


def test_a_range_that_ends_before_it_begins_is_told_as_that(hall: World, capsys: Any) -> None:
    assert run(hall, "--from", "2026-11-25", "--to", "2026-11-23") == 2
    assert "ngày đầu (2026-11-25) sau ngày cuối (2026-11-23)" in capsys.readouterr().err


def test_the_journal_is_found_where_roles_have_folders_of_their_own(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    world.folder = tmp_path / "state" / "controller"
    world.folder.mkdir(parents=True)
    world.start().issue()
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))

    assert main(["report", "--state", str(tmp_path / "state")]) == 0
    assert main(["report", "-c", str(world.home / "hall.yaml")]) == 0
    assert capsys.readouterr().out.count("Ngày 23/11/2026") == 2


@pytest.mark.parametrize(
    ("percent", "expected"), [(50, 3), (90, 5), (100, 5), (1, 1), (20, 1), (21, 2)]
)
def test_a_percentile_is_a_value_that_was_measured(percent: int, expected: int) -> None:
    assert days.rank([5, 1, 4, 2, 3], percent) == expected
    assert days.rank([], percent) is None


# --- a month ------------------------------------------------------------------------------------


def counted_apart(rows: Sequence[JournalRow]) -> Counter[str]:
    """Another way to the same: sets of people by what was ever, and what was last, told of them.

    It knows no order but "last", and nothing of the code that it judges.
    """
    told: dict[object, list[JournalRow]] = {}
    for row in rows:
        if "ticket" in row.body:
            told.setdefault(row.body["ticket"], []).append(row)
    silent = {"printed", "print_unknown", "recalled", "started", "rated", "unrated"}
    found: Counter[str] = Counter()
    for lines in told.values():
        kinds = [row.kind for row in lines]
        moves = [row for row in lines if row.kind not in silent]
        if moves[-1].kind == "expired" and moves[-2].kind == "no_show":
            moves.pop()
        last = moves[-1]
        how = str(last.body.get("how", ""))
        end = {
            "finished": "unclear" if how == "unclear" else "served",
            "no_show": "absent",
            "expired": "expired",
            "cancelled": "cancelled",
            "voided": "voided",
        }.get(last.kind, "here")
        found["issued"] += kinds.count("issued")
        found[end] += 1
        found["left_open"] += how == "left_open"
        if end != "voided":
            found["called"] += "called" in kinds
    return found


def rated_apart(rows: Sequence[JournalRow]) -> Counter[str]:
    """Ratings by what they are about, whoever says what replaces what; the newest stands last."""
    found = {(row.body["ticket"], row.body.get("question")): row for row in rows if _is_rated(row)}
    mean = 100 * sum(int(row.body["score"]) for row in found.values()) / len(found)
    return Counter({"ratings": len(found), "rating_mean_100": round(mean)})


def _is_rated(row: JournalRow) -> bool:
    return row.kind == "rated"


@pytest.fixture(scope="module")
def month() -> Month:
    return Month(seed=13)


def test_a_months_figures_are_those_of_an_independent_count(month: Month) -> None:
    [total] = [line for line in reports.report(month.days(), ZONE) if line["part"] == "total"]
    apart = counted_apart(month.rows)

    apart |= rated_apart(month.rows)

    assert {column: total[column] for column in apart} == dict(apart)
    assert any("of" in row.body for row in month.rows if _is_rated(row))
    assert all(total[column] for column in days.COUNTS), total


def test_a_months_people_add_up_whichever_way_they_are_divided(month: Month) -> None:
    lines = reports.report(month.days(), ZONE)
    [total] = [line for line in lines if line["part"] == "total"]

    assert sum(int(total[end] or 0) for end in ENDS) == total["issued"]
    for part in ("day", "service", "hour"):
        for column in (*days.COUNTS, "ratings"):
            if part == "service" and column == "ratings":
                continue
            parts = [int(line[column] or 0) for line in lines if line["part"] == part]
            assert sum(parts) == total[column], (part, column)
    for column in ("called", "came", "served", "absent", "unclear", "left_open"):
        at_counters = [int(line[column] or 0) for line in lines if line["part"] == "counter"]
        assert sum(at_counters) == total[column], column


def test_a_months_days_are_each_as_if_reported_alone(month: Month) -> None:
    together = reports.report(month.days(), ZONE)
    for day, rows in month.days():
        [total] = [x for x in reports.report([(day, rows)], ZONE) if x["part"] == "total"]
        [same] = [x for x in together if (x["part"], x["name"]) == ("day", day)]
        assert {**same, "part": "total", "name": ""} == total


def test_hours_are_those_of_the_hall(month: Month) -> None:
    issued = next(row for row in month.rows if row.kind == "issued")
    row = JournalRow(1, 1, 1, "issued", {**issued.body, "wall": 1_790_000_000_000})
    lines = reports.report([("2026-09-21", [row])], ZONE)

    assert [line["name"] for line in lines if line["part"] == "hour"] == ["21"]


def test_report_and_replay_say_who_of_the_staff_did_what(hall: World, capsys: Any) -> None:
    hall.issue("a"), hall.issue("a")
    hall.ask("call-next", counter="1", staff="nv.07")
    hall.ask("finish", counter="1", staff="nv.12")
    hall.call("1")
    hall.ask("service-close", "counters", service="b", staff="nv.01")

    run(hall, "--json")
    lines = {each["name"]: each for each in json.loads(capsys.readouterr().out)["lines"]}
    assert (lines["nv.07"]["called"], lines["nv.07"]["served"]) == (1, 0)
    assert (lines["nv.12"]["called"], lines["nv.12"]["served"]) == (0, 1)
    run(hall)
    assert "\nCán bộ\n" in capsys.readouterr().out
    main(["replay", "--state", str(hall.folder)])
    assert "counters nv.01\n" in capsys.readouterr().out


def test_the_pages_are_told_who_of_the_staff_did_what_beside_the_events(hall: World) -> None:
    hall.issue("a")
    hall.ask("call-next", counter="1", staff="nv.07")
    events = hall.ask("replay", "counters", from_seq=1, epoch=1).data["events"]
    [call] = [each["seq"] for each in events if each["type"] == "called"]

    told = hall.ask("replay-staff", "counters", from_seq=1, epoch=1).data

    assert {"seq": call, "staff": "nv.07"} in told["marks"]
    assert told["last_seq"] == told["end_seq"] == events[-1]["seq"]
    assert "staff" not in json.dumps(events)
    assert hall.ask("replay-staff", "onestop", from_seq=1, epoch=1).error.code == "unauthorized"
    assert hall.ask("replay-staff", "counters", from_seq=1, epoch=9).error.code == "conflict"


def test_the_event_of_a_new_day_names_its_date(hall: World) -> None:
    hall.issue("a")

    opened = hall.said("evt/ticket")[0]
    assert (opened["type"], opened["cause"]) == ("day_opened", "2026-11-23")
