"""How a hall connects to its province's gateway, and what it is there without a line."""

from functools import partial

from hall.contract import codec
from hall.contract.downward import (
    CENTRAL_VERBS,
    DOWN_LINK,
    TO_HALL,
    TO_UNIT,
    UNIT,
    VENDOR,
    desk_topic,
)
from hall.contract.topics import REQ_QUEUE, RSP
from hall.onestop.from_province.supplier import link_status
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarWill
from hall.runtime.far_link_mqtt import FarOptions


def options(hall: str, unit: str, clock: Clock) -> FarOptions:
    """A client beside the uplink: the same user, another id."""
    own = [RSP.filter(hall), *(channel.filter(hall) for channel in TO_HALL.values())]
    asked = [REQ_QUEUE.filter(hall, verb=verb, client=VENDOR) for verb in CENTRAL_VERBS]
    of_unit = [channel.filter(UNIT, unit=unit) for channel in TO_UNIT.values()] if unit else []
    return FarOptions(
        client=f"{hall}-onestop",
        user=hall,
        filters=(*own, *asked, *of_unit, desk_topic()),
        will=partial(_will, hall, clock),
    )


def _will(hall: str, clock: Clock, conn: str) -> FarWill:
    payload = codec.pack(link_status("lost", conn), hall=hall, src=VENDOR, ts=clock.now())
    return FarWill(DOWN_LINK.topic(hall), payload)
