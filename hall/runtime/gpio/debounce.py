"""A contact that bounces, told once it has come to rest. Pure: time comes in with each edge.

wire  ▔▔▔▔▏▁▕▔▏▁▁▁▁▁▁▁▁▁▁▁▁
told  ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▏▁▁▁▁▁▁   one period after the last edge, as the kernel's debounce does
          ^ a shorter visit to the other level is never told
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Edge:
    """To `level` (True: high), where it has been since `at_ns`."""

    level: bool
    at_ns: int


@dataclass(frozen=True, slots=True)
class SwitchContact:
    """`told`: the level that was told last; `wire`: the edge that came last."""

    told: bool
    wire: Edge

    @classmethod
    def at_rest(cls, wire: Edge) -> "SwitchContact":
        return cls(wire.level, wire)


def due_ns(contact: SwitchContact, period_ns: int) -> int | None:
    """When the contact will have come to rest at a level that is news, if it stays there."""
    return None if contact.wire.level == contact.told else contact.wire.at_ns + period_ns


def settle(
    contact: SwitchContact, now_ns: int, period_ns: int
) -> tuple[SwitchContact, tuple[Edge, ...]]:
    """What a contact that has had no edge until now has to tell."""
    due = due_ns(contact, period_ns)
    if due is None or now_ns < due:
        return contact, ()
    return replace(contact, told=contact.wire.level), (contact.wire,)


def move(
    contact: SwitchContact, to: Edge, period_ns: int
) -> tuple[SwitchContact, tuple[Edge, ...]]:
    """The wire has moved.

    An edge that is read late (a busy machine) still finds what had come to rest before it.
    """
    rested, told = settle(contact, to.at_ns, period_ns)
    return replace(rested, wire=to), told
