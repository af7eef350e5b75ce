"""MQTT 5's correlation data: what a requester gave is given back with its reply.

The daemons need none, the id is in the JSON. Clients that use their library's
request-and-response calls do.
"""

import threading
from collections import OrderedDict

from hall.contract.codec import WrittenReply
from hall.contract.messages import Reply
from hall.contract.requests import Request
from hall.contract.topics import RSP, Channel
from hall.runtime.bus import Outgoing, Received, Unusable

# More than can be on their way at once; what was never answered makes room.
MOST = 500
# Ids are short; a larger one is not kept, so that a requester cannot fill our memory.
LONGEST = 1024
_Key = tuple[str, str]


class Correlations:
    """Heard in the network's thread, given back in the loop's."""

    def __init__(self) -> None:
        self._given: OrderedDict[_Key, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, item: object, data: bytes | None) -> None:
        """Remember what came with a request. A retry's own data takes the place of the first's."""
        key = _request_key(item)
        if key is None or data is None or len(data) > LONGEST:
            return
        with self._lock:
            self._given[key] = data
            self._given.move_to_end(key)
            if len(self._given) > MOST:
                self._given.popitem(last=False)

    def of(self, channel: Channel, message: Outgoing, client: str | None) -> bytes | None:
        """What belongs beside this message, when it is the reply to a request that brought any."""
        if channel is not RSP or client is None or not isinstance(message, Reply | WrittenReply):
            return None
        with self._lock:
            return self._given.get((client, message.id))


def _request_key(item: object) -> _Key | None:
    match item:
        case Received(message=Request(id=request_id), levels={"client": client}):
            return client, request_id
        case Unusable(levels={"client": client}, id=request_id):
            return client, request_id
        case _:
            return None
