"""Bytes from the printer: the measured table, told apart however they arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printer.line import status
from printer.line.status import (
    FINE,
    Asb,
    Block,
    InOrder,
    PartialReply,
    PrinterFaults,
    RealTime,
    parse_bytes,
)

OUT = PrinterFaults(offline=True, paper_out=True, paper_low=True)


def replies(data: bytes) -> tuple[status.Reply, ...]:
    return parse_bytes(PartialReply(), data, 0.0).replies


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        ("14000000", FINE),
        ("14000300", PrinterFaults(paper_low=True)),
        ("1C000F00", OUT),
        ("3C000000", PrinterFaults(offline=True, cover_open=True)),
        ("1C000000", PrinterFaults(offline=True)),
        ("1C080000", PrinterFaults(offline=True, cutter=True)),
        ("1C200000", PrinterFaults(offline=True, broken=True)),
        ("1C400000", PrinterFaults(offline=True, broken=True)),
    ],
)
def test_automatic_status_as_measured(data: str, faults: PrinterFaults) -> None:
    (reply,) = replies(bytes.fromhex(data))

    assert isinstance(reply, Asb)
    assert status.of_asb(reply) == faults


@pytest.mark.parametrize(
    ("answers", "faults"),
    [
        ((0x16, 0x12, 0x12, 0x12), FINE),
        ((0x16, 0x12, 0x12, 0x1E), PrinterFaults(paper_low=True)),
        ((0x1E, 0x32, 0x12, 0x7E), OUT),
        ((0x1E, 0x16, 0x12, 0x12), PrinterFaults(offline=True, cover_open=True)),
        ((0x1E, 0x12, 0x12, 0x12), PrinterFaults(offline=True)),
    ],
)
def test_real_time_status_as_measured(answers: tuple[int, ...], faults: PrinterFaults) -> None:
    found = FINE
    for asked, byte in enumerate(answers, start=1):
        (reply,) = replies(bytes((byte,)))
        assert isinstance(reply, RealTime)
        found = status.of_real_time(found, asked, reply)

    assert found == faults


@pytest.mark.parametrize(("byte", "faults"), [(0x00, FINE), (0x03, PrinterFaults(paper_low=True))])
def test_an_answer_in_order_as_measured(byte: int, faults: PrinterFaults) -> None:
    (reply,) = replies(bytes((byte,)))

    assert isinstance(reply, InOrder)
    assert status.of_in_order(FINE, reply) == faults


def test_an_answer_after_automatic_status_is_told_apart_by_its_place() -> None:
    assert replies(b"\x14\x00\x00\x00\x00") == (Asb(b"\x14\x00\x00\x00"), InOrder(0))


def test_a_real_time_answer_inside_automatic_status_disturbs_neither() -> None:
    assert replies(b"\x14\x00\x16\x00\x00") == (RealTime(0x16), Asb(b"\x14\x00\x00\x00"))


def test_flow_control_inside_automatic_status_is_skipped() -> None:
    assert replies(b"\x14\x13\x00\x11\x00\x00") == (Asb(b"\x14\x00\x00\x00"),)


def test_a_process_id_may_hold_any_printable_byte() -> None:
    assert replies(b"\x37\x22\x20\x7e\x35\x5f\x00") == (Block(0x37, b"\x22\x20\x7e\x35\x5f"),)


def test_an_identity_is_a_block() -> None:
    assert replies(b"\x5fTM-T20III\x00") == (Block(0x5F, b"TM-T20III"),)


def test_half_a_group_is_forgotten_after_a_gap() -> None:
    heard = parse_bytes(PartialReply(), b"\x14\x00", 0.0)

    assert parse_bytes(heard.reader, b"\x00", 2.0).replies == (InOrder(0),)


def test_a_block_without_end_does_not_grow_for_ever() -> None:
    reader = parse_bytes(PartialReply(), b"\x37" + b"A" * 500, 0.0).reader

    assert len(reader.block) <= status.LONGEST_BLOCK


@given(st.lists(st.sampled_from((b"\x14\x00\x00\x00", b"\x16", b"\x00", b"\x37\x22abcd\x00"))))
def test_however_the_bytes_are_cut_the_replies_are_the_same(parts: list[bytes]) -> None:
    whole = replies(b"".join(parts))
    reader, found = PartialReply(), []
    for at, byte in enumerate(b"".join(parts)):
        heard = parse_bytes(reader, bytes((byte,)), at * 0.001)
        reader, found = heard.reader, [*found, *heard.replies]

    assert tuple(found) == whole


@given(st.binary(max_size=300))
def test_noise_is_survived_and_ended_by_silence(noise: bytes) -> None:
    reader = parse_bytes(PartialReply(), noise, 0.0).reader

    assert parse_bytes(reader, b"\x14\x00\x00\x00", 5.0).replies == (Asb(b"\x14\x00\x00\x00"),)


@pytest.mark.parametrize("noise", [b"\x5f\xff\xfe", b"\x37\x80", b"_AB\x07", b"\x5fTM"])
def test_noise_that_opens_a_block_does_not_swallow_the_status_behind_it(noise: bytes) -> None:
    """What was left of such a status read as an answer in order, and confirmed a paper."""
    assert replies(noise + b"\x14\x00\x03\x00") == (Asb(b"\x14\x00\x03\x00"),)
    assert replies(noise + b"\x16") == (RealTime(0x16),)


def test_a_pause_of_the_printer_is_no_part_of_its_name() -> None:
    assert replies(b"_TM\x13\x11-88\x00") == (Block(0x5F, b"TM-88"),)
