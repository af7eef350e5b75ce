"""Drivers found in a folder by their names: what a file must hold, and what follows from it."""

import itertools
import sys
from abc import abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import TypeAdapter, ValidationError

from hall.runtime.driver_folder import DriverFolder, DriverSection, KeyedFolder, KeyedSection


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
    driver: Literal["gas"] = "gas"
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
            head = "from typing import Literal\nfrom lamp_kind import Bell, Lamp, Switch\n"
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


def test_lists_of_the_yaml_are_tuples_with_every_driver(folder: Folder) -> None:
    """As hall.runtime.settings reads it: JSON, strictly."""
    drivers = folder("gas", simulated=SIMULATED, gas=GAS.replace("int", "tuple[int, ...]"))
    values = '{"id": "1", "pressure": [1, 2]}'

    lamp = TypeAdapter[Lamp](drivers.union()).validate_json(values, strict=True)

    assert lamp.light() == "(1, 2) bar"


class Bell(DriverSection):
    @abstractmethod
    def ring(self) -> str: ...


BELLS = {
    "none": """
class NoBell(Bell):
    driver: Literal["none"]
    def ring(self): return ""
""",
    "tower": """
class TowerBell(Bell):
    driver: Literal["tower"]
    tons: int
    def ring(self): return "dong"
""",
}


@pytest.mark.parametrize(
    ("values", "driver"),
    [("none", "none"), ({"driver": "none"}, "none"), ({"driver": "tower", "tons": 2}, "tower")],
)
def test_a_driver_without_keys_may_stand_by_its_name_alone(
    folder: Folder, values: object, driver: str
) -> None:
    bells = DriverFolder[Bell](folder(**BELLS).package, Bell)

    assert TypeAdapter[Bell](bells.union_or_name()).validate_python(values).driver == driver


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ("nono", "should be 'none'"),
        ("tower", "should be 'none'"),
        ({"driver": "nono"}, "driver phải là một trong: none, tower"),
        ({"tons": 2}, "driver phải là một trong: none, tower"),
    ],
)
def test_a_name_alone_that_is_no_whole_driver_is_refused(
    folder: Folder, values: object, why: str
) -> None:
    bells = DriverFolder[Bell](folder(**BELLS).package, Bell)

    with pytest.raises(ValidationError, match=why):
        TypeAdapter[Bell](bells.union_or_name()).validate_python(values)


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
        ("", r"\.gas: one subclass of Lamp, not 0"),
        (GAS + SIMULATED, r"\.gas: one subclass of Lamp, not 2"),
        (GAS.replace("def light", "def lit"), r"\.gas: GasLamp lacks light"),
        (GAS.replace('["gas"]', '["gaz"]'), r'\.gas: driver: Literal\["gas"\] in GasLamp'),
        (
            GAS.replace('    driver: Literal["gas"] = "gas"\n', ""),
            r"driver: Literal\[.gas.\] in GasLamp",
        ),
    ],
)
def test_a_file_that_is_no_whole_driver_is_named(folder: Folder, text: str, why: str) -> None:
    with pytest.raises(TypeError, match=why):
        folder(simulated=SIMULATED, gas=text).union()


class Switch(KeyedSection):
    id: str


WIRED = """
class WiredSwitch(Switch):
    told_by = "wire"
    wire: int
    gauge: int = 1
"""
DUMMY = """
class DummySwitch(Switch):
    told_by = ""
"""


@pytest.mark.parametrize(
    ("values", "made"), [({"id": "1", "wire": 7}, "WiredSwitch"), ({"id": "1"}, "DummySwitch")]
)
def test_drivers_without_a_name_are_told_apart_by_their_key(
    folder: Folder, values: dict[str, Any], made: str
) -> None:
    switches = KeyedFolder[Switch](folder(wired=WIRED, dummy=DUMMY).package, Switch)

    assert type(TypeAdapter[Switch](switches.union()).validate_python(values)).__name__ == made


def test_of_a_simulated_one_only_what_the_kind_has_is_left(folder: Folder) -> None:
    switches = KeyedFolder[Switch](folder(wired=WIRED, dummy=DUMMY).package, Switch)

    assert switches.simulated({"id": "1", "wire": 7, "gauge": 2}) == {"id": "1"}


@pytest.mark.parametrize(
    ("modules", "why"),
    [
        ({"wired": WIRED.replace("told_by = ", "told_by = 'old_' + ")}, "has no key 'old_wire'"),
        ({"wired": WIRED, "wired2": WIRED}, "'wire' does not tell it from others"),
        ({"wired": WIRED.replace('"wire"', '"id"')}, "'id' does not tell it from others"),
    ],
)
def test_a_key_that_tells_no_driver_apart_is_named(
    folder: Folder, modules: dict[str, str], why: str
) -> None:
    switches = KeyedFolder[Switch](folder(**modules).package, Switch)

    with pytest.raises(TypeError, match=why):
        switches.union()
