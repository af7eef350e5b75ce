"""What is generated and committed must be what the code generates now."""

from pathlib import Path

import pytest

from hall.cli import generate, wire
from hall.contract import asyncapi
from hall.contract.verbs import DEVICE, ONESTOP, QUEUE, Verb

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


@pytest.mark.parametrize("verb", [*QUEUE.values(), *ONESTOP.values(), *DEVICE.values()])
def test_the_tables_call_a_field_as_it_is_called_on_the_wire(verb: Verb) -> None:
    rows = [row for row in wire.tables().splitlines() if row.startswith(f"| `{verb.name}` |")]
    names = verb.request.model_json_schema()["properties"].keys() - {"id"}

    assert any(all(f"`{name}`" in row for name in names) for row in rows)
