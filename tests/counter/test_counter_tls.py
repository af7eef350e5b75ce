"""The staff pages over TLS, by the certificate that `motcua ca --pages` makes."""

import json
import socket
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hall.cli.__main__ import main

ALERT = "motcua/1/demo/dev/counters/alert/pages_down"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("root")
    given = ["ca", "--pages", "--write", str(root), "--name", "127.0.0.1", "--name", "hall.local"]
    assert main(given) == 0
    return root


@pytest.fixture(scope="module")
def hall(made: Path, tmp_path_factory: pytest.TempPathFactory, small_hall: Any) -> Iterator[Any]:
    folder = made / "etc/motcua/pages"
    tls = f"tls: {{certificate: {folder}/pages.crt, key: {folder}/pages.key}}"
    small = small_hall(tmp_path_factory.mktemp("hall"), pairing="required", more=tls)
    small.trust = ssl.create_default_context(cafile=made / "etc/mosquitto/certs/ca.crt")
    try:
        small.open()
        yield small
    finally:
        small.close()


def test_the_cookie_of_a_paired_browser_never_leaves_tls(hall: Any) -> None:
    answer = hall.type_code(hall.code("1"))

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-motcua=")
    assert "; Secure" in cookie
    assert "; Path=/" in cookie
    assert "max-age" in answer.headers["strict-transport-security"]
    kept = {"Cookie": cookie.split(";")[0]}
    assert hall.get("/quay/1", **kept).status == 200
    assert hall.url.startswith("https://")


def test_who_says_nothing_in_the_handshake_holds_up_nobody(hall: Any) -> None:
    host, _, port = hall.address.rpartition(":")
    held = [socket.create_connection((host, int(port)), 15) for _ in range(5)]
    held[0].sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

    assert hall.get("/ghep").status == 200
    for each in held:
        each.close()


def test_the_key_is_for_the_pages_alone(made: Path) -> None:
    assert stat.S_IMODE((made / "etc/motcua/pages/pages.key").stat().st_mode) == 0o640


def test_a_certificate_that_is_not_there_is_an_alert(
    small_hall: Any, tmp_path: Path, until: Any
) -> None:
    hall = small_hall(tmp_path, more=f"tls: {{certificate: {tmp_path}/no.crt, key: no.key}}")
    hall.state.mkdir()
    hall.pictures.mkdir()
    try:
        hall.run_pages()
        until(lambda: ALERT in hall.broker.retained)
        assert "no.crt" in json.loads(hall.broker.retained[ALERT])["text"]
    finally:
        hall.close()
