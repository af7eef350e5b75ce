"""Long names of counters are shortened without becoming one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.wording.naming import all_shorter, shorter, together, without_opening

LONG = "Quầy tiếp nhận hồ sơ Hộ tịch – Chứng thực số {n}"


def test_a_long_name_loses_its_middle_and_keeps_its_number() -> None:
    shorts = shorter(LONG.format(n=1), [LONG.format(n=2), "Quầy trả kết quả"])

    assert shorts[0] == "Quầy tiếp nhận hồ sơ Hộ tịch – Chứng … số 1"
    assert shorts[-1] == "Quầy số 1"
    assert all(each.endswith("số 1") for each in shorts)


def test_the_only_counter_of_its_kind_keeps_its_number_too() -> None:
    assert shorter(LONG.format(n=12), ())[-1] == "Quầy số 12"


def test_a_name_told_by_its_middle_keeps_that() -> None:
    names = ["Quầy Hộ tịch phường Nghĩa Đô", "Quầy Đất đai phường Nghĩa Đô"]

    assert all("Hộ" in each for each in shorter(names[0], names))


@pytest.mark.parametrize("name", ["Quầy 1", "1", "A"])
def test_a_short_name_stays(name: str) -> None:
    assert shorter(name, ["Quầy 2", "2", "B"]) == ()


WORDS = ("Quầy", "số", "Hộ", "tịch", "Đất", "đai", "1", "2", "5A")


@given(
    st.sets(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_stands_for_a_name_stands_for_no_other(names: set[str]) -> None:
    found = all_shorter(names)
    seen = {text: name for name in names for text in (name, *found[name])}

    for name in names:
        assert all(seen[text] == name for text in found[name])
        assert all(len(text) < len(name) for text in found[name])


def test_several_names_share_the_letters_there_are() -> None:
    names = [LONG.format(n=n) for n in range(1, 5)]

    assert together(names[:1], names, 60) == (names[0],)
    told = together(names, names, 80)
    assert [name[-4:] for name in told] == ["số 1", "số 2", "số 3", "số 4"]
    assert sum(len(name) for name in told) <= 80
    assert together(["Quầy 1", "Quầy 3"], ["Quầy 1", "Quầy 2", "Quầy 3"], 80) == (
        "Quầy 1", "Quầy 3",
    )  # fmt: skip


def test_what_nearly_all_names_begin_with_is_left_out() -> None:
    opening = "Trung tâm Phục vụ hành chính công"
    communes = {f"{opening} xã {place}" for place in ("Sa Pa", "Bắc Hà", "Mù Cang Chải")}
    wards = {f"{opening} phường {n}" for n in range(2)}

    told = without_opening(communes | wards | {"Chi nhánh"} | {f"{opening} xã {n}" for n in "abcd"})

    assert told[f"{opening} xã Mù Cang Chải"] == "Xã Mù Cang Chải"
    assert told[f"{opening} phường 1"] == "Phường 1"
    assert told["Chi nhánh"] == "Chi nhánh"
    assert set(without_opening(wards).values()) == wards
    assert without_opening(set()) == {}
