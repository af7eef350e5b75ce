"""What a person reads about a mistake in the YAML: Vietnamese, with what was probably meant."""

import difflib
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

_YAML_WORDS = {
    "but found another document": "tệp chỉ được có một tài liệu (bỏ dòng ---)",
    "found character that cannot start any token": "ký tự này phải đặt trong dấu nháy, "
    "và thụt dòng bằng dấu cách, không dùng phím Tab",
    "found unexpected end of stream": "thiếu dấu nháy đóng",
    "mapping values are not allowed in this context": "dấu ':' không được ở đây; "
    "xem lại thụt dòng, hoặc đặt chữ có ':' trong dấu nháy",
    "did not find expected key": "chờ một khoá; xem lại thụt dòng của dòng này và dòng trên",
    "could not find expected ':'": "thiếu dấu ':' sau khoá",
    "did not find expected ',' or ']'": "thiếu dấu ',' hoặc ']'",
    "did not find expected ',' or '}'": "thiếu dấu ',' hoặc '}'",
    "did not find expected '-' indicator": "chờ dấu '-' của một mục trong danh sách",
    "did not find expected node content": "thiếu nội dung",
    "found unknown escape character": "dấu \\ trong dấu nháy kép phải viết thành \\\\",
    "found invalid Unicode character escape code": "mã ký tự sau dấu \\ không có thật",
    "did not find expected hexdecimal number": "sau \\x, \\u phải là số thập lục phân",
    "block sequence entries are not allowed in this context": "dấu '-' không được ở đây; "
    "xem lại thụt dòng",
    "did not find expected <document start>": "thừa chữ ở đầu dòng; xem lại thụt dòng",
}


def file_words(err: OSError) -> str:
    """Why a file cannot be read, in our words where it is a person's mistake."""
    match err:
        case FileNotFoundError() | NotADirectoryError():
            return "không có tệp này"
        case IsADirectoryError():
            return "đây là một thư mục"
        case PermissionError():
            return "tài khoản này không có quyền đọc"
        case _:
            return str(err.strerror)


def yaml_words(problem: str) -> str:
    """Libyaml's complaint in our words, where they are known."""
    return _YAML_WORDS.get(problem, f"sai cú pháp YAML: {problem}")


def meant(given: str, known: list[str]) -> str:
    close = difflib.get_close_matches(given, known, n=1, cutoff=0.6)
    if close:
        return f" (ý bạn là '{close[0]}'?)"
    return f" (các khoá có thể: {', '.join(known)})" if known else ""


def keys_beside(model: type[BaseModel], path: tuple[str | int, ...]) -> set[str]:
    """All keys the model knows at the place of a wrong one, over every branch of a union."""
    return set(_keys(model.model_json_schema(), model.model_json_schema(), path[:-1]))


def elsewhere(model: type[BaseModel], key: str) -> list[str]:
    """The sections at whose entries the model knows this key, in the order of their names."""
    schema = model.model_json_schema()
    sections = schema.get("properties", {})
    return sorted(name for name in sections if key in _keys(schema, schema, (name, 0)))


def _keys(root: dict[str, Any], here: Any, path: tuple[str | int, ...]) -> Iterator[str]:  # noqa: ANN401
    for found in _at(root, here, path):
        yield from found.get("properties", {})


def _at(root: dict[str, Any], here: Any, path: tuple[str | int, ...]) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """Every branch of the schema that describes this place."""
    if "$ref" in here:
        if not path:
            yield here
        here = root["$defs"][here["$ref"].rsplit("/", 1)[-1]]
    for branch in (*here.get("anyOf", ()), *here.get("oneOf", ()), *here.get("allOf", ())):
        yield from _at(root, branch, path)
    if not path:
        yield here
    elif isinstance(path[0], int):
        yield from _at(root, here.get("items", {}), path[1:])
    else:
        step = here.get("properties", {}).get(path[0]) or here.get("additionalProperties") or {}
        if isinstance(step, dict):
            yield from _at(root, step, path[1:])


def described(model: type[BaseModel], path: tuple[str | int, ...]) -> str:
    """What the model says of this key, and an example: a pattern is nothing for a technician."""
    schema = model.model_json_schema()
    found = list(_at(schema, schema, path))
    about = next((str(each["description"]) for each in found if "description" in each), "")
    example = next((str(each["examples"][0]) for each in found if each.get("examples")), "")
    return (f": {about}" if about else "") + (f" Ví dụ: {example}" if example else "")


def version_words(error: Any) -> str:  # noqa: ANN401
    """What to do about a file of another version."""
    given = error.get("input")
    if error["type"] == "missing":
        return "thiếu khoá này: thêm dòng 'version: 1' ở đầu tệp"
    if isinstance(given, int) and given > 1:
        return f"tệp của một bản motcua mới hơn (version {given}): cập nhật motcua trên máy này"
    if isinstance(given, int):
        return f"tệp của một bản motcua cũ (version {given}): chạy motcua config migrate"
    return words(error)


_WORDS = {
    "missing": "thiếu khoá này",
    "string_type": "phải là chữ",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "float_type": "phải là số",
    "float_parsing": "phải là số",
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
    "list_type": "phải là một danh sách",
    "tuple_type": "phải là một danh sách",
    "dict_type": "phải là một bảng khoá: giá trị",
    "model_type": "phải là một bảng khoá: giá trị",
    "model_attributes_type": "phải là một bảng khoá: giá trị",
    "json_invalid": "không phải JSON",
}


_WORDS_WITH_LIMITS = {
    "greater_than_equal": "phải từ {ge} trở lên",
    "greater_than": "phải lớn hơn {gt}",
    "less_than_equal": "phải từ {le} trở xuống",
    "less_than": "phải nhỏ hơn {lt}",
    "too_short": "cần ít nhất {min_length} mục",
    "too_long": "nhiều nhất {max_length} mục",
    "string_too_short": "cần ít nhất {min_length} ký tự",
    "string_too_long": "dài quá {max_length} ký tự",
    "union_tag_not_found": "thiếu khoá {discriminator}",
    "value_error": "{error}",
}


def first_mistake(err: ValidationError) -> str:
    """The first of what is wrong, with its place, for a person who mends one thing at a time."""
    error = err.errors()[0]
    return ": ".join(filter(None, (".".join(map(str, error["loc"])), words(error))))


def words(error: Any) -> str:  # noqa: ANN401
    kind, context, given = error["type"], error.get("ctx", {}), str(error.get("input", ""))
    if kind in ("literal_error", "enum"):
        return _choice(given, str(context["expected"]))
    if kind == "union_tag_invalid":
        return _choice(str(context["tag"]), str(context["expected_tags"]))
    if kind == "string_pattern_mismatch":
        return f"'{given}' không đúng dạng {context['pattern']}"
    if kind in ("too_short", "too_long") and isinstance(error.get("input"), str):
        # A text that was cleaned first is to pydantic a collection of characters.
        kind = f"string_{kind}"
    if kind in _WORDS_WITH_LIMITS:
        return _WORDS_WITH_LIMITS[kind].format_map(context)
    return _WORDS.get(kind, str(error["msg"]))


def _choice(given: str, expected: str) -> str:
    known = [k.strip("' ") for k in expected.replace(" or ", ", ").split(", ")]
    if given in known:
        return f"phải viết {given} không có dấu nháy"
    close = difflib.get_close_matches(given, known, n=1, cutoff=0.6)
    meant = f" (ý bạn là '{close[0]}'?)" if close else ""
    return f"'{given}' không dùng được; chỉ có: {', '.join(known)}{meant}"
