"""Whatever the file, the import takes little memory, ends when told, and says what was wrong."""

import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from onestop_tables import job

from hall.onestop.intake.importing import ImportOutcome
from hall.onestop.intake.workshop import Workshop

DATA = Path(__file__).parent / "data" / "files"
HEAD = "MaHoSo,TrangThaiHoSo,NgayTiepNhan\n"
MB = 1024 * 1024


def imported(path: Path, folder: Path) -> ImportOutcome:
    outcome = Workshop(threading.Event()).run(job(path, folder), lambda _rows: None)
    assert outcome is not None
    return outcome


def test_a_file_is_taken_in_by_a_process_of_its_own(tmp_path: Path) -> None:
    outcome = imported(DATA / "dossiers.csv", tmp_path / "work")

    assert (outcome.report.state, outcome.report.taken) == ("taken", 10)


def long_line(path: Path) -> None:
    with path.open("w") as file:
        file.write(HEAD)
        for _ in range(10):
            file.write("x" * MB)


def deep(path: Path) -> None:
    path.write_text("[" * MB)


def long_text(path: Path) -> None:
    with path.open("w") as file:
        file.write('[{"MaHoSo": "')
        for _ in range(70):
            file.write("x" * MB)
        file.write('"}]')


def bomb(path: Path) -> None:
    """More rows than memory holds, in a small file."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made,
        zipfile.ZipFile(DATA / "Dossiers.xlsx") as real,
    ):
        for name in real.namelist():
            if not name.endswith("sheet2.xml"):
                made.writestr(name, real.read(name))
                continue
            with made.open(name, "w", force_zip64=True) as sheet:
                for _ in range(45):
                    sheet.write(b"<row></row>" * (MB // 11))


def sparse(path: Path) -> None:
    """Two cells, as far apart as a sheet is large: 17,000 million cells lie between."""
    cell = '<row r="{row}"><c r="{place}{row}"><v>1</v></c></row>'
    rows = cell.format(row=1, place="A") + cell.format(row=1048576, place="XFD")
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    with (
        zipfile.ZipFile(path, "w") as made,
        zipfile.ZipFile(DATA / "Dossiers.xlsx") as real,
    ):
        for name in real.namelist():
            made.writestr(name, text if name.endswith("sheet2.xml") else real.read(name))


@pytest.mark.parametrize(
    ("name", "make", "why"),
    [
        ("dài.csv", long_line, "dài hơn 256 nghìn chữ"),
        ("sâu.json", deep, "lồng nhau quá sâu"),
        ("chữ.json", long_text, "bộ đọc dừng giữa chừng"),
        ("bom.xlsx", bomb, "tệp Excel quá lớn: 4"),
        ("thưa.xlsx", sparse, "bộ đọc dừng giữa chừng"),
    ],
)
def test_a_file_made_to_break_a_reader_is_refused_by_its_kind(
    tmp_path: Path, name: str, make: Callable[[Path], None], why: str
) -> None:
    make(tmp_path / name)
    report = imported(tmp_path / name, tmp_path / "work").report

    assert report.state == "refused"
    assert why in report.reasons[0]


def test_an_import_ends_soon_after_it_is_told_to(tmp_path: Path) -> None:
    path, ended = tmp_path / "năm.csv", threading.Event()
    rows = "".join(f"H38.12-261101-{n:06d},4,02/11/2026\n" for n in range(400_000))
    path.write_text(HEAD + rows)
    begun = threading.Event()
    results: list[ImportOutcome | None] = []
    asked = job(path, tmp_path / "work")
    thread = threading.Thread(
        target=lambda: results.append(Workshop(ended).run(asked, lambda _rows: begun.set()))
    )
    thread.start()
    assert begun.wait(60)
    told_at = time.monotonic()
    ended.set()
    thread.join(30)

    assert results == [None]
    assert time.monotonic() - told_at < 30
