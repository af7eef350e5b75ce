"""Run the one-stop side: python -m hall.onestop -c FILE; beside a vendor on the bus, its judge."""

import sys
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from hall.contract.onestop_messages import OnestopStatus
from hall.contract.topics import EXT_STATUS
from hall.onestop.drivers.file import FileSupplier
from hall.onestop.drivers.manual import ManualSupplier
from hall.onestop.drivers.simulated import Pace, SimulatedSupplier
from hall.onestop.gateway import FeedGateway
from hall.onestop.lastgood import LastGood
from hall.onestop.quota import Quota
from hall.onestop.service import OnestopService
from hall.onestop.settings import (
    FileSection,
    ManualSection,
    MqttSection,
    OnestopConfig,
    OpencpsSection,
    RestSection,
    SimulatedSection,
)
from hall.runtime import roles, settings
from hall.runtime.bus import Will
from hall.runtime.daemon import Daemon, Desk, Ground

# Where we ourselves are the one-stop side of the bus.
OurSection = SimulatedSection | FileSection | ManualSection | RestSection | OpencpsSection
CLIENT = "onestop"
# Where the vendor's software is itself the client `onestop`.
BESIDE = "gateway"


def build(config: settings.Document, ground: Ground, only: str | None) -> Sequence[Daemon]:
    """The one-stop side on the bus, or who judges it where the vendor is there itself."""
    wanted = settings.check(config.part(OnestopConfig.model_fields), OnestopConfig)
    kept = LastGood(ground.state / "onestop" / "bus")
    leftover = kept.is_of_another(wanted.onestop.driver)
    if isinstance(wanted.onestop, MqttSection):
        return _beside(ground.desk(BESIDE), kept, only, leftover=leftover)
    if only not in (None, CLIENT):
        return ()
    desk = ground.desk(CLIENT)
    service = _service(wanted.onestop, ZoneInfo(wanted.hall.timezone), desk, ground)
    will = Will(EXT_STATUS, OnestopStatus(state="lost", source=service.supplier.source, conn=""))
    return (Daemon(desk, service, (will,)),)


def _beside(desk: Desk, kept: LastGood, only: str | None, *, leftover: bool) -> Sequence[Daemon]:
    if only not in (None, BESIDE):
        return ()
    return (Daemon(desk, FeedGateway(desk, kept, leftover=leftover)),)


def _service(section: OurSection, zone: ZoneInfo, desk: Desk, ground: Ground) -> OnestopService:
    quota, state = Quota(section.lookups_per_minute), ground.state / "onestop"
    match section:
        case SimulatedSection():
            low, high = section.delay_ms
            pace = Pace((low / 1000, high / 1000), section.every_s)
            simulated = SimulatedSupplier(ground.clock, zone, section.profile, pace)
            return OnestopService(desk, simulated, quota, steering=simulated)
        case FileSection():
            files = FileSupplier(section, state, zone, ground.clock)
            return OnestopService(desk, files, quota, doubting=files)
        case ManualSection():
            typed = ManualSupplier(section, state, zone, ground.clock)
            return OnestopService(desk, typed, quota, typing=typed)
        case RestSection():
            # Only where the YAML asks for it: the web client is a tenth of the gateway's memory.
            from hall.onestop.drivers.rest import RestSupplier  # noqa: PLC0415

            return OnestopService(
                desk, RestSupplier(section, ground.state, zone, ground.clock), quota
            )
        case OpencpsSection():
            from hall.onestop.drivers.opencps import OpencpsSupplier  # noqa: PLC0415

            opencps = OpencpsSupplier(section, ground.state, zone, ground.clock)
            return OnestopService(desk, opencps, quota, queueing=opencps)


if __name__ == "__main__":
    sys.exit(roles.main("hall.onestop", build))
