"""A clerk's day at the call page in a real Chromium: keys, dialogs, tabs, causes, readers."""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from hall.counter import streams

pytestmark = pytest.mark.page

NEXT = "button[data-verb='call-next']"
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text("utf-8")
OUTCOMES = "outcomes: [{name: Đã nhận}, {name: Bổ sung, notes: [thiếu giấy tờ, sai mẫu]}]"
PRIORITIES = "priorities: [{id: uu-tien, name: Ưu tiên, head_start_min: 20}]\n"
NO_WORKER = "delete window.SharedWorker"
# What newer syntax does to an older browser: the page's own script never gets to its end.
UNREADABLE = "Object.defineProperty(window, 'motcuaStarted', {set() { throw new Error('old'); }})"
TOLD = "(r) => { window.found = r.violations.map((v) => `${v.id} ${v.nodes[0].html}`); }"
IDS = map("j{}".format, count())


@pytest.fixture(scope="module")
def desk_hall(small_hall: type[Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    name = "Trung tâm Phục vụ hành chính công xã Mù Cang Chải"
    folder = tmp_path_factory.mktemp("desk")
    small = small_hall(folder, more=OUTCOMES, name=name, sections=PRIORITIES)
    try:
        small.open()
        yield small
    finally:
        small.close()


@pytest.fixture
def desk(desk_hall: Any, browser: Any) -> Iterator["Desk"]:
    """Counter 1 with nobody waiting, closed, its page open in the one tab there is."""
    emptied(desk_hall)
    opened = Desk(desk_hall, browser)
    opened.open()
    yield opened
    for handle in browser.tabs()[1:]:
        browser.show_tab(handle)
        browser.close_tab()
    browser.show_tab(browser.tabs()[0])


def emptied(hall: Any) -> None:
    for counter in ("1", "5A"):
        while act(hall, "call-next", counter)["ticket"]:
            act(hall, "finish", counter)
        act(hall, "counter-close", counter)
    for each in hall.entry("aside") or ():
        act(hall, "call-ticket", "1", ticket=each["ticket"])
        act(hall, "finish")
    act(hall, "counter-close")


def act(hall: Any, verb: str, counter: str = "1", **body: Any) -> Any:
    """Somebody else acts at a counter: a keypad, or another browser."""
    answer = hall.press(f"/api/counter/{counter}/{verb}", {"id": next(IDS), **body}).json
    return answer.get("data") or answer


class Desk:
    def __init__(self, hall: Any, browser: Any) -> None:
        self.hall = hall
        self.browser = browser

    def open(self, counter: str = "1") -> None:
        self.browser.go(f"{self.hall.url}quay/{counter}")
        self.browser.wait_text("#status", "Quầy đóng")

    def people(self, many: int, service: str = "ho-tich") -> list[str]:
        """The numbers of people who have come; the page knows of them."""
        numbers = [self.hall.issue(service, next(IDS)) for _ in range(many)]
        for number in numbers:
            self.browser.wait_text("#waiting", number)
        return numbers

    def key(self, name: str) -> None:
        self.browser.wait_armed()
        self.browser.key(name)

    def asked(self) -> int:
        return sum(f"/req/queue/{verb}/" in topic for topic, _ in self.hall.broker.log
                   for verb in ACTS)  # fmt: skip

    def called(self) -> str:
        self.browser.click(NEXT)
        self.browser.wait_text("#status", "Đang gọi")
        return str(self.browser.text("#number"))


ACTS = ("call-next", "call-ticket", "start", "finish", "no-show", "recall", "park", "transfer")


def streams_of(hall: Any) -> int:
    service: Any = hall.running["pages"].daemon.service
    return len(service.pages._streams._streams)


def test_a_name_typed_into_the_page_calls_nobody(desk: Desk) -> None:
    desk.people(2)
    number = desk.called()
    asked = desk.asked()

    for letter in "dinh van binh nkvcgsmpdzb":
        desk.browser.key(letter)
    desk.browser.key("F1")

    desk.browser.wait_text("#keys", "Phím tắt")
    assert (desk.asked(), desk.browser.text("#number")) == (asked, number)


def test_enter_does_what_the_dialog_is_for(desk: Desk) -> None:
    _, wanted = desk.people(2)
    desk.key("Ctrl+G")
    desk.browser.wait_for("return document.activeElement.id === 'wanted'")
    for letter in wanted:
        desk.browser.key(letter)
    desk.key("Enter")
    desk.browser.wait_text("#number", wanted)

    desk.key("F10")
    desk.browser.wait_text("#park", wanted)
    desk.key("Enter")

    desk.browser.wait_text("#aside", wanted)
    assert desk.browser.run("return document.querySelector('dialog[open]')") is None


def test_escape_leaves_a_dialog_and_nothing_is_asked(desk: Desk) -> None:
    desk.people(1)
    desk.called()
    asked = desk.asked()
    desk.key("Ctrl+E")
    desk.browser.wait_for("return document.querySelector('#transfer').open")

    desk.browser.key("Escape")

    desk.browser.wait_for("return !document.querySelector('#transfer').open")
    assert desk.asked() == asked


def test_a_number_set_aside_does_not_end_who_is_being_called(desk: Desk) -> None:
    absent, present = desk.people(2)
    desk.called()
    desk.browser.click("button[data-verb='no-show']")
    desk.browser.wait_text("#aside", absent)
    assert desk.called() == present
    asked = desk.asked()
    desk.browser.wait_armed()

    desk.browser.press(".chip")

    desk.browser.wait_text("#toast", f"Đang gọi {present}: mời bấm Bắt đầu")
    assert (desk.asked(), desk.browser.text("#number")) == (asked, present)


def test_the_whole_list_is_shown_with_since_when_and_who_is_next(desk: Desk) -> None:
    numbers = desk.people(7)

    rows = desk.browser.run(
        "return [...document.querySelectorAll('#waiting .turn')].map((row) => row.innerText)"
    )
    assert [next(n for n in numbers if n in row) for row in rows] == numbers
    assert "kế tiếp" in rows[0]
    assert all("từ" in row for row in rows)
    desk.browser.wait_text("#hint-call-next", f"kế tiếp {numbers[0]}")


def test_who_was_passed_over_cannot_be_called_by_number_and_the_dialog_says_so(
    desk: Desk,
) -> None:
    passed, _ = desk.people(2)
    assert desk.called() == passed
    desk.browser.wait_text("#hint-call-next", "chưa bắt đầu")
    act(desk.hall, "call-next")
    act(desk.hall, "start")
    desk.browser.wait_text("#status", "Đang phục vụ")

    desk.browser.click("button[data-dialog='call-ticket']")
    desk.browser.run("document.querySelector('#wanted').value = arguments[0]", passed)
    desk.key("Enter")

    desk.browser.wait_text("#call-ticket-why", f"{passed} đã được gọi rồi bị gọi vượt")


def test_how_it_ended_is_chosen_from_the_halls_own_list(desk: Desk) -> None:
    desk.people(1)
    desk.called()
    desk.key("F8")
    desk.browser.run("document.querySelector('[value=\"Bổ sung\"]').click()")
    desk.browser.run("document.querySelector('[value=\"sai mẫu\"]').click()")
    desk.key("Enter")
    desk.browser.wait_text("#status", "Sẵn sàng")

    assert desk.hall.requests("finish")[-1]["outcome"] == "Bổ sung: sai mẫu"


def test_where_somebody_would_be_sent_in_vain_is_said_before(desk: Desk) -> None:
    desk.people(1)
    desk.called()
    desk.browser.click("button[data-dialog='transfer']")

    desk.browser.wait_text("#transfer", "Quầy 5A")
    places = desk.browser.run(
        "return [...document.querySelectorAll('#transfer-to label')].map((l) => l.innerText)"
    )
    assert [place for place in places if "đang đóng" in place] == [
        "Đất đai\ncác quầy đang đóng",
        "Quầy 5A\nđang đóng",
    ]


def test_a_hidden_tab_keeps_the_right_title(desk: Desk, until: Callable[..., None]) -> None:
    numbers = desk.people(3)
    desk.browser.open_tab("about:blank")

    act(desk.hall, "call-next")

    until(lambda: f"(2) {numbers[0]}" in desk.browser.titles())


@pytest.mark.parametrize("taken_away", ["", NO_WORKER], ids=["worker", "leader"])
def test_six_tabs_of_a_browser_share_one_connection(
    desk: Desk, until: Callable[..., None], taken_away: str
) -> None:
    restore = desk.browser.without(taken_away or "0")
    desk.browser.go("about:blank")
    until(lambda: streams_of(desk.hall) == 0)
    first = desk.browser.tabs()[0]
    try:
        desk.open()
        for _ in range(5):
            handle = desk.browser.open_tab("about:blank")
            # A script for new documents is known to its tab alone.
            desk.browser.without(taken_away or "0")
            desk.open()
        number = desk.people(1)[0]
        desk.browser.click(NEXT)
        until(lambda: desk.browser.titles().count(number) == 6)
        assert streams_of(desk.hall) == 1

        desk.browser.show_tab(first)
        desk.browser.go("about:blank")
        desk.browser.show_tab(handle)
        act(desk.hall, "finish")
        until(lambda: desk.browser.titles().count("Quầy 1") == 5)
        until(lambda: streams_of(desk.hall) == 1)
    finally:
        desk.browser.show_tab(first)
        restore()


def test_a_silent_server_is_noticed_and_left_for_a_new_connection(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "_BEAT_S", 3600.0)
    monkeypatch.setattr(streams.Streams, "show_changes", lambda *_: None)
    desk.browser.go("about:blank")
    desk.open()
    desk.browser.wait_text("#trouble", "Máy chủ im lặng")
    assert desk.browser.run("return document.querySelector(arguments[0]).ariaDisabled", NEXT)

    monkeypatch.undo()
    desk.browser.wait_for("return document.querySelector('#trouble').hidden")


def test_the_pages_notice_silence_within_six_seconds_and_never_between_two_beats() -> None:
    script = (Path(streams.__file__).parent / "page" / "stream.js").read_text("utf-8")
    told = {
        line.split()[1]: int(line.split()[3].rstrip(";"))
        for line in script.splitlines()
        if line.startswith(("const SILENCE_MS", "const LOOK_MS"))
    }

    assert told["SILENCE_MS"] + told["LOOK_MS"] <= 6000
    assert told["SILENCE_MS"] > 2 * 1000 * streams._BEAT_S


def test_a_browser_too_many_is_told_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_STREAMS", 0)
    desk.browser.go("about:blank")
    desk.browser.go(f"{desk.hall.url}quay/1")

    desk.browser.wait_text("#trouble", "Quá nhiều máy")


def test_a_browser_without_a_network_is_told_of_the_network(desk: Desk) -> None:
    lost = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    desk.browser.devtools("Network.enable")
    desk.browser.devtools("Network.emulateNetworkConditions", **lost)
    try:
        desk.browser.click(NEXT)
        desk.browser.wait_text("#toast", "mất mạng")
    finally:
        desk.browser.devtools("Network.emulateNetworkConditions", **lost | {"offline": False})
        desk.browser.complaints()


@pytest.mark.parametrize(
    ("taken_away", "told"),
    [
        ("delete window.AbortController", "thiếu: AbortController"),
        ("delete window.BroadcastChannel", "thiếu: BroadcastChannel"),
        ("delete HTMLDialogElement.prototype.showModal", "thiếu: dialog"),
        ("delete Element.prototype.replaceChildren", "thiếu: replaceChildren"),
        (UNREADABLE, "kịch bản của trang không chạy"),
    ],
    ids=["abort", "broadcast", "dialog", "replace", "syntax"],
)  # fmt: skip
def test_what_an_old_browser_lacks_is_said_and_the_page_does_not_look_healthy(
    desk: Desk, until: Callable[..., None], taken_away: str, told: str
) -> None:
    restore = desk.browser.without(taken_away)
    try:
        desk.browser.go(f"{desk.hall.url}quay/1")
        desk.browser.wait_text("#too-old", told)
        assert desk.browser.text("#too-old").count("109") == 1
        assert desk.browser.run("return document.querySelector('main').offsetParent") is None
        until(lambda: streams_of(desk.hall) == 0)
    finally:
        restore()
        desk.browser.complaints()


def test_the_bell_is_asked_for_once(desk: Desk) -> None:
    desk.browser.run("localStorage.removeItem('motcua-bell')")
    desk.browser.wait_for("return !document.querySelector('#ask-bell').hidden")
    desk.browser.click("#bell-no")
    desk.open()

    desk.browser.wait_for("return document.querySelector('#ask-bell').hidden")
    assert desk.browser.text("#bell") == "Chuông: tắt"


def test_the_chime_rings_when_the_first_person_comes(desk: Desk) -> None:
    desk.browser.run("localStorage.setItem('motcua-bell', 'on')")
    desk.open()
    try:
        desk.browser.click("button[data-verb='counter-open']")
        desk.browser.wait_text("#status", "Sẵn sàng")
        assert desk.browser.run("return localStorage.getItem('motcua-rang-1')") is None
        desk.people(1)

        desk.browser.wait_for("return localStorage.getItem('motcua-rang-1') !== null")
    finally:
        desk.browser.run("localStorage.clear()")


# A desk's screen at 200 % has half its width and height.
VIEWS = {"desk": (1366, 768), "tablet": (820, 1180), "zoomed": (683, 384), "phone": (390, 844)}


@pytest.mark.parametrize("view", VIEWS)
def test_a_screen_reader_and_every_size_find_nothing_amiss(desk: Desk, view: str) -> None:
    desk.browser.size(*VIEWS[view])
    a_busy_morning(desk)
    breaches = amiss(desk.browser, "page")
    photograph(desk.browser, f"counter-page-{view}")
    for dialog, key in (("transfer", "Ctrl+E"), ("park", "F10"), ("finish", "F8"), ("keys", "F1")):
        desk.key(key)
        desk.browser.wait_for(f"return document.querySelector('#{dialog}').open")
        breaches += amiss(desk.browser, dialog)
        photograph(desk.browser, f"counter-page-{view}-{dialog}")
        desk.browser.key("Escape")

    assert breaches == []
    assert desk.browser.run("return document.documentElement.scrollWidth") <= VIEWS[view][0]


def a_busy_morning(desk: Desk) -> None:
    """Somebody is called; others wait, one with a head start, one sent here; one did not come."""
    desk.people(2)
    desk.called()
    desk.browser.click("button[data-verb='no-show']")
    desk.browser.wait_text("#status", "Sẵn sàng")
    desk.called()
    sent = desk.hall.issue("dat-dai", next(IDS))
    act(desk.hall, "call-next", "5A")
    act(desk.hall, "transfer", "5A", to={"counter": "1"})
    desk.browser.wait_text("#waiting", sent)
    desk.people(4)
    asked = {"id": next(IDS), "service": "ho-tich", "channel": "counter", "priority": "uu-tien"}
    first = desk.hall.press("/api/hall/issue", asked).json["data"]["ticket"]["number"]
    desk.browser.wait_text("#waiting", first)


def photograph(browser: Any, name: str) -> None:
    """Into the folder that bench/counter_photographs.py names; nowhere in a test run."""
    if folder := os.environ.get("MOTCUA_PHOTOS"):
        (Path(folder) / f"{name}.png").write_bytes(browser.picture())


def amiss(browser: Any, where: str) -> list[str]:
    """What axe finds by the rules of WCAG 2.2 AA and by good practice."""
    browser.run(f"{AXE}; window.axe = axe; window.found = null; axe.run().then({TOLD})")
    browser.wait_for("return window.found !== null")
    return [f"{where}: {each}" for each in browser.run("return window.found")]


def test_a_browser_that_lost_its_right_is_sent_to_the_door_with_the_reason(
    paired_hall: Any, browser: Any
) -> None:
    browser.go(f"{paired_hall.url}ghep")
    code = paired_hall.code("1")
    browser.run("document.querySelector('[name=code]').value = arguments[0]", code)
    browser.press("form button")
    browser.wait_text("#status", "Quầy đóng")
    browser.devtools("Network.clearBrowserCookies")

    browser.click(NEXT)

    browser.wait_text("#why", "không còn được nhận ra")
    browser.complaints()
