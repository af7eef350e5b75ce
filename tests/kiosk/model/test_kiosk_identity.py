"""A card tells an age class and nothing else leaves the decoder."""

import dataclasses
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.model import identity
from kiosk.model.identity import CardReading, NoCard

_FILE = Path(__file__).parents[2] / "data" / "cccd_qr.json"
_KNOWN = json.loads(_FILE.read_text(encoding="utf-8"))
TODAY = date.fromisoformat(_KNOWN["reference_day"])


@pytest.mark.parametrize("vector", _KNOWN["vectors"], ids=lambda v: v["note"][:50])
def test_a_card_is_read_as_the_vectors_say(vector: dict[str, Any]) -> None:
    found = identity.decode(vector["payload"], TODAY)

    if vector["valid"]:
        assert found == CardReading(vector["age_class"], tuple(vector["flags"]))
    else:
        assert found == NoCard(vector["reason"])


def test_no_field_of_the_card_but_the_age_class_leaves_the_decoder() -> None:
    assert {field.name for field in dataclasses.fields(CardReading)} == {"age", "flags"}


@pytest.mark.parametrize("vector", _KNOWN["vectors"], ids=lambda v: v["note"][:50])
def test_whatever_holds_an_identity_number_is_kept_away_from_look_ups(
    vector: dict[str, Any],
) -> None:
    harmless = vector["reason"] in ("not_identity", "too_long") or "٩" in vector["payload"]
    assert identity.looks_like_identity(vector["payload"]) or harmless


@pytest.mark.parametrize(("text", "is_identity"), [("123456789", True), ("12345678", False)])
def test_a_bare_number_is_an_old_identity_from_nine_digits_on(
    text: str, *, is_identity: bool
) -> None:
    assert identity.looks_like_identity(text) is is_identity


def test_nobody_is_born_tomorrow() -> None:
    def card(born: date) -> str:
        return f"099226000001||A|{born:%d%m%Y}|Nữ|X|15042021"

    assert isinstance(identity.decode(card(TODAY), TODAY), CardReading)
    assert identity.decode(card(TODAY + timedelta(days=1)), TODAY) == NoCard("bad_birth_date")


def test_a_text_longer_than_any_card_is_not_read() -> None:
    card = "099190000001||A|01021990|Nữ|" + "X" * 2000

    assert identity.decode(card, TODAY) == NoCard("too_long")


def test_a_scanner_that_names_the_symbology_reads_the_same_card() -> None:
    card = next(each["payload"] for each in _KNOWN["vectors"] if each["valid"])

    assert identity.looks_like_identity("]Q1" + card)
    assert identity.decode("]Q1" + card, TODAY) == identity.decode(card, TODAY)


@pytest.mark.parametrize(
    "payload",
    [
        "]Q1{}", "]Q1{}\r\n", "  {}", "\ufeff]d2{}",
    ],
)  # fmt: skip
def test_a_card_is_read_however_the_scanner_is_set(payload: str) -> None:
    card = "001190000001 | |Nguyễn Thị An|01021940|Nữ|Thôn 1, Xã Mẫu, Tỉnh Mẫu|15042021"
    told = payload.format(card)

    assert identity.looks_like_identity(told)
    assert identity.age_class(told, TODAY) == "80_plus"


@pytest.mark.parametrize("mark", ["\x1d", "\x1e", "\t", "|", ";"])
def test_a_card_never_goes_out_as_a_look_up_whatever_parts_its_fields(mark: str) -> None:
    card = mark.join(("001190000001", "", "Nguyen Thi An", "01021940"))

    assert identity.looks_like_identity(card)
