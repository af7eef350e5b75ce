"""How long things take on a wire of 10 bits a character; the formulas of the latency table."""

# Above 19,200 baud the standard fixes the silence between frames.
_FIXED_T35_S = 0.00175
_FIXED_ABOVE = 19_200
# 12 ms gave spurious retries that merged frames; a generous one costs only on lost units.
_ANSWER_S = 0.027
_SHORTEST_POLL = 15
_EVENTS = 23
_WRITE = 27


def wire_s(characters: int, baud: int) -> float:
    return characters * 10 / baud


def t35_s(baud: int) -> float:
    """The silence that ends a frame."""
    return _FIXED_T35_S if baud > _FIXED_ABOVE else 3.5 * 11 / baud


def deadline_s(request: int, reply: int, baud: int) -> float:
    """How long to wait for the end of a reply, from the start of the request."""
    return wire_s(request + reply, baud) + 2 * t35_s(baud) + _ANSWER_S


def slot_s(characters: int, baud: int, unit_s: float = 0.002, host_s: float = 0.002) -> float:
    """One exchange of so many characters, unit and adapter included."""
    return wire_s(characters, baud) + 2 * t35_s(baud) + unit_s + host_s


def cycle_s(units: int, baud: int, unit_s: float = 0.002, host_s: float = 0.002) -> float:
    """Polling every unit once."""
    return units * slot_s(_SHORTEST_POLL, baud, unit_s, host_s)


def worst_s(units: int, baud: int, unit_s: float = 0.002, host_s: float = 0.002) -> float:
    """From a press to the digits, at worst: debounce 10 ms, engine 5 ms, refresh 2 ms."""
    slots = slot_s(_EVENTS, baud, unit_s, host_s) + slot_s(_WRITE, baud, unit_s, host_s)
    return 0.010 + cycle_s(units, baud, unit_s, host_s) + slots + 0.005 + 0.002
