"""Drivers of one kind: a file each in a folder, found by the name that stands in the YAML.

A module of the folder holds one section: a subclass of the kind's, whose `driver` is the module's
own name. From the folder follow the type that the YAML is checked against, its schema and
reference, what a role opens, and what takes a device's place when all is simulated. A module
imports libraries only where it opens something: every driver's section is read by every hall.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Annotated, Any, ClassVar, Generic, TypeVar, get_args

from pydantic import BeforeValidator, Field

from hall.runtime.settings import Section

SIMULATED = "simulated"

Values = dict[str, Any]


class DriverSection(Section):
    """What all drivers of one kind have in the YAML.

    `real_only`: keys that mean nothing to a simulated device.
    """

    real_only: ClassVar[frozenset[str]] = frozenset()

    driver: str


S = TypeVar("S", bound=DriverSection)


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
        folder = importlib.import_module(self.package).__path__
        names = sorted(module.name for module in pkgutil.iter_modules(folder))
        return {name: self._section(name) for name in names}

    def union(self) -> Any:  # noqa: ANN401 - known only once the folder is read
        """All sections as one type, told apart by `driver`."""
        either = reduce(or_, self.sections.values())
        told_apart = Annotated[either, Field(discriminator="driver")]  # type: ignore[valid-type] # built
        return Annotated[told_apart, BeforeValidator(self._named)] if self.usual else told_apart

    def simulated(self, values: Mapping[str, Any]) -> Values:
        """The same device, simulated: without what its driver alone or a real one understands."""
        section = self.sections[str(values.get("driver", self.usual or SIMULATED))]
        own = section.model_fields.keys() - self.kind.model_fields.keys()
        lost = set(section.real_only) if section is self._stand_in else own | section.real_only
        return {k: v for k, v in values.items() if k not in lost} | {"driver": SIMULATED}

    @property
    def _stand_in(self) -> type[S]:
        return self.sections[SIMULATED]

    def _named(self, values: object) -> object:
        return {"driver": self.usual, **values} if isinstance(values, dict) else values

    def _section(self, name: str) -> type[S]:
        module = importlib.import_module(f"{self.package}.{name}")
        mine: list[type[S]] = [
            found
            for found in vars(module).values()
            if isinstance(found, type)
            and issubclass(found, self.kind)
            and found.__module__ == module.__name__
        ]
        if len(mine) != 1:
            raise TypeError(
                f"{module.__file__}: one subclass of {self.kind.__name__}, not {len(mine)}"
            )
        (section,) = mine
        if inspect.isabstract(section):
            lacking = ", ".join(sorted(vars(section)["__abstractmethods__"]))
            raise TypeError(f"{module.__file__}: {section.__name__} lacks {lacking}")
        named = section.model_fields.get("driver")
        if named is None or get_args(named.annotation) != (name,):
            raise TypeError(f'{module.__file__}: driver: Literal["{name}"] in {section.__name__}')
        return section
