"""The call page offers every verb of a clerk, and asks for whatever more a verb needs."""

import re
from importlib.resources import files

import pytest

from hall.contract.verbs import OFFERS
from hall.counter import buttons

PAGES = files("hall.counter") / "page"
PAGE = (PAGES / "counter.html").read_text(encoding="utf-8")
SCRIPT = (PAGES / "counter.js").read_text(encoding="utf-8")
ASKING = [verb for verb, offer in OFFERS.items() if offer.asks_more]


def test_every_offered_verb_has_one_button_with_its_words_and_its_letter() -> None:
    page = buttons.with_buttons(PAGE)
    drawn = re.findall(r'data-(?:verb|dialog)="([a-z-]+)" data-key="(.)".*?<b>(.*?)</b>', page)

    assert sorted(drawn) == sorted(
        (verb, offer.letter, offer.words + "…" * offer.asks_more) for verb, offer in OFFERS.items()
    )


def test_a_button_knows_when_its_verb_makes_sense() -> None:
    page = buttons.with_buttons(PAGE)

    assert 'data-verb="recall" data-key="L" data-when="called"' in page
    assert 'data-verb="finish" data-key="K" data-when="called serving"' in page


def test_no_button_can_be_pressed_before_the_state_is_known() -> None:
    drawn = re.findall(r"<button [^>]*data-key[^>]*>", buttons.with_buttons(PAGE))

    assert drawn
    assert [button for button in drawn if not button.endswith(" disabled>")] == []


def test_what_is_done_with_the_counter_stands_apart_from_what_is_done_with_the_number() -> None:
    upper, lower = buttons.with_buttons(PAGE).split('aria-label="Quầy"')

    assert "counter-close" in lower
    assert "counter-close" not in upper
    assert 'data-verb="recall"' in upper


@pytest.mark.parametrize("verb", ASKING)
def test_a_verb_that_asks_for_more_has_its_dialog_and_what_becomes_of_it(verb: str) -> None:
    done = SCRIPT[SCRIPT.index("const DONE = {") :]

    assert f'<dialog id="{verb}">' in PAGE, f"counter.html has no dialog {verb}"
    assert re.search(rf'^  "?{verb}"?\(form\)', done, re.MULTILINE), f"DONE of counter.js: {verb}"
