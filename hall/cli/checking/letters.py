"""What `motcua check` and `config new` say of letters before numbers that sound alike."""

from collections.abc import Iterator, Sequence

from hall.cli.checking import entries
from hall.reading.alike import distinct_letters, likenesses
from hall.reading.section import style_of
from hall.reading.vietnamese import NORTH, ReadingStyle, letter_name
from hall.runtime.settings import Document, Mistake

_HOW = {
    "same": "đọc nghe như nhau (tuỳ vùng)",
    "rhyme": "đọc cùng vần, trong hội trường ồn nghe không phân biệt được",
}


def advice(document: Document) -> Iterator[Mistake]:
    """At each service whose letter is like that of one before it."""
    style, services = style_of(document), tuple(entries.services(document))
    used = [service.prefix for _, service in services]
    for place, (index, service) in enumerate(services):
        if service.prefix not in used[:place]:
            for text in _sentences(service.prefix, used[:place], style, used):
                yield document.mistake(("services", index, "prefix"), text)


def likeness(chosen: Sequence[str]) -> str:
    """What is wrong with letters for the services of a new hall; empty: nothing."""
    for place, letter in enumerate(chosen):
        for text in _sentences(letter, chosen[:place], NORTH, chosen):
            return text
    return ""


def _sentences(
    prefix: str, before: Sequence[str], style: ReadingStyle, used: Sequence[str]
) -> Iterator[str]:
    """One line a service, of the worse likeness alone; which letters are like none in use."""
    pairs = [p for p in likenesses((*before, prefix), style) if p.other == prefix]
    for how in ("same", "rhyme"):
        others = [pair.one for pair in pairs if pair.how == how]
        if others:
            named = ", ".join(f"{each} ({_spelt(each, style)})" for each in others)
            free = [c for c in distinct_letters(style) if not _is_taken(c, used, style)]
            yield (
                f"{prefix} ({_spelt(prefix, style)}) và {named} {_HOW[how]}"
                f"; còn dùng được: {', '.join(free[:6])}"
            )
            return


def _is_taken(letter: str, used: Sequence[str], style: ReadingStyle) -> bool:
    return letter in used or any(
        letter == pair.other for pair in likenesses((*used, letter), style)
    )


def _spelt(prefix: str, style: ReadingStyle) -> str:
    return " ".join(letter_name(letter, style) or letter for letter in prefix)
