"""What happens to a citizen at the kiosk, step by step, without glass or bus."""

from dataclasses import replace
from typing import Any

import pytest

from hall.contract import codec
from hall.contract.messages import ErrorCode, Refusal, Reply
from hall.contract.requests import IssueData
from hall.contract.words import WireModel
from hall.runtime.picture import Presence
from hall.runtime.served import ServedThere, ServedToday
from hall.screen.tree import targets
from kiosk import screens
from kiosk.model.actions import (
    Acted,
    Action,
    AskDossier,
    AskTicket,
    Back,
    ChooseAgain,
    ChoosePriority,
    ChooseService,
    Chore,
    Effects,
    EndVisit,
    Erase,
    Forget,
    GiveReason,
    GiveScore,
    HoldCorner,
    Hush,
    LookUp,
    Open,
    PaperNews,
    PressKey,
    RateCounter,
    Read,
    ReadAloud,
    ReplyArrived,
    SendScore,
    SetLanguage,
    ShowVain,
    Stay,
    SwitchKeyboard,
    TakeBackScore,
    TakeOnScreen,
    Ticked,
    Toggle,
    Touched,
    Wipe,
)
from kiosk.model.modes import Modes
from kiosk.model.pages import (
    Attract,
    Detail,
    DossierResult,
    Home,
    LookingUp,
    Lookup,
    Maintenance,
    NoResult,
    NoTicket,
    PickPriority,
    PickService,
    Pin,
    PrintingTicket,
    Procedures,
    Rating,
    RatingFaces,
    RatingSent,
    Tech,
    Thanks,
    TicketTaken,
)
from kiosk.model.scans import NEXT_PERSON_S, SAME_S
from kiosk.model.state import KioskModel
from kiosk.model.step import step

CODE = "H38.12-181129-0001"
CARD = "099046000002|999000002|TRẦN VĂN THỬ|22111946|Nam|Thôn Mẫu|15042021"


def do(model: KioskModel, *actions: Action) -> tuple[KioskModel, Effects]:
    effects: Effects = ()
    for place, action in enumerate(actions):
        model, more = step(model, Acted(action, f"id{place}"))
        effects += more
    return model, effects


def passed(model: KioskModel, seconds: float) -> tuple[KioskModel, Effects]:
    return step(model, Ticked(model.now + seconds, model.wall))


def ok(data: WireModel) -> Reply:
    return Reply(id="x", status="ok", data=codec.plain(data))


def error(code: ErrorCode) -> Reply:
    return Reply(id="x", status="error", error=Refusal(code=code, text="…"))


def typed(model: KioskModel, text: str) -> KioskModel:
    return do(model, *(PressKey(letter) for letter in text))[0]


# --- a number -----------------------------------------------------------------------------------


def issued(kit: Any) -> IssueData:
    return IssueData(ticket=kit.ticket("A025"), ahead=2, counters=("1",))


def asked(kit: Any) -> tuple[KioskModel, Effects]:
    return do(kit.model, Open(PickService()), ChooseService("ho-tich"), ChoosePriority(None))


def test_three_touches_ask_the_printer_for_a_ticket_once(kit: Any) -> None:
    model, effects = asked(kit)

    assert effects == (AskTicket("id2", "ho-tich", None, "vi", paperless=False),)
    assert model.page == PrintingTicket("ho-tich", None, "id2", model.now)


def test_a_second_press_while_printing_asks_for_nothing(kit: Any) -> None:
    model, _ = asked(kit)

    assert do(model, ChoosePriority(None))[1] == (ShowVain(),)


def test_a_number_on_its_way_is_neither_left_nor_covered_by_a_scan(kit: Any) -> None:
    model, _ = asked(kit)
    scanned, effects = step(model, Read("H38.12-181129-0001", "s"))
    scene = screens.scene(model, kit.stage().theme(model.modes))

    assert isinstance(scanned.page, PrintingTicket)
    assert effects == ()
    assert [p.target.key for p in targets(scene) if not p.target.hold_s] == []


def test_priority_travels_with_the_request(kit: Any) -> None:
    _, effects = do(kit.model, ChooseService("ho-tich"), ChoosePriority("uu-tien"))

    assert isinstance(effects[0], AskTicket)
    assert effects[0].priority == "uu-tien"


def test_a_hall_with_one_class_is_not_asked(kit: Any) -> None:
    plain = replace(kit.model, setup=replace(kit.setup, priorities=()))

    assert isinstance(do(plain, ChooseService("ho-tich"))[0].page, PrintingTicket)


def test_the_number_is_shown_and_the_page_goes_home_after_eight_seconds(kit: Any) -> None:
    model, _ = step(asked(kit)[0], ReplyArrived("id2", ok(issued(kit))))
    assert isinstance(model.page, TicketTaken)

    assert isinstance(passed(model, 7.9)[0].page, TicketTaken)
    assert passed(model, 8.1)[0].page == Home()


def test_an_answer_to_another_act_changes_nothing(kit: Any) -> None:
    model, _ = asked(kit)

    assert step(model, ReplyArrived("older", ok(issued(kit))))[0] == model


def test_a_voided_ticket_does_not_stay_on_the_glass(kit: Any) -> None:
    model, _ = step(asked(kit)[0], ReplyArrived("id2", ok(issued(kit))))
    model, _ = step(model, PaperNews("id-A025", "voided"))

    assert isinstance(model.page, NoTicket)
    assert model.page.code == "voided"


def test_a_ticket_of_unknown_paper_stays_to_be_photographed(kit: Any) -> None:
    model, _ = step(asked(kit)[0], ReplyArrived("id2", ok(issued(kit))))
    model, _ = step(model, PaperNews("id-A025", "print_unknown"))

    assert isinstance(passed(model, 20.0)[0].page, TicketTaken)


def test_without_paper_nobody_is_asked_and_no_number_is_spent(kit: Any) -> None:
    world = replace(kit.world, printer_alerts=frozenset({"paper_out"}))
    model, effects = do(replace(kit.model, world=world), ChooseService("dat-dai"),
                        ChoosePriority(None))  # fmt: skip

    assert effects == ()
    assert model.page == NoTicket("unavailable", "dat-dai", None, "paper_out")


def test_without_paper_a_number_can_be_taken_on_the_screen(kit: Any) -> None:
    world = replace(kit.world, printer_alerts=frozenset({"paper_out"}))
    model, effects = do(replace(kit.model, world=world), ChooseService("dat-dai"),
                        ChoosePriority(None), TakeOnScreen())  # fmt: skip
    assert effects == (AskTicket("id2", "dat-dai", None, "vi", paperless=True),)

    model, _ = step(model, ReplyArrived("id2", ok(issued(kit))))
    assert isinstance(model.page, TicketTaken)
    assert model.page.paper == "none"


def test_a_refusal_is_told_and_can_be_tried_again(kit: Any) -> None:
    model, _ = step(asked(kit)[0], ReplyArrived("id2", error("busy")))
    assert model.page == NoTicket("busy", "ho-tich")

    assert isinstance(do(model, ChooseService("ho-tich"))[0].page, PickPriority)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"open": False}, "closed"),
        ({"left": 0}, "limit"),
    ],
)
def test_a_field_without_numbers_says_so_at_once(
    kit: Any, change: dict[str, Any], code: str
) -> None:
    shut = kit.world.services["ho-tich"].model_copy(update=change)
    world = replace(kit.world, services={**kit.world.services, "ho-tich": shut})

    assert do(replace(kit.model, world=world), ChooseService("ho-tich"))[0].page == NoTicket(
        code, "ho-tich"
    )


def test_tickets_need_the_controller_and_not_the_one_stop_software(kit: Any) -> None:
    alone = replace(kit.model, world=replace(kit.world, onestop=None))
    lost = replace(kit.model, world=replace(kit.world, presence=Presence()))

    assert isinstance(do(alone, ChooseService("ho-tich"))[0].page, PickPriority)
    assert do(lost, ChooseService("ho-tich"))[0].page == NoTicket("offline", "ho-tich")


def test_a_card_of_an_elder_takes_the_priority_question_away(kit: Any) -> None:
    model, effects = step(kit.model, Read(CARD, "s"))
    assert (model.age, effects) == ("80_plus", ())

    _, effects = do(model, ChooseService("ho-tich"))
    assert isinstance(effects[0], AskTicket)
    assert effects[0].priority == "uu-tien"


# --- a dossier ----------------------------------------------------------------------------------


def test_a_typed_code_is_looked_up_as_it_stands(kit: Any) -> None:
    model = typed(do(kit.model, Open(Lookup()))[0], "H38.12-181129-0001")
    model, effects = do(model, LookUp())

    assert effects == (AskDossier("id0", CODE),)
    assert isinstance(model.page, LookingUp)


@pytest.mark.parametrize("start", [Home(), PickService(), Rating(), Lookup("H3"), Attract()])
def test_a_scan_is_taken_on_every_page(kit: Any, start: Any) -> None:
    _, effects = step(kit.at(start), Read(f"https://dvc.example.vn/q?ma={CODE}", "s"))

    assert effects[-1] == AskDossier("s", CODE)


def test_an_answer_becomes_a_result(kit: Any) -> None:
    model, _ = step(kit.model, Read(CODE, "s"))
    model, _ = step(model, ReplyArrived("s", ok(kit.dossier(4))))

    assert model.page == DossierResult(kit.dossier(4))


@pytest.mark.parametrize(
    ("code", "why"), [("unknown", "unknown"), ("limit", "limit"), ("unavailable", "unavailable")]
)
def test_no_answer_is_told_with_what_to_do(kit: Any, code: ErrorCode, why: str) -> None:
    model, _ = step(kit.model, Read(CODE, "s"))
    model, _ = step(model, ReplyArrived("s", error(code)))

    assert isinstance(model.page, NoResult)
    assert model.page.why == why


def test_a_scan_that_is_no_code_asks_nobody(kit: Any) -> None:
    model, effects = step(kit.model, Read("A017", "s"))

    assert effects == ()
    assert isinstance(model.page, NoResult)
    assert model.page.why == "not_a_code"


def test_a_garbled_scan_does_not_touch_what_was_typed(kit: Any) -> None:
    model, effects = step(kit.at(Lookup("H38.12")), Read("\x00\x1b[2J", "s"))

    assert effects == ()
    assert model.page == NoResult("not_a_code", "H38.12")


def test_going_back_from_the_question_forgets_it(kit: Any) -> None:
    model, _ = step(kit.model, Read(CODE, "s"))

    assert Forget("s") in do(model, Back())[1]


def test_without_the_one_stop_software_nobody_waits(kit: Any) -> None:
    away = replace(kit.model, world=replace(kit.world, onestop=None))
    model, effects = step(away, Read(CODE, "s"))

    assert effects == ()
    assert isinstance(model.page, NoResult)
    assert model.page.why == "unavailable"


def test_guessing_codes_costs_ever_longer_waits(kit: Any) -> None:
    model, waits = kit.model, []
    for guess in range(12):
        model, effects = step(model, Read(f"H38.12-181129-{guess:04d}", f"s{guess}"))
        if AskDossier not in map(type, effects):
            assert isinstance(model.page, NoResult)
            waits.append(model.page.until - model.now)
            model, _ = passed(model, max(waits[-1] + 0.1, SAME_S))
            model, _ = passed(model, NEXT_PERSON_S)
            model, effects = step(model, Read(f"H38.12-181129-{guess:04d}", f"s{guess}"))
        model, _ = step(model, ReplyArrived(f"s{guess}", error("unknown")))

    assert len(waits) >= 5
    assert waits == sorted(waits)
    assert waits[-1] >= 8 * waits[0]


def test_walking_away_does_not_buy_new_guesses(kit: Any) -> None:
    model = kit.model
    for guess in range(9):
        model, _ = step(model, Read(f"H38.12-181129-{guess:04d}", f"s{guess}"))
        model, _ = step(model, ReplyArrived(f"s{guess}", error("unknown")))
        model, _ = do(model, EndVisit())
        model, _ = passed(model, NEXT_PERSON_S)

    assert AskDossier not in map(type, step(model, Read(CODE, "s"))[1])


# --- a procedure --------------------------------------------------------------------------------


def test_letters_narrow_the_list(kit: Any) -> None:
    model = typed(do(kit.model, Open(Procedures(keyboard=True)))[0], "KHAI SINH")
    assert isinstance(model.page, Procedures)

    found = model.world.shelf.find(model.page.query)
    assert found
    assert all("khai sinh" in each.name.casefold() for each in found)


def test_a_letter_too_many_is_erased(kit: Any) -> None:
    model = typed(do(kit.model, Open(Procedures(keyboard=True)))[0], "DAT")

    assert do(model, Erase())[0].page == Procedures(None, "da", keyboard=True)


def test_the_keys_make_room_for_the_list(kit: Any) -> None:
    model, _ = do(kit.model, Open(Procedures(keyboard=True)), SwitchKeyboard())

    assert model.page == Procedures(keyboard=False)


def test_from_a_procedure_a_citizen_goes_on_to_a_number(kit: Any) -> None:
    model, _ = do(kit.model, Open(Detail("1.000001")), Open(PickService()), Back())

    assert model.page == Detail("1.000001")


# --- rating, modes, technician ------------------------------------------------------------------


def test_a_score_is_of_whom_the_counter_served_last_and_is_sent_at_once(kit: Any) -> None:
    model, effects = do(kit.model, Open(Rating()), RateCounter("3"), GiveScore(5))
    about = ServedThere("3", "t3", "A023", 7)
    assert effects == (SendScore("id2", 5, about),)
    assert isinstance(model.page, RatingSent)

    thanked, _ = passed(model, 9.1)
    assert isinstance(thanked.page, Thanks)
    assert passed(thanked, 3.1)[0].page == Home()


def test_a_score_that_was_a_slip_is_taken_back_and_chosen_again(kit: Any) -> None:
    about = ServedThere("3", "t3", "A023", 7)
    start = (Open(Rating()), RateCounter("3"), GiveScore(1))

    model, effects = do(kit.model, *start, ChooseAgain())

    assert (model.page, effects[-1]) == (RatingFaces(about), TakeBackScore("id3", about))
    assert do(model, GiveScore(5))[1] == (SendScore("id0", 5, about),)


def test_a_reason_is_told_with_the_score_in_place_of_the_score_alone(kit: Any) -> None:
    about = ServedThere("1", "t1", "A021", 7)
    start = (Open(Rating()), RateCounter("1"), GiveScore(2))

    model, effects = do(kit.model, *start, GiveReason("cho-lau"))

    again = SendScore("id3", 2, about, "cho-lau")
    assert effects[1:] == (TakeBackScore("id3-b", about), again)
    assert do(model, GiveReason("cho-lau"))[1] == (ShowVain(),)
    assert isinstance(passed(do(kit.model, *start)[0], 5.1)[0].page, RatingSent)
    assert isinstance(passed(model, 5.1)[0].page, Thanks)


def test_where_nobody_was_served_yet_the_hall_is_asked_about(kit: Any) -> None:
    early = replace(kit.model, world=replace(kit.model.world, served=ServedToday()))

    model, effects = do(early, Open(Rating()), GiveScore(4))

    assert effects == (SendScore("id1", 4, None),)
    assert isinstance(model.page, RatingSent)


def test_modes_and_language_go_back_to_usual_for_the_next_one(kit: Any) -> None:
    model, _ = do(kit.model, SetLanguage("en"), Toggle("large"), Toggle("contrast"),
                  Toggle("wheelchair"))  # fmt: skip
    assert model.modes == Modes("en", large=True, contrast=True, wheelchair=True)

    assert passed(model, 61.0)[0].modes == Modes()


def test_reading_aloud_reads_each_new_page(kit: Any) -> None:
    model, effects = do(kit.model, Toggle("aloud"))
    assert effects == (ReadAloud(),)

    assert ReadAloud() in do(model, Open(PickService()))[1]
    assert do(model, Toggle("aloud"))[1] == (Hush(),)


def test_the_menu_behind_the_corners_wants_both_and_the_pin(kit: Any) -> None:
    assert do(kit.model, HoldCorner(right=True))[0].page == Home()
    model, _ = do(kit.model, HoldCorner(right=False), HoldCorner(right=True))
    assert model.page == Pin()

    assert isinstance(typed(model, "1111").page, Pin)
    assert isinstance(typed(model, "2580").page, Tech)


def test_guessing_the_pin_costs_ever_longer_waits(kit: Any) -> None:
    model = kit.at(Pin())
    for _ in range(5):
        model = typed(replace(model, page=Pin()), "1111")
    assert model.page == Home()
    corners = (HoldCorner(right=False), HoldCorner(right=True))
    assert do(model, *corners)[0].page == Home()

    later = replace(model, now=model.now + 130.0)
    assert do(later, *corners)[0].page == Pin()


def test_without_a_pin_there_is_no_hidden_menu(kit: Any) -> None:
    model = replace(kit.model, setup=replace(kit.setup, pin=""))

    assert do(model, HoldCorner(right=False), HoldCorner(right=True))[0].page == Home()


def test_a_kiosk_out_of_service_says_so_until_it_is_opened_again(kit: Any) -> None:
    shut, _ = do(kit.at(Tech()), Chore("maintenance"), EndVisit())
    assert shut.page == Maintenance()
    assert passed(shut, 9_999.0)[0].page == Maintenance()
    later = passed(shut, 1.0)[0]
    assert step(later, Read(CODE, "s")) == (later, ())

    opened, _ = do(replace(shut, page=Tech()), Chore("maintenance"), EndVisit())
    assert opened.page == Home()


# --- leaving ------------------------------------------------------------------------------------


def test_a_personal_page_is_wiped_after_thirty_seconds(kit: Any) -> None:
    model = kit.at(DossierResult(kit.dossier(5)))
    assert passed(model, 29.0)[0].page == model.page

    after, effects = passed(model, 30.1)
    assert after.page == Home()
    assert Wipe() in effects


def test_other_pages_wait_twice_as_long(kit: Any) -> None:
    model = kit.at(PickService())

    assert passed(model, 59.0)[0].page == PickService()
    assert passed(model, 60.1)[0].page == Home()


def test_the_last_ten_seconds_are_counted_and_a_touch_stays(kit: Any) -> None:
    model = kit.at(DossierResult(kit.dossier(5)))
    assert passed(model, 19.0)[0].countdown is None
    late, _ = passed(model, 24.0)
    assert late.countdown == 6

    assert do(late, Stay())[0].countdown is None
    assert step(late, Touched(1, 1))[0].countdown is None


def test_a_citizen_can_wipe_at_once(kit: Any) -> None:
    model, effects = do(kit.at(Lookup("H38.12")), EndVisit())

    assert model.page == Home()
    assert Wipe() in effects


@pytest.mark.parametrize("page", [PickService(), Home(), Attract()])
def test_what_the_card_told_goes_with_the_citizen(kit: Any, page: Any) -> None:
    model, _ = step(kit.at(page), Read(CARD, "s"))
    assert model.age == "80_plus"

    assert passed(model, 61.0)[0].age is None


def test_the_home_page_stays_or_greets_as_the_hall_wishes(kit: Any) -> None:
    assert passed(kit.model, 9_999.0)[0].page == Home()
    greeting = replace(kit.model, setup=replace(kit.setup, attract_s=120.0))
    model, _ = passed(greeting, 121.0)
    assert model.page == Attract()

    assert step(model, Touched(1, 1))[0].page == Home()


def test_a_wait_for_paper_is_not_cut_short_by_idleness(kit: Any) -> None:
    model, _ = asked(kit)

    assert isinstance(passed(model, 300.0)[0].page, PrintingTicket)
