"""Which GPIO chip carries the pins, by path, name or label; opened, or said why not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import gpiod
from gpiod import ChipInfo, LineInfo

from hall.runtime.gpio.errors import GpioError, NoChip, NoPermission, WhichChip
from hall.runtime.gpio.requesting import Config, LineRequest, plainly

# The pins of a Raspberry Pi's header, whose line offsets are the BCM numbers: Pi 5, Pi 4, older.
# Their device number differs with model and kernel (a Pi 5 had gpiochip4, later gpiochip0).
HEADERS = ("pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835")


class Chip(Protocol):
    """What is used of `gpiod.Chip`. Every call may raise what `plainly` makes plain."""

    @property
    def path(self) -> str: ...

    def get_info(self) -> ChipInfo: ...

    def get_line_info(self, line: int, /) -> LineInfo: ...

    def request_lines(
        self, config: Config, consumer: str, event_buffer_size: int
    ) -> LineRequest: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class GpioChips:
    """Where chips are looked for: `paths` in the order of their numbers."""

    paths: Callable[[], Sequence[str]]
    open: Callable[[str], Chip]


def open_chip(wanted: str | None, devices: GpioChips) -> Chip:
    """The chip at a path, or of a name or label; None: a header's chip, or the only one there is.

    Raises NoChip, WhichChip or NoPermission.
    """
    if wanted is not None and wanted.startswith("/"):
        return _at(wanted, devices)
    chips, shut = _all(devices)
    try:
        chosen = _chosen(wanted, chips, shut)
    except GpioError:
        _close(chips)
        raise
    _close([chip for chip in chips if chip is not chosen])
    return chosen


def _at(path: str, devices: GpioChips) -> Chip:
    try:
        return _opened(path, devices)
    except PermissionError as err:
        raise NoPermission(path) from err
    except OSError as err:
        chips, _ = _all(devices)
        found = [_shown(chip) for chip in chips]
        _close(chips)
        raise NoChip(path, found) from err


def _opened(path: str, devices: GpioChips) -> Chip:
    """Raises OSError. The chip is asked what it is here alone: gpiod keeps the answer."""
    with plainly():
        chip = devices.open(path)
        try:
            chip.get_info()
        except OSError:
            chip.close()
            raise
    return chip


def _all(devices: GpioChips) -> tuple[list[Chip], list[str]]:
    """The chips that open, and the paths of those that may not be opened."""
    chips, shut = [], []
    for path in devices.paths():
        try:
            chips.append(_opened(path, devices))
        except PermissionError:
            shut.append(path)
        except OSError:
            continue  # It went between the listing and the opening.
    return chips, shut


def _chosen(wanted: str | None, chips: list[Chip], shut: list[str]) -> Chip:
    fitting = _fitting(wanted, chips)
    if not fitting and shut:
        raise NoPermission(shut[0])
    found = [_shown(chip) for chip in chips]
    if not fitting:
        raise NoChip(wanted, found)
    if len(fitting) > 1:
        raise WhichChip(found)
    return fitting[0]


def _fitting(wanted: str | None, chips: list[Chip]) -> list[Chip]:
    if wanted is not None:
        return [c for c in chips if wanted in (c.get_info().name, c.get_info().label)]
    headers = [c for c in chips if c.get_info().label in HEADERS]
    return headers or chips


def _shown(chip: Chip) -> str:
    info = chip.get_info()
    return f"{info.name} [{info.label}]"


def _close(chips: Sequence[Chip]) -> None:
    for chip in chips:
        chip.close()


def _paths() -> Sequence[str]:
    """Raspberry Pi OS adds links under old numbers: the same chip must not be met twice."""
    found = (path for path in Path("/dev").glob("gpiochip*") if not path.is_symlink())
    return [str(path) for path in sorted(found, key=lambda path: (len(path.name), path.name))]


def kernel() -> GpioChips:
    """The machine's own."""
    return GpioChips(_paths, gpiod.Chip)
