"""Every known form of a dossier's code is recognised, and nothing else is taken for one."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hall.contract import dossier_codes as codes
from hall.contract.dossier_codes import DossierCode, NotACode

_FILE = Path(__file__).parents[1] / "data" / "dossier_codes.json"
_KNOWN = json.loads(_FILE.read_text(encoding="utf-8"))
TODAY = date.fromisoformat(_KNOWN["reference_day"])


@pytest.mark.parametrize("vector", _KNOWN["vectors"], ids=lambda v: v["note"][:50])
def test_a_text_is_read_as_the_vectors_say(vector: dict[str, Any]) -> None:
    found = codes.recognise(vector["input"], TODAY)

    if vector["valid"]:
        assert isinstance(found, DossierCode)
        assert found.canonical == vector["canonical"]
        assert found.grammar == vector["grammar"]
        assert found.org == vector["org"]
        assert found.issued.isoformat() == vector["issued"]
        assert found.sequence == vector["sequence"]
        assert found.future == ("future_date" in vector["flags"])
    else:
        assert isinstance(found, NotACode)
        assert found.reason == vector["reason"]
        assert (found.verbatim is not None) == vector["verbatim_lookup"]


@pytest.mark.parametrize(("days", "future"), [(0, False), (1, False), (2, True)])
def test_a_date_after_tomorrow_is_marked_since_clocks_and_zones_differ_by_a_day(
    days: int, *, future: bool
) -> None:
    found = codes.recognise(f"H38.12-{TODAY + timedelta(days=days):%y%m%d}-0001", TODAY)

    assert isinstance(found, DossierCode)
    assert found.future is future


def test_an_identity_card_is_never_searched_for_a_code() -> None:
    found = codes.recognise("099190000001||H38.12-181129-0001|01021990|Nữ|X|15042021", TODAY)

    assert found == NotACode("identity_qr")


def test_a_code_of_another_authority_is_looked_up_as_typed() -> None:
    assert codes.to_look_up("tn-2025/000123", TODAY) == "TN-2025/000123"


def test_a_ticket_number_is_not_looked_up() -> None:
    assert codes.to_look_up("A017", TODAY) is None
