"""The bytes that reach a printer: the maker's, small enough to recover from, and only ours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from escpos.printer import Dummy
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printer import commands
from printer.models import MODELS
from printer.paper.dots import BAND_ROWS, disarm, raster
from printer.paper.drawing import Studio
from printer.paper.encoder import Encoder, Recipe
from printer.paper.layout import Content, Dress, lay_out
from printer.paper.rows import TicketRow
from printer.simulator import tokens as t

STUDIO = Studio()
DRESS = Dress("Trung tâm Phục vụ hành chính công xã Mù Cang Chải")
TICKET = Content(
    "A017",
    "Hộ tịch – Chứng thực",
    ahead=12,
    counters=("Quầy 1",),
    issued_at=datetime(2026, 11, 23, 7, 42),  # noqa: DTZ001 - as printed
    code="https://dvc.example.gov.vn/q/7f3a91c2",
)
TM, PLAIN = MODELS["TM-T20III"], MODELS["default"]


def rows_of(content: Content, width: int = 576) -> tuple[TicketRow, ...]:
    return lay_out(content, DRESS, width, STUDIO)


def tokens(data: bytes) -> list[t.Token]:
    parser = t.TokenParser()
    parser.feed(data)
    return list(iter(parser.take_token, None))


def kinds(data: bytes) -> set[type[Any]]:
    return {type(token) for token in tokens(data)}


def test_a_band_is_the_very_bytes_of_python_escpos() -> None:
    image = STUDIO.draw(rows_of(TICKET)[2], 576).crop((0, 40, 576, 40 + BAND_ROWS))
    assert image.mode == "1"
    theirs = Dummy()
    theirs.image(image, impl="bitImageRaster")

    assert raster(image, trim=False).data == theirs.output


def test_a_job_is_init_status_paper_cut_and_the_questions() -> None:
    data = Encoder(TM, STUDIO).encode(rows_of(TICKET), b"1234").data

    assert data.startswith(b"\x1b@\x1da\xff")
    assert data.endswith(b"\x1dVA\x00" + b"\x1d(H\x06\x0000" + b"1234" + b"\x1dr\x01")


def test_a_printer_that_cannot_answer_process_ids_is_not_asked() -> None:
    data = Encoder(PLAIN, STUDIO).encode(rows_of(TICKET), b"1234").data

    assert data.endswith(b"\x1dVA\x00\x1dr\x01")


def test_blank_rows_are_fed_and_not_sent() -> None:
    assert raster(Image.new("1", (576, 700), 1)).data == b"\x1bJ\xff\x1bJ\xff\x1bJ\xbe"


def test_no_band_is_taller_than_what_a_resync_can_fill_up() -> None:
    encoded = Encoder(PLAIN, STUDIO).encode(rows_of(TICKET))
    bands = [token.rows for token in tokens(encoded.data) if isinstance(token, t.RasterStart)]

    assert max(bands) <= BAND_ROWS
    assert encoded.longest <= 1736


def test_trimming_changes_bytes_and_not_the_paper() -> None:
    rows = rows_of(TICKET)
    trimmed = Encoder(PLAIN, STUDIO).encode(rows).data
    whole = Encoder(PLAIN, STUDIO, Recipe(trim=False)).encode(rows).data

    assert len(trimmed) < 0.7 * len(whole)
    assert painted(trimmed) == painted(whole)


# No 0x10: where image data would be disarmed, a dot more is burnt.
INK = st.sampled_from(b"\x00\x00\x00\x00\x01\x80\xff")
STRIPS = st.integers(1, 60).flatmap(
    lambda rows: st.lists(st.lists(INK, min_size=9, max_size=9), min_size=rows, max_size=rows)
)


def strip(lines: list[list[int]]) -> Image.Image:
    data = b"".join(bytes(255 - byte for byte in line) for line in lines)
    return Image.frombytes("1", (72, len(lines)), data)


@given(STRIPS)
@settings(max_examples=40, deadline=None)
def test_any_strip_trimmed_at_both_edges_paints_the_same_dots_in_no_more_bytes(
    lines: list[list[int]],
) -> None:
    trimmed, whole = (raster(strip(lines), trim=trim).data for trim in (True, False))

    assert painted(trimmed) == painted(whole)
    assert len(trimmed) <= len(whole)


@given(STRIPS)
@settings(max_examples=40, deadline=None)
def test_whatever_follows_a_strip_begins_at_the_edge_of_the_paper(lines: list[list[int]]) -> None:
    margins = [token.dots for token in tokens(raster(strip(lines)).data) if type(token) is t.Margin]

    assert margins == [] or margins[-1] == 0
    assert all(before != after for before, after in pairwise([0, *margins]))


def test_the_printer_s_own_type_and_code_find_no_margin_before_them() -> None:
    data = Encoder(TM, STUDIO, Recipe(native_number=True, native_qr=True)).encode(rows_of(TICKET))

    margin = 0
    for token in tokens(data.data):
        match token:
            case t.Margin(dots=dots):
                margin = dots
            case t.Text() | t.QrCommand() | t.Cut():
                assert margin == 0
            case _:
                pass


def painted(data: bytes) -> list[bytes]:
    """The dot rows of the paper, blank ones included."""
    return list(_painted(data))


def _painted(data: bytes) -> Iterator[bytes]:
    margin = 0
    for token in tokens(data):
        match token:
            case t.Margin(dots=dots):
                margin = dots // 8
            case t.RasterRow(data=row):
                yield (bytes(margin) + row).ljust(72, b"\x00")
            case t.Feed(rows=rows):
                yield from [bytes(72)] * rows
            case _:
                pass


def test_a_native_number_and_code_save_bytes_where_the_model_has_them() -> None:
    plain = Encoder(TM, STUDIO).encode(rows_of(TICKET)).data
    native = Encoder(TM, STUDIO, Recipe(native_number=True, native_qr=True)).encode(rows_of(TICKET))

    assert len(native.data) < 0.7 * len(plain)
    assert b"\x1d!\x77A017\n\x1d!\x00" in native.data
    assert b"\x1d(k\x28\x001P0" + b"https://dvc.example.gov.vn/q/7f3a91c2" in native.data


def test_a_model_without_a_code_of_its_own_gets_dots() -> None:
    data = Encoder(PLAIN, STUDIO, Recipe(native_qr=True)).encode(rows_of(TICKET)).data

    assert t.QrCommand not in kinds(data)


def test_the_same_ticket_costs_nothing_twice() -> None:
    encoder = Encoder(PLAIN, STUDIO)
    first = encoder.encode(rows_of(TICKET))
    known = set(encoder._kept)
    encoder.encode(rows_of(replace(TICKET, number="A018", ahead=13)))

    assert len(set(encoder._kept) - known) == 2
    assert encoder.encode(rows_of(TICKET)) == first


@given(st.binary(max_size=400))
def test_no_image_data_reads_as_a_real_time_command(noise: bytes) -> None:
    armed = noise + b"\x10\x04\x01" + noise[::-1] + b"\x10\x10\x14\x08" + b"\x10\x05"

    safe = disarm(armed)

    assert len(safe) == len(armed)
    assert not any(pair in safe for pair in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


@given(st.binary(min_size=72 * 48, max_size=72 * 48))
@settings(max_examples=30, deadline=None)
def test_no_job_holds_a_real_time_command(noise: bytes) -> None:
    image = Image.frombytes("1", (576, 48), bytes(255 - b for b in noise))
    image.paste(Image.frombytes("1", (24, 1), bytes(255 - b for b in b"\x10\x04\x01")), (0, 3))

    data = raster(image).data

    assert not any(pair in data for pair in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


TEMPLATE = {
    t.Init,
    t.SetAsb,
    t.Feed,
    t.Margin,
    t.RasterStart,
    t.RasterRow,
    t.Cut,
    t.ProcessId,
    t.AskInOrder,
}
OUTSIDE = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        (
            "Hộ tịch\x1b@\x1dV\x00",
            "A\x10\x14\x01\x00\x05B",
            "x\x1b=\x00y",
            "\x1dI\x43",
            "\u009b2J\u0085",
            "\x00\x07\x0c\x0b\x18",
            "dòng1\r\ndòng2\tcột",
        )
    ),
)


@given(service=OUTSIDE, counter=OUTSIDE, code=OUTSIDE.filter(lambda s: len(s) < 60))
@settings(max_examples=40, deadline=None)
def test_whatever_a_text_holds_the_printer_gets_the_template_s_commands_alone(
    service: str, counter: str, code: str
) -> None:
    content = replace(TICKET, service=service, counters=(counter,), code=code or None)

    data = Encoder(TM, STUDIO).encode(rows_of(content), b"1234").data

    found = tokens(data)
    assert {type(token) for token in found} <= TEMPLATE
    assert sum(isinstance(token, t.Cut) for token in found) == 1
    assert sum(isinstance(token, t.Init) for token in found) == 1


@given(number=st.text(max_size=8))
@settings(max_examples=40, deadline=None)
def test_a_number_is_set_in_the_printer_s_type_only_when_it_is_plain(number: str) -> None:
    content = replace(TICKET, number=number, code=None)

    data = Encoder(TM, STUDIO, Recipe(native_number=True)).encode(rows_of(content)).data

    allowed = TEMPLATE | {t.Align, t.Size, t.Text, t.LineEnd}
    assert kinds(data) <= allowed
    assert all(token.byte < 0x7F for token in tokens(data) if isinstance(token, t.Text))


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_model_s_profile_is_known_to_python_escpos(name: str) -> None:
    model = MODELS[name]

    encoded = Encoder(model, STUDIO).encode(rows_of(TICKET, model.width))

    assert encoded.data.count(commands.IN_ORDER) >= 1
    assert model.width % 8 == 0
