"""What becomes of people, whatever was pressed how often."""

import pytest

from hall.figures.people import Act, counted, people

MINUTE = 60_000


def life(*acts: str) -> list[Act]:
    """One person's acts a minute apart: "called 3" is at counter 3, "finished 3 unclear" how."""
    told = []
    for seq, text in enumerate(acts, start=1):
        kind, _, rest = text.partition(" ")
        counter, _, how = rest.partition(" ")
        ended = (how or "served") if kind == "finished" else None
        told.append(Act(seq, kind, "t1", seq * MINUTE, "a", counter, how=ended))
    return told


@pytest.mark.parametrize(
    ("acts", "columns"),
    [
        (["issued"], {"here"}),
        (["issued", "printed", "voided"], {"voided"}),
        (["issued", "called 1", "voided 1"], {"voided"}),
        (["issued", "cancelled"], {"cancelled"}),
        (["issued", "expired"], {"expired"}),
        (["issued", "called 1"], {"here", "called"}),
        (["issued", "called 1", "started 1"], {"here", "called", "came"}),
        (["issued", "called 1", "started 1", "finished 1"], {"served", "called", "came"}),
        (["issued", "called 1", "finished 1"], {"served", "called", "came"}),
        (["issued", "called 1", "finished 1 unclear"], {"unclear", "called"}),
        (
            ["issued", "called 1", "started 1", "finished 1 left_open"],
            {"served", "left_open", "called", "came"},
        ),
        (["issued", "called 1", "no_show 1"], {"absent", "called"}),
        (["issued", "called 1", "no_show 1", "expired"], {"absent", "called"}),
        (
            ["issued", "called 1", "no_show 1", "called 1", "started 1", "finished 1"],
            {"served", "called", "came"},
        ),
        (["issued", "called 1", "no_show 1", "resumed", "expired"], {"expired", "called"}),
        (["issued", "called 1", "returned 1", "expired"], {"expired", "called"}),
        (["issued", "called 1", "transferred 1"], {"here", "called", "came"}),
        (["issued", "transferred 1"], {"here"}),
        (["issued", "called 1", "parked 1", "expired"], {"expired", "called", "came"}),
        (
            ["issued", "called 1", "transferred 1", "called 2", "finished 2 unclear"],
            {"unclear", "called", "came"},
        ),
    ],
)
def test_each_person_ends_in_one_column(acts: list[str], columns: set[str]) -> None:
    found = [column for column, _ in counted(life(*acts))]

    assert sorted(found) == sorted({"issued", *columns})


def test_a_person_called_three_times_waited_until_the_first_call() -> None:
    acts = life("issued", "called 1", "no_show 1", "called 2", "returned 2", "called 3")
    found = dict(counted(acts))

    assert found["called"] == acts[1]


def test_who_was_sent_on_came_to_the_counter_that_had_called_them() -> None:
    issued, called, sent = life("issued", "called 1", "transferred 1")
    found = dict(counted([issued, called, Act(3, "transferred", "t1", sent.at, "b", "1")]))

    assert (found["came"].service, found["came"].counter, found["came"].at) == ("a", "1", sent.at)


def test_what_the_end_of_the_day_brought_has_the_moment_before_it() -> None:
    acts = life("issued", "called 1", "started 1")
    night = Act(9, "finished", "t1", 999 * MINUTE, "a", "1", how="left_open", cause="day")
    found = dict(counted([*acts, night]))

    assert found["served"].at == acts[-1].at
    waited = dict(counted([acts[0], Act(9, "expired", "t1", 999 * MINUTE, "a")]))
    assert waited["expired"].at == acts[0].at


def test_an_act_that_was_taken_back_has_not_happened() -> None:
    acts = life("issued", "called 1", "no_show 1")
    back = Act(4, "undone", "t1", 4 * MINUTE, "a", "1", of=3)
    [left] = people([*acts, back])

    assert [act.type for act in left] == ["issued", "called"]


def test_people_are_told_apart_by_their_tickets() -> None:
    other = Act(7, "issued", "t2", MINUTE, "b")
    found = [[act.seq for act in one] for one in people([*life("issued"), other])]

    assert found == [[1], [7]]


def test_a_ticket_whose_issue_is_not_among_the_acts_counts_nowhere() -> None:
    assert list(counted(life("called 1", "finished 1"))) == []
