"""A call becomes clips in order; what nobody recorded is said another way or reported."""

import pytest

from display.voice.phrases import (
    Clip,
    TemplateError,
    Templates,
    Tongue,
    clip_list,
    parts,
    resolve,
    resolve_with_fallback,
    sentence,
    template,
)
from hall.reading.clip_names import clip_name
from hall.reading.readers import reader
from hall.reading.vietnamese import ReadingStyle

FULL = template("Mời công dân có số thứ tự {number} đến quầy số {counter}")
SHORT = template("Mời số {number} đến quầy số {counter}")
AGAIN = template("Xin nhắc lại: mời số {number} đến quầy số {counter}")
COUNTED = ReadingStyle(numbers="number")
VI = Tongue(reader("vi", COUNTED), Templates(FULL, SHORT, AGAIN))
EN_FORM = template("Number {number}, please come to counter {counter}")
EN = Tongue(reader("en", COUNTED), Templates(EN_FORM, EN_FORM, EN_FORM))


def said(tongue: Tongue, number: str, counter: str) -> str:
    return sentence(parts(tongue.templates.call, tongue, number, counter))


@pytest.mark.parametrize(
    ("number", "counter", "words"),
    [
        ("A105", "3", "Mời công dân có số thứ tự a một trăm linh năm đến quầy số ba"),
        ("B021", "5A", "Mời công dân có số thứ tự bê hai mươi mốt đến quầy số năm a"),
        (
            "1005",
            "12",
            "Mời công dân có số thứ tự một nghìn không trăm linh năm đến quầy số mười hai",
        ),
        ("C15", "21", "Mời công dân có số thứ tự xê mười lăm đến quầy số hai mươi mốt"),
    ],
)
def test_a_call_is_said_in_full(number: str, counter: str, words: str) -> None:
    assert said(VI, number, counter) == words


def test_a_recall_says_that_it_is_one() -> None:
    assert sentence(parts(AGAIN, VI, "A7", "1")) == "Xin nhắc lại: mời số a bảy đến quầy số một"


def test_a_hall_may_speak_as_in_the_south() -> None:
    south = Tongue(reader("vi", ReadingStyle("lẻ", "ngàn", "number")), VI.templates)

    assert said(south, "1005", "1").endswith("một ngàn không trăm lẻ năm đến quầy số một")


def test_a_ticket_is_read_digit_by_digit_and_a_counter_never() -> None:
    digits = Tongue(reader("vi"), VI.templates)

    assert said(digits, "0105", "12").endswith("không một không năm đến quầy số mười hai")


def test_a_counter_whose_id_says_nothing_is_said_by_its_name() -> None:
    named = Tongue(VI.reader, VI.templates, counters={"tiep-nhan": "tiếp nhận"})

    assert said(named, "A7", "tiep-nhan").endswith("đến quầy số tiếp nhận")


def test_english_says_the_same_call() -> None:
    assert said(EN, "A105", "5A") == "Number A one hundred and five please come to counter five A"


def test_a_language_without_number_rules_is_spelt() -> None:
    form = template("{number} {counter}")
    other = Tongue(reader("hmn"), Templates(form, form, form))

    assert said(other, "A105", "3") == "A 1 0 5 3"


@pytest.mark.parametrize("text", ["Mời quầy {counter}", "Mời số {so} đến", "Mời {number} {}"])
def test_a_template_that_cannot_be_spoken_is_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        template(text)


def test_the_longest_recording_is_taken_first() -> None:
    recorded = {"Mời số", "đến quầy số", "ba", "a", "một trăm linh năm", "một", "trăm"}
    play, missing = resolve(parts(SHORT, VI, "A105", "3"), "vi", lambda c: c.text in recorded)

    assert [c.text for c in play] == ["Mời số", "a", "một trăm linh năm", "đến quầy số", "ba"]
    assert not missing


def test_what_nobody_recorded_is_named() -> None:
    _, missing = resolve(
        parts(SHORT, VI, "A105", "3"), "vi", lambda c: " " not in c.text and c.text != "linh"
    )

    assert missing == (Clip("vi", "Mời số"), Clip("vi", "linh"), Clip("vi", "đến quầy số"))


def test_a_second_language_falls_back_clip_by_clip() -> None:
    recorded = {Clip("en", "Number"), Clip("en", "please come to counter"), Clip("en", "A")}
    said_in_english = parts(EN_FORM, EN, "A105", "3")
    at_home = parts(SHORT, VI, "A105", "3")

    play, missing = resolve_with_fallback(
        said_in_english, "en", at_home, "vi", lambda c: c.lang == "vi" or c in recorded
    )

    assert [f"{c.lang}:{c.text}" for c in play] == [
        "en:Number",
        "vi:a một trăm linh năm",
        "en:please come to counter",
        "vi:ba",
    ]
    assert not missing


def test_a_stretch_that_no_language_has_is_named_in_the_home_language() -> None:
    said_in_english = parts(EN_FORM, EN, "7", "3")

    _, missing = resolve_with_fallback(
        said_in_english, "en", parts(SHORT, VI, "7", "3"), "vi", lambda c: c.text != "bảy"
    )
    assert missing == ()

    _, missing = resolve_with_fallback(
        said_in_english,
        "en",
        parts(SHORT, VI, "7", "3"),
        "vi",
        lambda c: c.text not in ("bảy", "seven"),
    )
    assert missing == (Clip("vi", "bảy"),)


def test_the_recording_list_holds_all_that_a_hall_can_say_and_nothing_twice() -> None:
    wanted = clip_list(VI, ["A", "B"], ["1", "5A", "12"])

    assert len(wanted) == len(set(wanted))
    for number, counter, form in [
        ("A105", "5A", FULL),
        ("B9999", "12", SHORT),
        ("A21", "1", AGAIN),
    ]:
        _, missing = resolve(parts(form, VI, number, counter), "vi", lambda c: c.text in wanted)
        assert not missing


def test_clip_names_are_plain_ascii_and_as_typed_in_telex() -> None:
    assert clip_name("mười") == "muwowfi"
    assert clip_name("mươi") == "muwowi"
    assert clip_name("đến quầy số") == "ddeesn-quaafy-soos"
    assert clip_name("muwowfi") == "muwowfi"


def test_no_two_clips_of_a_hall_share_a_file() -> None:
    letters = [chr(c) for c in range(ord("A"), ord("Z") + 1)]
    wanted = clip_list(VI, letters, ["1", "5A"])

    assert len({clip_name(text) for text in wanted}) == len(wanted)
