"""A scanner of the YAML: any of the drivers in the folder."""

from typing import TYPE_CHECKING

from hall.runtime.driver_folder import DriverFolder
from hall.scanning.section import ScannerSection

SCANNERS = DriverFolder[ScannerSection]("hall.scanning.drivers", ScannerSection)

if TYPE_CHECKING:
    AnyScanner = ScannerSection
else:
    AnyScanner = SCANNERS.union()
