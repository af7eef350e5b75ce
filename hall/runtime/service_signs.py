"""The sign of each service of a hall, by the YAML."""

from collections.abc import Mapping

from hall.runtime.sections import Shared
from hall.signs.assigning import ServiceSign, Signed, signs
from hall.signs.pictures import STROKES


def service_signs(config: Shared) -> Mapping[str, ServiceSign]:
    """By service id. An `icon` that is no picture of ours counts as none."""
    return signs(
        Signed(each.id, each.name, each.icon if each.icon in STROKES else "")
        for each in config.services
    )
