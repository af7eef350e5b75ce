"""Whether a hall is one for training: every device of its YAML is simulated. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

SIMULATED = "simulated"


def is_simulated(values: Mapping[str, Any]) -> bool:
    """`values`: a whole YAML. A hall without devices is one."""
    return all(how == SIMULATED for how in _devices(values))


def _devices(values: Mapping[str, Any]) -> Iterator[object]:
    """What drives each printer and each bus, and where the link to the province ends."""
    for printer in values.get("printers") or ():
        yield printer.get("driver")
    for bridge in values.get("bridges") or ():
        for bus in bridge.get("buses") or ():
            yield bus.get("driver") or bus.get("port")
    if values.get("uplink"):
        yield values["uplink"].get("url")
