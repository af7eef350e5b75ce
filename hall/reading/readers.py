"""One language's way to say numbers: for tickets, counters, letters and counts. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from hall.reading import english, vietnamese
from hall.reading.vietnamese import NORTH, ReadingStyle

Speller = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Reader:
    """`vocabulary`: the words its numbers need, in the order in which a speaker records them."""

    lang: str
    number: Speller
    counter: Speller
    letter: Speller
    vocabulary: tuple[str, ...]


def reader(lang: str, style: ReadingStyle = NORTH) -> Reader:
    """Of a language whose number rules are not known here, one word a digit, one a letter."""
    match lang:
        case "vi":
            return Reader(
                lang,
                lambda text: vietnamese.spoken(text, style),
                lambda text: vietnamese.counter_words(text, style),
                lambda letter: vietnamese.spoken(letter, style),
                vietnamese.vocabulary(style),
            )
        case "en":
            return Reader(
                lang,
                lambda text: english.spoken(text, style.numbers),
                english.spoken,
                english.spoken,
                english.vocabulary(),
            )
        case _:
            return Reader(lang, signs, signs, signs, tuple("0123456789"))


def signs(text: str) -> tuple[str, ...]:
    """Digit by digit and letter by letter; other signs are left out."""
    return tuple(c for c in text.upper() if c.isascii() and c.isalnum())
