"""Why a GPIO line or its chip cannot be had, each with what a person needs to mend it.

GpioError
├── NoChip         no such chip, or none at all
├── WhichChip      several chips, none of them a Raspberry Pi's header: the YAML must name one
├── NoPermission   the chip is there and not ours to open
├── NoSuchLine     the chip has fewer lines
├── LineBusy       somebody holds the line, and the kernel knows who
├── LineRefused    the chip cannot do what was asked of the line
└── ChipLost       it was open and is gone, or answers no longer
"""

from collections.abc import Sequence

from hall.runtime.causes import DeviceError, Why


class GpioError(DeviceError):
    """Its text names the cause alone; what to do is the caller's to say."""


class NoChip(GpioError):
    """`wanted`: what the YAML names, None for the machine's own. `found`: `name [label]` each."""

    why = Why.ABSENT

    def __init__(self, wanted: str | None, found: Sequence[str] = ()) -> None:
        self.wanted, self.found = wanted, tuple(found)
        which = "chip GPIO nào" if wanted is None else f"chip GPIO '{wanted}'"
        there = f"; máy có: {', '.join(found)}" if found else ""
        super().__init__(f"máy không có {which}{there}")


class WhichChip(GpioError):
    why = Why.UNFIT

    def __init__(self, found: Sequence[str]) -> None:
        self.found = tuple(found)
        super().__init__(f"máy có nhiều chip GPIO, chưa ghi dùng chip nào: {', '.join(found)}")


class NoPermission(GpioError):
    why = Why.DENIED

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"không có quyền mở {path}")


class NoSuchLine(GpioError):
    """`lines`: how many the chip has, counted from 0."""

    why = Why.UNFIT

    def __init__(self, line: int, chip: str, lines: int) -> None:
        self.line, self.chip, self.lines = line, chip, lines
        super().__init__(f"{chip} chỉ có chân 0–{lines - 1}, không có chân {line}")


class LineBusy(GpioError):
    """`by`: the name the holder gave the kernel, "" where it gave none."""

    why = Why.BUSY

    def __init__(self, line: int, by: str) -> None:
        self.line, self.by = line, by
        holder = f"'{by}'" if by else "chương trình khác"
        super().__init__(f"chân {line} đang bị {holder} giữ")


class LineRefused(GpioError):
    why = Why.UNFIT

    def __init__(self, line: int, chip: str, said: str) -> None:
        self.line, self.chip, self.said = line, chip, said
        super().__init__(f"{chip} từ chối chân {line}: {said}")


class ChipLost(GpioError):
    """It was there: `said` by the kernel."""

    def __init__(self, chip: str, said: str) -> None:
        self.chip, self.said = chip, said
        super().__init__(f"mất chip GPIO {chip}: {said}")
