"""Kiosk, ticket, board, voice and pages say one thing by one word."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from hall.counter import page_words
from hall.counter.turns import sheets
from hall.wording import glossary
from printer.paper import phrases

ROOT = Path(__file__).parents[2]
# Who speaks to citizens and clerks. What suppliers call their columns is theirs.
SPEAKERS = ("kiosk", "display", "printer", "hall/counter", "hall/figures", "hall/wording")
NOWHERE = {
    r"\bbạn\b": "ông/bà",
    r"quá hẹn": "trễ hẹn",
    r"quá hạn(?! mức)": "trễ hẹn",
    r"lời khai": "Ông/bà tự xác nhận",
    r"chưa phải làm gì": "Ông/bà chưa cần làm gì",
    r"chưa chắc phiếu": "Có thể phiếu chưa in được",
    r"trang đầu\b(?! tiên)": "Trang chủ",
    r"thôi đọc": "Dừng đọc",
}


def _literals(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _files(place: str) -> Iterator[Path]:
    path = ROOT / place
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return (file for file in found if file.suffix in (".py", ".toml", ".js", ".html"))


def _said(place: str) -> Iterator[tuple[str, str]]:
    """Every text of a speaker, with its file."""
    for file in _files(place):
        name = str(file.relative_to(ROOT))
        if file.suffix == ".py":
            yield from ((name, text) for text in _literals(file))
        elif "vendored" not in file.parts:
            yield name, file.read_text(encoding="utf-8")


def _wrong(texts: Iterator[tuple[str, str]]) -> list[str]:
    return [
        f"{name}: {found[0]!r}, say {better!r}"
        for name, text in texts
        for word, better in NOWHERE.items()
        for found in re.finditer(word, text, re.IGNORECASE)
    ]


@pytest.mark.parametrize("place", SPEAKERS)
def test_nobody_speaks_in_words_the_glossary_has_given_up(place: str) -> None:
    assert not _wrong(_said(place))


@pytest.mark.parametrize("planted", ["Trước bạn", "đã quá hẹn 3 ngày", "Quá hạn", "Lời khai là đủ"])
def test_a_word_that_was_given_up_is_found_when_it_comes_back(planted: str) -> None:
    assert _wrong(iter((("planted", planted),)))


def test_a_ticket_awaits_its_call_and_invites_nobody() -> None:
    for place in ("printer/paper", "printer/jobs"):
        assert not [text for _, text in _said(place) if text.startswith("Mời đến")]
    assert phrases.VIETNAMESE.until_called == "Chờ gọi đến"


def test_english_has_applications_not_dossiers() -> None:
    kiosk = tomllib.loads((ROOT / "kiosk/texts/en.toml").read_text(encoding="utf-8"))
    told = [text for table in kiosk.values() for text in table.values()]
    told += [value for each in fields(phrases.ENGLISH)
             if isinstance(value := getattr(phrases.ENGLISH, each.name), str)]  # fmt: skip
    told += [text for texts in sheets._TEXTS["en"].values() for text in texts]
    told.append(repr(glossary.ENGLISH))

    assert not [text for text in told if "dossier" in text.lower()]


def test_no_word_of_the_glossary_is_written_a_second_time() -> None:
    """What kiosk, ticket, board and pages share is not spelled in their own files."""
    shared = {
        glossary.VIETNAMESE.figures.overdue,
        glossary.VIETNAMESE.figures.early_or_on_time,
        glossary.VIETNAMESE.counter.paused,
        glossary.VIETNAMESE.wait.until_called,
        glossary.VIETNAMESE.wait.no_estimate,
        *glossary.VIETNAMESE.weekdays,
    }
    again = [
        (name, word)
        for place in SPEAKERS[:-1]
        for name, text in _said(place)
        for word in shared
        if text == word or f'"{word}"' in text
    ]

    assert not again


def test_the_pages_scripts_are_given_the_glossarys_words() -> None:
    assert '"overdue": "Trễ hẹn"' in page_words.script()


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("Mời đến Quầy 3", "Mời đến Quầy\u00a03"),
        ("đến quầy số 5A ngay", "đến quầy\u00a0số\u00a05A ngay"),
        ("Quầy tiếp nhận số 1", "Quầy tiếp nhận số\u00a01"),
        ("Counter 12, 3", "Counter\u00a012, 3"),
        ("quầy hướng dẫn", "quầy hướng dẫn"),
    ],
)
def test_no_line_ends_between_a_counter_and_its_number(text: str, bound: str) -> None:
    assert glossary.bound(text) == bound
