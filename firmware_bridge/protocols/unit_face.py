"""What a display is to show, apart from how its maker wants to be told."""

from dataclasses import dataclass

from firmware_bridge.firmware import counter_unit as unit

STALE_BRIGHTNESS = 3


@dataclass(frozen=True, slots=True)
class UnitFace:
    """`blink` in seconds (15: for ever), `brightness` 1-15 or 0 for the unit's own.

    `beep` and `lamp` are codes of the register map; another `turn` makes a new face of the same
    text, so that a beep is heard again.
    """

    text: str
    blink: int = 0
    brightness: int = 0
    beep: int = 0
    lamp: int = 0
    turn: int = 0

    @property
    def flags(self) -> int:
        return (
            self.blink << unit.BLINK_AT
            | self.brightness << unit.BRIGHTNESS_AT
            | self.beep << unit.BEEP_AT
            | self.lamp
        )

    @property
    def lasting_flags(self) -> int:
        """Without what belongs to one moment: a unit that was rebooted neither beeps nor blinks."""
        blink = self.blink if self.blink == unit.BLINK_FOR_EVER else 0
        return blink << unit.BLINK_AT | self.brightness << unit.BRIGHTNESS_AT | self.lamp
