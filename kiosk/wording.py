"""The words of the screens in one language; a text a language lacks comes from Vietnamese.

A language is a TOML file: those beside this module, and those a commune adds in its own folder.
Words that ticket and board say too come from `hall.wording.glossary`, under the same kind of key; a
commune's file may give these like any other.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from hall.wording.glossary import Glossary, bound, glossary_of

FIRST = "vi"
# Words of two syllables and more that a line must not part, the longest first.
_WHOLE = (
    "xoá thông tin", "quầy hướng dẫn", "hành chính", "thông tin", "một cửa", "phần mềm", "hồ sơ",
    "thủ tục", "giấy hẹn", "giấy tờ", "tuỳ thân", "lĩnh vực", "ưu tiên", "hiệu lực", "bổ sung",
    "lệ phí", "kết quả", "màn hình", "tra cứu", "hài lòng", "đăng ký", "khai sinh", "kết hôn",
    "thường trú", "bảo hiểm", "làm việc", "giải quyết", "tiếp nhận", "khuyết tật", "mang thai",
    "có công", "ốm đau", "trực tuyến", "dịch vụ", "quốc gia", "công an", "kinh doanh", "đất đai",
    "xây dựng", "chứng thực", "hộ tịch", "xã hội", "bảo trợ", "cán bộ", "đúng hạn", "trễ hẹn",
)  # fmt: skip
_BOUND = re.compile("|".join(map(re.escape, _WHOLE)), re.IGNORECASE)
_HERE = Path(__file__).parent / "texts"


class UnusableTexts(ValueError):
    """A language file cannot be used; the text names it and says why."""


@dataclass(frozen=True, slots=True)
class Wording:
    """`words("ticket.ahead_n", n=3)`. Raises KeyError for a text no language has.

    `names`: what the hall's own Vietnamese names are called in this language.
    """

    lang: str
    texts: Mapping[str, str]
    fallback: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, key: str, **values: object) -> str:
        text = self.texts.get(key) or self.fallback[key]
        return text.format_map(values) if values else text

    def name(self, name: str) -> str:
        """Of the hall, a service, a counter, a field; Vietnamese where it is not translated."""
        return self.names.get(name, name)

    def missing(self) -> tuple[str, ...]:
        """What this language leaves to Vietnamese."""
        return tuple(key for key in self.fallback if not self.texts.get(key))


def load(lang: str, folder: Path | None = None) -> Wording:
    """Read a language. Raises UnusableTexts; a text with other {places} than Vietnamese is one."""
    fallback = _built_in(FIRST)
    own = _HERE / f"{lang}.toml"
    added = folder / f"{lang}.toml" if folder else None
    if own.exists() and (added is None or not added.exists()):
        added = None
    texts = {**(_built_in(lang) if own.exists() else {}), **(_read(added) if added else {})}
    if not texts:
        raise UnusableTexts(f"không có tệp ngôn ngữ {lang}.toml")
    for key, text in texts.items():
        if key in fallback and _places(text) - _places(fallback[key]):
            raise UnusableTexts(f"{lang}: {key}: chỗ trống lạ trong “{text}”")
    return Wording(lang, texts, fallback)


def built_in(lang: str) -> dict[str, Wording]:
    """The language as it comes with motcua; empty where it does not."""
    return {lang: load(lang)} if (_HERE / f"{lang}.toml").exists() else {}


def bind(text: str) -> str:
    """Vietnamese words of several syllables, each held together by U+00A0; counters too."""
    return bound(_BOUND.sub(lambda found: found[0].replace(" ", "\u00a0"), text))


def _built_in(lang: str) -> dict[str, str]:
    return {**_shared(glossary_of(lang)), **_read(_HERE / f"{lang}.toml")}


def _shared(glossary: Glossary) -> dict[str, str]:
    """The glossary's words by the kiosk's keys."""
    counter, figures, wait = glossary.counter, glossary.figures, glossary.wait
    days = zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), glossary.weekdays, strict=True)
    return {
        **{f"date.{key}": name for key, name in days},
        "counter.name": counter.named("{id}"),
        "counter.open": counter.open,
        "counter.paused": counter.paused,
        "counter.closed": counter.closed,
        "counter.called": counter.called,
        "counter.serving": counter.serving,
        **{f"figures.{each.name}": getattr(figures, each.name) for each in fields(figures)},
        "ticket.ahead": wait.ahead,
        "ticket.ahead_none": wait.nobody,
        "ticket.estimate_n": wait.span,
        "ticket.no_wait": wait.no_estimate,
        "ticket.counters": wait.until_called,
        "trouble.stopped": glossary.hall.stopped,
    }


def _read(path: Path) -> dict[str, str]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        raise UnusableTexts(f"{path}: {err}") from err
    return {
        f"{table}.{key}": unicodedata.normalize("NFC", str(text))
        for table, texts in tables.items()
        if isinstance(texts, dict)
        for key, text in texts.items()
    }


def _places(text: str) -> set[str]:
    return {part.partition("}")[0] for part in text.split("{")[1:]}
