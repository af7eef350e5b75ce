"""Drivers found in a folder by their names: what a file must hold, and what follows from it."""

import itertools
import sys
from abc import abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import TypeAdapter, ValidationError

from hall.runtime.driver_folder import DriverFolder, DriverSection


class Lamp(DriverSection):
    real_only: ClassVar[frozenset[str]] = frozenset({"fuse"})

    id: str
    fuse: int = 1

    @abstractmethod
    def light(self) -> str: ...


SIMULATED = """
class SimulatedLamp(Lamp):
    driver: Literal["simulated"]
    hue: str = "warm"
    def light(self): return self.hue
"""
GAS = """
class GasLamp(Lamp):
    driver: Literal["gas"]
    pressure: int
    def light(self): return f"{self.pressure} bar"
"""
Folder = Callable[..., DriverFolder[Lamp]]
_numbers = itertools.count()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    """Writes modules into a package of its own, each with the names that they use."""
    monkeypatch.syspath_prepend(str(tmp_path))
    package = f"lamps_{next(_numbers)}"
    monkeypatch.setitem(sys.modules, "lamp_kind", sys.modules[__name__])

    def write(usual: str | None = None, **modules: str) -> DriverFolder[Lamp]:
        place = tmp_path / package
        place.mkdir()
        (place / "__init__.py").touch()
        for name, text in modules.items():
            head = "from typing import Literal\nfrom lamp_kind import Lamp\n"
            (place / f"{name}.py").write_text(head + text, encoding="utf-8")
        return DriverFolder[Lamp](package, Lamp, usual)

    yield write
    for name in [name for name in sys.modules if name.startswith(package)]:
        del sys.modules[name]


def checked(drivers: DriverFolder[Lamp], values: dict[str, Any]) -> Lamp:
    lamp: Lamp = TypeAdapter(drivers.union()).validate_python(values)
    return lamp


def test_a_section_is_made_by_the_driver_that_it_names(folder: Folder) -> None:
    drivers = folder(simulated=SIMULATED, gas=GAS)

    assert checked(drivers, {"driver": "gas", "id": "1", "pressure": 3}).light() == "3 bar"
    assert checked(drivers, {"driver": "simulated", "id": "1"}).light() == "warm"


def test_where_none_is_named_it_is_the_usual_one(folder: Folder) -> None:
    drivers = folder("gas", simulated=SIMULATED, gas=GAS)

    assert checked(drivers, {"id": "1", "pressure": 3}).light() == "3 bar"
    with pytest.raises(ValidationError):
        checked(drivers, {"driver": "simulated", "id": "1", "pressure": 3})


def test_a_driver_that_has_no_file_is_refused_with_those_that_have(folder: Folder) -> None:
    with pytest.raises(ValidationError, match="'gas', 'simulated'"):
        checked(folder(simulated=SIMULATED, gas=GAS), {"driver": "oil", "id": "1"})


def test_a_simulated_device_keeps_what_is_not_its_driver_s_alone(folder: Folder) -> None:
    drivers = folder("gas", simulated=SIMULATED, gas=GAS)
    simulated = {"id": "1", "driver": "simulated"}

    assert drivers.simulated({"id": "1", "fuse": 2, "pressure": 3}) == simulated
    warm = {"driver": "simulated", "id": "1", "fuse": 2, "hue": "red"}
    assert drivers.simulated(warm) == {**simulated, "hue": "red"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", r"gas\.py: one subclass of Lamp, not 0"),
        (GAS + SIMULATED, r"gas\.py: one subclass of Lamp, not 2"),
        (GAS.replace("def light", "def lit"), r"gas\.py: GasLamp lacks light"),
        (GAS.replace('"gas"', '"gaz"'), r'gas\.py: driver: Literal\["gas"\] in GasLamp'),
        (GAS.replace('    driver: Literal["gas"]\n', ""), r"driver: Literal\[.gas.\] in GasLamp"),
    ],
)
def test_a_file_that_is_no_whole_driver_is_named(folder: Folder, text: str, why: str) -> None:
    with pytest.raises(TypeError, match=why):
        folder(simulated=SIMULATED, gas=text).union()
