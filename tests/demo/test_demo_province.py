"""A province's demo: who takes part, what its summary says, and the line that is cut.

The whole of it runs in tests/province/test_province_demo.py.
"""

import json
import socket
import threading
from pathlib import Path

import pytest

from hall.cli.checking.check import judge
from hall.cli.demo import demo_file
from hall.cli.province.demo import UNITS
from hall.cli.stand_ins import STAND_INS
from hall.demo import province_cast
from hall.demo.cut_line import CutLine
from hall.demo.province_cast import HallOutcome, ProvinceOutcome


def test_each_unit_gets_a_hall_before_one_gets_a_second() -> None:
    found = province_cast.halls(6, UNITS)

    assert [each.id for each in found] == [*UNITS, "mu-cang-chai-2", "phu-tien-2"]
    assert {each.unit for each in found} == set(UNITS)
    assert len({each.name for each in found}) == 6


def test_a_sample_hall_s_file_is_one_that_a_hall_runs_by(tmp_path: Path) -> None:
    source = demo_file()
    document, _ = judge(source)
    hall = province_cast.halls(1, UNITS)[0]
    url = "mqtt://127.0.0.1:1"
    made = province_cast.hall_file(document.values, source.parent, hall, url, STAND_INS)
    (tmp_path / "hall.yaml").write_text(json.dumps(made), encoding="utf-8")

    _, shared = judge(tmp_path / "hall.yaml")

    assert shared.hall.id == "mu-cang-chai"
    assert made["onestop"]["profile"] == "mu-cang-chai"


def outcome(*halls: HallOutcome, catch_up_s: float | None = 2.0) -> ProvinceOutcome:
    return ProvinceOutcome(halls, catch_up_s, (), ())


WHOLE = HallOutcome("a", 3, (1, 2, 3))


def test_a_province_that_has_every_event_once_broke_nothing() -> None:
    assert outcome(WHOLE).broken == ()
    assert outcome(WHOLE, WHOLE).summary()["events"] == 6


@pytest.mark.parametrize(
    ("hall", "words"),
    [
        (HallOutcome("a", 3, (1, 3)), "thiếu 1, trùng 0, lạ 0"),
        (HallOutcome("a", 3, (1, 2, 2, 3)), "thiếu 0, trùng 1, lạ 0"),
        (HallOutcome("a", 3, (1, 2, 3, 4)), "thiếu 0, trùng 0, lạ 1"),
        (HallOutcome("a", 0, ()), "không có ai đến"),
    ],
)
def test_what_is_missing_or_too_many_is_told(hall: HallOutcome, words: str) -> None:
    assert outcome(WHOLE, hall).broken == (f"a: {words}",)


def test_a_hall_that_never_caught_up_is_told() -> None:
    assert outcome(WHOLE, catch_up_s=None).broken == (
        "hội trường mất đường truyền không gửi bù xong",
    )


def test_a_line_carries_until_it_is_cut_and_again_when_it_is_mended() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_echo, args=(server,), daemon=True).start()
        line = CutLine(server.getsockname()[1])
        line.open()
        try:
            with socket.create_connection(("127.0.0.1", line.port), 30) as near:
                assert _said(near, b"mot") == b"mot"
                line.cut()
                assert near.recv(10) == b""
            with socket.create_connection(("127.0.0.1", line.port), 30) as near:
                assert near.recv(10) == b""
            line.mend()
            with socket.create_connection(("127.0.0.1", line.port), 30) as near:
                assert _said(near, b"hai") == b"hai"
        finally:
            line.close()


def _echo(server: socket.socket) -> None:
    while True:
        try:
            far, _ = server.accept()
        except OSError:
            return
        with far:
            while chunk := far.recv(10):
                far.sendall(chunk)


def _said(near: socket.socket, words: bytes) -> bytes:
    near.sendall(words)
    return near.recv(10)
