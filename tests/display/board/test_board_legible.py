"""Whatever the board shows reads from the last seat; what has no room is left out in its order."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from display.board import calls, view
from display.board.contents import BoardShape, BoardView
from display.board.legible import Trial, floor_em, left_out, legible
from display.board.look import BoardSetup, CounterPlace, look
from display.board.model import BoardModel, take_message
from display.board.words import BoardWords, Second
from hall.runtime.picture import Presence
from hall.screen.geometry import CAP_PER_EM, Panel
from hall.screen.palette import NORMAL
from hall.screen.text import Typesetter
from hall.screen.tree import Icon, Label, Scene, Strip, labels
from hall.signs.assigning import Signed, signs
from hall.wording import naming
from hall.wording.glossary import bound

Morning = Any
WIDE = Panel(1920, 1080, 55)
TALL = Panel(1080, 1920, 65)
GREAT = Panel(3840, 2160, 85)
ENGLISH = BoardWords(Second("Now serving", "Counter", "Waiting", "Recent calls"))
# A pixel is 0.63 mm on 55 inches, of which 0.74 are capital.
ROUNDING_MM = 0.5
LONG = "Quầy tiếp nhận hồ sơ Hộ tịch – Chứng thực số {n}"


def low(scene: Scene, panel: Panel, distance_m: float) -> list[str]:
    """Texts below a two-hundredth of the distance, or cut."""
    typesetter, found = Typesetter(bind=bound), []
    for label in labels(scene):
        laid = typesetter.lay(label, panel.px_per_mm)
        cap = laid.px / panel.px_per_mm * CAP_PER_EM
        if label.text and (cap < distance_m * 5 - ROUNDING_MM or not laid.fits):
            found.append(f"{label.key}: {cap:.1f} mm, {laid.lines}")
    strips = [n for n in scene.nodes if isinstance(n, Strip)]
    return found + [n.key for n in strips if n.size * CAP_PER_EM < distance_m * 5 - ROUNDING_MM]


def states(morning: Morning, place: BoardSetup, counters: int) -> Iterator[BoardView]:
    """The board of a busy morning, and of every other state that a hall is in."""
    model, now = morning.model(counters), 100.2
    yield look(model, place, now, morning.local)
    yield look(model, place, 109.0, morning.local)
    yield look(model, place, 300.0, morning.local)
    yield look(BoardModel(Presence(linked=True, heard_at=90.0)), place, now, morning.local)
    closed = take_message(
        model, morning.hall(open_=False, opens_next="2026-11-24T07:30:00+07:00"), 100.0,
        retained=False,
    )  # fmt: skip
    yield look(closed, place, 109.0, morning.local)
    for counter in range(2, 7):
        call = morning.call(f"B00{counter}", str(min(counter, counters)))
        model = take_message(model, call, 100.0, retained=False)
    yield look(replace(model, calls=calls.step(model.calls, 104.0)), place, 104.2, morning.local)


@pytest.mark.parametrize("words", [BoardWords(), ENGLISH], ids=["vi", "vi-en"])
@pytest.mark.parametrize(
    ("panel", "distance_m", "counters"),
    [(WIDE, 3, 8), (WIDE, 5, 4), (WIDE, 5, 8), (WIDE, 5, 40), (TALL, 5, 8), (GREAT, 5, 13),
     (GREAT, 7, 8)],
)  # fmt: skip
def test_every_text_reads_from_the_last_seat(
    morning: Morning, panel: Panel, distance_m: float, counters: int, words: BoardWords
) -> None:
    told = signs(Signed(ident, name) for ident, name in morning.place().services)
    place = morning.place(counters, signs=told)
    found = legible(Trial(panel, place, words, "E0311"), distance_m)
    assert found.reads
    place = replace(place, shape=found.shape)

    for seen in states(morning, place, counters):
        assert not low(view.scene(seen, panel, NORMAL, words, 100.2), panel, distance_m)


def test_the_board_of_before_is_refused(morning: Morning) -> None:
    """Everything at once, as small as it takes: most of it is read from nowhere near the seats."""
    seen = look(morning.model(), morning.place(), 100.2, morning.local)
    before = low(view.scene(seen, WIDE, NORMAL, BoardWords(), 100.2), WIDE, 5)
    everything = BoardShape(floor_mm=floor_em(5))

    assert len(before) > 20
    assert not Trial(WIDE, morning.place(), BoardWords(), "E0311").fits(everything)


def test_figures_go_first_then_who_waits_then_what_counters_serve(morning: Morning) -> None:
    place = morning.place()
    shapes = [
        legible(Trial(WIDE, place, BoardWords(), "A024"), distance / 10).shape
        for distance in range(10, 60, 2)
    ]
    kept = [(shape.figures, shape.queues, shape.fields) for shape in shapes]

    assert kept[0] == (True, True, True)
    assert kept[-1] == (False, False, False)
    assert kept == sorted(kept, reverse=True)
    assert set(kept) <= {(True,) * 3, (False, True, True), (False, False, True), (False,) * 3}


def test_check_names_what_has_no_room(morning: Morning) -> None:
    place = morning.place()

    assert left_out(BoardShape(), place) == ()
    assert left_out(BoardShape(figures=False, queues=False), place) == (
        "khung số liệu", "danh sách đang chờ",
    )  # fmt: skip
    assert left_out(BoardShape(figures=False), morning.place(show_figures=False)) == ()


def test_a_screen_too_small_for_its_seats_is_told_and_still_drawn(morning: Morning) -> None:
    small = Panel(1280, 720, 24)
    found = legible(Trial(small, morning.place(), BoardWords(), "E0311"), 10)
    place = replace(morning.place(), shape=found.shape)
    seen = look(morning.model(), place, 100.2, morning.local)
    typesetter = Typesetter(bind=bound)

    assert not found.reads
    drawn = labels(view.scene(seen, small, NORMAL, BoardWords(), 100.2))
    assert all(typesetter.lay(label, small.px_per_mm).fits for label in drawn)


def test_long_names_keep_the_number_that_tells_them_apart(morning: Morning) -> None:
    names = [LONG.format(n=n) for n in range(1, 9)]
    shorter = naming.all_shorter(names)
    counters = tuple(
        CounterPlace(str(n), name, "Hộ tịch", shorter[name]) for n, name in enumerate(names, 1)
    )
    place = replace(morning.place(), counters=counters)
    found = legible(Trial(WIDE, place, BoardWords(), "A024"), 5)
    seen = look(morning.model(), replace(place, shape=found.shape), 100.2, morning.local)
    scene = view.scene(seen, WIDE, NORMAL, BoardWords(), 100.2)
    typesetter = Typesetter(bind=bound)
    lines = {
        label.key: " ".join(typesetter.lay(label, WIDE.px_per_mm).lines)
        .lower()
        .replace("\u00a0", " ")
        for label in labels(scene)
        if isinstance(label, Label)
    }

    assert found.reads
    assert lines["call-title"].endswith("số 1")
    assert [lines[f"card-{n}-name"][-4:] for n in range(8)] == [f"số {n}" for n in range(1, 9)]


def test_the_picture_of_the_service_stands_beside_its_number(morning: Morning) -> None:
    told = signs(Signed(ident, name) for ident, name in morning.place().services)
    place = morning.place(signs=told)
    shape = legible(Trial(WIDE, place, BoardWords(), "E0311"), 5).shape
    seen = look(morning.model(), replace(place, shape=shape), 100.2, morning.local)
    scene = view.scene(seen, WIDE, NORMAL, BoardWords(), 100.2)
    shown = {node.key: node.name for node in scene.nodes if isinstance(node, Icon)}

    assert shown["call-sign-picture"] == told["ho-tich"].picture
    assert shown["card-0-edge-picture"] == told["ho-tich"].picture
    assert "card-3-edge-picture" not in shown, "nobody is served there"
    lines = {
        label.key: Typesetter(bind=bound).lay(label, WIDE.px_per_mm).lines
        for label in labels(scene)
    }
    assert all(len(lines[f"card-{n}-name"]) == 1 for n in range(8))


def test_who_waits_finds_the_picture_of_the_service_beside_its_name(morning: Morning) -> None:
    told = signs(Signed(ident, name) for ident, name in morning.place().services)
    place = replace(morning.place(signs=told), shape=BoardShape())
    seen = look(morning.model(), place, 100.2, morning.local)
    scene = view.scene(seen, WIDE, NORMAL, BoardWords(), 100.2)
    nodes = {node.key: node for node in scene.nodes}
    names = dict(morning.place().services)
    by_name = {name: told[ident] for ident, name in names.items()}

    rows = [key for key in nodes if re.fullmatch(r"queue-\d+-name", key)]
    assert rows
    for key in rows:
        row, sign = key.removesuffix("-name"), by_name[nodes[key].text]
        assert nodes[f"{row}-sign"].fill == sign.color
        assert nodes[f"{row}-sign-picture"].name == sign.picture
        assert nodes[f"{row}-sign"].rect.right < nodes[key].rect.x
    unsigned = look(morning.model(), morning.place(), 100.2, morning.local)
    plain = view.scene(unsigned, WIDE, NORMAL, BoardWords(), 100.2)
    assert not any("-sign" in node.key for node in plain.nodes)
