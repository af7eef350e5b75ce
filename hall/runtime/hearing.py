"""What a daemon subscribes, out of the row of its client's role."""

from collections.abc import Collection, Iterator, Mapping

from hall.contract.rights import role_of
from hall.contract.roles import ROLES, ReadGrant
from hall.contract.topics import DEV_ALERT, DEV_STATUS, REQ_DEV, RSP, Channel
from hall.runtime.bus import Subscription

# Ids by level ("counter") or by kind of client ("printer").
Chosen = Mapping[str, Collection[str]]


def subscriptions(client: str, chosen: Chosen) -> tuple[Subscription, ...]:
    """What is addressed to this client, its own status and alerts, and what its row hears.

    `chosen` narrows the row: all counters where it names none, but no printer.
    """
    role = role_of(client)
    mine = [Subscription(channel, {"client": client}) for channel in (RSP, DEV_STATUS, DEV_ALERT)]
    asked = [Subscription(REQ_DEV, {"target": client})] if role.obeys else []
    row = [each for reading in role.hears for each in _narrowed(reading, chosen)]
    return (*mine, *asked, *row)


def _narrowed(reading: ReadGrant, chosen: Chosen) -> Iterator[Subscription]:
    channel = reading.channel
    if not reading.of:
        level = next((name for name in chosen if f"{{{name}}}" in channel.pattern), "")
        yield from _each(channel, level, chosen.get(level))
    for kind in reading.of:
        fixed = () if ROLES[kind].listed else (kind,)
        yield from _each(channel, "client", chosen.get(kind, fixed))


def _each(channel: Channel, level: str, ids: Collection[str] | None) -> Iterator[Subscription]:
    if ids is None:
        yield Subscription(channel)
    else:
        yield from (Subscription(channel, {level: each}) for each in ids)
