"""The buttons of the call page: one for every verb that the contract offers to a clerk."""

from collections.abc import Iterator
from html import escape

from hall.contract.verbs import OFFERS, Offer

OF_NEXT = "<!-- who is next -->"
OF_NUMBER = "<!-- what is done with the number -->"
OF_COUNTER = "<!-- what is done with the counter -->"
OF_UNDO = "<!-- what takes it back -->"
OF_KEYS = "<!-- the keys -->"
# Those that go on, the one that sends somebody away; the others are plain.
_LOOKS = {
    "call-next": "key next",
    "start": "key good",
    "finish": "key good",
    "no-show": "key warn",
    "undo": "key slim",
}
# These stand alone in their places.
_APART = {"call-next": OF_NEXT, "undo": OF_UNDO}


def with_buttons(page: str) -> str:
    """The page with its places filled."""
    rows = {
        OF_NUMBER: _row(of_counter=False),
        OF_COUNTER: _row(of_counter=True),
        OF_KEYS: "\n      ".join(_key_line(offer) for offer in OFFERS.values()),
    }
    rows |= {place: _button(verb, OFFERS[verb]) for verb, place in _APART.items()}
    for place, drawn in rows.items():
        page = page.replace(place, drawn)
    return page


def _row(*, of_counter: bool) -> str:
    found = ((name, o) for name, o in OFFERS.items() if name not in _APART)
    return "\n    ".join(_button(name, o) for name, o in found if o.of_counter is of_counter)


def _button(verb: str, offer: Offer) -> str:
    """Not to be pressed until the page knows the counter's state; said, not taken away."""
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in _attributes(verb, offer))
    words = escape(offer.words) + ("…" if offer.asks_more else "")
    return (
        f'<button {attributes} aria-disabled="true"><b>{words}</b>'
        f'<small id="hint-{verb}"></small><kbd aria-hidden="true">{offer.key}</kbd></button>'
    )


def _attributes(verb: str, offer: Offer) -> Iterator[tuple[str, str]]:
    yield "type", "button"
    yield "class", _LOOKS.get(verb, "key slim" if offer.of_counter else "key")
    yield "data-dialog" if offer.asks_more else "data-verb", verb
    yield "data-key", offer.key
    yield "aria-keyshortcuts", offer.key.replace("Ctrl", "Control")


def _key_line(offer: Offer) -> str:
    return f"<tr><td><kbd>{offer.key}</kbd></td><td>{escape(offer.words)}</td></tr>"
