"""One dossier out of a web service's record, by the same reading as any table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from hall.onestop.dossiers import Dossier
from hall.onestop.intake import dossiers, statuses
from hall.onestop.intake.cells import Cell, Sheet
from hall.onestop.intake.dates import DateOrder, DateStyle
from hall.onestop.intake.dossiers import Styles
from hall.onestop.intake.layout import Layout
from hall.onestop.intake.notes import Notes
from hall.onestop.web import at


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """Where in a record each meaning stands, and how the service writes dates and states.

    Nothing else of a record is looked at: names, addresses and numbers of people stay outside.
    """

    fields: Mapping[str, str]
    statuses: Mapping[str, int]
    order: DateOrder
    zone: tzinfo

    def dossier(self, record: object) -> Dossier | None:
        """None where the record names no dossier. What is unclear says nothing but its code."""
        names = tuple(self.fields)
        cells = tuple(_cell(at(record, path)) for path in self.fields.values())
        columns = {name: (place,) for place, name in enumerate(names)}
        table = Layout("dossiers", 0, 0, columns, tuple(self.fields.values()))
        sheet = Sheet("", lambda: iter([(1, cells)]))
        style = DateStyle(order=self.order)
        styles = Styles(
            {name: style for name in dossiers.DATES if name in columns},
            statuses.judge((), self.statuses),
        )
        read = dossiers.read_all((dossiers.Table(sheet, table, styles, self.zone),), Notes())
        found = next(read, None)
        return None if found is None else found.dossier


def _cell(value: object) -> Cell:
    match value:
        case bool() | None | dict() | list():
            return ""
        case int() | float() | str():
            return value
        case _:
            return ""
