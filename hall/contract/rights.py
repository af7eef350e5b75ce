"""What the rows of roles.py and verbs.py allow: who may write, who may read, who is believed.

by              writes                                     reads
being a client  dev/{it}/status, dev/{it}/alert/{code}     dev/{it}/…, rsp/{it}, state/hall
its row         `writes`; empties what it `clears`         `hears`, `sees`, `broker_figures`
its verbs       req/…/{verb}/{it} where it is a caller     req/dev/{it}/… where it obeys any
every verb      req/…/{each verb}/{it} by its row          -
the askers      rsp/{each who may send it a request}       -
"""

from collections.abc import Iterator, Mapping
from functools import cache

from hall.contract.roles import COMMON_ALERTS, ROLES, ReadGrant, Role
from hall.contract.topics import DEV_ALERT, DEV_STATUS, REQ_DEV, RSP, STATE_HALL, Channel
from hall.contract.verbs import DEVICE, Verb

_NOBODY = Role("", obeys=())
_SEVERAL = frozenset(role.kind for role in ROLES.values() if role.listed or role.ids)


def kind_of(client: str) -> str:
    """The kind of a client id: printer-1 is a printer, tech-cli a tech, counters is counters."""
    kind = client.split("-", 1)[0]
    return kind if kind in _SEVERAL else client


def role_of(client: str) -> Role:
    """The row of this client; one without rights where the contract knows no such client."""
    return ROLES.get(kind_of(client), _NOBODY)


def may_write(client: str, channel: Channel, levels: Mapping[str, str]) -> bool:
    """Whether this client may publish this. Ids of counters and services are not judged."""
    role = role_of(client)
    if channel is RSP:
        return kind_of(levels["client"]) in askers(role.kind)
    if channel.own is not None and levels[channel.own] != client:
        return False
    if channel.verbs is not None:
        return _may_ask(role, channel, levels)
    if channel is DEV_ALERT:
        return levels["code"] in codes(role)
    return channel in role.writes or (channel is DEV_STATUS and role is not _NOBODY)


def may_clear(client: str, channel: Channel) -> bool:
    """Whether this client may remove what others have left retained on this channel."""
    return channel in role_of(client).clears


def _may_ask(role: Role, channel: Channel, levels: Mapping[str, str]) -> bool:
    verb = (channel.verbs or {}).get(levels["verb"])
    if verb is None or (role.kind not in verb.callers and channel not in role.every_verb):
        return False
    return channel is not REQ_DEV or verb.name in role_of(levels["target"]).obeys


def may_read(client: str, channel: Channel, levels: Mapping[str, str]) -> bool:
    """Whether this client may subscribe this; levels that are not named match anything."""
    role = role_of(client)
    if channel is REQ_DEV:
        return levels.get("target") == client and bool(role.obeys)
    if channel in (RSP, DEV_STATUS, DEV_ALERT) and levels.get("client") == client:
        return True
    whose = kind_of(levels.get("client", ""))
    return any(
        reading.channel is channel and (not reading.of or whose in reading.of)
        for reading in readings(role)
    )


def is_believed(src: str, channel: Channel, levels: Mapping[str, str]) -> bool:
    """Whether a reader takes a state, event or reply from `src`: a broker may have no ACL.

    An alert's code is not judged: a newer version may have more of them.
    """
    role = role_of(src)
    if channel is DEV_ALERT or channel is DEV_STATUS:
        return levels["client"] == src and role is not _NOBODY
    return may_write(src, channel, levels)


@cache
def askers(kind: str) -> frozenset[str]:
    """The kinds of client that may send a request to clients of this kind."""
    return frozenset().union(*(verb.callers for verb in answered(ROLES.get(kind, _NOBODY))))


def answered(role: Role) -> Iterator[Verb]:
    """The verbs that clients of this role answer."""
    for reading in role.hears:
        yield from (reading.channel.verbs or {}).values()
    yield from (DEVICE[name] for name in role.obeys)


def readings(role: Role) -> tuple[ReadGrant, ...]:
    """What clients of this role may read beside what is addressed to them."""
    common = () if role is _NOBODY else (ReadGrant(STATE_HALL),)
    return tuple(dict.fromkeys((*role.hears, *role.sees, *common)))


def writers(channel: Channel) -> frozenset[str]:
    """The kinds of client that write this channel."""
    if channel.verbs is not None:
        return frozenset().union(*(verb.callers for verb in channel.verbs.values()))
    return frozenset(kind for kind, role in ROLES.items() if _writes(role, channel))


def _writes(role: Role, channel: Channel) -> bool:
    if channel is RSP:
        return bool(askers(role.kind))
    if channel is DEV_ALERT:
        return True
    return channel is DEV_STATUS or channel in role.writes


def readers(channel: Channel) -> Mapping[str, tuple[str, ...]]:
    """The kinds of client that read this channel: of whom, or of all where nobody is named."""
    if channel is RSP:
        return dict.fromkeys(ROLES, ())
    if channel is REQ_DEV:
        return {kind: () for kind, role in ROLES.items() if role.obeys}
    found: dict[str, tuple[str, ...]] = {}
    for kind, role in ROLES.items():
        whose = [reading.of for reading in readings(role) if reading.channel is channel]
        if whose:
            found[kind] = () if () in whose else tuple(each for of in whose for each in of)
    return found


def codes(role: Role) -> tuple[str, ...]:
    """The alert codes that clients of this role may raise."""
    return () if role is _NOBODY else (*role.alerts, *COMMON_ALERTS)


def alert_codes() -> tuple[str, ...]:
    """Every alert code of the hall."""
    return tuple(sorted({code for role in ROLES.values() for code in codes(role)}))
