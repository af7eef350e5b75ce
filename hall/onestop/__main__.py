"""Run the gateway: python -m hall.onestop -c FILE. With `driver: mqtt` it stands aside."""

import logging
import sys
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from hall.contract.messages import OnestopStatus
from hall.contract.topics import EXT_STATUS
from hall.onestop.drivers.file import FileSupplier
from hall.onestop.drivers.simulated import Pace, SimulatedSupplier
from hall.onestop.quota import Quota
from hall.onestop.service import OnestopService
from hall.onestop.settings import FileSection, MqttSection, OnestopConfig, SimulatedSection
from hall.runtime import roles, settings
from hall.runtime.bus import Will
from hall.runtime.daemon import Daemon, Desk, Ground

log = logging.getLogger(__name__)

CLIENT = "onestop"


def build(config: settings.Document, ground: Ground, only: str | None) -> Sequence[Daemon]:
    """The gateway, or nothing where the vendor's software is on the bus itself."""
    wanted = settings.check(config.part(OnestopConfig.model_fields), OnestopConfig)
    if isinstance(wanted.onestop, MqttSection) or only not in (None, CLIENT):
        log.info("the one-stop software speaks on the bus itself: no gateway")
        return ()
    desk = ground.desk(CLIENT)
    service = _service(wanted.onestop, ZoneInfo(wanted.hall.timezone), desk, ground)
    will = Will(EXT_STATUS, OnestopStatus(state="lost", source=service.supplier.source, conn=""))
    return (Daemon(desk, service, (will,)),)


def _service(
    section: SimulatedSection | FileSection, zone: ZoneInfo, desk: Desk, ground: Ground
) -> OnestopService:
    quota = Quota(section.lookups_per_minute)
    match section:
        case SimulatedSection():
            low, high = section.delay_ms
            pace = Pace((low / 1000, high / 1000), section.every_s)
            simulated = SimulatedSupplier(ground.clock, zone, section.profile, pace)
            return OnestopService(desk, simulated, quota, steering=simulated)
        case FileSection():
            store = ground.state / "onestop.sqlite3"
            return OnestopService(desk, FileSupplier(section, store, zone, ground.clock), quota)


if __name__ == "__main__":
    sys.exit(roles.main("hall.onestop", build))
