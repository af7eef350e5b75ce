"""A client of the hall that says and hears whatever the broker lets it."""

import threading
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

PATIENCE_S = 240.0
DENIED = 0x87


class Account:
    """`came`: topics of what was heard; `codes`: what the broker answered to each publish."""

    def __init__(self, port: int, client: str, password: str) -> None:
        self.came: list[str] = []
        self.codes: dict[int, int] = {}
        self._more = threading.Condition()
        self._paho = paho.Client(CallbackAPIVersion.VERSION2, client, protocol=paho.MQTTv5)
        self._paho.username_pw_set(client, password)
        self._paho.max_queued_messages_set(0)
        self._paho.on_publish = self._answered
        self._paho.on_message = self._heard
        self._paho.on_subscribe = lambda *_: self._note(lambda: self.came.append("subscribed"))
        self._paho.connect("127.0.0.1", port)
        self._paho.loop_start()

    def _note(self, act: Callable[[], None]) -> None:
        with self._more:
            act()
            self._more.notify_all()

    def _answered(self, _c: Any, _u: Any, mid: int, reason: Any, _p: Any) -> None:
        self._note(lambda: self.codes.update({mid: reason.value}))

    def _heard(self, _c: Any, _u: Any, message: paho.MQTTMessage) -> None:
        self._note(lambda: self.came.append(message.topic))

    def subscribe(self, topic: str) -> None:
        self._paho.subscribe(topic, 1)
        self.until(lambda: "subscribed" in self.came)
        self.came.clear()

    def publish(
        self, topics: list[str], payload: bytes = b"x", *, retain: bool = False
    ) -> dict[str, int]:
        """The broker's answer to each."""
        mids = {t: self._paho.publish(t, payload, qos=1, retain=retain).mid for t in topics}
        self.until(lambda: self.codes.keys() >= set(mids.values()))
        return {topic: self.codes[mid] for topic, mid in mids.items()}

    def hears(self, topic: str, seconds: float = 5.0) -> bool:
        """Whether this comes, now or soon."""
        with self._more:
            return self._more.wait_for(lambda: topic in self.came, seconds)

    def until(self, true: Callable[[], bool]) -> None:
        with self._more:
            assert self._more.wait_for(true, PATIENCE_S)

    def close(self) -> None:
        self._paho.disconnect()
        self._paho.loop_stop()
