"""How numbers and letters are spoken in Vietnamese: words, never digits. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from types import MappingProxyType
from typing import Literal

LARGEST = 9999
MILLION = "triệu"

_UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
# After "mươi" and "mười" two digits change their sound: hai mươi mốt, mười lăm.
_AFTER_TENS = {1: "mốt", 5: "lăm"}

LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "A": "a",
        "B": "bê",
        "C": "xê",
        "D": "dê",
        "E": "e",
        "F": "ép",
        "G": "giê",
        "H": "hát",
        "I": "i",
        "J": "gi",
        "K": "ca",
        "L": "e lờ",
        "M": "em mờ",
        "N": "en nờ",
        "O": "o",
        "P": "pê",
        "Q": "quy",
        "R": "e rờ",
        "S": "ét sì",
        "T": "tê",
        "U": "u",
        "V": "vê",
        "W": "vê kép",
        "X": "ích xì",
        "Y": "i dài",
        "Z": "dét",
    }
)


@dataclass(frozen=True, slots=True)
class ReadingStyle:
    """How this hall speaks; `letters` replaces the names of single letters.

    `numbers` is of tickets: a counter is always said as a number.
    """

    zero_tens: Literal["linh", "lẻ"] = "linh"
    thousand: Literal["nghìn", "ngàn"] = "nghìn"
    numbers: Literal["number", "digits"] = "digits"
    letters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


NORTH = ReadingStyle()


def number_words(number: int, dialect: ReadingStyle = NORTH) -> tuple[str, ...]:
    """105 → một trăm linh năm. Raises ValueError outside 0–9999."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not within 0-{LARGEST}")
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return _below_thousand(rest, dialect)
    head = (_UNITS[thousands], dialect.thousand)
    return (*head, *_full_hundreds(rest, dialect)) if rest else head


def count_words(count: int, dialect: ReadingStyle = NORTH) -> tuple[str, ...]:
    """349247 → ba trăm bốn mươi chín nghìn hai trăm bốn mươi bảy; from a milliard on, digits."""
    if count <= LARGEST:
        return number_words(count, dialect)
    if count >= 1_000_000_000:  # noqa: PLR2004
        return digit_words(str(count))
    words: tuple[str, ...] = ()
    for size, name in ((1_000_000, MILLION), (1000, dialect.thousand), (1, "")):
        part, count = divmod(count, size)
        if part:
            said = _full_hundreds(part, dialect) if words else _below_thousand(part, dialect)
            words = (*words, *said, *filter(None, (name,)))
    return words


def digit_words(digits: str) -> tuple[str, ...]:
    """0105 → không một không năm."""
    return tuple(_UNITS[int(digit)] for digit in digits)


def counter_words(text: str, dialect: ReadingStyle = NORTH) -> tuple[str, ...]:
    """The words of a counter's id: "12" → mười hai, "5A" → năm a."""
    return spoken(text, replace(dialect, numbers="number"))


def spoken(text: str, dialect: ReadingStyle = NORTH) -> tuple[str, ...]:
    """The words of a ticket's number: "A105" → a một không năm; what cannot be said is left out."""
    words: list[str] = []
    for is_digits, run in groupby(text.upper(), _is_digit):
        symbols = "".join(run)
        words.extend(_digits(symbols, dialect) if is_digits else _letters(symbols, dialect))
    return tuple(words)


def vocabulary(dialect: ReadingStyle = NORTH) -> tuple[str, ...]:
    """Every word that 0–9999 can need, in the order in which a speaker records them."""
    tens = ("mười", "mươi", "mốt", "lăm", "trăm", dialect.zero_tens, dialect.thousand)
    return (*_UNITS, *tens)


def letter_name(letter: str, dialect: ReadingStyle = NORTH) -> str | None:
    return dialect.letters.get(letter, LETTERS.get(letter))


def _is_digit(symbol: str) -> bool:
    return symbol.isascii() and symbol.isdigit()


def _digits(digits: str, dialect: ReadingStyle) -> tuple[str, ...]:
    if dialect.numbers == "digits" or int(digits) > LARGEST:
        return digit_words(digits)
    return number_words(int(digits), dialect)


def _letters(letters: str, dialect: ReadingStyle) -> tuple[str, ...]:
    names = (letter_name(letter, dialect) for letter in letters)
    return tuple(name for name in names if name is not None)


def _below_thousand(number: int, dialect: ReadingStyle) -> tuple[str, ...]:
    return _full_hundreds(number, dialect) if number >= 100 else _below_hundred(number)  # noqa: PLR2004


def _full_hundreds(number: int, dialect: ReadingStyle) -> tuple[str, ...]:
    """After a thousand the empty hundreds are spoken too: không trăm linh năm."""
    hundreds, rest = divmod(number, 100)
    head = (_UNITS[hundreds], "trăm")
    if not rest:
        return head
    if rest < 10:  # noqa: PLR2004
        return (*head, dialect.zero_tens, _UNITS[rest])
    return (*head, *_below_hundred(rest))


def _below_hundred(number: int) -> tuple[str, ...]:
    tens, unit = divmod(number, 10)
    match tens, unit:
        case 0, _:
            return (_UNITS[unit],)
        case 1, 0:
            return ("mười",)
        case 1, 5:
            return ("mười", "lăm")
        case 1, _:
            return ("mười", _UNITS[unit])
        case _, 0:
            return (_UNITS[tens], "mươi")
        case _:
            return (_UNITS[tens], "mươi", _AFTER_TENS.get(unit, _UNITS[unit]))
