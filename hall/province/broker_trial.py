"""Whether the province's broker does what its consumers need: asked of the broker itself.

One message to a topic that no unit can have, heard by a shared subscription: address, password,
rights and `$share` in one go.
"""

import queue
import uuid

from hall.contract.province import PROVINCE, shared_by, unit_filter
from hall.runtime.bus_mqtt import Server
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarDown, FarHeard, FarUp
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions
from hall.runtime.link_faults import LinkFault, Outlook

PATIENCE_S = 10.0
# An id begins with a letter or a digit.
_NOBODY = "-"
_SILENT = LinkFault(
    "broker nhận kết nối mà không đưa tin qua $share",
    "Cần mosquitto 2 với tệp của motcua: motcua province setup; systemctl restart mosquitto.",
    Outlook.LASTING,
)


def fault_of(server: Server, clock: Clock, patience_s: float = PATIENCE_S) -> LinkFault | None:
    """None: it does all of it."""
    mark = uuid.uuid4().hex[:12]
    come: queue.Queue[object] = queue.Queue()
    options = FarOptions(
        client=f"{PROVINCE}-check-{mark}",
        user=PROVINCE,
        shared=shared_by(f"check-{mark}", (unit_filter(_NOBODY),)),
        pauses_s=(patience_s, patience_s),
    )
    link = FarMqttLink(options, lambda: server, clock)
    link.open(come.put)
    try:
        return _ask(link, come, mark, clock.monotonic() + patience_s, clock)
    finally:
        link.close()


def _ask(
    link: FarMqttLink, come: "queue.Queue[object]", mark: str, until: float, clock: Clock
) -> LinkFault | None:
    topic = unit_filter(_NOBODY).replace("+", "check")
    while True:
        try:
            item = come.get(timeout=max(0.0, until - clock.monotonic()))
        except queue.Empty:
            return _SILENT
        match item:
            case FarDown(fault):
                return fault
            case FarUp():
                link.publish(topic, mark.encode("ascii"), retain=False)
            case FarHeard(payload=payload) if payload == mark.encode("ascii"):
                return None
            case _:
                pass
