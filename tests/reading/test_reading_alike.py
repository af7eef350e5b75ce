"""Letters that people cannot tell apart, by ear in any region or by eye."""

import string
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.reading.alike import distinct_letters, likenesses
from hall.reading.readers import reader
from hall.reading.vietnamese import LETTERS, ReadingStyle

IN_E = "BCDGPTV"


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        *(("D", "G", "same"), ("D", "V", "same"), ("G", "V", "same"), ("S", "X", "rhyme")),
        *(("M", "N", "rhyme"), ("A", "K", "rhyme"), ("I", "Q", "rhyme"), ("DA", "GA", "same")),
        *(("AB", "AC", "rhyme"), ("A", "B", None), ("AB", "BA", None), ("A", "AB", None)),
    ],
)
def test_a_pair_is_judged_as_it_sounds(one: str, other: str, how: str | None) -> None:
    found = list(likenesses([one, other]))

    assert [each.how for each in found] == ([how] if how else [])


def test_every_letter_named_in_e_is_like_every_other() -> None:
    assert {(f.one, f.other) for f in likenesses(IN_E)} == set(combinations(IN_E, 2))


@given(st.lists(st.sampled_from(string.ascii_uppercase), unique=True, max_size=26))
def test_likeness_knows_no_order(letters: list[str]) -> None:
    there = {(frozenset((f.one, f.other)), f.how) for f in likenesses(letters)}

    assert there == {(frozenset((f.one, f.other)), f.how) for f in likenesses(letters[::-1])}


def test_the_letters_offered_sound_and_look_like_no_other() -> None:
    offered = distinct_letters()

    assert offered[:5] == ("A", "B", "E", "H", "L")
    assert len(offered) == 9
    assert not list(likenesses(offered))
    assert not set(offered) & set("GIOQSZ")


def test_none_can_be_added_to_those_offered() -> None:
    offered = distinct_letters()
    left = [c for c in LETTERS if c not in offered and c not in "GIKMOQSVWXZ"]

    assert all(list(likenesses([*offered, letter])) for letter in left)


def test_a_hall_that_names_its_letters_otherwise_is_judged_by_its_names() -> None:
    style = ReadingStyle(letters={"B": "bò", "C": "cá"})

    assert not list(likenesses("BC", style))
    assert [f.how for f in likenesses("AC", style)] == []
    assert [f.how for f in likenesses("DG", style)] == ["same"]


@pytest.mark.parametrize("lang", ["vi", "en", "hmn"])
def test_every_language_reads_a_ticket_sign_by_sign(lang: str) -> None:
    assert len(reader(lang).number("A017")) == 4
