"""Somebody at the hall's net who holds lines to the staff pages and guesses codes meanwhile.

    python3 page_siege.py PORT

Says `held`, then after each round of guesses how many were refused for guessing, and goes on until
it is killed. Needs nothing but Python, so that the emulated hall can be besieged from its inside;
the addresses are those of 127.0.0.0/8, each a machine of its own to the pages.
"""

import base64
import http.client
import shlex
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LINES = 200
# Each machine tries more often than one may.
MACHINES, TRIES = 6, 8
PATIENCE_S = 60.0
HALF_A_REQUEST = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "
# A command of a shell where the pages are; what it printed.
Shell = Callable[[str], str]
_PLACE = "/tmp/page-siege"


@contextmanager
def besieged(shell: Shell, port: int, place: str = _PLACE) -> Iterator[Callable[[], list[str]]]:
    """What it has said so far, while it goes on; it begins with all lines held."""
    program = base64.b64encode(Path(__file__).read_bytes()).decode()
    file, said = shlex.quote(f"{place}.py"), shlex.quote(f"{place}.said")
    shell(f"echo {program} | base64 -d >{file}")
    pid = shell(f"python3 {file} {port} >{said} 2>&1 </dev/null & echo $!").strip()
    try:
        yield lambda: shell(f"cat {said}").split()
    finally:
        shell(f"kill {pid}; rm -f {file} {said}")


def main() -> None:
    port = int(sys.argv[1])
    held = [_half_a_request(port, f"127.0.7.{number + 1}") for number in range(LINES)]
    _say("held")
    while True:
        answers = [
            _guess(port, f"127.0.8.{machine + 1}", tried)
            for machine in range(MACHINES)
            for tried in range(TRIES)
        ]
        _say(answers.count("/ghep?sai=nhieu"))
        held = [_again(port, line) for line in held]
        time.sleep(1)


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _half_a_request(port: int, address: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), PATIENCE_S, (address, 0))
    line.sendall(HALF_A_REQUEST)
    line.settimeout(0)
    return line


def _again(port: int, line: socket.socket) -> socket.socket:
    """This line, or another in its place where it was ended."""
    with suppress(BlockingIOError):
        with suppress(ConnectionError):
            line.recv(65536)
        address = line.getsockname()[0]
        line.close()
        return _half_a_request(port, address)
    return line


def _guess(port: int, address: str, tried: int) -> str:
    """The page that it is sent to."""
    line = http.client.HTTPConnection("127.0.0.1", port, PATIENCE_S, (address, 0))
    sent = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        line.request("POST", "/ghep", f"code={tried:08}", sent)
        return line.getresponse().headers["location"]
    finally:
        line.close()


if __name__ == "__main__":
    main()
