"""What of a hall is told in another language than Vietnamese, for `motcua check`."""

from collections.abc import Iterator

from hall.cli.checking import entries
from hall.runtime import settings
from hall.runtime.members import at
from hall.runtime.sections import Shared
from hall.runtime.translations import untranslated
from kiosk.settings import KioskSection

_VIETNAMESE = "vi"
_NAMED = 3
_DEFAULT = KioskSection.model_fields["languages"].default


def names_left_vietnamese(document: settings.Document) -> Iterator[settings.Mistake]:
    """Names that people who chose another language are shown in Vietnamese, once a language."""
    shared = settings.check(document.part(Shared.model_fields), Shared)
    places = dict(reversed(list(_languages(document))))
    for lang, place in sorted(places.items()):
        missing = untranslated(shared, lang)
        if missing:
            named = ", ".join(f"“{name}”" for name in missing[:_NAMED])
            more = f" và {len(missing) - _NAMED} tên nữa" if len(missing) > _NAMED else ""
            text = f"chưa có names: {{{lang}: …}} của {named}{more}; hiện tên tiếng Việt"
            yield document.mistake(place, text)


def _languages(document: settings.Document) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """The languages that are not Vietnamese, and where the file asks for them."""
    for index, kiosk in entries.of(document, "kiosks"):
        for lang in entries.texts(kiosk, "languages") or _DEFAULT:
            if lang != _VIETNAMESE:
                yield lang, ("kiosks", index)
    lang = at(document.values, ("display", "board", "language"))
    if isinstance(lang, str) and lang != _VIETNAMESE:
        yield lang, ("display", "board", "language")
