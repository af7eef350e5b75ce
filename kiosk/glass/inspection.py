"""Every page of a kiosk, drawn for its own panel, hall, languages and modes, and judged.

No window is opened: texts are measured, places compared.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from hall.runtime import settings
from hall.runtime.settings import ConfigError, Document, Mistake
from hall.screen import lint, outlines
from hall.screen.lint import Fault, LintRules
from kiosk import plan, screens
from kiosk.drawing.theme import Theme, measure
from kiosk.glass import large_type, legibility
from kiosk.glass.large_type import TypeGrowth
from kiosk.model import samples
from kiosk.model.modes import Modes
from kiosk.model.pages import Home
from kiosk.model.setup import KioskSetup
from kiosk.model.state import KioskModel
from kiosk.settings import KioskFile, KioskSection
from kiosk.wording import Wording

_FEW = 3
# Kiosks that differ in these alone look the same.
_APART = ("id", "printer", "scanners", "pin_credential")
_WARNED_S = 6.0
_MODES = {"large": "chữ to", "contrast": "tương phản", "wheelchair": "xe lăn", "aloud": "đọc to"}


@dataclass(frozen=True, slots=True)
class PageFault:
    """`where`: page, language and modes, for a technician."""

    where: str
    fault: Fault


def notes(document: Document) -> list[Mistake]:
    """What citizens could not read. Raises ConfigError for what they could not touch."""
    config = settings.check(document.part(KioskFile.model_fields), KioskFile)
    wrong: list[Mistake] = []
    noted: list[Mistake] = []
    seen: dict[KioskSection, tuple[PageFault, ...]] = {}
    for index, section in enumerate(config.kiosks):
        alike = section.model_copy(update=dict.fromkeys(_APART))
        if alike not in seen:
            words = plan.wordings(document, config, section)
            made = plan.setup(config, section, section.languages)
            seen[alike] = tuple(findings(made, section, words, longest(config)))
        found = seen[alike]
        path = ("kiosks", index, "screen")
        wrong += [document.mistake(path, text) for text in _described(found, "hand")]
        noted += [document.mistake(path, text) for text in _described(found, "eye")]
    if wrong:
        raise ConfigError(document.file, tuple(wrong))
    return noted


def longest(config: KioskFile) -> str:
    """The longest number the hall gives, in wide digits."""
    numbers = [f"{s.prefix}{'8' * max(s.digits, len(str(s.last)))}" for s in config.services]
    return max(numbers, key=len)


def findings(
    setup: KioskSetup, section: KioskSection, wordings: Mapping[str, Wording], number: str
) -> Iterator[PageFault]:
    """Faults of every page in every language and mode."""
    panel, setter = plan.panel(section), measure()
    languages, distance = plan.languages(wordings), section.screen.distance_mm
    models = tuple(_models(setup, number))
    for lang, modes in product(wordings, _modes(speaks=setup.speaks)):
        shown = replace(modes, lang=lang)
        theme = Theme(panel, wordings[lang], shown, setter, languages, distance)
        for page, model in models:
            for fault in judged(replace(model, modes=shown), theme):
                yield PageFault(_where(page, lang, shown), fault)
    for lang in wordings:
        theme = Theme(
            panel, wordings[lang], Modes(lang=lang, large=True), setter, languages, distance
        )
        yield from _grown(models, theme)


def _grown(models: Sequence[tuple[str, KioskModel]], theme: Theme) -> Iterator[PageFault]:
    """What large type does to every page, against the same page in usual type."""
    whole = TypeGrowth()
    for page, model in models:
        usual, large = (
            screens.scene(replace(model, modes=each.modes), each) for each in (theme.usual, theme)
        )
        found = large_type.compared(usual, large, theme)
        whole += found
        for fault in found.smaller:
            yield PageFault(_where(page, theme.modes.lang, theme.modes), fault)
    too_few = large_type.shortfall(whole)
    if too_few is not None:
        yield PageFault(f"mọi trang ({theme.modes.lang}, {_MODES['large']})", too_few)


def judged(model: KioskModel, theme: Theme) -> Sequence[Fault]:
    rules = LintRules(
        zone=theme.zone,
        contrast=lint.CONTRAST_HIGH if theme.modes.contrast else lint.CONTRAST,
    )
    scene = screens.scene(model, theme)
    return (
        *lint.faults(scene, theme.panel, theme.measure, rules),
        *outlines.faults(scene),
        *legibility.faults(scene, theme),
    )


def _modes(*, speaks: bool) -> Iterator[Modes]:
    """High contrast changes colours alone, never a place: once is enough."""
    for large, wheelchair in product((False, True), repeat=2):
        yield Modes(large=large, wheelchair=wheelchair)
    yield Modes(contrast=True)
    if speaks:
        yield Modes(aloud=True)
        yield Modes(aloud=True, large=True)


def _models(setup: KioskSetup, number: str) -> Iterator[tuple[str, KioskModel]]:
    base, pages = samples.model(setup, number), samples.pages(setup, number)
    for name, page in pages.items():
        yield name, replace(base, page=page, trail=(Home(),))
    for name, world in samples.troubles(base.world).items():
        yield f"đầu, {name}", replace(base, world=world)
    for name, world in samples.refusals(base.world).items():
        for shown in ("chọn việc", "thủ tục", "hết số", "số thứ tự"):
            yield f"{shown}, {name}", replace(base, world=world, page=pages[shown], trail=(Home(),))
    for name in ("chọn việc", "kết quả 4", "tra cứu, đã nhập"):
        waits = replace(base, page=pages[name], trail=(Home(),))
        left = waits.now - (waits.idle_after_s or 0) + _WARNED_S
        yield f"{name}, đếm ngược", replace(waits, touched=left)


def _where(page: str, lang: str, modes: Modes) -> str:
    on = [name for key, name in _MODES.items() if getattr(modes, key)]
    return f"trang “{page}” ({', '.join([lang, *on])})"


def _described(found: Sequence[PageFault], about: Literal["hand", "eye"]) -> Iterator[str]:
    """One line for all: the first few, and how many more."""
    texts = [f"{each.where}: {each.fault.text}" for each in found if each.fault.about == about]
    more = len(texts) - _FEW
    if texts:
        told = "; ".join(texts[:_FEW])
        yield f"{told}; và {more} chỗ khác" if more > 0 else told
