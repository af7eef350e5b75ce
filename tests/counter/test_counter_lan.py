"""The staff pages on a LAN where somebody else has a machine: the clerks are served on."""

import asyncio
import errno
import gc
import http.client
import logging
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn

from hall.web import doors, visitors
from hall.web.visitors import ANSWERED_S, ASKED_S, MOST_OF_ONE, WAIT_S, Visitors
from hall.web.web_thread import WebThread

HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "


@pytest.fixture
def lines() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def line(hall: Any, address: str, lines: ExitStack, sent: bytes = b"") -> socket.socket:
    """A connection from this address, which sends so much and no more."""
    host, _, port = hall.address.rpartition(":")
    sock = socket.create_connection((host, int(port)), 15, (address, 0))
    lines.enter_context(sock)
    if sent:
        sock.sendall(sent)
    return sock


BODY = (
    b"POST /api/counter/1/call-next HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{"
)
EVENTS = b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def is_ended(sock: socket.socket) -> bool:
    """Whether the pages have ended it, whatever they said before."""
    sock.settimeout(0)
    try:
        while sock.recv(65536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


@pytest.mark.parametrize(
    "sent", [b"", HEAD, BODY, EVENTS], ids=["idle", "half a request", "half a body", "streams"]
)
@pytest.mark.parametrize("addresses", [1, 200], ids=["one machine", "a whole net"])
def test_who_only_holds_lines_keeps_no_clerk_out(
    open_hall: Any, until: Any, lines: ExitStack, sent: bytes, addresses: int
) -> None:
    held = [
        line(open_hall, f"127.0.7.{number % addresses + 1}", lines, sent) for number in range(400)
    ]
    until(lambda: sum(map(is_ended, held)) >= len(held) - visitors.MOST)

    for _ in range(3):
        assert open_hall.get("/quay/1").status == 200


def test_lines_of_one_machine_are_ended_beyond_a_browsers_need(
    open_hall: Any, lines: ExitStack
) -> None:
    first, *_ = [line(open_hall, "127.0.8.1", lines, HEAD) for _ in range(MOST_OF_ONE + 1)]

    first.settimeout(15)
    assert first.recv(1) == b""


def test_without_files_left_it_is_said_once_and_heals_by_itself(
    hall: Any, until: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    health = hall.running["pages"].daemon.context.health
    with monkeypatch.context() as patch:

        async def refuse(*_: object) -> None:
            raise OSError(errno.EMFILE, "Too many open files")

        patch.setattr(visitors, "_LOOK_S", 0.01)
        patch.setattr(asyncio.selector_events.BaseSelectorEventLoop, "sock_accept", refuse)
        hall.get("/quay/1")
        until(lambda: "pages_down" in health.alerts)
        assert "Too many open files" in health.alerts["pages_down"].text

    assert hall.get("/quay/1").status == 200
    until(lambda: "pages_down" not in health.alerts)
    said = [r for r in caplog.records if "no connection can be taken" in r.getMessage()]
    assert len(said) == 1
    assert said[0].levelno == logging.WARNING


BAD_CHUNK = (
    b"POST /ghep HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n"
    b"Transfer-Encoding: chunked\r\n\r\nZZZ\r\n"
)


@pytest.mark.parametrize(
    "sent",
    [BODY, BAD_CHUNK, b"GET /\n\n", b"\x16\x03\x01" + b"A" * 200],
    ids=["half a body", "a chunk without a size", "no HTTP", "TLS"],
)
def test_whatever_is_sent_over_and_over_leaves_no_log(
    open_hall: Any, lines: ExitStack, caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    for _ in range(20):
        line(open_hall, "127.0.8.1", lines, sent).shutdown(socket.SHUT_WR)

    assert open_hall.get("/quay/1").status == 200
    said = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(said) <= 1


def test_a_body_in_chunks_is_refused_whatever_length_it_names(
    open_hall: Any, lines: ExitStack
) -> None:
    """Of chunks there is no end: the pages would keep in memory what comes."""
    sock = line(open_hall, "127.0.8.1", lines, BAD_CHUNK.replace(b"ZZZ", b"5\r\ncode="))

    assert sock.recv(65536).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "target", ["%00", "%2B", "+", "%23", "a%2Fb", "printer-7", "a" * 4000], ids=lambda t: t[:9]
)
def test_a_device_that_the_yaml_does_not_name_is_not_asked_for(open_hall: Any, target: str) -> None:
    answer = open_hall.press(f"/api/device/{target}/identify", {"id": "q9"})

    assert answer.status == 404
    assert not open_hall.requests("identify")


def test_a_cookie_of_letters_that_nobody_wrote_is_no_pairing(paired_hall: Any) -> None:
    connection = http.client.HTTPConnection(paired_hall.address, timeout=15)
    connection.putrequest("GET", "/quay/1")
    connection.putheader("Cookie", "motcua=1:\u00e9\u00ff".encode("latin-1"))
    connection.endheaders()

    assert connection.getresponse().status == 303
    connection.close()


@pytest.mark.parametrize("origin", ["http://[", "http://]:1", "null", "http://evil.example"])
def test_an_origin_that_is_none_is_another_one(origin: str) -> None:
    assert not doors.is_own_origin(origin, "127.0.0.1:8080")


# --- the rule -------------------------------------------------------------------------------------


class Lan:
    """Connections that come, by name; `ended`: those that were ended, in order."""

    def __init__(self, most: int = 3) -> None:
        self.visitors = Visitors(most)
        self.ended: list[str] = []

    def come(self, name: str, host: str = "", now: float = 0.0) -> bool:
        return self.visitors.come(self.peer(name, host), lambda: self.ended.append(name), now)

    def peer(self, name: str, host: str = "") -> tuple[str, int]:
        return host or f"host-{name}", ord(name)


def test_half_a_request_is_waited_for_so_long() -> None:
    lan = Lan()
    lan.come("a")
    lan.visitors.end_overdue(WAIT_S - 1)
    assert lan.ended == []

    lan.visitors.end_overdue(WAIT_S)

    assert lan.ended == ["a"]


@pytest.mark.parametrize(
    ("stage", "longest"),
    [("asked", ASKED_S), ("answered", ANSWERED_S), ("done", WAIT_S), ("stream", None)],
)
def test_each_place_of_a_connection_has_its_time(stage: str, longest: float | None) -> None:
    lan = Lan()
    lan.come("a")
    peer = lan.peer("a")
    lan.visitors.begin_request(peer, 0.0)
    if stage in ("answered", "stream"):
        lan.visitors.begin_answer(peer, 0.0, stream=stage == "stream")
    if stage == "done":
        lan.visitors.end_request(peer, 0.0)
    lan.visitors.end_overdue((longest or 1e9) - 0.1)
    assert lan.ended == []

    lan.visitors.end_overdue(longest or 1e9)

    assert lan.ended == ([] if longest is None else ["a"])


def test_where_there_is_no_room_who_has_waited_longest_makes_it() -> None:
    lan = Lan(most=3)
    for name in "abc":
        assert lan.come(name, now=float(ord(name)))
    lan.visitors.begin_request(lan.peer("a"), 100.0)

    assert lan.come("d", now=101.0)

    assert lan.ended == ["b"]


def test_who_is_being_served_is_not_sent_away_for_a_newcomer() -> None:
    lan = Lan(most=2)
    for name in "ab":
        lan.come(name)
        lan.visitors.begin_request(lan.peer(name), 0.0)

    assert not lan.come("c")
    assert lan.ended == []


def test_whose_body_does_not_come_makes_room_as_if_it_had_asked_nothing() -> None:
    lan = Lan(most=2)
    for name in "ab":
        lan.come(name)
        lan.visitors.begin_request(lan.peer(name), 0.0, whole=False)
    lan.visitors.end_body(lan.peer("a"))

    assert lan.come("c")
    assert lan.ended == ["b"]


def test_the_machine_that_holds_most_gives_way_to_one_that_holds_less() -> None:
    lan = Lan(most=4)

    def hold_stream(name: str, host: str) -> bool:
        came = lan.come(name, host)
        lan.visitors.begin_answer(lan.peer(name, host), 0.0, stream=True)
        return came

    held = [hold_stream(name, "rogue") for name in "abc"] + [hold_stream("d", "clerk")]

    assert all(held)
    assert hold_stream("e", "other clerk")
    assert not hold_stream("f", "clerk")
    assert lan.ended == ["a"]


def test_one_machine_makes_room_for_itself_and_for_nobody_else() -> None:
    lan = Lan(most=1000)
    lan.come("z", "clerk", now=-1.0)
    names = [chr(0x4E00 + n) for n in range(MOST_OF_ONE + 1)]
    for now, name in enumerate(names):
        lan.come(name, "rogue", now=float(now))

    assert lan.ended == names[:1]


def test_a_line_that_is_gone_leaves_its_room() -> None:
    lan = Lan(most=1)
    lan.come("a")
    lan.visitors.gone(lan.peer("a"))

    assert lan.come("b")
    assert lan.ended == []


@pytest.mark.parametrize(("files", "room"), [(1024, 300), (256, 192), (64, 1)])
def test_there_is_less_room_where_fewer_files_may_be_open(
    monkeypatch: pytest.MonkeyPatch, files: int, room: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))

    assert visitors.room() == room


def test_who_comes_while_the_server_ends_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch, lines: ExitStack
) -> None:
    serve = uvicorn.Server.serve

    async def with_a_late_one(server: uvicorn.Server, sockets: Any = None) -> None:
        await serve(server, sockets)
        late = socket.create_connection(("127.0.0.1", port), 15)
        lines.enter_context(late)
        while not server.server_state.connections:  # noqa: ASYNC110
            await asyncio.sleep(0)

    async def app(*_: object) -> None:
        pytest.fail("nobody has asked")

    monkeypatch.setattr(uvicorn.Server, "serve", with_a_late_one)
    thread = WebThread("127.0.0.1", 0, "pages")
    port = urlsplit(thread.start(app, Visitors(9))).port

    thread.stop(lambda: None)

    # What is left open is told by Python where it is forgotten, and that fails this test.
    gc.collect()
