"""The YAML section `onestop`: where figures, procedures and look-ups come from."""

from typing import TYPE_CHECKING

from pydantic import Field

from hall.onestop.supplier_section import SupplierSection
from hall.runtime.driver_folder import DriverFolder
from hall.runtime.sections import Shared

SUPPLIERS = DriverFolder[SupplierSection]("hall.onestop.drivers", SupplierSection)

if TYPE_CHECKING:
    AnySupplier = SupplierSection
else:
    AnySupplier = SUPPLIERS.union()


class OnestopConfig(Shared):
    onestop: AnySupplier = Field(description="Nối với phần mềm một cửa.")
