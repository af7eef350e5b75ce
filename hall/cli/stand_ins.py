"""What each device becomes when a hall is rehearsed, as its own drivers know."""

from hall.demo.rehearsal import StandIns
from printer import settings as printers

STAND_INS = StandIns(printer=printers.DRIVERS.simulated)
