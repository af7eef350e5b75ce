"""Run the one-stop side: python -m hall.onestop -c FILE; beside a vendor on the bus, its judge."""

import sys
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from hall.contract.onestop_messages import OnestopStatus
from hall.contract.topics import EXT_STATUS
from hall.onestop.gateway import FeedGateway
from hall.onestop.lastgood import LastGood
from hall.onestop.quota import Quota
from hall.onestop.service import OnestopService
from hall.onestop.settings import OnestopConfig
from hall.onestop.supplier_section import AnsweringSection, OnestopSurroundings
from hall.runtime import roles, settings
from hall.runtime.bus import Will
from hall.runtime.daemon import Daemon, DaemonContext, Ground
from hall.runtime.province_line import line_in

CLIENT = "onestop"
# Where the vendor's software is itself the client `onestop`.
BESIDE = "gateway"


def build(config: settings.Document, ground: Ground, only: str | None) -> Sequence[Daemon]:
    """The one-stop side on the bus, or who judges it where the vendor is there itself."""
    wanted = settings.check(config.part(OnestopConfig.model_fields), OnestopConfig)
    kept = LastGood(ground.state / "onestop" / "bus")
    leftover = kept.is_of_another(wanted.onestop.driver)
    if not isinstance(wanted.onestop, AnsweringSection):
        return _beside(ground, kept, only, leftover=leftover)
    if only not in (None, CLIENT):
        return ()
    zone, calendar = ZoneInfo(wanted.hall.timezone), wanted.hall.calendar
    line = line_in(config.values.get("uplink"))
    where = OnestopSurroundings(
        ground.state, zone, ground.clock, calendar, hall=ground.hall, line=line
    )
    service = _service(wanted.onestop, where, ground.context_of(CLIENT))
    will = Will(EXT_STATUS, OnestopStatus(state="lost", source=service.supplier.source, conn=""))
    return (Daemon(service.context, service, (will,)),)


def _beside(
    ground: Ground, kept: LastGood, only: str | None, *, leftover: bool
) -> Sequence[Daemon]:
    if only not in (None, BESIDE):
        return ()
    context = ground.context_of(BESIDE)
    gateway = FeedGateway(context, kept, leftover=leftover)
    return (Daemon(context, gateway, disk=ground.state),)


def _service(
    section: AnsweringSection, where: OnestopSurroundings, context: DaemonContext
) -> OnestopService:
    made = section.connect(where)
    return OnestopService(
        context,
        made.supplier,
        Quota(section.lookups_per_minute),
        steering=made.steering,
        doubting=made.doubting,
        typing=made.typing,
        queueing=made.queueing,
        carrying=made.carrying,
        unit=section.unit,
    )


if __name__ == "__main__":
    sys.exit(roles.main("hall.onestop", build))
