"""Recorded languages of the kiosks: which clips each needs, and which of them are not there."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hall.reading.recording import lacking
from hall.runtime import settings
from hall.runtime.settings import Document, Mistake
from kiosk import plan
from kiosk.settings import KioskFile

# Whose voice espeak-ng has; the others are heard by their recordings alone.
SYNTHESISED = ("vi", "en")


@dataclass(frozen=True, slots=True)
class KioskClips:
    """`folder` None: the YAML names none. `clips`: what is said, by the clip's name.

    `begun`: there is a folder of this language, so that somebody means to have it whole.
    """

    at: int
    lang: str
    folder: Path | None
    clips: dict[str, str]

    @property
    def begun(self) -> bool:
        return self.folder is not None and self.folder.is_dir()

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(self.clips) if self.folder is None else lacking(self.clips, self.folder)


def clips_of(document: Document) -> Iterator[KioskClips]:
    """Of every kiosk that speaks, one set a language."""
    if "kiosks" not in document.values:
        return
    config = settings.check(document.part(KioskFile.model_fields), KioskFile)
    for at, section in enumerate(config.kiosks):
        if plan.speaks(section):
            root = plan.clips_folder(document, section)
            words = plan.load_languages(document, config, section).wordings
            for lang, lexicon in plan.lexicons(document, config, words).items():
                yield KioskClips(at, lang, root / lang if root else None, lexicon.clips())


def advice(document: Document) -> Iterator[Mistake]:
    """Languages that would be heard in part, or not at all."""
    for each in clips_of(document):
        missing = each.missing if each.begun or each.lang not in SYNTHESISED else ()
        if missing:
            key = "languages" if each.folder is None else "clips"
            text = (
                f"tiếng '{each.lang}' thiếu {len(missing)} trên {len(each.clips)} đoạn tiếng thu "
                f"({', '.join(missing[:3])} …); danh sách cần thu: motcua voice list"
            )
            yield document.mistake(("kiosks", each.at, key), text)
