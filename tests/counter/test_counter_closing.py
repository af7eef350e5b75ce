"""The head of the hall stops new tickets: who may, what the question says, who is journalled."""

from typing import Any

import pytest

PAGE_VERBS = ("service-close", "service-open", "hall-close")
BODY = {"id": "c1", "service": "ho-tich", "at": "2026-11-23T10:00:00+07:00", "staff": "nv.07"}


def write(browser: Any, **fields: str) -> None:
    """Into the fields of the page, as a hand does."""
    for name, value in fields.items():
        script = "const f=document.getElementById(arguments[0]); f.value=arguments[1];"
        told = "for (const each of ['input', 'change']) f.dispatchEvent(new Event(each))"
        browser.run(f"{script} {told}", name, value)


@pytest.mark.parametrize("verb", PAGE_VERBS)
def test_a_clerk_of_a_counter_stops_nothing_but_their_counter(paired_hall: Any, verb: str) -> None:
    cookie = paired_hall.cookie("1")

    assert paired_hall.press(f"/api/hall/{verb}", BODY, cookie).status == 403
    assert paired_hall.requests(verb) == []


def test_the_head_of_the_hall_stops_a_service_also_without_the_hall_page(
    small_hall: Any, tmp_path: Any
) -> None:
    hall = small_hall(tmp_path, pairing="required", hall_page="false")
    try:
        hall.open()
        cookie = hall.cookie("head")
        assert hall.get("/dieu-hanh", **cookie).status == 200
        assert hall.press("/api/hall/service-close", BODY, cookie).json["status"] == "ok"
        assert hall.press("/api/hall/issue", BODY, cookie).status == 404
    finally:
        hall.close()


@pytest.mark.page
def test_the_question_says_what_will_happen_and_who_did_it_is_journalled(
    hall: Any, browser: Any, until: Any
) -> None:
    hall.issue()
    browser.go(f"{hall.url}dieu-hanh#viec")
    browser.wait_text(".services", "1 đang chờ")
    write(browser, staff="nv.07")
    browser.click("[data-service='ho-tich'][data-stops='true']")

    browser.wait_text("#sure-what", "1 người đang chờ vẫn được gọi.")
    assert "đến hết hôm nay" in browser.text("#sure-what")
    assert hall.requests("service-close") == []
    browser.click("#sure-yes")
    until(lambda: hall.entry("service/ho-tich")["open"] is False)
    assert [each["staff"] for each in hall.requests("service-close")] == ["nv.07"]
    browser.wait_text(".services", "không cấp số")

    browser.click("[data-service='ho-tich'][data-stops='false']")
    browser.click("#sure-yes")
    until(lambda: hall.entry("service/ho-tich")["open"] is True)
    assert browser.complaints() == []


@pytest.mark.page
def test_the_hall_is_stopped_with_a_notice_and_the_order_can_be_dropped(
    hall: Any, browser: Any, until: Any
) -> None:
    browser.go(f"{hall.url}dieu-hanh#viec")
    browser.wait_text(".order", "Đang cấp số")
    # As on a morning when nobody has pressed yet.
    stale = "import('/static/live.js').then(({shown}) => {shown.get('hall').day = '2026-01-02'})"
    browser.run(stale)
    write(browser, staff="nv.07", at="05:00", notice="Hôm nay nghỉ họp.")
    browser.click("#close-hall")
    browser.wait_text("#sure-what", "kể cả người đã hẹn")
    assert "“Hôm nay nghỉ họp.”" in browser.text("#sure-what")
    browser.click("#sure-yes")
    browser.wait_text("#toast", "Đã thực hiện.")

    browser.click("#open-hall")
    browser.wait_text("#sure-what", "biến mất")
    browser.click("#sure-yes")
    until(lambda: len(hall.requests("hall-close")) == len(("ordered", "dropped")))
    day = hall.entry("hall")["day"]
    ordered, dropped = hall.requests("hall-close")
    assert (ordered["at"], ordered["staff"]) == (f"{day}T05:00:00+07:00", "nv.07")
    assert ordered["notice"] == "Hôm nay nghỉ họp."
    assert (dropped["at"], dropped["notice"]) == (f"{day}T23:59:00+07:00", None)


@pytest.mark.page
def test_a_press_at_the_counter_carries_the_mark_of_who_sits_there(
    hall: Any, browser: Any, until: Any
) -> None:
    hall.issue()
    browser.go(f"{hall.url}quay/1")
    browser.wait_text("#waiting-total", "1")
    write(browser, staff="nv.12")
    browser.click("button[data-verb='call-next']")
    until(lambda: hall.requests("call-next"))

    assert hall.requests("call-next")[0]["staff"] == "nv.12"
    browser.run("localStorage.clear()")
