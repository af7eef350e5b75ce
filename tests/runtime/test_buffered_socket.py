"""A socket for a library that asks for a byte at a time: large pieces, nothing lost between."""

import socket
from collections.abc import Iterator

import pytest

from hall.runtime.buffered_socket import BufferedSocket

Pair = tuple[BufferedSocket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    near, far = socket.socketpair()
    near.settimeout(0)
    with near, far:
        yield BufferedSocket(near), far


def test_what_came_at_once_is_read_at_once_and_handed_out_in_order(pair: Pair) -> None:
    line, far = pair
    far.sendall(b"\x40\x02\x00\x01\x40\x02")

    assert (line.recv(1), line.pending()) == (b"\x40", 5)
    assert (line.recv(1), line.recv(2)) == (b"\x02", b"\x00\x01")
    assert (line.recv(100), line.pending()) == (b"\x40\x02", 0)
    with pytest.raises(BlockingIOError):
        line.recv(1)


def test_the_end_of_the_connection_is_an_empty_answer(pair: Pair) -> None:
    line, far = pair
    far.sendall(b"a")
    far.close()

    assert (line.recv(1), line.recv(1)) == (b"a", b"")


def test_what_is_sent_leaves_together(pair: Pair) -> None:
    line, far = pair
    line.send(b"one ")
    line.send(b"two")
    far.settimeout(0)
    with pytest.raises(BlockingIOError):
        far.recv(100)

    assert line.flush()
    assert far.recv(100) == b"one two"


def test_what_the_system_does_not_take_is_sent_later_and_whole(pair: Pair) -> None:
    line, far = pair
    sent = bytes(range(256)) * 8192
    line.send(sent)
    assert not line.flush()
    came = b""
    while len(came) < len(sent):
        came += far.recv(1 << 20)
        line.flush()

    assert came == sent


def test_a_farewell_is_sent_before_the_end(pair: Pair) -> None:
    line, far = pair
    line.send(b"\xe0\x00")
    line.close()

    assert far.recv(10) == b"\xe0\x00"
    assert far.recv(10) == b""


def test_closing_when_nobody_is_there_is_no_error(pair: Pair) -> None:
    line, far = pair
    far.close()
    line.send(b"\xe0\x00")
    line.close()

    assert line.fileno() == -1
