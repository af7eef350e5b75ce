"""The file that registers halls: every mistake at once, with its line, and both of a double."""

from pathlib import Path

import pytest

from hall.province import registry
from hall.runtime.settings import ConfigError

TABLE = """\
hall,unit,name
,xa-a,Xã A
a-1,xa-a,Trung tâm xã A
a-2,xa-a,"Chi nhánh, xã A"
"""


def written(folder: Path, text: str, name: str = "halls.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_table_names_units_and_halls(tmp_path: Path) -> None:
    found = registry.read(written(tmp_path, TABLE))

    assert [each.unit.id for each in found.units] == ["xa-a"]
    assert [(p.hall.id, p.hall.name, p.line) for p in found.halls] == [
        ("a-1", "Trung tâm xã A", 3),
        ("a-2", "Chi nhánh, xã A", 4),
    ]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_table_as_excel_writes_it_is_read(tmp_path: Path, delimiter: str) -> None:
    text = TABLE.replace('"Chi nhánh, xã A"', "Chi nhánh xã A").replace(",", delimiter)
    file = tmp_path / "halls.csv"
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert len(registry.read(file).halls) == 2


def test_a_yaml_names_the_same(tmp_path: Path) -> None:
    text = 'units:\n  - {id: xa-a, name: "Xã A"}\nhalls:\n  - {id: a-1, unit: xa-a, name: "A"}\n'
    found = registry.read(written(tmp_path, text, "halls.yaml"))

    assert found.halls[0].line == 4
    assert found.units[0].unit.name == "Xã A"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "a-1,x,Một\nb,x,Hai\na-1,y,Ba\n",
            ["halls.csv:4:1", "mã 'a-1' đã dùng ở dòng 2: “Một” và “Ba”"],
        ),
        ("A B,x,Một\nunit,x,Hai\n", ["halls.csv:2:1", "'A B' không đúng dạng"]),
        ("unit,x,Hai\n", ["mã 'unit' không dành cho hội trường"]),
        ("a-1,,Một\nb-1,x,\n", ["halls.csv:2:1", "halls.csv:3:1"]),
        (",x,Một\n,x,Hai\n", ["mã 'x' đã dùng ở dòng 2"]),
    ],
)
def test_every_mistake_is_told_with_its_line(tmp_path: Path, rows: str, said: list[str]) -> None:
    with pytest.raises(ConfigError) as refused:
        registry.read(written(tmp_path, "hall,unit,name\n" + rows))

    for each in said:
        assert each in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"one;two\n1;2\n", b"hall,unit,name\n\xff\n"])
def test_what_is_no_such_table_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "halls.csv"
    file.write_bytes(content)

    with pytest.raises(ConfigError):
        registry.read(file)


def test_a_province_of_3321_halls_fits(tmp_path: Path) -> None:
    rows = "".join(f"h{n},x,Trung tâm phục vụ hành chính công xã {n}\n" for n in range(3321))

    assert len(registry.read(written(tmp_path, "hall,unit,name\n" + rows)).halls) == 3321
