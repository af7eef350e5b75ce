"""The procedures the kiosk can show: the catalogue with its search index. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hall.contract.catalogue import CatalogueProcedure
from kiosk.model.search import Index, index


@dataclass(frozen=True, slots=True)
class ProcedureCatalogue:
    """`ver`: the catalogue's version; empty before the first one came."""

    ver: str = ""
    procedures: tuple[CatalogueProcedure, ...] = ()
    fields: tuple[str, ...] = ()
    _index: Index = field(default_factory=Index, repr=False)

    def of_field(self, name: str | None) -> tuple[CatalogueProcedure, ...]:
        """All of one field, or all."""
        return tuple(p for p in self.procedures if name is None or p.field == name)

    def find(self, query: str, name: str | None = None) -> tuple[CatalogueProcedure, ...]:
        """What the citizen may mean, best first."""
        found = (self.procedures[place] for place in self._index.find(query))
        return tuple(p for p in found if name is None or p.field == name)

    def procedure(self, code: str) -> CatalogueProcedure | None:
        return next((p for p in self.procedures if p.code == code), None)


def shelve(ver: str, procedures: Sequence[CatalogueProcedure]) -> ProcedureCatalogue:
    """Put a catalogue up: fields in order of how many procedures they have."""
    counts: dict[str, int] = {}
    for procedure in procedures:
        counts[procedure.field] = counts.get(procedure.field, 0) + 1
    fields = sorted(counts, key=lambda name: (-counts[name], name))
    made = index([(p.code, p.name) for p in procedures])
    return ProcedureCatalogue(ver, tuple(procedures), tuple(fields), made)
