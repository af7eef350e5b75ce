"""Draws pages off screen while nobody touches, so that the first touch finds its fonts loaded."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kiosk.glass.view import KioskView
from kiosk.model import samples
from kiosk.model.modes import Modes
from kiosk.model.pages import CheckInPage, Lookup, Maintenance, Page, Pin, Procedures, Tech
from kiosk.model.setup import KioskSetup
from kiosk.model.state import KioskModel

# Shortly after a touch another one is likely.
_REST_S = 1.5
_NUMBER = "A888"


@dataclass(slots=True)
class Rehearsal:
    """One page a turn, each once: usual text first, then large text."""

    view: KioskView
    _left: Iterator[KioskModel] | None = field(init=False, default=None)
    done: bool = field(init=False, default=False)

    def turn(self, model: KioskModel) -> None:
        if self.done or self.view.pointer.busy or model.now - model.touched < _REST_S:
            return
        if self._left is None:
            self._left = _models(model.setup)
        shown = next(self._left, None)
        self.done = shown is None
        if shown is not None:
            self.view.rehearse(shown)


def _models(setup: KioskSetup) -> Iterator[KioskModel]:
    base = samples.model(setup, _NUMBER)
    pages = {_kind(page): page for page in samples.pages(setup, _NUMBER).values()}
    for large in (False, True):
        modes = Modes(lang=setup.languages[0], large=large)
        for page in pages.values():
            if not isinstance(page, Pin | Tech | Maintenance):
                yield replace(base, modes=modes, page=page)


def _kind(page: Page) -> tuple[type[Page], bool]:
    """One of each kind has all the fonts of its like; the keys have some of their own."""
    match page:
        case Lookup(letters=keys) | CheckInPage(letters=keys) | Procedures(keyboard=keys):
            return type(page), keys
        case _:
            return type(page), False
