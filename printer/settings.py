"""The `printers` section of the hall's YAML."""

from typing import TYPE_CHECKING

from pydantic import Field

from hall.runtime.driver_folder import DriverFolder
from hall.runtime.sections import Shared
from printer.sections import PrinterSection

DRIVERS = DriverFolder[PrinterSection]("printer.drivers", PrinterSection)

if TYPE_CHECKING:
    AnyPrinter = PrinterSection
else:
    AnyPrinter = DRIVERS.union()


class PrinterFile(Shared):
    """The part of the YAML that this role reads."""

    printers: tuple[AnyPrinter, ...] = Field(
        min_length=1, description="Các máy lấy số: máy in, nút bấm, đèn."
    )
