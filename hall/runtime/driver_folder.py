"""Drivers of one kind: a file each in a folder, found by the name that stands in the YAML.

A module of the folder holds one section: a subclass of the kind's, whose `driver` is the module's
own name. From the folder follow the type that the YAML is checked against, its schema and
reference, what a role opens, and what takes a device's place when all is simulated. A module
imports libraries only where it opens something: every driver's section is read by every hall.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from types import ModuleType
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar, get_args

from pydantic import AfterValidator, Discriminator, Field, Tag

from hall.runtime.settings import Section

SIMULATED = "simulated"
# Tag of a driver that stands in the YAML by its name alone.
_NAME = "a name"

Values = dict[str, Any]


class DriverSection(Section):
    """What all drivers of one kind have in the YAML.

    `real_only`: keys that mean nothing to a simulated device. `stand_in`: the driver that takes
    its place when all is simulated.
    """

    real_only: ClassVar[frozenset[str]] = frozenset()
    stand_in: ClassVar[str] = SIMULATED

    driver: str


S = TypeVar("S", bound=DriverSection)


def _either(choices: Iterable[Any]) -> Any:  # noqa: ANN401
    return reduce(or_, choices)


def _tagged(choices: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """To be told apart by a Discriminator.

    A validator of our own before them would have pydantic read Python's values instead of JSON's,
    and there a list is no tuple.
    """
    return _either(Annotated[choice, Tag(name)] for name, choice in choices.items())


def _keyless(section: type[Section]) -> bool:
    return not any(
        field.is_required() for name, field in section.model_fields.items() if name != "driver"
    )


def _sections(package: str, kind: type[Any]) -> dict[str, type[Any]]:
    folder = importlib.import_module(package).__path__
    names = sorted(module.name for module in pkgutil.iter_modules(folder))
    return {name: _section(importlib.import_module(f"{package}.{name}"), kind) for name in names}


def _section(module: ModuleType, kind: type[Any]) -> type[Any]:
    mine = [
        found
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, kind)
        and found.__module__ == module.__name__
    ]
    if len(mine) != 1:
        raise TypeError(f"{module.__name__}: one subclass of {kind.__name__}, not {len(mine)}")
    (section,) = mine
    if inspect.isabstract(section):
        lacking = ", ".join(sorted(vars(section)["__abstractmethods__"]))
        raise TypeError(f"{module.__name__}: {section.__name__} lacks {lacking}")
    return section


@dataclass(frozen=True)
class DriverFolder(Generic[S]):
    """`package`: the folder; `kind`: what each of its sections is; `usual`: where none is named."""

    package: str
    # Not type[S]: what all drivers have in common is abstract.
    kind: type[Any]
    usual: str | None = None

    @cached_property
    def sections(self) -> Mapping[str, type[S]]:
        """The section of each driver. Raises TypeError for a file that is no whole driver."""
        found = _sections(self.package, self.kind)
        for name, section in found.items():
            if get_args(section.model_fields["driver"].annotation) != (name,):
                raise TypeError(
                    f'{section.__module__}: driver: Literal["{name}"] in {section.__name__}'
                )
        return found

    def union(self) -> Any:  # noqa: ANN401 - known only once the folder is read
        """All sections as one type, told apart by `driver`."""
        if self.usual is None:
            return Annotated[_either(self.sections.values()), Field(discriminator="driver")]
        return Annotated[_tagged(self.sections), Discriminator(self._driver)]

    def union_or_name(self) -> Any:  # noqa: ANN401
        """The same, for which a driver's name alone may stand in the YAML if it needs no keys."""
        keyless = tuple(name for name, section in self.sections.items() if _keyless(section))
        alone = Literal[keyless]  # type: ignore[valid-type] # the folder's names
        named = Annotated[alone, AfterValidator(self._alone)]
        told_apart = Discriminator(
            self._driver_or_name,
            custom_error_type="driver",
            custom_error_message=f"driver phải là một trong: {', '.join(self.sections)}",
        )
        return Annotated[_tagged({**self.sections, _NAME: named}), told_apart]

    def simulated(self, values: Mapping[str, Any]) -> Values:
        """The same device, simulated: without what its driver alone or a real one understands."""
        driver = str(values.get("driver", self.usual or SIMULATED))
        section = self.sections[driver]
        own = section.model_fields.keys() - self.kind.model_fields.keys()
        lost = section.real_only if driver == section.stand_in else own | section.real_only
        return {k: v for k, v in values.items() if k not in lost} | {"driver": section.stand_in}

    def _alone(self, name: str) -> S:
        return self.sections[name](driver=name)

    def _driver(self, value: object) -> str | None:
        """What is no mapping is refused as one, by the usual driver."""
        driver = value.get("driver", self.usual) if isinstance(value, dict) else self.usual
        return driver if isinstance(driver, str) else getattr(value, "driver", None)

    def _driver_or_name(self, value: object) -> str | None:
        return _NAME if isinstance(value, str) else self._driver(value)


class KeyedSection(Section):
    """What all drivers of a kind have that are told apart by a key: no `driver` stands there.

    `told_by`: the key that only this driver has; "" for the one that is meant where none stands.
    """

    told_by: ClassVar[str]


K = TypeVar("K", bound=KeyedSection)


@dataclass(frozen=True)
class KeyedFolder(Generic[K]):
    """As DriverFolder, for sections that are told apart by a key of their own."""

    package: str
    kind: type[Any]

    @cached_property
    def sections(self) -> Mapping[str, type[K]]:
        """By the key that tells it. Raises TypeError for a file that is no whole driver."""
        found: dict[str, type[K]] = {}
        for section in _sections(self.package, self.kind).values():
            key, where = section.told_by, f"{section.__module__}: told_by of {section.__name__}"
            if key and key not in section.model_fields:
                raise TypeError(f"{where}: it has no key '{key}'")
            if key in found or key in self.kind.model_fields:
                raise TypeError(f"{where}: '{key}' does not tell it from others")
            found[key] = section
        return found

    def union(self) -> Any:  # noqa: ANN401
        return Annotated[_tagged(self.sections), Discriminator(self._key)]

    def simulated(self, values: Mapping[str, Any]) -> Values:
        """The same device without what its driver alone understands."""
        kept = self.kind.model_fields
        return {key: value for key, value in values.items() if key in kept}

    def _key(self, value: object) -> str:
        if isinstance(value, KeyedSection):
            return value.told_by
        there = value if isinstance(value, dict) else {}
        return next((key for key in self.sections if key in there), "")


W = TypeVar("W", bound=Section)


@dataclass(frozen=True)
class WrittenFolder(Generic[W]):
    """As DriverFolder, for sections each of which gives the text of `key` a pattern of its own.

    One of them takes the word `simulated` there.
    """

    package: str
    kind: type[Any]
    key: str

    @cached_property
    def sections(self) -> Mapping[str, type[W]]:
        """By the file's name. Raises TypeError for a file that is no whole driver."""
        return _sections(self.package, self.kind)

    @cached_property
    def patterns(self) -> Mapping[str, str]:
        """How the value is written, by the file's name. Raises TypeError where two write alike."""
        found: dict[str, str] = {}
        for name, section in self.sections.items():
            pattern = _pattern(section, self.key)
            if not pattern or pattern in found.values():
                raise TypeError(f"{section.__module__}: {self.key} needs a pattern of its own")
            found[name] = pattern
        return found

    def union(self) -> Any:  # noqa: ANN401
        """All sections as one type, told apart by `key`."""
        examples = ", ".join(
            str(section.model_fields[self.key].examples[0])  # type: ignore[index] # each has one
            for section in self.sections.values()
        )
        told_apart = Discriminator(
            self._name,
            custom_error_type=self.key,
            custom_error_message=f"{self.key} phải viết như một trong: {examples}",
        )
        return Annotated[_tagged({name: self.sections[name] for name in self.patterns}), told_apart]

    def simulated(self, values: Mapping[str, Any]) -> Values:
        """The same device, simulated: without what its driver alone understands."""
        if values.get(self.key) == SIMULATED:
            return {**values}
        kept = self.kind.model_fields
        return {k: v for k, v in values.items() if k in kept} | {self.key: SIMULATED}

    def _name(self, value: object) -> str | None:
        given = value.get(self.key) if isinstance(value, dict) else getattr(value, self.key, None)
        matching = (n for n, p in self.patterns.items() if re.search(p, str(given or "")))
        return next(matching, None)


def _pattern(section: type[Section], key: str) -> str:
    told = section.model_json_schema()["properties"][key].get("pattern", "")
    return str(told)
