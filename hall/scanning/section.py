"""What every scanner has in the YAML, whatever its driver."""

from abc import abstractmethod
from collections.abc import Callable

from hall.runtime.driver_folder import DriverSection
from hall.scanning.ports import Scanner

Clock = Callable[[], float]


class ScannerSection(DriverSection):
    """A driver is a subclass with its own keys, in a file of its own in `hall/scanning/drivers`."""

    @abstractmethod
    def connect(self, clock: Clock) -> Scanner:
        """The scanner; nothing is opened yet."""
