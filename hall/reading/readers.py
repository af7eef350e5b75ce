"""One language's way to say numbers: for tickets, counters, letters and counts. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from hall.reading import english, vietnamese
from hall.reading.vietnamese import NORTH, ReadingStyle

Speller = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Reader:
    """`digits`: one by one. `count`: of things, 0 and above.

    `vocabulary`: the words its numbers up to 9999 need, in the order in which one records them.
    """

    lang: str
    number: Speller
    counter: Speller
    letter: Speller
    digits: Speller
    count: Callable[[int], tuple[str, ...]]
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
                vietnamese.digit_words,
                lambda count: vietnamese.count_words(count, style),
                vietnamese.vocabulary(style),
            )
        case "en":
            return Reader(
                lang,
                lambda text: english.spoken(text, style.numbers),
                english.spoken,
                english.spoken,
                english.digit_words,
                english.count_words,
                english.vocabulary(),
            )
        case _:

            def counted(count: int) -> tuple[str, ...]:
                return signs(str(count))

            return Reader(lang, signs, signs, signs, signs, counted, tuple("0123456789"))


def signs(text: str) -> tuple[str, ...]:
    """Digit by digit and letter by letter; other signs are left out."""
    return tuple(c for c in text.upper() if c.isascii() and c.isalnum())
