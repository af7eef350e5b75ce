"""How a text is said: numbers as words, and in a recorded language by recordings alone."""

import array
import io
import wave
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.reading.readers import reader
from hall.reading.recording import lacking, recording_sheet
from hall.screen.tree import labels
from kiosk import screens, wording
from kiosk.model.modes import Modes
from kiosk.sounds import clips, speech
from kiosk.sounds.lexicon import Lexicon
from kiosk.speakers.espeak import EspeakSpeaker
from kiosk.wording import Wording

VI = Lexicon(wording.load("vi"), reader("vi"), {"service.ho-tich": "Hộ tịch – Chứng thực"})
# What a hall's own systems and people write: a machine's voice says it, where there is one.
FREE = (
    *("lang.", "base"),
    *(
        "row.",
        "field.",
        "step.",
        "missing.",
        "name",
        "dates.name",
        "code",
        "limit.text",
        "fee.text",
    ),
    *("paper.", "where.text", "head.", "ticket.hall", "period.", "figures.source", "doubt", "pin"),
    *("line.", "glass.", "chore.", "note", "banner.text", "message.", "Nhận", "counter."),
)


def words(text: str) -> str:
    return " ".join(piece.text for piece in VI.pieces(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A 0 2 5", "a không hai năm"),
        ("A024", "a không hai bốn"),
        ("Mã này đã lấy số A015", "Mã này đã lấy số a không một năm"),
        ("15 người đang chờ", "mười lăm người đang chờ"),
        ("khoảng 5–21 phút", "khoảng năm đến hai mươi mốt phút"),
        ("99,87%", "chín mươi chín phẩy tám bảy phần trăm"),
        ("349.247", "ba trăm bốn mươi chín nghìn hai trăm bốn mươi bảy"),
        ("1.000.005", "một triệu không trăm linh năm"),
        ("10:05", "mười giờ năm"),
        ("13:00", "mười ba giờ"),
        ("25/11/2026", "hai mươi lăm tháng mười một năm hai nghìn không trăm hai mươi sáu"),
        ("H38.12-1105", "hát ba tám chấm một hai gạch một một không năm"),
        ("Quầy 12, Quầy 5", "Quầy mười hai Quầy năm"),
        ("Nộp ở 15 Lê Lợi", "Nộp ở mười lăm Lê Lợi"),
        ("– |", ""),
    ],
)  # fmt: skip
def test_a_text_is_said_as_people_say_it(text: str, said: str) -> None:
    assert words(text) == said


@given(st.text(max_size=60))
def test_any_text_can_be_said_and_no_digit_is_left_to_a_machine(text: str) -> None:
    assert not any(c in "0123456789" for piece in VI.pieces(text) for c in piece.text)


@given(st.integers(0, 10**9 - 1))
def test_a_count_of_any_size_is_said_in_words(count: int) -> None:
    dotted = f"{count:,}".replace(",", ".")

    assert VI.pieces(dotted) == VI.pieces(str(count))
    assert all(piece.clip for piece in VI.pieces(dotted))


def tone(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(array.array("h", [500] * 160).tobytes())


@pytest.fixture(scope="module")
def hmong() -> Wording:
    """A language of its own in every text: no clip is found by a Vietnamese one's words."""
    first = wording.load("vi").fallback
    return Wording("hmn", {key: f"Mông {key} {text}" for key, text in first.items()}, first)


@pytest.fixture(scope="module")
def pack(hmong: Wording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    for name in Lexicon(hmong, reader("hmn")).clips():
        tone(folder / "hmn" / f"{name}.wav")
    return folder


def test_the_sheet_and_the_check_of_a_pack_agree(hmong: Wording, pack: Path) -> None:
    wanted = Lexicon(hmong, reader("hmn"), {"service.ho-tich": "Hộ tịch"}).clips()

    assert recording_sheet(wanted).count("\n") == len(wanted) + 1
    assert {*"0123456789", "a", "h", "said.dot", "ticket.ahead_n-0"} <= {*wanted}
    assert lacking(wanted, pack / "hmn") == ("service.ho-tich",)
    assert all(name == name.strip() and "/" not in name for name in wanted)


def test_with_a_whole_pack_every_page_is_said_without_a_machine(
    kit: Any, hmong: Wording, pack: Path
) -> None:
    names = {f"service.{s.id}": s.name for s in kit.setup.services}
    names |= {f"priority.{p.id}": p.name for p in kit.setup.priorities}
    names |= {f"counter.{c.id}": c.name for c in kit.setup.counters}
    names |= {f"reason.{r.id}": r.name for r in kit.setup.reasons}
    names["hall.name"] = kit.setup.hall_name
    lexicon = Lexicon(hmong, reader("hmn"), names)
    recorded = {*clips.recorded(pack, ("hmn",)), *(("hmn", clip) for clip in names)}
    view = kit.stage()
    view.wordings = {"hmn": hmong}
    unsaid: dict[str, set[str]] = {}
    for page in kit.pages:
        theme = view.theme(Modes(lang="hmn", aloud=True))
        for label in labels(screens.scene(kit.at(page, modes=theme.modes), theme)):
            free = label.key.startswith((*FREE, *speech._LEFT_OUT))
            if free or "result.collect_at" in label.key:
                continue
            pieces = lexicon.pieces(label.text)
            if any(("hmn", piece.clip) not in recorded for piece in pieces):
                unsaid.setdefault(page, set()).add(f"{label.key}={label.text}")

    assert unsaid == {}


def test_a_ticket_is_heard_from_recordings_without_espeak(
    kit: Any, hmong: Wording, pack: Path
) -> None:
    view = kit.stage()
    view.wordings = {"hmn": hmong}
    theme = view.theme(Modes(lang="hmn", aloud=True))
    scene = screens.scene(replace(kit.at("ticket"), modes=theme.modes), theme)
    lexicon = Lexicon(hmong, reader("hmn"))
    told = [lexicon.pieces(text) for text in speech.sentences(scene)]
    speaker = EspeakSpeaker("/no/such/program", recorded=clips.recorded(pack, ("hmn",)))

    runs = list(speaker._runs(told, "hmn", "usual"))
    assert all(len(run.commands) == 1 for run in runs)
    # Caption and number twice: 1 + 2 × 4 clips of 160 samples at the least.
    assert sum(frames(run.data) for run in runs) > 9 * 160


def frames(sound: bytes) -> int:
    with wave.open(io.BytesIO(sound)) as file:
        return file.getnframes()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_two_texts_are_one_clip(lang: str) -> None:
    found: Mapping[str, str] = Lexicon(wording.load(lang), reader(lang)).clips()

    assert all(found.values())
    assert len(found) > 300
