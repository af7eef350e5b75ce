"""What the board needs: a screen that takes scenes and says when somebody closed it."""

from pathlib import Path
from typing import Protocol

from hall.runtime.causes import DeviceError, Why
from hall.screen.geometry import Panel
from hall.screen.tree import Scene


class ScreenError(DeviceError):
    """The screen cannot be used: nothing is shown."""

    why = Why.ABSENT


class Screen(Protocol):
    @property
    def headless(self) -> bool:
        """Whether there is no window, so that nothing has to be polled."""

    @property
    def panel(self) -> Panel:
        """What is drawn on: the real one once it was opened."""

    @property
    def is_other(self) -> bool:
        """Whether another screen has taken the place of the one that was opened."""

    def open(self) -> None:
        """Raises ScreenError where there is no screen that a person could see."""

    def show_scene(self, scene: Scene) -> bool:
        """Paint what changed; whether anything did. Raises ScreenError when the screen is gone."""

    def poll(self) -> None:
        """Answer the window system, which ends windows that never answer.

        Raises ScreenError when somebody closed the window, or the window system ended.
        """

    def save(self, path: Path) -> None:
        """Write what is shown as PNG; a reader never sees half of one."""

    def close(self) -> None:
        """May be called twice."""
