"""The staff pages as a browser meets them: served, guarded, and one effect for one press."""

import http.client
import json
import re
import socket
from importlib.resources import files
from typing import Any

import pytest

PAGES = files("hall.counter") / "page"
HTML = sorted(each.name for each in PAGES.iterdir() if each.name.endswith(".html"))


def first_entries(hall: Any) -> dict[str, Any]:
    """What a browser that connects now is sent first."""
    connection = http.client.HTTPConnection(hall.address, timeout=15)
    connection.request("GET", "/events")
    stream = connection.getresponse()
    try:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for line in stream:
            if line.startswith(b"data: {"):
                loaded: dict[str, Any] = json.loads(line[6:])
                return loaded
        raise AssertionError("the stream ended")
    finally:
        connection.close()


def test_the_call_page_comes_with_a_policy_that_allows_its_own_files_only(open_hall: Any) -> None:
    answer = open_hall.get("/quay/1")

    assert answer.status == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("name", HTML)
def test_a_page_holds_no_script_or_style_of_its_own(name: str) -> None:
    page = (PAGES / name).read_text("utf-8")

    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", page)
    for used in re.findall(r"/static/([\w.-]+)", page):
        assert used == "icon.svg" or (PAGES / used).is_file()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("localhost", 200),
        ("motcua.local:8080", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
    ],
)
def test_only_known_host_names_are_served(open_hall: Any, host: str, status: int) -> None:
    assert open_hall.get("/quay/1", Host=host).status == status


def test_a_press_from_another_sites_page_is_refused(hall: Any) -> None:
    body = {"id": "p1"}
    foreign = hall.press("/api/counter/1/counter-open", body, {"Origin": "http://evil.example"})
    own = hall.press("/api/counter/1/counter-open", body, {"Origin": f"http://{hall.address}"})

    assert (foreign.status, own.status) == (403, 200)


def test_a_form_of_another_site_cannot_press_either(hall: Any) -> None:
    answer = hall.ask(
        "POST", "/api/counter/1/call-next", b'{"id":"p1"}', {"Content-Type": "text/plain"}
    )

    assert answer.status == 400
    assert not hall.requests("call-next")


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{", b"\xff\xfe", b"[" * 8000, b'{"id": 1e999}', b'{"id": {}}']
)
def test_a_body_that_is_no_press_is_a_bad_request(open_hall: Any, body: bytes) -> None:
    sent = {"Content-Type": "application/json; charset=utf-8"}

    assert open_hall.ask("POST", "/api/counter/1/call-next", body, sent).status == 400


def test_a_long_body_is_refused_unread(open_hall: Any) -> None:
    assert open_hall.press("/api/counter/1/call-next", {"id": "x" * 9000}).status == 413


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/counter/9/call-next", {"id": "a"}, 404),
        ("/api/counter/1/print-result", {"id": "a"}, 404),
        ("/api/counter/1/replay", {"id": "a"}, 404),
        ("/api/device/printer-1/say", {"id": "a"}, 404),
        ("/api/counter/1/call-next", {"id": "no spaces"}, 400),
        ("/api/counter/1/call-next", {}, 400),
        ("/api/counter/1/call-next", {"id": "a", "expect_ver": "x"}, 400),
    ],
)
def test_what_no_page_sends_is_refused(
    open_hall: Any, path: str, body: dict[str, Any], status: int
) -> None:
    assert open_hall.press(path, body).status == status


def test_a_press_calls_the_next_number_and_the_page_is_told_by_the_state(hall: Any) -> None:
    number = hall.issue()
    answer = hall.press("/api/counter/1/call-next", {"id": "p1"})

    assert answer.json["data"]["ticket"]["number"] == number
    shown = first_entries(hall)["counter/1"]
    assert (shown["status"], shown["ticket"]["number"]) == ("called", number)


def test_the_body_cannot_name_another_counter_than_the_address(hall: Any) -> None:
    hall.issue()
    hall.press("/api/counter/1/call-next", {"id": "p1", "counter": "5A"})

    assert hall.requests("call-next")[0]["counter"] == "1"


def test_the_same_press_sent_again_has_no_second_effect(hall: Any) -> None:
    hall.issue(request_id="i1")
    hall.issue(request_id="i2")
    first = hall.press("/api/counter/1/call-next", {"id": "p1"})
    again = hall.press("/api/counter/1/call-next", {"id": "p1"})

    assert first.json == again.json
    assert hall.entry("counter/1")["ver"] == first.json["data"]["counter"]["ver"]


def test_a_press_on_an_old_picture_is_a_conflict_and_changes_nothing(hall: Any) -> None:
    hall.issue(request_id="i1")
    hall.issue(request_id="i2")
    seen = hall.entry("counter/1")["ver"]
    hall.press("/api/counter/1/call-next", {"id": "p1", "expect_ver": seen})
    second = hall.press("/api/counter/1/call-next", {"id": "p2", "expect_ver": seen})

    assert second.json["error"]["code"] == "conflict"
    assert hall.entry("counter/1")["ticket"]["number"] == "A001"


def test_a_stream_begins_with_everything_there_is(open_hall: Any) -> None:
    entries = first_entries(open_hall)

    assert {"setting", "hall", "board", "counter/1", "counter/5A", "service/ho-tich"} <= set(
        entries
    )
    assert entries["link"] == {"bus": True, "fresh": True}
    assert "demo" in json.dumps(entries["setting"])


def test_streams_end_with_the_server(hall: Any) -> None:
    connection = http.client.HTTPConnection(hall.address, timeout=15)
    connection.request("GET", "/events")
    stream = connection.getresponse()
    stream.readline()

    hall.stop("pages")

    assert b"data" in stream.read()
    connection.close()


def test_a_taken_port_is_an_alert_and_heals_when_it_is_free(hall: Any, until: Any) -> None:
    topic = "motcua/1/demo/dev/counters/alert/pages_down"
    hall.stop("pages")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        hall.run_pages(port)
        until(lambda: topic in hall.broker.retained)
        assert str(port) in json.loads(hall.broker.retained[topic])["text"]

    hall.running["pages"].daemon.service._served[0]._retry_at = 0.0
    until(lambda: topic not in hall.broker.retained)
    assert hall.get("/quay/1").status == 200


def test_a_web_server_that_died_is_started_again(hall: Any, until: Any) -> None:
    service = hall.running["pages"].daemon.service
    service.pages.thread._server.should_exit = True
    service.pages.thread._thread.join(15)
    until(lambda: not service._served[0].is_open)
    service._served[0]._retry_at = 0.0

    until(lambda: service._served[0].is_open)
    assert hall.get("/quay/1").status == 200


def test_pictures_are_served_by_the_names_they_were_shown_with_and_no_others(hall: Any) -> None:
    (hall.pictures / "tickets").mkdir()
    (hall.pictures / "board.png").write_bytes(b"board")
    (hall.pictures / "tickets" / "0001-A001.png").write_bytes(b"ticket")
    (hall.state / "secret.png").write_bytes(b"secret")

    assert hall.get("/pictures/board.png").body == b"board"
    assert hall.get("/pictures/tickets/0001-A001.png").body == b"ticket"
    for path in (
        "/pictures/../state/secret.png",
        "/pictures/%2e%2e/state/secret.png",
        "/pictures/nothing.png",
        "/static/..%2f__main__.py",
    ):
        assert hall.get(path).status == 404


def test_a_device_verb_that_pages_have_no_use_for_is_refused_not_left_unanswered(
    hall: Any, until: Any
) -> None:
    asked = {"schema": 1, "hall": "demo", "src": "tech", "id": "i1"}
    topic = "motcua/1/demo/req/dev/counters/identify/tech"
    hall.broker.publish(topic, json.dumps(asked).encode())

    until(
        lambda: any(
            topic == "motcua/1/demo/rsp/tech" and b'"bad_request"' in payload
            for topic, payload in hall.broker.log
        )
    )
