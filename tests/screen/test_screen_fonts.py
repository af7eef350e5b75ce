"""The vendored fonts draw Vietnamese and its minorities' Latin, and say what they can draw."""

import unicodedata

import pytest
from fontTools.ttLib import TTFont

from hall import fonts
from hall.fonts import Family, Weight

JARAI = "ĔĕĬĭŎŏŬŭƀɃƁɓČčĐđÊêƠơƯư"
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def vietnamese() -> str:
    every = (unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES)
    lower = "".join(every) + "đ"
    return lower + lower.upper()


def test_every_vietnamese_letter_is_in_the_face_of_the_hall() -> None:
    assert len(vietnamese()) == 146
    assert fonts.covers(vietnamese())


def test_the_letters_of_jarai_are_in_the_second_family() -> None:
    assert not fonts.covers(JARAI)
    assert fonts.covers(JARAI, Family.NOTO)


def test_a_text_is_split_only_where_the_first_family_lacks_a_letter() -> None:
    assert fonts.runs("Quầy 1") == ((Family.BE_VIETNAM, "Quầy 1"),)
    assert fonts.runs("Dŏng ƀôn") == (
        (Family.BE_VIETNAM, "D"),
        (Family.NOTO, "ŏ"),
        (Family.BE_VIETNAM, "ng "),
        (Family.NOTO, "ƀ"),
        (Family.BE_VIETNAM, "ôn"),
    )


def test_a_combining_mark_stays_with_its_letter() -> None:
    assert fonts.runs("ƀ\u0301a") == ((Family.NOTO, "ƀ\u0301"), (Family.BE_VIETNAM, "a"))


def test_an_empty_text_has_no_runs() -> None:
    assert fonts.runs("") == ()


@pytest.mark.parametrize("family", Family)
def test_the_coverage_list_is_what_every_weight_can_draw(family: Family) -> None:
    known = [set(TTFont(fonts.path(weight, family)).getBestCmap()) for weight in Weight]

    assert fonts.letters(family) == frozenset(set.intersection(*known))
