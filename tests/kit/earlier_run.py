"""What a daemon that ended has left behind on the broker."""

from datetime import UTC, datetime

from hall.contract import codec
from hall.contract.messages import Alert
from hall.contract.topics import DEV_ALERT
from hall.runtime.bus_memory import MemoryBroker

BEGAN = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def leave_alert(broker: MemoryBroker, hall: str, client: str, code: str) -> None:
    """Retained, as by a run that ended before the fault did."""
    alert = Alert(code=code, text="Có lỗi từ trước.", since=BEGAN)
    payload = codec.pack(alert, hall=hall, src=client, ts=BEGAN)
    broker.publish(DEV_ALERT.topic(hall, client=client, code=code), payload, retain=True)
