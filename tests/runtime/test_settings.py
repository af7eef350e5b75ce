"""The hall's YAML: every trap is told with its place and what was meant."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import Field, model_validator

from hall.runtime import settings
from hall.runtime.sections import Shared
from hall.runtime.settings import ConfigError, Section

SMALLEST = """\
version: 1
hall: {id: thu, name: "Xã Thử"}
services:
  - {id: ho-tich, name: "Hộ tịch", prefix: A}
counters:
  - {id: "1", serves: [ho-tich]}
"""


class Display(Section):
    driver: Literal["window"]
    brightness: int = Field(default=5, ge=0, le=10)


class Matrix(Section):
    driver: Literal["max7219"]
    chips: int


class Role(Section):
    display: Annotated[Display | Matrix, Field(discriminator="driver")] | None = None
    name: str = ""
    when: str = ""
    on: bool = False
    ratio: float = 0.0
    hole: int | None = None
    either: int | list[str] = 0
    names: tuple[str, ...] = Field(default=(), max_length=2)
    span: tuple[int, int] = (0, 1)

    @model_validator(mode="after")
    def _whole(self) -> "Role":
        if self.name == "sai":
            raise ValueError("tên này không dùng được")
        return self


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("hall.yaml")


def told(file: Path, text: str | bytes, model: type[Section] = Role) -> list[str]:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigError) as caught:
        settings.load(file, model)
    return str(caught.value).splitlines()


def why(path: Path) -> str:
    """What is wrong with a file; a good one has its own name alone."""
    try:
        settings.load(path, Role)
    except ConfigError as err:
        return str(err)
    return f"{path}:"


def loaded(file: Path, text: str) -> Role:
    file.write_text(text, encoding="utf-8")
    return settings.load(file, Role)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nmae: x\n", "hall.yaml:1:1: nmae: không có khoá này (ý bạn là 'name'?)"),
        (
            "display:\n  driver: window\n  brightnes: 3\n",
            "hall.yaml:3:3: display.brightnes: không có khoá này (ý bạn là 'brightness'?)",
        ),
        ("display: {driver: max7219}\n", "hall.yaml:1:1: display.chips: thiếu khoá này"),
        ("display: {chips: 4}\n", "hall.yaml:1:1: display: thiếu khoá 'driver'"),
        (
            "display: {driver: windwo}\n",
            (
                "hall.yaml:1:1: display: 'windwo' không dùng được; chỉ có: window, max7219 "
                "(ý bạn là 'window'?)"
            ),
        ),
        (
            "display: {driver: window, brightness: 11}\n",
            "hall.yaml:1:27: display.brightness: phải từ 10 trở xuống",
        ),
        (
            "display: {driver: window, chips: 4}\n",
            "hall.yaml:1:27: display.chips: khoá này không đi với loại (driver) đã chọn ở đây",
        ),
        ("name: [a]\n", "hall.yaml:1:1: name: phải là chữ"),
        ("name: 7\n", "hall.yaml:1:1: name: phải là chữ"),
        ("hole: '7'\n", "hall.yaml:1:1: hole: phải là số nguyên"),
        ("hole: 08\n", "hall.yaml:1:1: hole: phải là số nguyên"),
        ("hole: true\n", "hall.yaml:1:1: hole: phải là số nguyên"),
        ("hole: 1.0\n", "hall.yaml:1:1: hole: phải là số nguyên"),
        ("on: no\n", "hall.yaml:1:1: on: phải là true hoặc false"),
        ("on: 1\n", "hall.yaml:1:1: on: phải là true hoặc false"),
        ("ratio: 1_0.5\n", "hall.yaml:1:1: ratio: phải là số"),
        ("ratio: 1:30.5\n", "hall.yaml:1:1: ratio: phải là số"),
        ("ratio: .inf\n", "hall.yaml:1:1: ratio: phải là số"),
        ("names: a\n", "hall.yaml:1:1: names: phải là một danh sách"),
        ("names: [a, b, c]\n", "hall.yaml:1:1: names: nhiều nhất 2 mục"),
        ("names: [a, 7]\n", "hall.yaml:1:12: names.1: phải là chữ"),
        ("span: [1]\n", "hall.yaml:1:1: span.1: thiếu khoá này"),
        ("name: sai\n", "hall.yaml:1:1: tên này không dùng được"),
        ("name: a\nname: b\n", "hall.yaml:2:1: name: khoá 'name' lặp lại, lần đầu ở dòng 1"),
        (
            "display: {driver: window, driver: window}\n",
            "hall.yaml:1:27: display.driver: khoá 'driver' lặp lại, lần đầu ở dòng 1",
        ),
        ("name: &a x\n", "hall.yaml:1:7: không dùng & và * trong tệp này"),
        ("a: &a [*a]\n", "hall.yaml:1:4: không dùng & và * trong tệp này"),
        ("name: *a\n", "hall.yaml:1:7: không dùng & và * trong tệp này"),
        ("name: !!python/object:os.system x\n", "hall.yaml:1:7: không dùng nhãn ! trong tệp này"),
        ("name: !!int '7'\n", "hall.yaml:1:7: không dùng nhãn ! trong tệp này"),
        ("name: !secret x\n", "hall.yaml:1:7: không dùng nhãn ! trong tệp này"),
        ("[a]: x\n", "hall.yaml:1:1: khoá phải là chữ"),
        ("? {a: b}\n: x\n", "hall.yaml:1:3: khoá phải là chữ"),
        ("name: x\n---\nname: y\n", "hall.yaml:2:1: tệp chỉ được có một tài liệu (bỏ dòng ---)"),
        ("- a\n- b\n", "hall.yaml:1:1: tệp phải là một bảng khoá: giá trị"),
        ("chữ\n", "hall.yaml:1:1: tệp phải là một bảng khoá: giá trị"),
        (
            "display:\n\tdriver: window\n",
            (
                "hall.yaml:2:1: ký tự này phải đặt trong dấu nháy, và thụt dòng bằng dấu cách, "
                "không dùng phím Tab"
            ),
        ),
        ('name: "a\\x07b"\n', "hall.yaml:1:7: name: có ký tự điều khiển"),
        ('name: "a\\nb"\n', "hall.yaml:1:7: name: có ký tự điều khiển"),
        ('name: "a\\u202eb"\n', "hall.yaml:1:7: name: có ký tự điều khiển"),
        ('"na\\x1bme": a\n', "hall.yaml:1:1: khoá có ký tự điều khiển"),
        (
            b"name: x\nwhen: \xff\n",
            (
                "hall.yaml:2:1: không phải UTF-8: lưu lại với bảng mã UTF-8 "
                "(Notepad: Save As, Encoding: UTF-8)"
            ),
        ),
        ("name: 'a\n", "hall.yaml:2:1: thiếu dấu nháy đóng (của phần bắt đầu ở dòng 1)"),
        ("names: [a, b\n", "hall.yaml:2:1: thiếu dấu ',' hoặc ']' (của phần bắt đầu ở dòng 1)"),
        (
            "name: a: b\n",
            (
                "hall.yaml:1:8: dấu ':' không được ở đây; xem lại thụt dòng, hoặc đặt chữ có ':' "
                "trong dấu nháy"
            ),
        ),
        ("name: @a\n", "hall.yaml:1:7: "),
        (b"a: " + b"[" * 50_000, "hall.yaml:1:35: lồng nhau quá 32 tầng"),
        (b"a: " + b"{a: " * 40_000, "hall.yaml:1:128: lồng nhau quá 32 tầng"),
        (b"x" * 300_000, "hall.yaml:1:1: tệp lớn hơn 262144 byte"),
    ],
)
def test_a_mistake_is_told_with_line_column_and_path(
    file: Path, text: str | bytes, expected: str
) -> None:
    first = told(file, text)[0]

    assert first == expected or (expected.endswith(": ") and first.startswith(expected)), first


def test_the_nine_lines_that_make_billions_are_refused_at_once(file: Path) -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )

    assert told(file, laughs) == ["hall.yaml:1:4: không dùng & và * trong tệp này"]


def test_all_mistakes_come_at_once_in_the_order_of_the_file(file: Path) -> None:
    text = "hole: x\nnmae: y\non: yes\ndisplay:\n  driver: window\n  brightness: -1\n"

    assert [line.split(": ")[0] for line in told(file, text)] == [
        "hall.yaml:1:1",
        "hall.yaml:2:1",
        "hall.yaml:3:1",
        "hall.yaml:6:3",
    ]


def test_what_yaml_cannot_hold_is_told_with_its_place(file: Path) -> None:
    text = 'name: "\x1b[31m"\r\nhole: \x00\nratio: x\n'

    assert told(file, text) == [
        "hall.yaml:1:8: có ký tự điều khiển (U+001B)",
        "hall.yaml:2:7: có ký tự điều khiển (U+0000)",
        "hall.yaml:3:1: ratio: phải là số",
    ]


def test_a_file_of_controls_alone_is_told_in_few_lines(file: Path) -> None:
    assert len(told(file, b"\x01" * 5000)) <= 21


def test_a_double_key_does_not_hide_what_else_is_wrong(file: Path) -> None:
    assert [line.split(": ")[0] for line in told(file, "hole: x\nname: a\nname: b\n")] == [
        "hall.yaml:1:1",
        "hall.yaml:3:1",
    ]


def test_a_list_with_a_wrong_entry_is_not_also_too_short(file: Path) -> None:
    assert told(file, SMALLEST.replace("prefix: A", "prefix: a"), Shared) == [
        "hall.yaml:4:36: services.0.prefix: 'a' không đúng dạng: Chữ đứng trước số. Ví dụ: A"
    ]
    assert told(file, SMALLEST.replace("serves: [ho-tich]", "serves: []"), Shared) == [
        "hall.yaml:6:15: counters.0.serves: cần ít nhất 1 mục"
    ]


def test_two_keys_given_twice_are_two_mistakes(file: Path) -> None:
    assert len(told(file, "name: a\nname: b\nhole: 1\nhole: 2\n")) == 2


def test_a_file_that_is_not_there_is_told(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"hall\.yaml:1:1: không đọc được tệp: không có"):
        settings.load(file, Role)


def test_a_file_without_end_is_not_read_to_the_end() -> None:
    with pytest.raises(ConfigError, match="lớn hơn"):
        settings.load(Path("/dev/zero"), Role)


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=":1:1: không đọc được tệp: đây là một thư mục"):
        settings.load(tmp_path, Role)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: no\n", {"name": "no"}),
        ("name: Yes\n", {"name": "Yes"}),
        ("when: 07:30\n", {"when": "07:30"}),
        ("when: 2026-09-02\n", {"when": "2026-09-02"}),
        ("name: 0123\n", {"name": "0123"}),
        ("name: 08\n", {"name": "08"}),
        ("name: 1e3\n", {"name": "1e3"}),
        ("name: 1_000\n", {"name": "1_000"}),
        ("name: '1'\n", {"name": "1"}),
        (f"name: {'9' * 5000}\n", {"name": "9" * 5000}),
        ("on: true\n", {"on": True}),
        ("hole: 0x1F\n", {"hole": 31}),
        ("hole: +5\n", {"hole": 5}),
        ("hole: -0\n", {"hole": 0}),
        ("hole: null\n", {"hole": None}),
        ("hole:\n", {"hole": None}),
        ("ratio: 3\n", {"ratio": 3.0}),
        ("ratio: 0.5\n", {"ratio": 0.5}),
        ("names: [a, no]\n", {"names": ("a", "no")}),
        ("span: [1, 2]\n", {"span": (1, 2)}),
        ("either: [a]\n", {"either": ["a"]}),
        ("\ufeffname: x\r\non: true\r\n", {"name": "x", "on": True}),
        ("name: |\n  một\n  hai\n", {"name": "một\nhai\n"}),
        ("", {}),
        ("# chỉ có ghi chú\n", {}),
        ("---\nname: x\n", {"name": "x"}),
        (
            "display: {driver: max7219, chips: 4}\n",
            {"display": Matrix(driver="max7219", chips=4)},
        ),
    ],
)
def test_plain_yaml_means_what_a_person_reads(
    file: Path, text: str, expected: dict[str, object]
) -> None:
    role = loaded(file, text)

    assert {key: getattr(role, key) for key in expected} == expected


@given(st.binary(max_size=300))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_configuration_or_told_to_be_none(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "any.yaml"
    path.write_bytes(raw)

    assert why(path).startswith(f"{path}:")


@given(st.text(alphabet="ab: -[]{}&*!|>'\"#\n\t,?%@`\\0~", max_size=60))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_yaml_is_a_configuration_or_told_to_be_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "any.yaml"
    path.write_text(text, encoding="utf-8")

    assert why(path).startswith(f"{path}:")


def test_a_role_judges_its_own_sections_and_not_its_neighbours(file: Path) -> None:
    file.write_text("name: x\nkiosks: 7\n", encoding="utf-8")

    document = settings.read(file)

    assert settings.check(document.part(Role.model_fields), Role).name == "x"
    with pytest.raises(ConfigError, match="kiosks"):
        settings.check(document, Role)


def test_the_smallest_hall_is_four_sections(file: Path) -> None:
    file.write_text(SMALLEST, encoding="utf-8")

    shared = settings.load(file, Shared)

    assert shared.broker.url == "auto"
    assert shared.counters[0].title == "Quầy 1"
    assert shared.counters[0].may_act("bridge-2")
    assert not shared.counters[0].may_act("kiosk-1")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: thu", "id: Xã", "hall.id: 'Xã' không đúng dạng"),
        ("version: 1", "version: 2", "version: tệp của một bản motcua mới hơn (version 2)"),
        ("version: 1\n", "", "version: thiếu khoá này"),
        ('services:\n  - {id: ho-tich, name: "Hộ tịch", prefix: A}\n', "services: []\n", "mục"),
        ("prefix: A", "prefix: a", "services.0.prefix"),
        ("prefix: A", "quota: 0", "services.0.quota: phải từ 1 trở lên"),
        ('"Xã Thử"}', '"X", hours: ["7:30-11:30"]}', "phải có dạng 07:30-11:30"),
        ('"Xã Thử"}', '"X", hours: ["11:30-07:30"]}', "không phải khoảng giờ"),
        ('"Xã Thử"}', '"X", holidays: [2026-02-30]}', "phải có dạng 2026-09-02"),
        ('"Xã Thử"}', '"X", holidays: [2026-W36-3]}', "phải có dạng 2026-09-02"),
        ('"Xã Thử"}', '"X", days: [mon, thứ]}', "'thứ' không dùng được"),
        ('"Xã Thử"}', '"X", days: []}', "cần ít nhất 1 mục"),
        ('"Xã Thử"}', '"X", hours: []}', "chưa có giờ nào"),
        ('"Xã Thử"}', '"X", hours: {mon: []}}', "hall.hours.mon: chưa có giờ nào"),
        ('"Xã Thử"}', '"X", hours: {thứ2: ["07:30-11:30"]}}', "'thứ2' không dùng được"),
        (
            '"Xã Thử"}',
            '"X", hours: ["13:30-17:00", "07:30-13:31"]}',
            "hai khoảng giờ chồng nhau: 07:30-13:31 và 13:30-17:00",
        ),
        ('"Xã Thử"}', '"X", timezone: Etc/GMT+7}', "'Etc/GMT+7' là UTC-7; ghi tên vùng"),
        ('"Xã Thử"}', '"X", timezone: Etc/GMT-7}', "'Etc/GMT-7' là UTC+7; ghi tên vùng"),
        ('"Xã Thử"}', '"X", days_off: ["2027-02-10..2027-02-04"]}', "ngày cuối trước ngày đầu"),
        ('"Xã Thử"}', '"X", days_off: [tết]}', "phải có dạng 2027-02-04..2027-02-10"),
        ('"Xã Thử"}', '"X", holidays: ["2027-02-04..2027-02-10"]}', "ghi ở days_off"),
        ('"Xã Thử"}', '"X", timezone: Asia/Hanoi}', "không có múi giờ 'Asia/Hanoi'"),
        ("version: 1", "version: 1\nbroker: {url: 'mqtt://tech:secret@x'}", "broker.url"),
    ],
)
def test_a_wrong_shared_section_is_told(file: Path, old: str, new: str, expected: str) -> None:
    assert expected in "\n".join(told(file, SMALLEST.replace(old, new), Shared))
