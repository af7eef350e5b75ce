"""What each device becomes when a hall is rehearsed, as its own drivers know."""

from display import settings as displays
from display.board import settings as boards
from display.voice import settings as voices
from firmware_bridge import settings as bridges
from hall.demo.rehearsal import StandIns
from hall.onestop import settings as suppliers
from hall.scanning import settings as scanners
from hall.uplink import settings as uplinks
from kiosk import settings as kiosks
from printer import sections as dispensers
from printer import settings as printers

STAND_INS = StandIns(
    printer=printers.DRIVERS.simulated,
    button=dispensers.BUTTONS.simulated,
    scanner=scanners.SCANNERS.simulated,
    speech=kiosks.SPEAKERS.simulated,
    face=displays.FACES.simulated,
    player=voices.PLAYERS.simulated,
    keypad=bridges.KEYPADS.simulated,
    supplier=suppliers.SUPPLIERS.simulated,
    board=boards.BOARDS.simulated,
    bus=bridges.BUSES.simulated,
    link=uplinks.LINKS.simulated,
)
