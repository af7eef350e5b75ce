"""Who chose English meets no Vietnamese word of ours: kiosk, ticket, board, voice, turn page.

What the one-stop side writes (procedures, papers, steps) comes as it is, and the page says so.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from display.board import configured, view
from display.board.legible import fullest
from display.settings import DisplayConfig
from display.voice import assembly
from display.voice.announcer import Announcement, Sentence, SpokenCall
from display.voice.script import script
from hall.cli.checking import languages
from hall.contract.following import FollowedTicket
from hall.counter.turns.sheets import HallWords, sheet
from hall.runtime import settings, settings_yaml
from hall.runtime.sections import Shared
from hall.runtime.settings import Document
from hall.runtime.translations import names_in, untranslated
from hall.screen.geometry import Panel
from hall.screen.palette import NORMAL
from hall.screen.tree import labels
from kiosk import plan, screens
from kiosk.drawing.theme import Theme, measure
from kiosk.model import samples
from kiosk.model.modes import Modes
from kiosk.model.pages import Home, Page, Pin, Tech
from kiosk.settings import KioskFile
from printer.paper.drawing import Studio
from printer.paper.layout import Content, Dress, lay_out
from printer.paper.phrases import phrases_for
from printer.paper.rows import TextRun

DEMO = Path(__file__).parents[2] / "config" / "demo.yaml"
VIETNAMESE = re.compile(
    "[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
# What these labels tell is the one-stop side's, or the language's own name.
SUPPLIED = re.compile(
    r"lang\.vi|dates\.name|Collect at|step\.|missing\.|row\..*told|limit\.text|fee\.text|paper\.|"
    r"sight\.(limit|fee)\.value|where\.text|^base$|^code$|row\..*name|^title$|^name$"
)


@pytest.fixture(scope="module")
def document() -> Document:
    return settings_yaml.read(DEMO)


@pytest.fixture(scope="module")
def shared(document: Document) -> Shared:
    return settings.check(document.part(Shared.model_fields), Shared)


def test_the_demos_names_are_all_translated(document: Document, shared: Shared) -> None:
    assert untranslated(shared, "en") == ()
    assert not list(languages.names_left_vietnamese(document))


def test_check_names_what_stays_vietnamese(tmp_path: Path) -> None:
    file = tmp_path / "hall.yaml"
    told = DEMO.read_text(encoding="utf-8").replace(', names: {en: "Social support"}', "")
    file.write_text(told, encoding="utf-8")
    (found,) = languages.names_left_vietnamese(settings_yaml.read(file))

    assert "“Bảo trợ – Người có công”" in found.text
    assert "hiện tên tiếng Việt" in found.text


def _english_labels(document: Document) -> Iterator[tuple[Page, str, str]]:
    """Of pages as full as a hall may fill them; the sample's own fields are the one-stop side's."""
    config = settings.check(document.part(KioskFile.model_fields), KioskFile)
    words = plan.wordings(document, config, config.kiosks[0])
    setup = plan.setup(config, config.kiosks[0], ("vi", "en"))
    modes = Modes(lang="en")
    theme = Theme(
        Panel(1080, 1920, 32), words["en"], modes, measure(), plan.languages(words), 600.0
    )
    base = replace(samples.model(setup, "A024"), modes=modes, trail=(Home(),))
    for page in samples.pages(setup, "A024").values():
        for label in labels(screens.scene(replace(base, page=page), theme)):
            if label.text not in base.world.shelf.fields:
                yield page, label.key, label.text


def test_the_kiosk_speaks_english_on_every_page(document: Document) -> None:
    left = {
        text
        for page, key, text in _english_labels(document)
        if not isinstance(page, Pin | Tech) and VIETNAMESE.search(text) and not SUPPLIED.search(key)
    }

    assert left == set()


def test_the_ticket_speaks_english(shared: Shared) -> None:
    names = names_in(shared, "en")
    content = Content(
        "A017", names["Hộ tịch – Chứng thực"], 3, (names["Quầy 1"], names["Quầy 2"]), (5, 10),
        datetime(2026, 11, 23, 10, 32, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")), priority=True,
        lang="en", wifi="hall",
    )  # fmt: skip
    rows = lay_out(content, Dress(names[shared.hall.name]), 576, Studio())
    told = [ink.text for row in rows for ink in row.inks if isinstance(ink, TextRun)]

    assert [text for text in told if VIETNAMESE.search(text)] == []
    assert "Counter 1, 2" in told
    assert "Civil status – Certification" in told
    assert phrases_for("en").until_called in told


def test_the_board_speaks_english(document: Document) -> None:
    config = settings.check(document.part(DisplayConfig.model_fields), DisplayConfig)
    assert config.display.board is not None
    section = config.display.board.model_copy(update={"language": "en"})
    place = configured.place(config, section, configured.panel(section))
    scenes = [
        view.scene(seen, configured.panel(section), NORMAL, configured.words(section), 0.0)
        for seen in fullest(place.shape, place, "A024")
    ]
    told = [label.text for scene in scenes for label in labels(scene)]

    assert [text for text in told if VIETNAMESE.search(text)] == []
    assert {"NOW SERVING", "COUNTER 1", "Waiting", "Overdue"} <= set(told)


def test_the_voice_speaks_english(document: Document) -> None:
    config = settings.check(document.part(DisplayConfig.model_fields), DisplayConfig)
    assert config.display.voice is not None
    english = config.display.voice.languages[0].model_copy(update={"lang": "en"})
    section = config.display.voice.model_copy(update={"languages": (english,)})
    manner = assembly.manner(config, section)
    call = SpokenCall("c", "A017", "3", "en")
    said = script(Announcement((Sentence(call, ("c",)),)), manner.languages, lambda _: True)

    assert not VIETNAMESE.search(said.text)
    assert "please come to counter" in said.text


def test_the_page_of_ones_turn_speaks_english(shared: Shared) -> None:
    names = {each.id: each.name for each in shared.services}
    counters = {each.id: each.title for each in shared.counters}
    hall = HallWords(names, counters, {"en": names_in(shared, "en")})
    turn = FollowedTicket.model_validate(
        {"token": "1-1-1-AAAAAAAAAAAAA", "number": "A017", "service": "ho-tich",
         "status": "waiting", "ahead": 3, "counters": ["1", "2"], "wait_min": [5, 10]}
    )  # fmt: skip
    told = sheet(turn, "en", hall)

    assert not VIETNAMESE.search(" ".join((told.headline, *told.lines)))
    assert "Civil status – Certification" in told.lines


def test_an_ethnic_language_has_the_names_it_was_given_and_vietnamese_beside(
    shared: Shared,
) -> None:
    service = shared.services[0].model_copy(update={"names": {"hmn": "Ntaub ntawv"}})
    told = names_in(shared.model_copy(update={"services": (service,)}), "hmn-Latn")

    assert told[service.name] == "Ntaub ntawv"
    assert shared.hall.name not in told
