"""Scores as people read them: a percentage only of enough people, and one that adds up."""

from hypothesis import given
from hypothesis import strategies as st

from hall.figures.satisfaction import ENOUGH, Satisfaction, of_scores

SCORES = st.lists(st.integers(1, 5), max_size=80)


def test_of_many_ratings_the_share_is_a_percentage_beside_its_counts() -> None:
    rated = of_scores([5] * 30 + [4] * 3 + [1] * 4)

    assert rated.text == "4,49 · hài lòng 33/37 (89,19%)"


def test_of_few_ratings_people_are_counted() -> None:
    assert of_scores([5, 5, 4, 2]).text == "4,00 · hài lòng 3/4"
    assert of_scores([]).text == "–"


@given(SCORES)
def test_a_percentage_stands_only_where_enough_were_asked(scores: list[int]) -> None:
    assert ("%" in of_scores(scores).text) is (len(scores) >= ENOUGH)


@given(SCORES)
def test_the_counts_are_those_who_scored(scores: list[int]) -> None:
    rated = of_scores(scores)

    assert rated == Satisfaction(tuple(scores.count(n) for n in (1, 2, 3, 4, 5)))
    assert (rated.total, rated.content) == (len(scores), sum(s >= 4 for s in scores))
    assert rated.mean_100 is None or 100 <= rated.mean_100 <= 500
