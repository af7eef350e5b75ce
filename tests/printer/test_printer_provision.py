"""A slow printer keeps the unchanging strips in its own memory."""

from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from unittest.mock import Mock

import pytest
from PIL import Image

from hall.runtime.clock import SystemClock
from printer.drivers.serial import SerialDriver
from printer.jobs.composing import Composer, Composers, PaperNames, compact_rows, dress_rows
from printer.line.reports import Keys, SessionTimeouts, Up
from printer.models import MODELS
from printer.paper import assets
from printer.paper.assets import Book, changes
from printer.paper.dots import digest
from printer.paper.drawing import Studio
from printer.paper.encoder import Encoder, Recipe
from printer.paper.layout import Content, Dress
from printer.paper.phrases import LANGUAGES
from printer.provision import (
    ProvisionError,
    ProvisionTarget,
    _Talk,
    definition,
    provision,
    read_book,
    strips_by_digest,
)
from printer.simulator.machine import Machine, Make
from printer.simulator.paper import CutPaper

QUICK = SessionTimeouts(answer=0.3, settle=0.02)
DRESS = Dress("Trung tâm Phục vụ hành chính công xã Mù Cang Chải", footer=("Mời giữ phiếu",))


def slow_composer(hall: Any, book: Book) -> Composer:
    services = {"ho-tich": "Hộ tịch – Chứng thực", "dat-dai": "Đất đai – Xây dựng"}
    studio = Studio()
    recipe = Recipe(native_number=True, native_qr=True, native_text=True, assets=book.keys)
    encoder = Encoder(MODELS["TM-T20III"], studio, recipe)
    names = PaperNames(services, {"1": "Quầy 1", "3": "Quầy 3"})
    fast = hall.composers.raster if hall.composers else None
    zone = fast.zone if fast else _zone()
    return Composer(
        MODELS["TM-T20III"], encoder, DRESS, names, zone, 960.0, to_rows=compact_rows(studio)
    )


def _zone() -> Any:
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    return ZoneInfo("Asia/Ho_Chi_Minh")


def target(hall: Any, tmp_path: Path, **make: Any) -> ProvisionTarget:
    hall.make = Make(**make)
    hall.with_printer()
    hall.driver = SerialDriver(hall.bench.open_pty(), 115200, "none")
    hall.bench.start()
    return ProvisionTarget(hall.driver, MODELS["TM-T20III"], tmp_path / "book.json", SystemClock())


def strips(hall: Any) -> dict[str, Any]:
    return strips_by_digest(slow_composer(hall, Book()).strips())


def test_strips_are_written_listed_and_remembered(hall: Any, tmp_path: Path) -> None:
    there = target(hall, tmp_path)

    done = provision(there, strips(hall), 20.0)

    assert done.strips == done.written == len(strips(hall)) > 10
    assert set(read_book(there.book).keys) == set(strips(hall))
    assert read_book(there.book).identity == "TM-T20III"


def test_what_is_there_already_is_not_written_again(hall: Any, tmp_path: Path) -> None:
    there = target(hall, tmp_path)
    provision(there, strips(hall), 20.0)

    again = provision(there, strips(hall), 20.0)

    assert (again.written, again.sent) == (0, 0)


def test_a_slow_wire_takes_nothing_from_the_time_that_the_printer_has(
    hall: Any, tmp_path: Path
) -> None:
    """Twenty services and twenty counters are 380 s of 9600 baud."""
    held = strips(hall)
    keys = tuple(changes(Book(), held, "").book.keys.values())
    said: SimpleQueue[Any] = SimpleQueue()
    for report in (Up(), Keys(()), Keys(keys)):
        said.put(report)
    there = replace(target(hall, tmp_path), driver=SerialDriver("/dev/x", 9600, "none"))
    talk = _Talk(there, Mock(), said, there.clock.monotonic() + 300.0)
    end = talk.end

    done = talk.run(held)

    assert talk.end == end + done.sent / 960


def test_a_list_longer_than_one_block_is_asked_for_to_its_end(hall: Any, tmp_path: Path) -> None:
    there = target(hall, tmp_path)
    image = next(iter(strips(hall).values()))
    many = {}
    for n in range(55):
        other = image.copy()
        other.putpixel((n, 0), 0)
        many[digest(other)] = other

    assert provision(there, many, 20.0).strips == 55


def test_a_printer_that_keeps_nothing_is_found_out_at_once(
    hall: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("printer.provision.LIST_S", 0.2)
    there = target(hall, tmp_path, nv=False)

    with pytest.raises(ProvisionError, match="không"):
        provision(there, strips(hall), 300.0)
    assert not there.book.exists()


def test_a_model_without_memory_is_refused_before_anything_is_sent(
    hall: Any, tmp_path: Path
) -> None:
    there = replace(target(hall, tmp_path), model=MODELS["default"])

    with pytest.raises(ProvisionError, match="bộ nhớ"):
        provision(there, strips(hall), 1.0)


def test_a_provisioned_printer_gets_a_ticket_in_under_a_second_of_9600_baud(
    hall: Any, tmp_path: Path
) -> None:
    there = target(hall, tmp_path)
    provision(there, strips(hall), 20.0)
    book = read_book(there.book)
    memory = slow_composer(hall, book)
    hall.composers = Composers(_raster(memory), memory, frozenset(book.keys.values()))
    hall.start().ready()
    hall.until(lambda: hall.service._printing._composer is memory)

    hall.dispense(priority="uu-tien")
    hall.until(lambda: hall.results == [("t1", "printed")])

    (sheet,) = hall.sheets
    assert len(sheet.data) < 500
    assert len(sheet.data) * 10 / 9600 < 1.0
    assert sheet.image.height > 500
    assert not hall.alerts


def test_a_printer_whose_memory_was_lost_falls_back_and_says_so(hall: Any, tmp_path: Path) -> None:
    there = target(hall, tmp_path)
    provision(there, strips(hall), 20.0)
    book = read_book(there.book)
    hall.bench.do_order(lambda machine, _now: machine._storage.graphics.clear())
    memory = slow_composer(hall, book)
    hall.composers = Composers(_raster(memory), memory, frozenset(book.keys.values()))

    hall.start().ready()
    hall.until(lambda: "assets_missing" in hall.alerts)

    hall.dispense()
    hall.until(lambda: hall.results == [("t1", "printed")])
    assert hall.sheets[0].image.height > 500


@pytest.mark.parametrize("lang", LANGUAGES)
def test_head_and_foot_out_of_memory_are_the_same_dots_as_sent(lang: str) -> None:
    content = Content("A017", "Hộ tịch", 3, ("Quầy 1",), (5, 10), lang=lang)
    studio = Studio()
    rows = dress_rows(studio)(content, DRESS, 576)
    native = Recipe(native_number=True, native_qr=True)
    kept = strips_by_digest([studio.draw(row, 576) for row in rows if row.asset])
    book = changes(Book(), kept, "").book
    definitions = b"".join(definition(key, kept[digest]) for digest, key in book.keys.items())

    sent = Encoder(MODELS["TM-T20III"], studio, native).encode(rows).data
    short = (
        Encoder(MODELS["TM-T20III"], studio, replace(native, assets=book.keys)).encode(rows).data
    )

    assert len(kept) == 4
    assert len(short) < 0.75 * len(sent)
    assert paper(definitions + short) == paper(definitions + sent)


def paper(data: bytes) -> bytes:
    sheets: list[CutPaper] = []
    Machine(Make(buffer=1 << 20), sheets.append).receive(data, 0.0)
    return sheets[0].image.tobytes()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_of_a_ticket_is_in_the_memory(hall: Any, lang: str) -> None:
    kept = changes(Book(), strips(hall), "").book
    composer = slow_composer(hall, kept)
    content = Content("A017", "Hộ tịch – Chứng thực", 3, ("Quầy 1",), (5, 10), lang=lang)

    rows = compact_rows(composer.encoder.studio)(content, DRESS, 576)

    assert b"\x1dv0" not in composer.encoder.encode(rows).data


def _raster(memory: Composer) -> Composer:
    from printer.jobs.composing import plain_rows  # noqa: PLC0415

    encoder = Encoder(MODELS["TM-T20III"], memory.encoder.studio)
    rows = plain_rows(memory.encoder.studio)
    return replace(memory, encoder=encoder, to_rows=rows)


def test_a_printer_left_in_the_middle_of_a_strip_is_not_lost(hall: Any, tmp_path: Path) -> None:
    """A strip is longer than what is filled up at first: the dispenser fills up more."""
    hall.profile = "XP-80"  # it cannot be told to drop what it holds
    target(hall, tmp_path)
    image = Image.new("1", (576, 60), 0)
    hall.bench.do_order(lambda machine, now: machine.receive(definition("A0", image)[:100], now))

    hall.start().ready()

    hall.dispense()
    hall.until(lambda: hall.results == [("t1", "printed")])


@pytest.mark.parametrize(
    ("fault", "why"), [({"cover_open": True}, "Nắp"), ({"mute": True}, "không trả lời")]
)
def test_a_printer_that_cannot_now_is_named_at_once_in_words(
    hall: Any, tmp_path: Path, fault: Any, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("printer.provision.PATIENT", QUICK)
    there = target(hall, tmp_path)
    hall.bench.change(**fault)

    with pytest.raises(ProvisionError, match=why):
        provision(there, strips(hall), 20.0)


def test_keys_stay_with_their_strips_and_freed_keys_are_used_again() -> None:
    first = changes(Book(), ["a", "b"], "T").book
    second = changes(first, ["b", "c"], "T")

    assert second.book.keys["b"] == first.keys["b"]
    assert set(second.book.keys) == {"b", "c"}
    assert second.define == {second.book.keys["c"]: "c"}
    assert first.keys["a"] in (*second.delete, *second.define)


def test_a_printer_of_the_same_model_from_another_hall_is_found_out() -> None:
    """A spare that was provisioned elsewhere lists as many keys, and prints other names."""
    ours = changes(Book(), [f"ours-{n}" for n in range(12)], "TM-T20III").book
    theirs = changes(Book(), [f"theirs-{n}" for n in range(12)], "TM-T20III").book

    assert not assets.held(ours, theirs.keys.values())


def test_every_strip_of_a_full_memory_has_a_key_of_its_own() -> None:
    book = changes(Book(), [str(n) for n in range(assets.ROOM)], "T").book

    assert len(set(book.keys.values())) == assets.ROOM


def test_another_printer_in_its_place_is_written_afresh() -> None:
    known = Book("TM-T20III", {"a": "A0"})

    assert list(changes(known, ["a"], "TM-T88V").define.values()) == ["a"]


def test_a_book_outlives_its_file_and_a_bad_file_is_an_empty_book(tmp_path: Path) -> None:
    book = Book("T", {"a": "A0"})
    path = tmp_path / "book.json"
    path.write_text(assets.dump(book), encoding="utf-8")
    assert read_book(path) == book
    path.write_text("[]", encoding="utf-8")
    assert read_book(path) == Book()


def test_more_strips_than_keys_are_refused() -> None:
    with pytest.raises(assets.TooMany):
        changes(Book(), [str(n) for n in range(300)], "T")
