"""The YAML section `uplink`: where the province is, and how much of the line may be used."""

from typing import TYPE_CHECKING

from pydantic import Field

from hall.runtime.driver_folder import WrittenFolder
from hall.runtime.sections import Shared
from hall.uplink.link_section import LinkSection

LINKS = WrittenFolder[LinkSection]("hall.uplink.drivers", LinkSection, "url")

if TYPE_CHECKING:
    AnyLink = LinkSection
else:
    AnyLink = LINKS.union()


class UplinkConfig(Shared):
    uplink: AnyLink | None = Field(
        default=None, description="Nối lên tỉnh; không ghi: hội trường đứng riêng."
    )
