"""What is wrong with a message of the vendor's, told so that its maker can mend it. Pure."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pydantic_core
from pydantic import ValidationError

from hall.contract import MAX_BYTES, SCHEMA, codec
from hall.contract.onestop_messages import Figures
from hall.contract.rights import is_believed
from hall.contract.topics import EXT_STATUS, Channel
from hall.contract.words import Envelope, WireModel

# An office clock may be so much ahead.
_AHEAD = timedelta(minutes=10)
_LONGEST = 80
_HIDDEN = "…"
_BOM = b"\xef\xbb\xbf"
_EXAMPLES: Mapping[str, str] = {
    "schema": "1",
    "hall": '"mu-cang-chai"',
    "src": '"onestop"',
    "ts": '"2026-11-22T10:32:00+07:00"',
    "as_of": '"2026-11-22T10:32:00+07:00"',
    "from": '"2026-11-01"',
    "to": '"2026-11-30"',
    "id": '"Tháng 11"',
    "periods": '[{"id": "Tháng 11", "received": {"total": 1075}}]',
    "fields": '[{"field": "Hộ tịch", "received": {"total": 40}}]',
    "lines": '["Sáng thứ bảy có nhận hồ sơ"]',
    "state": '"ready"',
    "conn": '"b0a5f7c2"',
    "sha256": '"9f86d0…" (64 hex)',
    "chunk_size": "32768",
    "percent": '"99,55"',
    "source": '"Phần mềm một cửa tỉnh Lào Cai"',
}
_COUNT_EXAMPLE = "1075"
# By pydantic's type of error: what was expected, in Vietnamese and English.
_EXPECTED: Mapping[str, tuple[str, str]] = {
    "missing": ("bắt buộc có trường này", "this field is required"),
    "greater_than_equal": ("số nguyên từ {ge} trở lên", "an integer of at least {ge}"),
    "less_than_equal": ("số nguyên không quá {le}", "an integer of at most {le}"),
    "int_from_float": ("số nguyên", "an integer"),
    "string_type": ("chữ trong dấu nháy", "a string"),
    "string_too_long": ("nhiều nhất {max_length} chữ", "at most {max_length} characters"),
    "string_too_short": ("ít nhất {min_length} chữ", "at least {min_length} characters"),
    "string_pattern_mismatch": ("đúng mẫu {pattern}", "to match {pattern}"),
    "literal_error": ("một trong: {expected}", "one of: {expected}"),
    "tuple_type": ("một danh sách [ … ]", "a list [ … ]"),
    "list_type": ("một danh sách [ … ]", "a list [ … ]"),
    "model_type": ("một nhóm { … }", "an object { … }"),
    "model_attributes_type": ("một nhóm { … }", "an object { … }"),
    "bool_type": ("true hoặc false", "true or false"),
    "timezone_aware": ("thời gian có múi giờ", "a time with its offset"),
    "datetime_from_date_parsing": ("thời gian ISO 8601", "an ISO 8601 time"),
}
_VALUES: Mapping[str, tuple[str, str]] = {
    "not an integer": ("số nguyên, không đặt trong dấu nháy", "an integer, not quoted"),
    "not an ISO 8601 time": ("thời gian ISO 8601 có múi giờ", "an ISO 8601 time with its offset"),
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first thing wrong. `field`: a path as `periods[0].resolved.total`; "" the whole.

    `expected` is told in Vietnamese and in English; `got` never holds a long or private text.
    """

    field: str
    expected: str
    expected_en: str
    got: str

    def text(self, topic: str) -> str:
        where = f"trường {self.field}" if self.field else "cả bản tin"
        return f"{topic}, {where}: cần {self.expected}; nhận được {self.got}"

    def text_en(self, topic: str) -> str:
        where = f"field {self.field}" if self.field else "the whole message"
        return f"{topic}, {where}: expected {self.expected_en}; got {self.got}"


def flaw_of(channel: Channel, payload: bytes, hall: str) -> Flaw | None:
    """Why these bytes are no message of this channel, or None where they are."""
    if len(payload) > MAX_BYTES:
        most = f"nhiều nhất {MAX_BYTES} byte", f"at most {MAX_BYTES} bytes"
        return Flaw("", *most, f"{len(payload)} byte")
    if payload.startswith(_BOM):
        return Flaw("", "UTF-8 không có BOM", "UTF-8 without a BOM", "EF BB BF")
    try:
        content = pydantic_core.from_json(payload, allow_inf_nan=False)
    except ValueError:
        return _of_json(payload)
    if not isinstance(content, dict):
        return Flaw("", "một nhóm { … }", "an object { … }", _shown(content))
    if (name := codec.name_twice(payload)) is not None:
        return Flaw("", "mỗi tên một lần", "each name once", _shown(name))
    return (
        _of_envelope(content, hall)
        or of_content(channel.model, content)
        or _of_src(channel, content)
    )


def _of_json(payload: bytes) -> Flaw:
    """Programs in JavaScript or Python write numbers that JSON does not have."""
    try:
        content = pydantic_core.from_json(payload, allow_inf_nan=True)
    except ValueError:
        return Flaw("", "JSON đúng chuẩn, UTF-8", "valid JSON in UTF-8", _start_of(payload))
    loc, got = next(_not_finite(content, ()))
    expected = "JSON không có NaN, Infinity; không biết: null", "no NaN or Infinity; unknown: null"
    return Flaw(path_text(loc), *expected, _shown(got))


def _not_finite(
    content: object, loc: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], float]]:
    match content:
        case float() if not math.isfinite(content):
            yield loc, content
        case dict():
            for name, each in content.items():
                yield from _not_finite(each, (*loc, name))
        case list():
            for place, each in enumerate(content):
                yield from _not_finite(each, (*loc, place))
        case _:
            pass


def of_content(model: type[WireModel], content: Mapping[str, Any]) -> Flaw | None:
    """The same for what is already read as JSON."""
    try:
        model.model_validate(content)
    except ValidationError as err:
        return _flaw(err, content)
    return None


def of_figures(told: Figures, kept: Figures | None, now: datetime) -> Flaw | None:
    """What is wrong with figures that are a message of the contract. `kept`: those in use."""
    return of_time(told, now) or _of_replay(told, kept, now) or _of_rows(told)


def of_time(told: Figures, now: datetime) -> Flaw | None:
    """Figures that are of a time still to come."""
    if told.as_of <= now + _AHEAD:
        return None
    limit = now.isoformat("T", "seconds")
    return Flaw("as_of", f"không sau {limit}", f"not after {limit}", told.as_of.isoformat())


def _of_replay(told: Figures, kept: Figures | None, now: datetime) -> Flaw | None:
    """Figures older than those in use, unless these were taken while the clock was wrong."""
    if kept is None or kept.as_of > now + _AHEAD or told.as_of >= kept.as_of:
        return None
    limit = kept.as_of.isoformat("T", "seconds")
    return Flaw("as_of", f"không trước {limit}", f"not before {limit}", told.as_of.isoformat())


def _of_rows(told: Figures) -> Flaw | None:
    """A name that comes twice: nobody can say which of the two counts is meant."""
    rows: list[tuple[tuple[object, ...], str, str]] = []
    for n, period in enumerate(told.periods):
        rows.append(((period.id, period.from_), f"periods[{n}].id", period.id))
        for m, each in enumerate(period.fields):
            rows.append(((n, "fields", each.field), f"periods[{n}].fields[{m}].field", each.field))
    seen: set[tuple[object, ...]] = set()
    for key, place, name in rows:
        if key in seen:
            return Flaw(place, "mỗi tên một lần", "each name once", _shown(name))
        seen.add(key)
    return None


def _of_src(channel: Channel, content: Mapping[str, Any]) -> Flaw | None:
    src = str(content.get("src", ""))
    if is_believed(src, channel, {}):
        return None
    named = '"onestop"' if channel is EXT_STATUS else '"onestop", "onestop-feed"'
    return Flaw("src", named, named, _shown(src))


def _of_envelope(content: Mapping[str, Any], hall: str) -> Flaw | None:
    try:
        envelope = Envelope.model_validate(content)
    except ValidationError as err:
        return _flaw(err, content)
    if envelope.version != SCHEMA:
        return Flaw("schema", str(SCHEMA), str(SCHEMA), str(envelope.version))
    if envelope.hall != hall:
        return Flaw("hall", f'"{hall}"', f'"{hall}"', _shown(envelope.hall))
    return None


def _flaw(err: ValidationError, content: Mapping[str, Any]) -> Flaw:
    first = err.errors(include_url=False)[0]
    field = path_text(first["loc"])
    vietnamese, english = _expected(first)
    example = _example(field, english)
    got = "không có" if first["type"] == "missing" else _shown(_at(content, first["loc"]))
    return Flaw(field, f"{vietnamese}, ví dụ {example}", f"{english}, e.g. {example}", got)


def _expected(error: Any) -> tuple[str, str]:  # noqa: ANN401 - pydantic's own dictionary
    context = error.get("ctx") or {}
    if error["type"] == "value_error":
        return _VALUES.get(str(context.get("error", "")), ("giá trị khác", "another value"))
    known = _EXPECTED.get(error["type"])
    if known is None:
        return "giá trị đúng dạng", error["msg"].lower()
    return (
        known[0].format_map(_Plain(context)),
        known[1].format_map(_Plain(context)),
    )


class _Plain(dict[str, Any]):
    """Leaves braces that name no part of an error as they are."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def _example(field: str, english: str) -> str:
    leaf = field.rsplit(".", 1)[-1].split("[", 1)[0]
    if leaf in _EXAMPLES:
        return _EXAMPLES[leaf]
    return _COUNT_EXAMPLE if "integer" in english or "required" in english else '"…"'


def path_text(loc: tuple[str | int, ...]) -> str:
    """A place in a message as programmers write it: `periods[0].resolved.total`."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _at(content: Any, loc: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - whatever JSON holds
    for part in loc:
        try:
            content = content[part]
        except (LookupError, TypeError):
            return None
    return content


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + _HIDDEN


def _start_of(payload: bytes) -> str:
    text = " ".join(payload[:_LONGEST].decode("utf-8", "replace").split())
    return text or "rỗng"
