"""The call page offers every verb of a clerk, and asks for whatever more a verb needs."""

import re
from importlib.resources import files

import pytest

from hall.contract.verbs import OFFERS
from hall.counter import buttons

PAGES = files("hall.counter") / "page"
PAGE = (PAGES / "counter.html").read_text(encoding="utf-8")
SCRIPT = (PAGES / "dialogs.js").read_text(encoding="utf-8")
ASKING = [verb for verb, offer in OFFERS.items() if offer.asks_more]


def test_every_offered_verb_has_one_button_with_its_words_and_its_key() -> None:
    page = buttons.with_buttons(PAGE)
    drawn = re.findall(r'data-(?:verb|dialog)="([a-z-]+)" data-key="([^"]+)".*?<b>(.*?)</b>', page)

    assert sorted(drawn) == sorted(
        (verb, offer.key, offer.words + "…" * offer.asks_more) for verb, offer in OFFERS.items()
    )


def test_the_sheet_of_keys_names_every_key_with_what_it_does() -> None:
    sheet = buttons.with_buttons(PAGE).split('class="key-sheet"')[1]

    for offer in OFFERS.values():
        assert f"<kbd>{offer.key}</kbd></td><td>{offer.words}</td>" in sheet


def test_no_button_can_be_pressed_before_the_state_is_known() -> None:
    drawn = re.findall(r"<button [^>]*data-key[^>]*>", buttons.with_buttons(PAGE))

    assert drawn
    assert [button for button in drawn if 'aria-disabled="true"' not in button] == []


def test_what_is_done_with_the_counter_stands_apart_from_what_is_done_with_the_number() -> None:
    upper, lower = buttons.with_buttons(PAGE).split('aria-label="Với quầy"')

    assert "counter-close" in lower
    assert "counter-close" not in upper
    assert 'data-verb="recall"' in upper


@pytest.mark.parametrize("verb", ASKING)
def test_a_verb_that_asks_for_more_has_its_dialog_and_what_becomes_of_it(verb: str) -> None:
    done = SCRIPT[SCRIPT.index("const ACT = {") :]

    assert f'<dialog id="{verb}"' in PAGE, f"counter.html has no dialog {verb}"
    assert re.search(rf'^  "?{verb}"?(\(form\)|: \(form\))', done, re.MULTILINE), (
        f"ACT of dialogs.js: {verb}"
    )
