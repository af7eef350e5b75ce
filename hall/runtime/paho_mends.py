"""What paho does otherwise than a hall needs it (paho-mqtt 2.2)."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.subscribeoptions import SubscribeOptions

from hall.contract.topics import Kind
from hall.runtime.bus import Subscription

log = logging.getLogger(__name__)


def guarded(callback: Callable[..., None]) -> Callable[..., None]:
    """Without it an exception would leave paho between two states of a packet."""

    def guard(*args: Any) -> None:  # noqa: ANN401
        try:
            callback(*args)
        except Exception:  # the network thread's edge
            log.exception("bus callback failed")

    return guard


def forget_unsent(client: paho.Client) -> None:
    """Nothing of an old connection is sent on a new one.

    paho would send it again by itself: a call of minutes ago, or an old face over the new one.
    It has no public way to be told otherwise (paho-mqtt 2.2).
    """
    with client._out_message_mutex:  # noqa: SLF001
        client._out_messages.clear()  # noqa: SLF001
        client._inflight_messages = 0  # noqa: SLF001


def options(subscription: Subscription, wanted: Sequence[Subscription]) -> SubscribeOptions:
    """Requests keep the retain flag as published, so that a retained one is seen and dropped.

    What is retained comes once, by the widest filter; mosquitto would send it for each.
    """
    none_retained, retained = (
        SubscribeOptions.RETAIN_DO_NOT_SEND,
        SubscribeOptions.RETAIN_SEND_ON_SUBSCRIBE,
    )
    return SubscribeOptions(
        qos=1,
        retainAsPublished=subscription.channel.kind is Kind.REQUEST,
        retainHandling=none_retained if subscription.is_within(wanted) else retained,
    )
