"""Who waits for a counter, in the order in which it would call them."""

from typing import Literal

from pydantic import Field

from hall.contract.messages import Lean
from hall.contract.requests import Request
from hall.contract.words import Count, Name, Number, Serial, TicketId, Time, WireModel


class Turns(Request):
    """`limit`: how many of those who wait are named."""

    counter: Name
    limit: Serial = Field(default=250, le=250)


class WaitingTurn(Lean):
    """`since`: when the ticket was taken. `why`: what gives it this place in the order.

    `sent`: to this counter; `help`: of a service that the counter only helps; `arrival`: nobody
    before it came later; `priority`, `placed`: somebody who came earlier is called after it, by
    the head start of its class, or by a clerk's hand or the counter's list of services.
    """

    ticket: TicketId
    number: Number
    service: Name
    priority: Name | None = None
    since: Time
    why: Literal["sent", "help", "arrival", "priority", "placed"]


class TurnsData(WireModel):
    """In the order in which the counter would call them now. `count`: how many wait in all."""

    counter: Name
    count: Count
    turns: tuple[WaitingTurn, ...] = ()
