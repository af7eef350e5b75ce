"""Each page in Debian's Firefox ESR: it does what it is for, and nothing stands in its console."""

import shutil
import socket
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from bidi import Firefox

pytestmark = pytest.mark.page

Hall = Any


@pytest.fixture(scope="module")
def seen_hall(small_hall: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """With the page for citizens' phones."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    turns = f'turn_page: {{host: "127.0.0.1", port: {port}}}\n'
    made = small_hall(tmp_path_factory.mktemp("seen"), sections=turns)
    made.phones = f"http://127.0.0.1:{port}/"
    try:
        made.open()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    program = shutil.which("firefox-esr")
    if program is None:
        pytest.skip("needs Debian's firefox-esr")
    firefox = Firefox(program, tmp_path_factory.mktemp("profile"))
    yield firefox
    firefox.close()


def empty(hall: Hall) -> None:
    """Serve whoever other tests have left: the next to come is then the next to be called."""
    for step in count():
        called = hall.press("/api/counter/1/call-next", {"id": f"empty-{step}"}).json
        if called["status"] == "ok" and called["data"]["ticket"] is None:
            return
        hall.press("/api/counter/1/finish", {"id": f"emptied-{step}"})


@pytest.fixture
def firefox(opened: Firefox) -> Firefox:
    """The one Firefox, with an empty console."""
    opened.size(1366, 768)
    opened.complaints()
    return opened


def test_a_clerk_calls_and_finishes_in_firefox(
    seen_hall: Hall, firefox: Firefox, until: Callable[..., None]
) -> None:
    def press(verb: str) -> None:
        """A button that is barred, as while the last press is answered, does nothing."""
        firefox.run(f"{taken(verb)}.click()")

    def taken(verb: str) -> str:
        button = f"document.querySelector('[data-verb={verb}]')"
        until(lambda: firefox.run(f"{button}.ariaDisabled") == "false")
        return button

    empty(seen_hall)
    number = seen_hall.issue()
    served = seen_hall.entry("hall")["served_today"]
    firefox.go(f"{seen_hall.url}quay/1")
    until(lambda: number in firefox.text("#waiting"))

    taken("call-next")
    firefox.key("\ue032")
    until(lambda: firefox.text("#number") == number)
    assert firefox.run("document.title") == number
    press("start")
    until(lambda: firefox.text("#status") == "Đang phục vụ")
    press("finish")

    until(lambda: firefox.text("#status") == "Sẵn sàng")
    until(lambda: seen_hall.entry("hall")["served_today"] == served + 1)
    assert firefox.complaints() == []


def test_the_heads_pages_in_firefox(
    seen_hall: Hall, firefox: Firefox, until: Callable[..., None]
) -> None:
    seen_hall.issue(request_id="head")
    firefox.go(f"{seen_hall.url}dieu-hanh")
    until(lambda: "Quầy 1" in firefox.text(".desk-list"))
    for page, told in (("hom-nay", "Hôm nay"), ("cac-tuan", "tuần"), ("ai-lam-gi", "Lúc"),
                       ("viec", "đang cấp số")):  # fmt: skip
        firefox.run(f"document.querySelector('a[href$=\"#{page}\"]').click()")
        until(lambda told=told: told in firefox.text("#app"))
    for path, told in (("thiet-bi", "controller"), ("may", "Danh sách"), ("can-bo", "Thêm cán bộ")):
        firefox.go(f"{seen_hall.url}{path}")
        until(lambda told=told: told in firefox.text("main"))

    assert firefox.complaints() == []


def test_a_tablet_and_a_phone_in_firefox(
    seen_hall: Hall, firefox: Firefox, until: Callable[..., None]
) -> None:
    body = {"id": "phone", "service": "ho-tich", "channel": "counter"}
    token = seen_hall.press("/api/hall/issue", body).json["data"]["token"]
    firefox.size(390, 844)
    firefox.go(f"{seen_hall.phones}{token}")
    until(lambda: firefox.text("h1").startswith(("Còn", "Ông/bà là")))
    for act in ("call-next", "start"):
        seen_hall.press(f"/api/counter/1/{act}", {"id": f"t-{act}"})

    firefox.go(f"{seen_hall.url}danh-gia/1")
    until(lambda: firefox.text("#number").startswith("Số A"))
    firefox.run("document.querySelector('[data-score=\"5\"]').click()")
    until(lambda: [each["score"] for each in seen_hall.requests("rate")] == [5])
    assert firefox.complaints() == []
