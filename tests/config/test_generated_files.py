"""What is generated and committed must be what the code generates now."""

from pathlib import Path

import pytest

from hall.cli import generate, wire
from hall.contract import asyncapi

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("path", "fresh"),
    [
        ("config/hall.schema.json", generate.schema),
        ("config/REFERENCE.md", generate.reference),
        ("docs/asyncapi.json", generate.bus_document),
        ("docs/wire.md", wire.tables),
    ],
)
def test_a_generated_file_is_fresh(path: str, fresh: object) -> None:
    """When red: ./motcua schema > config/hall.schema.json, reference, asyncapi likewise."""
    assert (ROOT / path).read_text(encoding="utf-8") == fresh()  # type: ignore[operator]


def test_the_reference_names_every_section() -> None:
    reference = generate.reference()

    for section in ("hall", "services", "counters", "printers", "kiosks", "display", "onestop"):
        assert f"| `{section}` |" in reference


def test_the_bus_document_is_of_asyncapi_3() -> None:
    assert asyncapi.document("1.0")["asyncapi"] == "3.0.0"
