"""The head of the hall at her pages: weeks of a journal come over the bus, today is live."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hall.controller import reports
from hall.controller.reading_sqlite import ledger

Hall = Any
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PAGES = ("luc-nay", "hom-nay", "cac-tuan", "ai-lam-gi", "viec")


def told(hall: Hall, path: str) -> Any:
    answer = hall.get(path)
    assert answer.status == 200, answer.body
    return answer.json


def reported(hall: Hall, days: int) -> list[Any]:
    """What `motcua report` counts in the journal itself."""
    with ledger(hall.state / "journal.db") as book:
        known = [day for day in book.days() if day.date >= since(hall, days).isoformat()]
        rows = [(day.date, list(book.of_day(day))) for day in known]
    return [dict(line) for line in reports.report(rows, ZONE)]


def since(hall: Hall, days: int) -> date:
    return date.fromisoformat(hall.day) - timedelta(days=days)


def range_of(hall: Hall, days: int) -> str:
    return f"from={since(hall, days)}&to={hall.day}"


@pytest.mark.parametrize("days", [0, 9, 60])
def test_the_pages_figures_are_those_of_the_report(
    lived_hall: Hall, days: int, until: Callable[..., None]
) -> None:
    def ours() -> list[Any]:
        lines = told(lived_hall, f"/api/head/figures?{range_of(lived_hall, days)}")["lines"]
        return [{name: line[name] for name in line if name != "title"} for line in lines]

    until(lambda: ours() == reported(lived_hall, days))
    assert ours()[0]["served"] >= 1


def test_a_week_lays_everybody_out_by_weekday_and_hour(lived_hall: Hall) -> None:
    answer = told(lived_hall, f"/api/head/figures?{range_of(lived_hall, 60)}")

    assert sum(cell["issued"] for cell in answer["cells"]) == answer["lines"][0]["issued"]


def test_four_mondays_are_enough_to_say_how_many_counters_a_monday_needs(lived_hall: Hall) -> None:
    answer = told(lived_hall, "/api/head/staffing?weekday=0")

    assert answer["days"] >= answer["least"]
    assert {hour["hour"] for hour in answer["hours"]} >= {"08", "09", "14"}
    assert all(hour["usual"] <= hour["busy"] for hour in answer["hours"])
    sunday = told(lived_hall, "/api/head/staffing?weekday=6")
    assert (sunday["hours"], sunday["days"]) == (None, 0)


def test_who_did_what_is_told_with_the_mark_of_the_clerk(lived_hall: Hall) -> None:
    answer = told(lived_hall, f"/api/head/acts?day={lived_hall.day}&staff=nv.07")

    acts = [act["type"] for act in answer["acts"]]
    assert acts == ["finished", "started", "called", "counter_opened"]
    assert {act["client"] for act in answer["acts"]} == {"counters"}
    assert told(lived_hall, f"/api/head/acts?day={lived_hall.day}&staff=nv.99")["acts"] == []


def test_the_files_hold_the_same_figures(lived_hall: Hall, until: Callable[..., None]) -> None:
    path = f"/api/head/report.csv?{range_of(lived_hall, 60)}"

    def issued() -> int:
        text = lived_hall.get(path).body.decode("utf-8-sig")
        return int(next(csv.DictReader(io.StringIO(text)))["Lấy số"])

    until(lambda: issued() == reported(lived_hall, 60)[0]["issued"])
    book = lived_hall.get(path.replace(".csv", ".xlsx"))
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(book.body)).namelist()
    assert "attachment" in book.headers["content-disposition"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/head/figures?from=2026-11-30&to=2026-11-01",
        "/api/head/figures?from=x&to=y",
        "/api/head/figures?from=2020-01-01&to=2026-11-01",
        "/api/head/figures",
        "/api/head/staffing?weekday=7",
        "/api/head/acts?staff=%27%3B--",
        "/api/head/report.csv?from=&to=",
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_in_words(
    lived_hall: Hall, path: str
) -> None:
    answer = lived_hall.get(path)
    assert (answer.status, answer.json["error"]["code"]) == (400, "bad_request")


def test_an_act_at_a_device_is_signed_and_told(lived_hall: Hall) -> None:
    unsigned = lived_hall.press("/api/head/device/printer-1/test-print", {"id": "d1"})
    strange = lived_hall.press("/api/head/device/printer-1/simulate", {"id": "d2", "staff": "tp"})
    asked = lived_hall.press("/api/head/device/printer-1/test-print", {"id": "d3", "staff": "tp"})

    assert (unsigned.status, strange.status) == (400, 404)
    assert asked.json["error"]["code"] == "unavailable", "no printer runs in this hall"
    [deed] = told(lived_hall, f"/api/head/acts?day={lived_hall.day}")["deeds"]
    assert (deed["staff"], deed["type"], deed["client"]) == ("tp", "test-print", "printer-1")
    assert deed["cause"] == "unavailable"


def test_clerks_are_shown_nothing_of_the_head(paired_hall: Hall) -> None:
    cookie = paired_hall.cookie("1")

    for path in ("figures", "staffing", "acts", "report.csv"):
        assert paired_hall.get(f"/api/head/{path}", **cookie).status == 403
    assert paired_hall.get("/dieu-hanh", **cookie).status == 303
    pressed = paired_hall.press(
        "/api/head/device/printer-1/identify", {"id": "x", "staff": "nv"}, cookie
    )
    assert pressed.status == 403


# --- in a browser ---------------------------------------------------------------------------------


@pytest.mark.page
def test_a_head_walks_through_her_pages(lived_hall: Hall, browser: Any) -> None:
    browser.size(1366, 768)
    browser.go(f"{lived_hall.url}dieu-hanh")
    browser.wait_text(".totals", "đang chờ")
    browser.wait_text(".desk-list", "Quầy 1")
    browser.wait_text(".now", "Chưa nối với phần mềm một cửa")

    browser.click('a[href$="#hom-nay"]')
    browser.wait_text("#app", "được phục vụ")
    browser.wait_text("table.figures", "Hộ tịch")
    browser.click('a[href$="#cac-tuan"]')
    browser.wait_text(".heat", "Thứ Hai")
    browser.wait_text(".needs", "quầy")
    browser.run(
        "const s=document.querySelector('h2 select'); s.value='6'; "
        "s.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    browser.wait_text("#app", "Chưa đủ số liệu")
    browser.click('a[href$="#ai-lam-gi"]')
    browser.wait_text(".acts", "nv.07")

    assert browser.complaints() == []


@pytest.mark.page
def test_a_head_cancels_a_ticket_and_the_journal_says_who(lived_hall: Hall, browser: Any) -> None:
    number = lived_hall.issue(request_id="to-cancel")
    browser.go("about:blank")
    browser.go(f"{lived_hall.url}dieu-hanh#viec")
    browser.run("localStorage.removeItem('motcua-staff')")
    browser.wait_text(".tickets", number)
    cancel = ".tickets li:last-child button.bad"
    browser.click(cancel)
    browser.wait_text("#toast", "Ghi ký hiệu cán bộ")
    browser.run(
        "const s=document.querySelector('#staff'); s.value='tp.01'; "
        "s.dispatchEvent(new Event('change'))"
    )
    browser.click(cancel)
    browser.wait_text("#sure", f"Huỷ số {number}")
    browser.key("\ue007")
    browser.wait_text("#toast", "Đã thực hiện")
    browser.wait_for(f"return !document.querySelector('.tickets').innerText.includes('{number}')")

    [asked] = lived_hall.requests("cancel")
    assert asked["staff"] == "tp.01"
    assert browser.complaints() == []


@pytest.mark.page
def test_a_head_stops_and_starts_a_service(lived_hall: Hall, browser: Any) -> None:
    browser.go(f"{lived_hall.url}dieu-hanh#viec")
    for stops, told_of in (("true", "không cấp số"), ("false", "đang cấp số")):
        browser.run("localStorage.setItem('motcua-staff', 'tp.01')")
        browser.click(f'button[data-service="dat-dai"][data-stops="{stops}"]')
        browser.wait_text("#sure", "Đất đai")
        browser.click("#sure-yes")
        browser.wait_text(".services", f"{told_of} · 0")


@pytest.mark.page
@pytest.mark.parametrize("width", [1366, 820, 390])
def test_no_page_is_wider_than_its_window(lived_hall: Hall, browser: Any, width: int) -> None:
    browser.size(width, 800)
    for page in PAGES:
        browser.go("about:blank")
        browser.go(f"{lived_hall.url}dieu-hanh#{page}")
        browser.wait_for("return document.querySelector('#app .card') !== null")
        assert browser.run("return document.documentElement.scrollWidth <= innerWidth"), page


@pytest.mark.page
@pytest.mark.parametrize("path", ["dieu-hanh#viec", "can-bo"])
def test_a_phone_has_the_tab_of_its_page_in_sight(
    lived_hall: Hall, browser: Any, path: str
) -> None:
    browser.size(390, 800)
    browser.go("about:blank")
    browser.go(f"{lived_hall.url}{path}")

    browser.wait_for(
        "const tab = document.querySelector('#tabs [aria-current]')?.getBoundingClientRect();"
        "return tab && tab.left >= 0 && tab.right <= innerWidth"
    )
