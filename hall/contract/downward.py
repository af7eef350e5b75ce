"""What comes down from a province to its halls, at the province's broker, and what they answer.

    hall ──req/onestop/{verb}/{client}──▶ province        a look-up, with the id and src of the hall
    hall ◀──rsp/{client}──────────────── province        its answer
    hall ◀──down/…, unit/{unit}/…─────── province        figures, catalogue, notice, retained
    hall ◀──req/queue/{verb}/onestop──── vendor          appointments made centrally
    hall ──rsp/onestop─────────────────▶ vendor          the controller's answer
    check ──province/req/onestop/…─────▶ province        `motcua province check`, as a hall asks

A hall's own `down/…` wins over what is told to its unit. Presence: `onestop/status` of the province
is its gateway's, `down/link` a hall's; both are also last wills.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from hall.contract import MAJOR
from hall.contract.messages import Reply
from hall.contract.onestop_messages import Catalogue, Figures, Notice, OnestopStatus
from hall.contract.province import PROVINCE, is_hall
from hall.contract.requests import Request
from hall.contract.topics import (
    EXT_CATALOGUE,
    EXT_FIGURES,
    EXT_NOTICE,
    REQ_ONESTOP,
    REQ_QUEUE,
    RSP,
    Channel,
    Kind,
)
from hall.contract.words import WireModel

# Stands where a hall's name does: what is told to all halls of a unit.
UNIT = "unit"
# The client of a hall that fetches the catalogue for it, beside the clients whose look-ups it
# carries up.
FETCHER = "gateway"
# The vendor's software at the province, and the client as which a hall asks its own controller.
VENDOR = "onestop"
# What it may ask of a hall's controller.
CENTRAL_VERBS = ("slots", "appoint", "cancel-appointment")


DESK_STATUS = Channel(
    "province-onestop", "onestop/status", Kind.STATE, OnestopStatus, "The province's gateway"
)
DOWN_LINK = Channel("down-link", "down/link", Kind.STATE, OnestopStatus, "A hall's line down")
DOWN_FIGURES = Channel("down-figures", "down/figures", Kind.STATE, Figures, "A hall's own figures")
DOWN_CATALOGUE = Channel(
    "down-catalogue", "down/catalogue", Kind.STATE, Catalogue, "A hall's own procedures"
)
DOWN_NOTICE = Channel("down-notice", "down/notice", Kind.STATE, Notice, "A hall's own ticker")
UNIT_FIGURES = Channel(
    "unit-figures", "{unit}/figures", Kind.STATE, Figures, "Figures of all halls of a unit"
)
UNIT_CATALOGUE = Channel(
    "unit-catalogue", "{unit}/catalogue", Kind.STATE, Catalogue, "Procedures of a unit"
)
UNIT_NOTICE = Channel("unit-notice", "{unit}/notice", Kind.STATE, Notice, "A unit's ticker")
# What of each the hall tells on as its own.
TOLD_ON: Mapping[Channel, Channel] = MappingProxyType(
    {
        DOWN_FIGURES: EXT_FIGURES,
        DOWN_CATALOGUE: EXT_CATALOGUE,
        DOWN_NOTICE: EXT_NOTICE,
        UNIT_FIGURES: EXT_FIGURES,
        UNIT_CATALOGUE: EXT_CATALOGUE,
        UNIT_NOTICE: EXT_NOTICE,
    }
)
TO_HALL: Mapping[Channel, Channel] = MappingProxyType(
    {ext: channel for channel, ext in TOLD_ON.items() if channel.pattern.startswith("down/")}
)
TO_UNIT: Mapping[Channel, Channel] = MappingProxyType(
    {ext: channel for channel, ext in TOLD_ON.items() if channel not in TO_HALL.values()}
)


@dataclass(frozen=True, slots=True)
class DownAddress:
    """A topic between a hall and the gateway; `hall` may be "unit" or "province"."""

    hall: str
    channel: Channel
    model: type[WireModel]
    levels: Mapping[str, str]


_OF_HALLS: Mapping[Channel, type[WireModel]] = MappingProxyType(
    {
        REQ_ONESTOP: Request,
        REQ_QUEUE: Request,
        RSP: Reply,
        DOWN_LINK: OnestopStatus,
        **{channel: channel.model for channel in TO_HALL.values()},
    }
)
# The gateway's presence, and what is asked of it on the province's own machine.
_OF_THE_PROVINCE: Mapping[Channel, type[WireModel]] = MappingProxyType(
    {DESK_STATUS: OnestopStatus, REQ_ONESTOP: Request, RSP: Reply}
)


@lru_cache(maxsize=65_536)
def find_down(topic: str) -> DownAddress | None:
    """What a topic is between a hall and the gateway; None: nothing of it."""
    start, version, hall, rest = (*topic.split("/", 3), "", "", "", "")[:4]
    if start != "motcua" or version != str(MAJOR):
        return None
    if hall == PROVINCE:
        return _matched(hall, rest, _OF_THE_PROVINCE)
    if hall == UNIT:
        return _of_unit(rest)
    if not is_hall(hall):
        return None
    return _matched(hall, rest, _OF_HALLS)


def _matched(hall: str, rest: str, known: Mapping[Channel, type[WireModel]]) -> DownAddress | None:
    for channel, model in known.items():
        levels = channel.match(rest)
        if levels is not None:
            return DownAddress(hall, channel, model, MappingProxyType(levels))
    return None


def _of_unit(rest: str) -> DownAddress | None:
    unit, _, kind = rest.partition("/")
    for channel in TO_UNIT.values():
        if channel.pattern == f"{{unit}}/{kind}":
            return DownAddress(UNIT, channel, channel.model, {"unit": unit})
    return None


def desk_topic() -> str:
    """Where the gateway says that it is there."""
    return DESK_STATUS.topic(PROVINCE)
