"""Numbers are read as a Vietnamese reads them, every one of 0–9999."""

import itertools

import pytest

from hall.reading import english
from hall.reading.vietnamese import ReadingStyle, counter_words, number_words, spoken, vocabulary

SOUTH = ReadingStyle(zero_tens="lẻ", thousand="ngàn")
COUNTED = ReadingStyle(numbers="number")
_UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
DIGITS = {word: value for value, word in enumerate(_UNITS)}
AFTER_TENS = DIGITS | {"mốt": 1, "lăm": 5}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (25, "hai mươi lăm"),
        (31, "ba mươi mốt"),
        (55, "năm mươi lăm"),
        (91, "chín mươi mốt"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (111, "một trăm mười một"),
        (115, "một trăm mười lăm"),
        (121, "một trăm hai mươi mốt"),
        (555, "năm trăm năm mươi lăm"),
        (1000, "một nghìn"),
        (1001, "một nghìn không trăm linh một"),
        (1005, "một nghìn không trăm linh năm"),
        (1010, "một nghìn không trăm mười"),
        (1015, "một nghìn không trăm mười lăm"),
        (1021, "một nghìn không trăm hai mươi mốt"),
        (1100, "một nghìn một trăm"),
        (1105, "một nghìn một trăm linh năm"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (9999, "chín nghìn chín trăm chín mươi chín"),
    ],
)
def test_a_number_is_read_as_people_say_it(number: int, words: str) -> None:
    assert " ".join(number_words(number)) == words


def heard(words: tuple[str, ...], dialect: ReadingStyle) -> int:
    """What a listener understands: a parser of its own, after the grammar and not the code."""
    left = list(words)
    total = 0
    if dialect.thousand in left:
        head, _, *left = left
        total = DIGITS[head] * 1000
        assert not left or "trăm" in left, "the hundreds are spoken after a thousand"
    if "trăm" in left:
        head, _, *left = left
        total += DIGITS[head] * 100
        if left and left[0] == dialect.zero_tens:
            assert left[1] in DIGITS, "after linh a digit keeps its sound"
            return total + DIGITS[left[1]]
        assert len(left) != 1 or left == ["mười"], "a lone digit after trăm needs linh"
    return total + heard_tens(left)


def heard_tens(left: list[str]) -> int:
    if left and left[0] == "mười":
        assert left[1:] not in (["mốt"], ["năm"])
        return 10 + sum(AFTER_TENS[w] for w in left[1:])
    if "mươi" in left:
        assert left[0] not in ("không", "một")
        assert left[2:] not in (["một"], ["năm"], ["không"])
        return DIGITS[left[0]] * 10 + sum(AFTER_TENS[w] for w in left[2:])
    return sum(DIGITS[w] for w in left)


@pytest.mark.parametrize("dialect", [ReadingStyle(), SOUTH], ids=["north", "south"])
def test_every_number_is_understood_as_itself(dialect: ReadingStyle) -> None:
    assert [heard(number_words(n, dialect), dialect) for n in range(10_000)] == [*range(10_000)]


@pytest.mark.parametrize("dialect", [ReadingStyle(), SOUTH], ids=["north", "south"])
def test_seventeen_words_are_enough_and_all_needed(dialect: ReadingStyle) -> None:
    used = {word for n in range(10_000) for word in number_words(n, dialect)}

    assert used == set(vocabulary(dialect))
    assert len(used) == 17


def test_no_two_numbers_sound_the_same() -> None:
    assert len({number_words(n) for n in range(10_000)}) == 10_000


@pytest.mark.parametrize("number", [-1, 10_000])
def test_a_number_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="0-9999"):
        number_words(number)
    with pytest.raises(ValueError, match="0-9999"):
        english.number_words(number)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A105", "a một trăm linh năm"),
        ("A001", "a một"),
        ("0105", "một trăm linh năm"),
        ("B15", "bê mười lăm"),
        ("AB21", "a bê hai mươi mốt"),
        ("5A", "năm a"),
        ("5a", "năm a"),
        ("12", "mười hai"),
        ("A1B2", "a một bê hai"),
        ("12345", "một hai ba bốn năm"),
        ("ho-tich-5", "hát o tê i xê hát năm"),
    ],
)
def test_a_ticket_or_counter_is_spelt_and_read(text: str, words: str) -> None:
    assert " ".join(spoken(text, COUNTED)) == words


def test_a_ticket_is_read_digit_by_digit() -> None:
    assert " ".join(spoken("A0105")) == "a không một không năm"


@pytest.mark.parametrize("style", [ReadingStyle(), COUNTED], ids=["digits", "counted"])
def test_a_counter_is_a_number_however_tickets_are_read(style: ReadingStyle) -> None:
    assert " ".join(counter_words("12", style)) == "mười hai"
    assert " ".join(counter_words("101", style)) == "một trăm linh một"


def test_every_number_can_be_read_digit_by_digit() -> None:
    one_by_one = ReadingStyle(numbers="digits")

    for n in range(10_000):
        assert [DIGITS[w] for w in spoken(f"{n:04}", one_by_one)] == [int(d) for d in f"{n:04}"]


def test_a_letter_is_named_as_the_hall_names_it() -> None:
    assert spoken("D7", ReadingStyle(letters={"D": "đê"})) == ("đê", "bảy")


def test_every_letter_has_a_name_of_its_own() -> None:
    names = [spoken(chr(c)) for c in range(ord("A"), ord("Z") + 1)]

    assert all(names)
    assert len(set(names)) == 26


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (105, "one hundred and five"),
        (1000, "one thousand"),
        (1005, "one thousand and five"),
        (2026, "two thousand and twenty six"),
        (9999, "nine thousand nine hundred and ninety nine"),
    ],
)
def test_english_is_read_as_in_english(number: int, words: str) -> None:
    assert " ".join(english.number_words(number)) == words


def test_no_two_english_numbers_sound_the_same_and_no_word_is_missing() -> None:
    read = [english.number_words(n) for n in range(10_000)]

    assert len(set(read)) == 10_000
    assert set(itertools.chain.from_iterable(read)) == set(english.vocabulary())


def test_english_letters_are_clips_of_their_own() -> None:
    assert english.spoken("5A-x") == ("five", "A", "X")
    assert english.spoken("12345") == ("one", "two", "three", "four", "five")
