"""How numbers and letters are spoken in English: words, never digits. Pure."""

from itertools import groupby
from typing import Literal

LARGEST = 9999
MILLION = "million"

_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen")
_SMALL = (*_ONES, *_TEENS, "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def number_words(number: int) -> tuple[str, ...]:
    """105 → one hundred and five. Raises ValueError outside 0–9999."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not within 0-{LARGEST}")
    thousands, below = divmod(number, 1000)
    hundreds, rest = divmod(below, 100)
    words: list[str] = []
    if thousands:
        words += [_SMALL[thousands], "thousand"]
    if hundreds:
        words += [_SMALL[hundreds], "hundred"]
    if rest and words:
        words.append("and")
    return (*words, *_below_hundred(rest)) if rest or not words else tuple(words)


def count_words(count: int) -> tuple[str, ...]:
    """349247 → three hundred and forty nine thousand …; from a milliard on, digits."""
    if count <= LARGEST:
        return number_words(count)
    if count >= 1_000_000_000:  # noqa: PLR2004
        return digit_words(str(count))
    words: tuple[str, ...] = ()
    for size, name in ((1_000_000, MILLION), (1000, "thousand"), (1, "")):
        part, count = divmod(count, size)
        if part:
            joint = ("and",) if words and part < 100 else ()  # noqa: PLR2004
            words = (*words, *joint, *number_words(part), *filter(None, (name,)))
    return words


def spoken(text: str, numbers: Literal["number", "digits"] = "number") -> tuple[str, ...]:
    """The words of "A105" or "5A"; a letter is a clip of its own, named by itself."""
    words: list[str] = []
    for kind, run in groupby(text.upper(), _kind):
        symbols = "".join(run)
        if kind == "letters":
            words.extend(symbols)
        elif kind == "digits":
            words.extend(digit_words(symbols) if numbers == "digits" else _digits(symbols))
    return tuple(words)


def digit_words(digits: str) -> tuple[str, ...]:
    """017 → zero one seven."""
    return tuple(_SMALL[int(digit)] for digit in digits)


def vocabulary() -> tuple[str, ...]:
    return (*_SMALL, *_TENS, "hundred", "thousand", "and")


def _kind(symbol: str) -> str:
    if not symbol.isascii():
        return ""
    return "digits" if symbol.isdigit() else "letters" if symbol.isalpha() else ""


def _digits(digits: str) -> tuple[str, ...]:
    if int(digits) > LARGEST:
        return digit_words(digits)
    return number_words(int(digits))


def _below_hundred(number: int) -> tuple[str, ...]:
    if number < len(_SMALL):
        return (_SMALL[number],)
    tens, unit = divmod(number, 10)
    head = _TENS[tens - 2]
    return (head, _SMALL[unit]) if unit else (head,)
