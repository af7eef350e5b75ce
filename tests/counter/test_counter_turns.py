"""A citizen's phone follows one ticket: the page in a hall of its own, its words, its load."""

import asyncio
import http.client
import re
import socket
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, get_args

import pytest
from axe_findings import amiss
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from hall.contract.following import FollowData, FollowedTicket, Standing
from hall.contract.messages import Reply
from hall.counter.ports import PageAct
from hall.counter.turns import rendering, sheets
from hall.counter.turns.app import TurnApp, TurnSite
from hall.counter.turns.board import TurnBoard
from hall.counter.turns.sheets import HallWords
from hall.runtime.clock import SetClock

SmallHall = Any
WORDS = HallWords({"a": "Hộ tịch"}, {"1": "Quầy 1", "5A": "Quầy 5A"})
TOKEN = "1-1-0-ABCDEFGHIJKLM"
# What the whole page may weigh on a citizens' Wi-Fi.
MOST_BYTES = 30 * 1024


def turn(status: Standing, **more: Any) -> FollowedTicket:
    return FollowedTicket(token=TOKEN, number="A012", service="a", status=status, **more)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def followed(small_hall: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHall]:
    """A hall whose people may follow their turn; the staff pages are paired as usual."""
    port = free_port()
    more = f'turn_page: {{host: "127.0.0.1", port: {port}}}\n'
    made = small_hall(tmp_path_factory.mktemp("followed"), sections=more)
    made.phones_port = port
    try:
        made.open()
        yield made
    finally:
        made.close()


def take(hall: SmallHall, name: str, service: str = "ho-tich") -> str:
    """The token on a new ticket."""
    body = {"id": name, "service": service, "channel": "counter"}
    return str(hall.press("/api/hall/issue", body).json["data"]["token"])


def phone(hall: SmallHall, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", hall.phones_port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_a_phone_follows_its_own_ticket_and_sees_nobody_elses(
    followed: SmallHall, browser: Any
) -> None:
    first, second = take(followed, "t1"), take(followed, "t2")
    browser.size(360, 640)
    browser.go(f"http://127.0.0.1:{followed.phones_port}/{second}")

    assert browser.text("h1") == "Còn 1 người"
    assert "A001" not in browser.text("body")
    assert amiss(browser, "turn") == []
    followed.press("/api/counter/1/call-next", {"id": "c1"})
    browser.wait_text("h1", "Ông/bà là người tiếp theo")
    followed.press("/api/counter/1/call-next", {"id": "c2"})
    browser.wait_text("h1", "Mời ông/bà đến Quầy\u00a01")
    assert browser.run("return document.title").endswith("Mời ông/bà đến Quầy\u00a01")
    followed.press("/api/counter/1/finish", {"id": "c3"})
    browser.wait_text("h1", "Đã xong")
    assert browser.complaints() == []

    browser.go(f"http://127.0.0.1:{followed.phones_port}/{first}?l=en")
    assert browser.text("h1") == "Done. Thank you."


def test_the_phones_port_leads_to_no_staff_page(followed: SmallHall) -> None:
    for path in ("/", "/ghep", "/quay/1", "/events", "/static/counter.js", "/api/hall/issue"):
        status, text = phone(followed, path)
        assert status in (404, 405), path
        assert "Gọi số" not in text


def test_a_token_that_nobody_was_given_says_so_plainly(followed: SmallHall) -> None:
    for made_up in (TOKEN, "1-1-0", "..%2f..", "A" * 500):
        status, text = phone(followed, f"/{made_up}")
        assert (status, "Hôm nay không có số này" in text) == (404, True), made_up


def test_a_phone_without_scripts_reads_the_same_and_loads_little(followed: SmallHall) -> None:
    token = take(followed, "t9", "dat-dai")

    status, page = phone(followed, f"/{token}")

    assert (status, "B001" in page) == (200, True)
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "Trung tâm &lt;b&gt;Phục vụ&lt;/b&gt;" in page
    loaded = [page, *(phone(followed, path)[1] for path in ("/turn.css", "/turn.js"))]
    assert sum(len(each.encode()) for each in loaded) < MOST_BYTES


def test_the_script_speaks_as_browsers_of_2016_do(followed: SmallHall) -> None:
    _, script = phone(followed, "/turn.js")
    code = re.sub(r"//[^\n]*|/\*.*?\*/|\"[^\"\n]*\"", "", script)

    later = r"=>|`|\b(let|const|class|async|await|fetch|import|export|of)\b|\?\.|\?\?|\.\.\."
    assert re.findall(later, code) == []


def test_who_asks_too_often_is_held_back_before_the_controller_hears_of_it() -> None:
    asked: list[PageAct] = []
    clock = SetClock()
    board = TurnBoard(answering(asked), batch_s=0.0)
    app = TurnApp(TurnSite("Một cửa", WORDS, (), clock), board)

    async def answers(address: str) -> list[int]:
        scope = {"type": "http", "client": (address, 1), "headers": [], "query_string": b""}
        request = Request(scope | {"path_params": {"token": TOKEN}})
        return [(await app._sheet(request, "vi"))[1] for _ in range(20)]

    first = asyncio.run(answers("10.0.1.7"))
    clock.advance(60)

    assert first == [200] * 12 + [429] * 8
    assert asyncio.run(answers("10.0.1.7"))[0] == 200


# --- words --------------------------------------------------------------------------------------


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.depth = 0
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002
        self.depth += 1
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self.depth -= 1

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("status", get_args(Standing))
def test_every_state_of_a_ticket_has_its_words(status: Standing, lang: Any) -> None:
    sheet = sheets.sheet(turn(status, ahead=3, counter="5A", counters=("1",)), lang, WORDS)

    assert sheet.headline
    assert "{" not in sheet.title + "".join(sheet.lines)
    assert sheet.number == "A012"
    assert status != "called" or "5A" in sheet.headline


@pytest.mark.parametrize(
    ("ahead", "wait", "told"),
    [
        (3, (10, 15), ("Còn 3 người", "Khoảng 10–15 phút")),
        (1, (0, 1), ("Còn 1 người", "Khoảng 0–1 phút")),
        (0, (4, 4), ("Ông/bà là người tiếp theo", "Khoảng 4 phút")),
        (9, None, ("Còn 9 người", "Chưa ước tính được thời gian chờ")),
    ],
)
def test_who_waits_reads_how_many_and_how_long(
    ahead: int, wait: tuple[int, int] | None, told: tuple[str, str]
) -> None:
    sheet = sheets.sheet(turn("waiting", ahead=ahead, wait_min=wait), "vi", WORDS)

    assert (sheet.headline, told[1] in sheet.lines) == (told[0], True)
    assert (sheet.tone == "soon") is (ahead <= sheets.SOON)


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["vi", "en"]))
def test_whatever_a_hall_calls_its_counters_stays_text(name: str, service: str, lang: Any) -> None:
    hall = HallWords({"a": service}, {"1": name})
    shown = rendering.part(sheets.sheet(turn("called", counter="1"), lang, hall))

    read = _Texts()
    read.feed(shown)
    assert (read.depth, read.tags) == (0, {"div", "p", "h1"})


# --- load ---------------------------------------------------------------------------------------


def test_many_phones_are_one_question_a_second() -> None:
    asked: list[PageAct] = []

    async def evening() -> list[Any]:
        board = TurnBoard(answering(asked), batch_s=0.0)
        tokens = [f"1-1-{n}-ABCDEFGHIJKLM" for n in range(60)]
        first = asyncio.gather(*(board.turn(token) for token in tokens for _ in range(5)))
        seen = await first
        return [*seen, await board.turn(tokens[0])]

    seen = asyncio.run(evening())

    assert len(asked) == 1
    assert len(seen) == 301
    assert {each.status for each in seen} == {"waiting"}


def test_more_phones_than_one_question_holds_are_told_to_try_again() -> None:
    async def crowd() -> list[Any]:
        board = TurnBoard(answering([]), batch_s=0.0)
        tokens = [f"1-1-{n}-ABCDEFGHIJKLM" for n in range(101)]
        return await asyncio.gather(*(board.turn(token) for token in tokens))

    assert asyncio.run(crowd()).count("unavailable") == 1


def test_without_a_controller_the_page_says_so() -> None:
    refused = Reply.model_validate(
        {"id": "x", "status": "error", "error": {"code": "unavailable", "text": "…"}}
    )

    async def ask() -> Any:
        return await TurnBoard(lambda act: act.answer(refused), batch_s=0.0).turn(TOKEN)

    assert asyncio.run(ask()) == "unavailable"


def answering(asked: list[PageAct]) -> Any:
    """A controller that knows every token."""

    def post(act: PageAct) -> None:
        asked.append(act)
        request: Any = act.request
        turns = tuple(
            FollowedTicket(token=token, number="A001", service="a", status="waiting", ahead=2)
            for token in request.tokens
        )
        data = FollowData(tickets=turns).model_dump(mode="json")
        act.answer(Reply(id=request.id, status="ok", data=data))

    return post
