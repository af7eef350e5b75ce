"""The call page and the hall page in a real Chromium: clicked, typed at, cut off and back."""

import json
from typing import Any

import pytest

from hall.controller.__main__ import build as build_controller

pytestmark = pytest.mark.page

NEXT = "button[data-verb='call-next']"


def open_counter(hall: Any, browser: Any, counter: str = "1") -> None:
    browser.go(f"{hall.url}quay/{counter}")
    browser.wait_text("#counter-name", "Quầy")


def test_a_clerk_serves_a_citizen_from_call_to_finish(hall: Any, browser: Any) -> None:
    hall.issue()
    open_counter(hall, browser)
    browser.wait_text("#waiting-total", "1")

    browser.click(NEXT)
    browser.wait_text("#number", "A001")
    browser.wait_text("#status", "Đang gọi")
    browser.click("button[data-verb='recall']")
    browser.wait_text("#facts", "đã gọi lại 1 lần")
    browser.click("button[data-verb='start']")
    browser.wait_text("#status", "Đang phục vụ")
    browser.click("button[data-verb='finish']")
    browser.wait_text("#status", "Sẵn sàng")

    assert hall.entry("hall")["served_today"] == 1
    assert browser.complaints() == []


def test_every_step_has_a_key(hall: Any, browser: Any, until: Any) -> None:
    hall.issue()
    open_counter(hall, browser)
    for key, status in (
        ("Ctrl+M", "Sẵn sàng"),
        ("F2", "Đang gọi"),
        ("F7", "Đang phục vụ"),
        ("F8", "Sẵn sàng"),
        ("Ctrl+P", "Tạm nghỉ"),
        ("Ctrl+D", "Quầy đóng"),
    ):
        ready = f"return document.querySelector('[data-key=\"{key}\"]').ariaDisabled === 'false'"
        until(lambda script=ready: browser.run(script))
        browser.key(key)
        browser.wait_text("#status", status)


def test_a_double_click_calls_one_person(hall: Any, browser: Any) -> None:
    hall.issue(request_id="i1")
    hall.issue(request_id="i2")
    open_counter(hall, browser)
    browser.wait_text("#waiting-total", "2")
    browser.run("const b=document.querySelector(arguments[0]); b.click(); b.click();", NEXT)
    browser.wait_text("#number", "A001")

    browser.wait_text("#waiting-total", "1")
    assert len(hall.requests("call-next")) == 1


@pytest.mark.parametrize(
    "place",
    [("quay/1", NEXT, "#status"), ("", ".desk-card button.on", ".desk-card .state")],
    ids=["counter", "hall"],
)
def test_a_slow_double_click_does_not_pass_over_who_was_just_called(
    hall: Any, browser: Any, until: Any, place: tuple[str, str, str]
) -> None:
    page, button, state = place
    hall.issue(request_id="i1")
    hall.issue(request_id="i2")
    browser.go(f"{hall.url}{page}")
    browser.run("performance.now = () => 1000")
    browser.click(button)
    browser.wait_text(state, "Đang gọi")

    browser.run("performance.now = () => 1400")
    browser.click(button)
    browser.run("performance.now = () => 2100")
    browser.click(button)

    until(lambda: hall.entry("counter/1")["ticket"]["number"] == "A002")
    assert len(hall.requests("call-next")) == 2


def test_two_clerks_at_one_counter_see_the_same(hall: Any, browser: Any) -> None:
    hall.issue(request_id="i1")
    hall.issue(request_id="i2")
    open_counter(hall, browser)
    browser.wait_text("#waiting-total", "2")
    hall.press("/api/counter/1/call-next", {"id": "other"})

    browser.wait_text("#number", "A001")
    browser.wait_text("#waiting-total", "1")


def test_nobody_waiting_is_said_in_words(hall: Any, browser: Any) -> None:
    open_counter(hall, browser)
    browser.click(NEXT)

    browser.wait_text("#toast", "Không còn ai chờ")


def test_a_number_that_did_not_come_is_called_again_with_one_touch(hall: Any, browser: Any) -> None:
    hall.issue()
    open_counter(hall, browser)
    browser.click(NEXT)
    browser.click("button[data-verb='no-show']")
    browser.wait_text("#aside", "A001")


def test_the_page_says_so_when_the_server_is_gone_and_finds_it_again(
    hall: Any, browser: Any
) -> None:
    open_counter(hall, browser)
    browser.click("button[data-verb='counter-open']")
    browser.wait_text("#status", "Sẵn sàng")
    port = int(hall.address.rsplit(":", 1)[1])
    hall.stop("controller")
    browser.wait_text("#trouble", "Chưa nghe thấy bộ điều khiển")
    assert browser.run("return document.querySelector(arguments[0]).ariaDisabled", NEXT) == "true"

    hall.stop("pages")
    hall.run("controller", build_controller)
    hall.run_pages(port)
    hall.await_pages()
    browser.wait_text("#status", "Sẵn sàng")
    browser.click(NEXT)
    browser.wait_text("#toast", "Không còn ai chờ")


def test_what_the_yaml_says_is_shown_as_text_never_as_markup(hall: Any, browser: Any) -> None:
    open_counter(hall, browser)
    browser.wait_text("#hall-name", "<b>Phục vụ</b>")

    assert not browser.run("return document.querySelector('#hall-name b')")


def test_the_pages_fit_a_desk_and_a_phone(hall: Any, browser: Any) -> None:
    for width, height in ((1280, 720), (390, 844), (1920, 1080)):
        browser.size(width, height)
        for path in ("quay/1", ""):
            browser.go(hall.url + path)
            browser.wait_text("#hall-name", "Trung tâm")
            wide = browser.run("return document.documentElement.scrollWidth")
            small = browser.run(
                "return [...document.querySelectorAll('.key')].filter((b) => b.offsetParent && "
                "(b.offsetHeight < 44 || b.scrollWidth > b.clientWidth)).map((b) => b.innerText)"
            )
            assert (wide <= width, small) == (True, [])
    assert browser.complaints() == []


def test_on_the_hall_page_a_number_is_called_and_seen(hall: Any, browser: Any) -> None:
    hall.issue()
    browser.go(hall.url)
    browser.wait_text("#hall-facts", "1 đang chờ")
    browser.click("#counters article:nth-child(1) button")

    browser.wait_text("#counters article:nth-child(1)", "Đang gọi")
    browser.wait_text("#feed", "A001")
    assert browser.complaints() == []


def test_pictures_come_by_themselves(hall: Any, browser: Any, until: Any) -> None:
    browser.go(hall.url)
    browser.wait_text("#board", "Bảng chính chưa chạy")
    png = browser.picture()
    (hall.pictures / "board.png").write_bytes(png)
    (hall.pictures / "kiosk-1.png").write_bytes(png)

    for place in ("#board", "#kiosks"):
        loaded = f"return document.querySelector('{place} img')?.naturalWidth > 0"
        until(lambda script=loaded: browser.run(script))


def test_a_touch_on_the_kiosks_picture_is_a_touch_on_its_glass(
    hall: Any, browser: Any, until: Any
) -> None:
    browser.go(hall.url)
    (hall.pictures / "kiosk-1.png").write_bytes(browser.picture())
    (hall.pictures / "kiosk-1-dashboard.png").write_bytes(browser.picture())
    until(
        lambda: browser.run(
            "return document.querySelector('#kiosks img')?.naturalWidth > 0 "
            "&& document.querySelectorAll('#kiosks img').length === 1"
        )
    )
    browser.run(
        "const i=document.querySelector('#kiosks img'), b=i.getBoundingClientRect();"
        "i.dispatchEvent(new MouseEvent('click', "
        "{clientX: b.left + b.width / 4, clientY: b.top + b.height / 2}))"
    )

    until(lambda: steered(hall, "kiosk-1"))
    args = steered(hall, "kiosk-1")[0]
    assert args["x"] == pytest.approx(0.25, abs=0.01)
    assert args["y"] == pytest.approx(0.5, abs=0.01)


def test_a_keypad_is_there_where_a_bridge_is_and_its_key_goes_to_the_bridge(
    hall: Any, browser: Any, until: Any
) -> None:
    browser.go(hall.url)
    browser.wait_text("#counters", "Quầy 1")
    assert not browser.run("return document.querySelector('.keypad')")
    status = {"schema": 1, "hall": "demo", "src": "bridge-1", "state": "ready", "conn": "c"}
    payload = json.dumps(status | {"sw": "motcua", "alerts": []}).encode()
    hall.broker.publish("motcua/1/demo/dev/bridge-1/status", payload, retain=True)
    browser.click(".keypad button")

    until(lambda: steered(hall, "bridge-1"))
    assert steered(hall, "bridge-1")[0] == {"counter": "1", "key": "N"}


def steered(hall: Any, device: str) -> list[dict[str, Any]]:
    """What the page had a simulated device do."""
    return [
        json.loads(payload)["args"]
        for topic, payload in hall.broker.log
        if f"/req/dev/{device}/simulate/" in topic
    ]


def test_a_number_set_aside_and_one_of_choice_are_called(hall: Any, browser: Any) -> None:
    for n in range(3):
        hall.issue(request_id=f"i{n}")
    open_counter(hall, browser)
    browser.click(NEXT)
    browser.click("button[data-verb='no-show']")
    browser.click(NEXT)
    browser.wait_text("#number", "A002")
    browser.wait_text("#aside", "A001")
    assert browser.run("return document.querySelector('#aside button').ariaDisabled") == "true"
    browser.click("button[data-verb='start']")
    browser.click("#aside button")
    browser.wait_text("#number", "A001")
    browser.click("button[data-verb='finish']")

    browser.click("button[data-dialog='call-ticket']")
    browser.run("document.querySelector('#wanted').value = 'a003'")
    browser.click("#call-ticket .primary")
    browser.wait_text("#number", "A003")


def settle(browser: Any, at: int) -> None:
    """The page's own clock, in ms: what a person could see by then."""
    browser.run(f"performance.now = () => {at}")


def keypad(hall: Any, request_id: str, verb: str = "call-next") -> str:
    """Somebody else acts at counter 1; the number that is there afterwards."""
    answer = hall.press(f"/api/counter/1/{verb}", {"id": request_id})
    number: str = answer.json["data"]["counter"]["ticket"]["number"]
    return number


def test_a_dialog_about_one_person_never_moves_the_next(hall: Any, browser: Any) -> None:
    for n in range(2):
        hall.issue(request_id=f"i{n}")
    open_counter(hall, browser)
    browser.click(NEXT)
    browser.wait_text("#number", "A001")
    browser.click("button[data-dialog='transfer']")
    browser.wait_text("#transfer h2", "A001")

    assert keypad(hall, "other") == "A002"
    browser.wait_text("#toast", "Số A001 không còn ở quầy này")

    browser.run("document.querySelector('#transfer [value=\"counter:5A\"]').click()")
    browser.run("document.querySelector('#transfer .primary').click()")
    browser.wait_text("#number", "A002")
    assert hall.requests("transfer") == []


def test_what_the_dialog_was_opened_for_is_what_it_asks_for(hall: Any, browser: Any) -> None:
    for n in range(2):
        hall.issue(request_id=f"i{n}")
    open_counter(hall, browser)
    browser.click(NEXT)
    browser.wait_text("#number", "A001")
    seen = hall.entry("counter/1")["ticket"]["id"]
    browser.click("button[data-dialog='park']")
    browser.click("#park .primary")
    browser.wait_text("#status", "Sẵn sàng")

    assert [asked["expect_ticket"] for asked in hall.requests("park")] == [seen]


@pytest.mark.parametrize("place", ["quay/1", ""], ids=["counter", "hall"])
def test_a_page_and_a_keypad_pressed_together_skip_nobody(
    hall: Any, browser: Any, until: Any, place: str
) -> None:
    button = NEXT if place else ".desk-card button.on"
    for n in range(3):
        hall.issue(request_id=f"i{n}")
    browser.go(f"{hall.url}{place}")
    # The first that the page hears of a counter is no change of it.
    browser.wait_text("#status" if place else ".desk-card .state", "đóng" if place else "Đóng")
    settle(browser, 1000)
    assert keypad(hall, "k1") == "A001"
    shown = "#number" if place else ".desk-card .led, .desk-card .state"
    browser.wait_text(shown, "A001" if place else "Đang gọi")

    settle(browser, 1600)
    browser.wait_for("return document.querySelector('#trouble').hidden")
    browser.press(button)
    browser.wait_text("#toast", "Quầy vừa đổi sang người khác")
    assert hall.entry("counter/1")["ticket"]["number"] == "A001"
    settle(browser, 2500)
    browser.click(button)
    until(lambda: hall.entry("counter/1")["ticket"]["number"] == "A002")


def test_closing_while_serving_says_what_to_do_first(hall: Any, browser: Any) -> None:
    hall.issue()
    open_counter(hall, browser)
    browser.click(NEXT)
    browser.click("button[data-verb='start']")
    browser.wait_text("#status", "Đang phục vụ")
    browser.wait_armed()
    browser.press("button[data-verb='counter-close']")

    browser.wait_text("#toast", "Quầy đang phục vụ A001, mời kết thúc lượt này trước")
    assert hall.requests("counter-close") == []


def test_a_slip_is_taken_back_with_one_press_while_the_page_offers_it(
    hall: Any, browser: Any
) -> None:
    for n in range(2):
        hall.issue(request_id=f"i{n}")
    open_counter(hall, browser)
    gone = "return document.querySelector('#undo-bar').hidden"
    assert browser.run(gone)
    browser.click(NEXT)
    browser.wait_text("#number", "A001")
    browser.wait_text("#hint-undo", "còn")
    browser.click("button[data-verb='no-show']")
    browser.wait_text("#aside", "A001")

    browser.click("button[data-verb='undo']")

    browser.wait_text("#number", "A001")
    browser.wait_text("#toast", "A001 trở lại như trước")
    browser.wait_text("#status", "Đang gọi")
    browser.wait_text("#aside", "Chưa có")
    browser.wait_for(gone)


def send_to(browser: Any, counter: str) -> None:
    browser.click("button[data-dialog='transfer']")
    browser.run(f"document.querySelector('#transfer [value=\"counter:{counter}\"]').checked = true")
    browser.click("#transfer .primary")


def test_a_person_sent_to_a_counter_is_on_its_page(hall: Any, browser: Any) -> None:
    hall.issue("dat-dai")
    open_counter(hall, browser, "5A")
    browser.click(NEXT)
    browser.wait_text("#number", "B001")
    send_to(browser, "1")
    browser.wait_text("#toast", "B001 đã chuyển đến Quầy 1, nhưng quầy đó đang đóng")

    open_counter(hall, browser)

    browser.wait_text("#waiting", "Được chuyển đến quầy này")
    browser.wait_text("#waiting", "B001")
    browser.wait_text("#waiting-total", "1")
    browser.click(NEXT)
    browser.wait_text("#number", "B001")
    browser.wait_text("#waiting-total", "0")
    browser.click("button[data-verb='no-show']")
    browser.wait_text("#aside", "B001")


def test_a_number_is_transferred_and_one_is_parked(hall: Any, browser: Any) -> None:
    hall.issue(request_id="i1")
    hall.issue(request_id="i2")
    open_counter(hall, browser)
    browser.click(NEXT)
    browser.click("button[data-dialog='transfer']")
    browser.run("document.querySelector('#transfer [value=\"service:dat-dai\"]').checked = true")
    browser.click("#transfer .primary")
    browser.wait_text("#status", "Sẵn sàng")
    assert hall.entry("service/dat-dai")["waiting"] == 1

    browser.click(NEXT)
    browser.wait_text("#number", "A002")
    browser.click("button[data-dialog='park']")
    browser.click("#park .primary")
    browser.wait_text("#aside", "A002")
