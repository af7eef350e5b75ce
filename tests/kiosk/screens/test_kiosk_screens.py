"""Every page, on every panel, in every language and mode, is fit for hands and eyes."""

import json
import re
from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import kiosk
from hall.contract.onestop_messages import Period
from hall.runtime.picture import Presence
from hall.screen import lint
from hall.screen.tree import Matrix, Scene, Strip, targets, texts
from kiosk import screens, wording
from kiosk.glass import inspection
from kiosk.glass.view import KioskView
from kiosk.model.modes import Modes
from kiosk.model.pages import Dashboard, Detail, DossierResult, Home
from kiosk.model.procedure_catalogue import ProcedureCatalogue
from kiosk.model.state import KioskModel

PANELS = ("32 inch portrait", "21.5 inch portrait", "15.6 inch landscape", "10.1 inch landscape")
MODES = ((), ("large", "contrast"), ("wheelchair",), ("large", "wheelchair"), ("large", "aloud"))
CHOICES = ("ticket", "lookup", "procedures", "rating", "more")
SEATED = (("wheelchair",), ("large", "wheelchair"))
GRID = [
    pytest.param(panel, lang, on, id=f"{panel}-{lang}-{'+'.join(on) or 'usual'}")
    for panel, lang, on in (
        *product(PANELS, ("vi", "en"), MODES),
        *product(("21.5 inch landscape", "15.6 inch 1366x768"), ("vi",), SEATED),
    )
]


def drawn(stage: KioskView, model: KioskModel) -> Scene:
    return screens.scene(model, stage.theme(model.modes))


@pytest.mark.parametrize(("panel", "lang", "on"), GRID)
def test_every_page_has_large_targets_room_for_its_words_and_contrast(
    kit: Any, panel: str, lang: str, on: tuple[str, ...]
) -> None:
    stage = kit.measured(panel)
    modes = Modes(lang=lang, **dict.fromkeys(on, True))
    theme = stage.theme(modes)

    found = {
        name: faults
        for name in kit.pages
        if (faults := inspection.judged(kit.at(name, modes=modes), theme))
    }

    assert found == {}


def test_the_lower_half_of_a_glass_on_its_side_is_used_for_a_wheelchair(kit: Any) -> None:
    """On a glass of 10.1 inches, 136 mm high, as much as three rows of keys and the bar take."""
    zones = {}
    for panel in ("21.5 inch landscape", "15.6 inch 1366x768", "10.1 inch landscape"):
        theme = kit.measured(panel).theme(Modes(wheelchair=True))
        zones[panel] = theme.zone.h / theme.panel.area.h
        scene = screens.scene(kit.at(Home(), modes=theme.modes), theme)
        choices = [each.rect for each in targets(scene) if each.target.key in CHOICES]
        room = theme.zone.above(theme.zone.bottom - theme.bar.y)
        assert len(choices) == len(CHOICES)
        assert sum(rect.w * rect.h for rect in choices) > 0.75 * room.w * room.h

    assert zones["21.5 inch landscape"] == pytest.approx(0.5)
    assert zones["15.6 inch 1366x768"] == pytest.approx(0.5, abs=0.03)
    assert zones["10.1 inch landscape"] == pytest.approx(0.7, abs=0.03)


@pytest.mark.parametrize("panel", PANELS)
def test_a_ticket_is_the_first_and_largest_choice_of_the_home_page(kit: Any, panel: str) -> None:
    places = {
        each.target.key: each.rect for each in targets(drawn(kit.stage(panel), kit.at(Home())))
    }
    ticket, others = places["ticket"], [places[k] for k in ("lookup", "procedures", "rating")]

    assert all(ticket.w * ticket.h > 2 * other.w * other.h for other in others)
    assert all(ticket.bottom < other.y for other in others)


@pytest.mark.parametrize("panel", PANELS)
def test_the_countdown_fits_over_every_page_and_alone_answers(kit: Any, panel: str) -> None:
    stage = kit.stage(panel)
    for name in ("result of status 4", "lookup typed", "services", "dashboard"):
        model = kit.at(name, touched=kit.model.now - 22.0)
        model = replace(model, touched=model.now - (model.idle_after_s or 0) + 6)
        scene = drawn(stage, model)
        rules = lint.LintRules(zone=stage.theme(model.modes).zone)

        assert "Tiếp tục" in texts(scene)
        assert lint.faults(scene, stage.panel, stage.painter.typesetter, rules) == ()


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("offline", {"presence": Presence()}),
        ("no paper", {"printer_alerts": frozenset({"paper_out"})}),
        ("no one-stop", {"onestop": None}),
        ("no figures", {"figures": None}),
        ("nothing known", {"counters": {}, "services": {}, "figures": None, "hall": None}),
    ],
)
def test_faults_of_the_hall_fit_on_the_home_page(
    kit: Any, what: str, change: dict[str, Any]
) -> None:
    for panel, lang in product(PANELS, ("vi", "en")):
        stage = kit.stage(panel)
        model = kit.at(Home(), world=replace(kit.world, **change), modes=Modes(lang=lang))
        scene = drawn(stage, model)

        assert lint.faults(scene, stage.panel, stage.painter.typesetter) == (), (what, panel)


@pytest.mark.parametrize(
    ("opens_next", "told"),
    [
        ("2026-11-23T13:30:00+07:00", "Mở cửa lại: 13:30 hôm nay"),
        ("2026-11-30T07:30:00+07:00", "Mở cửa lại: 07:30 Thứ Hai, ngày 30/11"),
        (None, "Ngoài giờ nhận hồ sơ."),
    ],
)
def test_a_closed_hall_says_when_it_opens(kit: Any, opens_next: str | None, told: str) -> None:
    moment = None if opens_next is None else datetime.fromisoformat(opens_next)
    closed = kit.world.hall.model_copy(update={"open": False, "opens_next": moment})
    scene = drawn(kit.stage(), kit.at(Home(), world=replace(kit.world, hall=closed)))

    assert any(told in text for text in texts(scene))


def test_a_kiosk_tells_why_a_person_stopped_the_tickets(kit: Any) -> None:
    told = "Hôm nay ngừng cấp số lúc 15:30."
    hall = kit.world.hall.model_copy(update={"notice": told})
    scene = drawn(kit.stage(), kit.at(Home(), world=replace(kit.world, hall=hall)))

    assert any(told in text for text in texts(scene))


def test_the_home_page_shows_the_number_at_every_counter(kit: Any) -> None:
    shown = texts(drawn(kit.stage(), kit.at(Home())))

    assert {"A024", "B107", "C015", "D009", "A023", "Tạm nghỉ"} <= set(shown)


def test_numbers_of_a_lost_controller_stay_and_are_called_old(kit: Any) -> None:
    shown = texts(
        drawn(
            kit.stage(),
            kit.at(
                Home(), world=replace(kit.world, presence=Presence(linked=True, heard_at=900.0))
            ),
        )
    )

    assert "A024" in shown
    assert "Số cuối cùng nhận được – đang mất kết nối" in shown


def test_percentages_stand_with_what_they_are_a_part_of(kit: Any) -> None:
    shown = texts(drawn(kit.stage(), kit.at(Dashboard())))

    assert "99,04%" in shown
    assert any("trên 1.250 hồ sơ đã giải quyết" in text for text in shown)


def test_what_is_resolved_of_what_had_to_be_names_its_own_total(kit: Any) -> None:
    told = kit.world.figures.model_copy(
        update={
            "periods": (
                Period.model_validate(
                    {
                        "id": "y",
                        "to_resolve": 349_247,
                        "resolved": {"total": 345_282, "early_or_on_time": 344_843},
                    }
                ),
            )
        }
    )
    shown = texts(drawn(kit.stage(), kit.at(Dashboard(), world=replace(kit.world, figures=told))))

    assert "99,87%" in shown
    (base,) = [text for text in shown if "trên 345.282 hồ sơ đã giải quyết" in text]
    assert "đã giải quyết 98,86% trên 349.247 hồ sơ phải giải quyết" in base


def test_figures_that_disagree_are_not_shown_as_fact(kit: Any) -> None:
    told = kit.world.figures
    resolved = told.periods[0].resolved.model_copy(update={"overdue": 50})
    wrong = told.model_copy(
        update={"periods": (told.periods[0].model_copy(update={"resolved": resolved}),)}
    )
    shown = texts(drawn(kit.stage(), kit.at(Home(), world=replace(kit.world, figures=wrong))))

    assert "số liệu đang đối chiếu" in shown
    assert not any("%" in text for text in shown)


def test_unknown_figures_are_words_and_not_zero(kit: Any) -> None:
    shown = texts(drawn(kit.stage(), kit.at(Home(), world=replace(kit.world, figures=None))))

    assert "chưa có số liệu" in shown
    assert "0" not in shown


def test_a_public_result_tells_neither_a_person_nor_a_division(kit: Any) -> None:
    dossier = kit.dossier(4).model_copy(update={"steps": kit.dossier(4).steps})
    fields = set(json.loads(dossier.model_dump_json()))

    assert fields <= {"code", "status", "procedure", "received_on", "due_on", "due_original",
                      "done_on", "collect_at", "missing", "steps"}  # fmt: skip


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (1, "Đã gửi, chờ tiếp nhận"),
        (2, "Đã tiếp nhận"),
        (3, "Không được tiếp nhận"),
        (4, "Đang xử lý"),
        (5, "Cần ông/bà bổ sung giấy tờ"),
        (6, "Cần ông/bà nộp phí, lệ phí"),
        (7, "Đã rút theo yêu cầu"),
        (8, "Đã dừng xử lý"),
        (9, "Mời nhận kết quả"),
        (10, "Đã trả kết quả"),
        (11, "Đang cập nhật"),
    ],
)
def test_each_status_is_told_in_plain_words(kit: Any, status: int, words: str) -> None:
    assert words in texts(drawn(kit.stage(), kit.at(DossierResult(kit.dossier(status)))))


def test_a_fee_never_stands_without_its_exemptions(kit: Any) -> None:
    stage = kit.stage()
    with_note = texts(drawn(stage, kit.at(Detail("1.000001"))))
    bare = texts(drawn(stage, kit.at(Detail("1.000003"))))

    assert any("8.000 đồng. Miễn cho hộ nghèo" in text for text in with_note)
    assert not any("8.000" in text for text in bare)


def test_a_procedure_carries_a_qr_to_read_it_at_home(kit: Any) -> None:
    scene = drawn(kit.stage(), kit.at(Detail("1.000001")))
    inside = [node for scroll in scene.nodes for node in getattr(scroll, "nodes", ())]

    assert any(isinstance(node, Matrix) and node.modules for node in inside)


def test_what_a_citizen_typed_is_drawn_on_the_uncached_path(kit: Any) -> None:
    stage = kit.stage(private=True)
    for name in ("lookup typed", "asking", "result of status 5", "result of status 9"):
        stage.show_model(kit.at(name))

    remembered = " ".join(stage.painter.typesetter.remembered())
    assert "0092637" not in remembered
    assert "0042" not in remembered
    assert "Thẩm định".casefold() not in remembered.casefold()


def test_a_technician_reads_what_is_wrong_with_the_printer(kit: Any) -> None:
    world = replace(kit.world, printer_alerts=frozenset({"paper_out"}), shelf=ProcedureCatalogue())
    shown = texts(drawn(kit.stage(), kit.at("technician", world=world)))

    assert "Máy in hết giấy." in shown
    assert "chưa có" in shown
    assert "mất kết nối" not in shown


def test_every_text_is_shown_somewhere() -> None:
    """Built keys (status.s9_do) count by their beginning."""
    source = "\n".join(p.read_text("utf-8") for p in Path(kiosk.__file__).parent.rglob("*.py"))
    built = ("bar.", "checkin.", "date.", "home.", "counter.", "figures.base_", "trouble.",
             "noresult.", "status.", "stage.", "rating.score", "list.")  # fmt: skip
    keys = [key for key in wording.load("vi").fallback if not key.startswith(built)]

    assert [key for key in keys if not re.search(rf"[\"']{key}[\"']", source)] == []


def test_no_page_hides_text_in_a_strip(kit: Any) -> None:
    for name in kit.pages:
        assert not any(isinstance(n, Strip) for n in drawn(kit.stage(), kit.at(name)).nodes)


@pytest.mark.parametrize(("panel", "lang", "on"), GRID)
def test_a_number_comes_with_the_code_to_follow_it_where_the_hall_has_a_page_for_it(
    kit: Any, panel: str, lang: str, on: tuple[str, ...]
) -> None:
    stage = kit.measured(panel)
    modes = Modes(lang=lang, **dict.fromkeys(on, True))
    look = stage.theme(modes)
    model = kit.at("ticket", modes=modes)
    address = {"turn_url": "http://10.0.1.1:8081", "turn_wifi": "MotCua-KhachHang"}
    issued = model.page.issued.model_copy(update={"token": "1-1-0-ABCDEFGHIJKLM"})
    followed = replace(
        model,
        setup=replace(model.setup, **address),
        page=replace(model.page, issued=issued),
    )

    scene = drawn(stage, followed)

    high = lint.CONTRAST_HIGH if modes.contrast else lint.CONTRAST
    rules = lint.LintRules(zone=look.zone, contrast=high)
    assert lint.faults(scene, look.panel, look.measure, rules) == ()
    codes = [node for node in scene.nodes if isinstance(node, Matrix)]
    assert all(min(code.rect.w, code.rect.h) >= 24.0 for code in codes)
    assert on != () or panel.startswith("10.1") or len(codes) == 1
    assert not [n for n in drawn(stage, model).nodes if isinstance(n, Matrix)]
