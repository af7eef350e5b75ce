"""Contacts that bounce: told once they rest, whatever the order in which the machine gets to it."""

from itertools import zip_longest

from hypothesis import given
from hypothesis import strategies as st

from hall.runtime.gpio.debounce import Edge, SwitchContact, due_ns, move, settle

PERIOD = 10
HIGH = SwitchContact.at_rest(Edge(level=True, at_ns=0))

# The times between edges; the wire changes its level at each.
bursts = st.lists(st.integers(1, 3 * PERIOD), max_size=30)


def wire(gaps: list[int]) -> list[Edge]:
    """Edges of a wire that was high at 0."""
    edges, level, at = [], True, 0
    for gap in gaps:
        level, at = not level, at + gap
        edges.append(Edge(level, at))
    return edges


def told(edges: list[Edge], looks: set[int]) -> list[Edge]:
    """What a contact tells that is also looked at, with no edge, at some times."""
    contact, said = HIGH, list[Edge]()
    end = (edges[-1].at_ns if edges else 0) + 4 * PERIOD
    by_time = {edge.at_ns: edge for edge in edges}
    for now in range(end + 1):
        if now in by_time:
            contact, news = move(contact, by_time[now], PERIOD)
            said += news
        if now in looks or now == end:
            contact, news = settle(contact, now, PERIOD)
            said += news
    return said


def rests(edges: list[Edge]) -> list[Edge]:
    """By definition: levels that lasted a period, where they differ from the one told before."""
    found, level = list[Edge](), True
    for edge, after in zip_longest(edges, edges[1:]):
        end = after.at_ns if after else 10**9
        if end - edge.at_ns >= PERIOD and edge.level != level:
            found.append(edge)
            level = edge.level
    return found


@given(bursts)
def test_only_a_level_that_lasts_is_told_and_with_the_time_it_began(gaps: list[int]) -> None:
    assert told(wire(gaps), set()) == rests(wire(gaps))


@given(bursts, st.sets(st.integers(0, 200)))
def test_a_busy_machine_tells_the_same_as_an_idle_one(gaps: list[int], looks: set[int]) -> None:
    assert told(wire(gaps), looks) == told(wire(gaps), set(range(2000)))


@given(bursts)
def test_a_press_and_its_release_take_turns(gaps: list[int]) -> None:
    levels = [edge.level for edge in told(wire(gaps), set())]

    assert levels == [bool(n % 2) for n in range(len(levels))]


def test_a_lost_edge_only_makes_the_contact_wait_anew() -> None:
    down, again = Edge(level=False, at_ns=5), Edge(level=False, at_ns=12)

    pressed, news = move(HIGH, down, PERIOD)
    pressed, more = move(pressed, again, PERIOD)

    assert (news, more) == ((), ())
    assert settle(pressed, 21, PERIOD)[1] == ()
    assert settle(pressed, 22, PERIOD)[1] == (again,)


def test_a_contact_at_rest_wants_to_be_asked_at_no_time() -> None:
    pressed, _ = move(HIGH, Edge(level=False, at_ns=5), PERIOD)

    assert due_ns(HIGH, PERIOD) is None
    assert due_ns(pressed, PERIOD) == 15
