"""A card tells an age class and nothing else leaves the decoder."""

import dataclasses
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk import identity
from kiosk.identity import Card, NoCard

_FILE = Path(__file__).parents[1] / "data" / "cccd_qr.json"
_KNOWN = json.loads(_FILE.read_text(encoding="utf-8"))
TODAY = date.fromisoformat(_KNOWN["reference_day"])


@pytest.mark.parametrize("vector", _KNOWN["vectors"], ids=lambda v: v["note"][:50])
def test_a_card_is_read_as_the_vectors_say(vector: dict[str, Any]) -> None:
    found = identity.decode(vector["payload"], TODAY)

    if vector["valid"]:
        assert found == Card(vector["age_class"], tuple(vector["flags"]))
    else:
        assert found == NoCard(vector["reason"])


def test_no_field_of_the_card_but_the_age_class_leaves_the_decoder() -> None:
    assert {field.name for field in dataclasses.fields(Card)} == {"age", "flags"}


@pytest.mark.parametrize("vector", _KNOWN["vectors"], ids=lambda v: v["note"][:50])
def test_whatever_holds_an_identity_number_is_kept_away_from_look_ups(
    vector: dict[str, Any],
) -> None:
    harmless = vector["reason"] in ("not_identity", "too_long") or "٩" in vector["payload"]
    assert identity.looks_like_identity(vector["payload"]) or harmless
