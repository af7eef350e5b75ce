"""Languages fall back text by text; search forgives tones; figures say what they are part of."""

import json
import random
import time
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hall import fonts
from hall.contract.onestop_messages import Figures, Period
from hall.figures.freshness import Age
from hall.fonts import Family
from hall.screen.tree import texts
from hall.signs import assigning
from kiosk import screens, wording
from kiosk.drawing import facts, progress
from kiosk.model.limits import Limiter
from kiosk.model.modes import Modes
from kiosk.model.search import fold, index
from kiosk.wording import UnusableTexts

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WALL = datetime(2026, 11, 23, 10, 32, tzinfo=ZONE)
VI = wording.load("vi")


# --- words --------------------------------------------------------------------------------------


def test_english_lacks_only_the_technicians_texts() -> None:
    assert {key.partition(".")[0] for key in wording.load("en").missing()} == {"tech"}


def test_a_communes_language_falls_back_text_by_text(
    language_file: Callable[[str, str], Path],
) -> None:
    folder = language_file("jra", '[language]\nname = "Jarai"\n[home]\nticket = "Mă sô̆"\n')
    words = wording.load("jra", folder)

    assert words("language.name") == "Jarai"
    assert words("home.ticket") == unicodedata.normalize("NFC", "Mă sô̆")
    assert words("home.lookup") == "Tra cứu hồ sơ"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[home", "tyz"),
        ('[ticket]\nahead_n = "{people} cần"', "ahead_n"),
    ],
)
def test_an_unusable_language_file_is_named(
    language_file: Callable[[str, str], Path], text: str, why: str
) -> None:
    with pytest.raises(UnusableTexts, match=why):
        wording.load("tyz", language_file("tyz", text))


def test_a_missing_language_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableTexts, match="mtq"):
        wording.load("mtq", tmp_path)


def test_every_text_is_composed_and_can_be_drawn() -> None:
    for lang in ("vi", "en"):
        for text in wording.load(lang).texts.values():
            assert unicodedata.is_normalized("NFC", text)
            assert fonts.covers(text) or fonts.covers(text, Family.NOTO), text


# --- search -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đăng ký  khai sinh", "dang ky khai sinh"),
        (unicodedata.normalize("NFD", "Đăng ký  khai sinh"), "dang ky khai sinh"),
        ("QUYỀN SỬ DỤNG ĐẤT", "quyen su dung dat"),
        ("Ơ̆ ư̆ ê̆ ƀ", "o u e b"),
    ],
)
def test_tones_and_case_are_forgiven(text: str, plain: str) -> None:
    assert fold(text) == plain


TITLES = (
    ("1.001193", "Thủ tục đăng ký khai sinh"),
    ("1.004873", "Cấp giấy xác nhận tình trạng hôn nhân"),
    ("2.000635", "Cấp bản sao trích lục hộ tịch, bản sao giấy khai sinh"),
    ("1.003554", "Đăng ký kết hôn"),
)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("khai sinh", 0),
        ("dang ky ket hon", 3),
        ("đăng ký kết", 3),
        ("hon nhan", 1),
        ("sao khai", 2),
        ("dkkh", 3),
        ("2.0006", 2),
    ],
)
def test_a_citizen_finds_what_they_mean(query: str, first: int) -> None:
    assert index(TITLES).find(query)[0] == first


def test_nothing_typed_shows_everything_and_nonsense_nothing() -> None:
    assert index(TITLES).find("  ") == (0, 1, 2, 3)
    assert index(TITLES).find("zzzz") == ()


def test_five_thousand_procedures_are_searched_within_a_frame() -> None:
    chance = random.Random(7)
    words = [word for _, title in TITLES for word in title.split()]
    made = index([(f"1.{n:06d}", " ".join(chance.choices(words, k=14))) for n in range(5000)])
    spent = []
    for query in ("k", "kh", "kha", "khai", "khai s", "khai sinh"):
        begun = time.process_time()
        made.find(query)
        spent.append(time.process_time() - begun)

    # A frame of 20 ms; ten times that is a fault on any machine.
    assert min(spent) < 0.2


# --- figures ------------------------------------------------------------------------------------

_ARTICLES = json.loads(
    (Path(__file__).parents[2] / "data" / "figures.json").read_text(encoding="utf-8")
)


def told(period: dict[str, Any], minutes: float = 1.0) -> Figures:
    as_of = WALL - timedelta(minutes=minutes)
    return Figures(as_of=as_of, source="x", periods=(Period.model_validate(period),))


def test_the_articles_figures_are_at_hand() -> None:
    assert _ARTICLES


def test_nearly_all_in_time_is_not_all_in_time() -> None:
    found = facts.facts(
        told({"id": "y", "resolved": {"total": 345282, "early_or_on_time": 344843}}), 0, WALL, VI
    )

    assert found is not None
    assert facts.share(found.timely.early_or_on_time, VI) == "99,87%"
    assert facts.base(found.timely.early_or_on_time, VI) == "trên 345.282 hồ sơ đã giải quyết"
    assert found.timely.overdue.count == 439


def test_an_overdue_dossier_keeps_a_hundred_percent_away() -> None:
    period = {"id": "y", "resolved": {"total": 100000, "early_or_on_time": 99998, "overdue": 2}}
    found = facts.facts(told(period), 0, WALL, VI)

    assert found is not None
    assert facts.share(found.timely.early_or_on_time, VI) == "99,99%"
    assert facts.share(found.timely.overdue, VI) == "0,01%"


def test_a_real_nought_is_shown_and_an_unknown_is_not_made_one() -> None:
    period = {"id": "q", "resolved": {"total": 303, "early": 140, "on_time": 163, "overdue": 0}}
    found = facts.facts(told(period), 0, WALL, VI)

    assert found is not None
    assert facts.share(found.timely.overdue, VI) == "0,00%"
    assert found.pending.text == "chưa có số liệu"


@pytest.mark.parametrize(
    ("minutes", "age"),
    [(1, Age.FRESH), (3, Age.GREY), (16, Age.AMBER)],
)
def test_figures_show_their_age(minutes: float, age: Age) -> None:
    found = facts.facts(told({"id": "y"}, minutes), 0, WALL, VI)

    assert found is not None
    assert found.age is age


def test_figures_of_yesterday_are_hidden() -> None:
    assert facts.facts(told({"id": "y"}, 25 * 60), 0, WALL, VI) is None


@pytest.mark.parametrize(
    ("first", "last", "title"),
    [
        ("2026-11-01", "2026-11-30", "Tháng 11/2026"),
        ("2026-07-01", "2026-09-30", "Quý 3/2026"),
        ("2026-01-01", "2026-12-31", "Năm 2026"),
        ("2026-10-13", "2026-11-24", "13/10/2026 – 24/11/2026"),
        ("2026-11-23", "2026-11-23", "23/11/2026"),
    ],
)
def test_a_period_is_called_as_people_call_it(first: str, last: str, title: str) -> None:
    assert facts.title(Period.model_validate({"id": "x", "from": first, "to": last}), VI) == title


@pytest.mark.parametrize(
    ("period", "past"),
    [
        ({"id": "2019"}, " · kỳ này đã qua 6 năm"),
        ({"id": "x", "from": "2024-10-01", "to": "2024-12-31"}, " · kỳ này đã qua 23 tháng"),
        ({"id": "x", "from": "2026-04-01", "to": "2026-06-30"}, " · kỳ này đã qua 5 tháng"),
        ({"id": "x", "from": "2026-07-01", "to": "2026-09-30"}, ""),
        ({"id": "2026"}, ""),
        ({"id": "Kỳ này"}, ""),
    ],
)
def test_a_period_that_ended_long_ago_says_so(period: dict[str, Any], past: str) -> None:
    found = facts.facts(told(period), 0, WALL, VI)

    assert found is not None
    assert found.as_of == f"Số liệu lúc {WALL - timedelta(minutes=1):%H:%M}{past}"


def test_a_period_without_days_is_called_by_its_id() -> None:
    assert facts.title(Period(id="Kỳ này"), VI) == "Kỳ này"


# --- a dossier's words --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2026-11-26", "còn 3 ngày"),
        ("2026-11-23", "hôm nay"),
        ("2026-11-20", "đã trễ hẹn 3 ngày"),
    ],
)
def test_the_days_to_the_due_date_are_counted(kit: Any, due: str, words: str) -> None:
    dossier = kit.dossier(4).model_copy(update={"due_on": due})

    assert progress.progress(dossier, WALL.date(), VI).due == words


def test_a_finished_dossier_is_not_called_late(kit: Any) -> None:
    dossier = kit.dossier(10).model_copy(update={"due_on": "2020-01-01"})

    assert progress.progress(dossier, WALL.date(), VI).due == ""


@pytest.mark.parametrize("status", range(1, 12))
def test_every_status_has_a_stage_where_it_stands(kit: Any, status: int) -> None:
    found = progress.progress(kit.dossier(status), WALL.date(), VI)

    assert 2 <= len(found.stages) <= 6
    assert sum(stage.state == "now" for stage in found.stages) <= 1
    assert found.advice


# --- small things -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "icon"),
    [
        ("Hộ tịch – Chứng thực", "people"),
        ("Đất đai – Xây dựng", "land"),
        ("Trả kết quả", "inbox"),
        ("Việc khác", "list"),
    ],
)
def test_fields_have_pictures(name: str, icon: str) -> None:
    assert assigning.of_words(name) == icon


def test_found_dossiers_count_half_as_much_as_guesses() -> None:
    honest, guessing = Limiter(), Limiter()
    for n in range(8):
        honest, guessing = honest.found(float(n)), guessing.missed(float(n))

    assert honest.wait_s(8.0) == 0.0
    assert guessing.wait_s(8.0) > 0.0


def test_patience_is_rewarded() -> None:
    limiter = Limiter()
    for n in range(8):
        limiter = limiter.missed(float(n))

    assert limiter.wait_s(8.0 + 120.0) == 0.0


@pytest.mark.parametrize(("lang", "told"), [("vi", False), ("en", True)])
def test_steps_that_come_in_vietnamese_alone_are_marked_so(
    kit: Any, lang: str, *, told: bool
) -> None:
    model = kit.at("result of status 4", modes=Modes(lang=lang))
    said = texts(screens.scene(model, kit.stage().theme(model.modes)))

    assert any("shown in Vietnamese" in text for text in said) is told
