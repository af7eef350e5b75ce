"""The buttons of the call page: one for every verb that the contract offers to a clerk."""

from collections.abc import Iterator
from html import escape

from hall.contract.verbs import OFFERS, Offer

OF_NUMBER = "<!-- what is done with the number -->"
OF_COUNTER = "<!-- what is done with the counter -->"
# The one most pressed, those that go on, the one that sends somebody away; the others are plain.
_LOOKS = {"call-next": "primary", "start": "good", "finish": "good", "no-show": "warn"}


def with_buttons(page: str) -> str:
    """The page with its two places filled."""
    return page.replace(OF_NUMBER, _row(of_counter=False)).replace(
        OF_COUNTER, _row(of_counter=True)
    )


def _row(*, of_counter: bool) -> str:
    found = OFFERS.items()
    return "\n    ".join(_button(name, o) for name, o in found if o.of_counter is of_counter)


def _button(verb: str, offer: Offer) -> str:
    """Disabled until the page knows the counter's state."""
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in _attributes(verb, offer))
    words = escape(offer.words) + ("…" if offer.asks_more else "")
    return (
        f'<button {attributes} disabled><b>{words}</b><small id="hint-{verb}"></small>'
        f"<kbd>{offer.letter}</kbd></button>"
    )


def _attributes(verb: str, offer: Offer) -> Iterator[tuple[str, str]]:
    yield "class", " ".join(filter(None, ("key", _LOOKS.get(verb), "slim" * offer.of_counter)))
    yield "data-dialog" if offer.asks_more else "data-verb", verb
    yield "data-key", offer.letter
    yield "data-when", " ".join(sorted(offer.when))
