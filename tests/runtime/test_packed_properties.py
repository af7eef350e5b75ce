"""Our bytes are what paho reads, and what it would have written."""

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from hall.runtime import packed_properties


@pytest.mark.parametrize("expiry", [None, 10])
@pytest.mark.parametrize("topic", ["", "motcua/1/thu/rsp/kiosk-1"])
@pytest.mark.parametrize("correlation", [None, b"", b"x" * 32, b"y" * 1024])
def test_paho_would_write_the_same(
    expiry: int | None, topic: str, correlation: bytes | None
) -> None:
    theirs = Properties(PacketTypes.PUBLISH)
    theirs.PayloadFormatIndicator, theirs.ContentType = 1, "application/json"
    if expiry is not None:
        theirs.MessageExpiryInterval = expiry
    if topic:
        theirs.ResponseTopic = topic
    if correlation is not None:
        theirs.CorrelationData = correlation

    assert packed_properties.pack(expiry, topic, correlation).pack() == theirs.pack()
