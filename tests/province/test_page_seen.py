"""The province's page in a real Chromium and Firefox: signed in, filtered, followed, on a wall."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_findings import amiss
from bidi import Firefox
from chromium import Browser, wait_until
from own_postgres import OwnPostgres
from own_province_page import WORD, OwnProvincePage, make_page

from hall.contract.onestop_messages import Figures

pytestmark = [pytest.mark.page, pytest.mark.broker]
HALLS = tuple(f"xa-{n:02d}" for n in range(30))
OPENING = "Trung tâm Phục vụ hành chính công"
NAMES = {"xa-00": "Mù Cang Chải", "xa-01": "Đồng Văn", "xa-02": "Bắc Từ Liêm"}
WARDS = {f"xa-{n:02d}": f"{OPENING} phường {n}" for n in range(5, 10)}
READY = "return (window.motcuaRows ?? 0) === 30"
ROWS = "return [...document.querySelectorAll('tbody tr[data-hall]')].map((row) => row.dataset.hall)"
DRAWN = "return document.querySelector('#table tbody tr') !== null"


@pytest.fixture(scope="module")
def page(postgres: OwnPostgres) -> Iterator[OwnProvincePage]:
    with tempfile.TemporaryDirectory(prefix="motcua-page-") as folder:
        made = make_page(Path(folder) / "tinh", postgres.fresh("seen"), HALLS)
        try:
            named = {hall: f"{OPENING} xã {NAMES.get(hall, hall)}" for hall in HALLS}
            made.open(named | {**WARDS})
            made.account("van-hanh", "operator")
            made.account("lanh-dao")
            fill(made)
            made.keep_halls_alive()
            yield made
        finally:
            made.close()


def fill(page: OwnProvincePage) -> None:
    for number, hall in enumerate(HALLS):
        if number < 6:
            page.hall(hall).say_all(waiting=number, served=10 + number)
    page.hall("xa-01").say_alert("paper_out")
    page.hall("xa-02").say_uplink("lost")
    page.happen("xa-03", minutes_ago=42)
    told = {
        "as_of": datetime.now(UTC),
        "periods": [
            {"id": "2026-11", "kind": "month", "resolved": {"early": 9, "on_time": 1, "overdue": 2}}
        ],
    }
    page.hall("xa-00").say_figures(Figures.model_validate(told))


def enter(browser: Browser, page: OwnProvincePage, account: str) -> None:
    """As somebody who signs in now, whoever was before."""
    browser.devtools("Network.clearBrowserCookies")
    browser.go(f"{page.url}dang-nhap")
    sign_in(browser.run, account, WORD)
    answered = (
        "return location.pathname !== '/dang-nhap' || !document.querySelector('#wrong').hidden"
    )
    browser.wait_for(answered)
    assert browser.run("return location.pathname") != "/dang-nhap", browser.text("#wrong")
    browser.wait_for(READY)


def sign_in(run: Callable[..., Any], account: str, word: str) -> None:
    run(
        f"document.getElementById('account').value = '{account}',"
        f"document.getElementById('password').value = '{word}',"
        "document.querySelector('form').requestSubmit()"
    )


def type_words(browser: Browser, words: str) -> None:
    browser.run(
        "const field = document.getElementById('q'); field.value = arguments[0];"
        "field.dispatchEvent(new Event('input', {bubbles: true}))",
        words,
    )


def test_a_wrong_password_is_told_and_the_right_one_leads_to_what_was_asked(
    page: OwnProvincePage, browser: Browser
) -> None:
    browser.devtools("Network.clearBrowserCookies")
    browser.go(f"{page.url}hoi-truong/xa-01")
    browser.wait_for("return document.getElementById('account') !== null")
    sign_in(browser.run, "lanh-dao", "sai")
    browser.wait_text("#wrong", "không đúng")
    browser.complaints()
    sign_in(browser.run, "lanh-dao", WORD)

    browser.wait_text("#name", "Đồng Văn")
    browser.wait_text("#alerts", "Hết giấy")
    assert "Vận hành" not in browser.text("#tabs")
    assert browser.complaints() == []


def test_the_table_is_filtered_by_words_without_marks_and_by_faults(
    page: OwnProvincePage, browser: Browser
) -> None:
    enter(browser, page, "lanh-dao")
    browser.wait_for("return document.querySelector(\"[data-hall='xa-03'] td[data-tone]\")")

    # Who waits longest stands first; the shared beginning of the names is left out.
    browser.wait_for(
        "return document.querySelector('tbody tr[data-hall]').dataset.hall === 'xa-03'"
    )
    assert browser.text("[data-hall='xa-01'] th") == "Xã Đồng Văn"
    type_words(browser, "dong van")
    assert browser.run(ROWS) == ["xa-01"]
    assert browser.text("#found") == "1 / 30 hội trường"
    type_words(browser, "khong co dau")
    assert "Không có hội trường nào" in browser.text("#empty")
    type_words(browser, "")
    browser.click("#faults")
    assert browser.run(ROWS) == ["xa-01"]
    browser.click("#faults")
    browser.click("#silent")
    silent = browser.run(ROWS)
    assert "xa-02" in silent
    assert "xa-01" not in silent
    assert browser.complaints() == []


def test_a_page_whose_first_question_is_not_answered_asks_again(
    page: OwnProvincePage, browser: Browser
) -> None:
    enter(browser, page, "lanh-dao")
    undo = browser.without(
        "const real = fetch; let asked = 0;"
        "fetch = (...what) => { asked += 1;"
        " if (asked === 1) return Promise.reject(new TypeError('net'));"
        " if (asked === 2) return Promise.resolve(new Response("
        '\'{"error": {"text": "chưa trả lời"}}\', {status: 503}));'
        " return real(...what); };"
        "const slow = setTimeout; setTimeout = (f, ms) => slow(f, ms / 30);"
    )
    try:
        browser.go(page.url)
        browser.wait_for(READY)
    finally:
        undo()
    assert browser.text("#who") != ""
    assert browser.text("#trouble") == ""


def test_nobody_signs_in_before_the_page_can(page: OwnProvincePage, browser: Browser) -> None:
    browser.devtools("Network.clearBrowserCookies")
    browser.devtools("Network.enable")
    browser.devtools("Network.setBlockedURLs", urls=["*sign-in.js"])
    try:
        browser.go(f"{page.url}dang-nhap")
        assert browser.run("return document.getElementById('enter').disabled")
    finally:
        browser.devtools("Network.setBlockedURLs", urls=[])
        browser.complaints()
    browser.go(f"{page.url}dang-nhap")
    browser.wait_for("return !document.getElementById('enter').disabled")


def test_what_a_hall_says_is_seen_without_a_touch(page: OwnProvincePage, browser: Browser) -> None:
    enter(browser, page, "lanh-dao")
    type_words(browser, "xa-04")

    page.hall("xa-04").say_hall(waiting=77, served=14)

    browser.wait_text("[data-hall='xa-04']", "77")


def test_a_column_is_sorted_by_a_press_and_told_to_readers(
    page: OwnProvincePage, browser: Browser
) -> None:
    enter(browser, page, "lanh-dao")
    browser.click("#by-served button")
    assert browser.run("return document.getElementById('by-served').ariaSort") == "descending"
    falling = [each for each in browser.run(ROWS) if each in HALLS[:6]]
    browser.click("#by-served button")

    rising = [each for each in browser.run(ROWS) if each in HALLS[:6]]

    assert falling == ["xa-05", "xa-04", "xa-03", "xa-02", "xa-01", "xa-00"]
    assert rising == falling[::-1]


def test_a_hall_is_reached_from_its_row_and_a_file_holds_what_is_shown(
    page: OwnProvincePage, browser: Browser
) -> None:
    enter(browser, page, "lanh-dao")
    type_words(browser, "dong van")
    path = browser.run("return new URL(document.getElementById('csv').href).search")
    cookie = page.sign_in("lanh-dao")
    lines = page.get(f"/tai/halls.csv{path}", **cookie).body.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ",xa-01," in lines[1]

    browser.click("[data-hall='xa-01'] a")

    browser.wait_text("#name", "Đồng Văn")
    browser.wait_text("#counters", "Quầy 1")
    browser.wait_text("#days", "Tất cả")


def test_a_wall_has_no_controls_and_turns_its_pages_by_itself(
    page: OwnProvincePage, browser: Browser
) -> None:
    browser.devtools("Network.clearBrowserCookies")
    browser.size(1920, 1080)
    # A minute of the wall's time passes in a second.
    undo = browser.without("const slow = setInterval; setInterval = (f, ms) => slow(f, ms / 60);")
    try:
        browser.go(f"{page.url}tuong?ma={page.wall('hanh-lang')}")
        browser.wait_for(READY)

        assert "ma=" not in browser.run("return location.href")
        controls = "return document.querySelectorAll('button, input, select, a').length"
        assert browser.run(controls) == 0
        for title in ("Chờ lâu nhất", "Hội trường im lặng", "Có lỗi thiết bị"):
            browser.wait_text("#title", title)
        assert amiss(browser, "wall") == []
        assert browser.complaints() == []
    finally:
        undo()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desk", "phone"])
def test_nothing_is_amiss_on_any_page(
    page: OwnProvincePage, browser: Browser, size: tuple[int, int]
) -> None:
    browser.size(*size)
    enter(browser, page, "van-hanh")
    pages = {
        "": READY,
        "so-lieu": DRAWN,
        "cac-tuan": "return document.querySelector('#table tfoot') !== null",
        "van-hanh": DRAWN,
        "hoi-truong/xa-01": "return document.querySelector('#days tfoot') !== null",
        "mat-khau": "return document.getElementById('old') !== null",
        "dang-nhap": "return document.getElementById('account') !== null",
    }
    found = []
    for path, ready in pages.items():
        browser.go(f"{page.url}{path}")
        browser.wait_for(ready)
        found += amiss(browser, path or "/")
        if not browser.run("return document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"{path}: wider than its window")

    assert found == [], "\n".join(found)
    assert browser.complaints() == []


def test_it_is_read_in_firefox_too(
    page: OwnProvincePage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    program = shutil.which("firefox-esr")
    if program is None:
        pytest.skip("needs Debian's firefox-esr")
    firefox = Firefox(program, tmp_path_factory.mktemp("profile"))
    try:
        firefox.size(1366, 768)
        firefox.go(f"{page.url}dang-nhap")
        sign_in(firefox.run, "lanh-dao", WORD)
        wait_until(lambda: firefox.run("window.motcuaRows") == 30, "rows in Firefox")
        assert "Xã Đồng Văn" in firefox.text("#table")
        assert firefox.complaints() == []
    finally:
        firefox.close()
