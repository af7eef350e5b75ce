"""Pictures of the glass for staff and technicians; never of what is one citizen's."""

from dataclasses import dataclass
from pathlib import Path

from hall.screen.window import Window
from kiosk.model.pages import Dashboard
from kiosk.model.state import KioskModel

_EVERY_S = 1.0


@dataclass(slots=True)
class Album:
    """`folder` None: no pictures. `samples`: every dossier is made up, so its page may be taken.

    `changed`: the glass shows something that no picture has.
    """

    window: Window
    name: str
    folder: Path | None
    samples: bool = False
    changed: bool = False
    _taken_at: float = 0.0

    def tick(self, model: KioskModel) -> None:
        """A picture of what changed, one a second at most."""
        if self.changed and model.now - self._taken_at >= _EVERY_S:
            self.take_picture(model)

    def take_picture(self, model: KioskModel) -> None:
        if self.folder is None or (model.personal and not self.samples):
            return
        self._taken_at, self.changed = model.now, False
        self.window.save(self.folder / f"{self.name}.png")
        if isinstance(model.page, Dashboard):
            self.window.save(self.folder / f"{self.name}-dashboard.png")
