"""`motcua config`: a file from a few answers, what it means, and one of an earlier version."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from hall.cli.__main__ import main
from hall.cli.configuring.new_hall import DRAWN_PINS
from hall.cli.configuring.questions import Questions
from hall.reading.alike import distinct_letters
from hall.runtime.settings import skim

REAL = (
    "UBND xã Đông Hải\n\nlắp\n\nHộ tịch, Đất đai\n5\n10.0.0.20\nPINS\n/dev/hall/bus1\ncó\ncó\ncó\n"
)
DRAWN = REAL.replace("PINS", "bản vẽ")
Answer = Callable[[str], int]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hall.yaml"


@pytest.fixture
def answered(file: Path, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """`config new` by a pipe that holds these lines."""

    def give(lines: str) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        return main(["config", "new", str(file)])

    return give


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        ("", ('id: "bo-phan-mot-cua"', "buttons: [{service: ho-tich-chung-thuc}, ")),
        (
            DRAWN,
            (
                'id: "ubnd-xa-dong-hai"',
                "host: 10.0.0.20",
                "{service: dat-dai, gpio: 22, lamp: 23}",
                "board: {screen: ",
                "voice: {player: alsa}",
            ),
        ),
    ],
    ids=["trial", "real"],
)
def test_a_new_file_is_good_and_all_its_roles_can_be_built(
    file: Path, answered: Answer, lines: str, written: tuple[str, ...]
) -> None:
    assert answered(lines) == 0

    assert [text for text in written if text not in file.read_text()] == []
    assert main(["check", "-c", str(file)]) == 0


@pytest.mark.parametrize(
    ("pins", "written"),
    [
        ("17/27, 22", "[{service: ho-tich, gpio: 17, lamp: 27}, {service: dat-dai, gpio: 22}]"),
        ("không", "buttons: []"),
    ],
)
def test_buttons_are_wired_as_the_technician_says(
    file: Path, answered: Answer, pins: str, written: str
) -> None:
    assert answered(REAL.replace("PINS", pins)) == 0

    assert written in file.read_text()


@pytest.mark.parametrize("letters", ["D, G", "D, V", "B, C", "A, A", "A", "A, 1"])
def test_letters_that_sound_alike_are_refused(
    file: Path, answered: Answer, capsys: pytest.CaptureFixture[str], letters: str
) -> None:
    assert answered(f"{REAL.replace('PINS', 'không')}{letters}\n") != 0

    assert not file.exists()
    assert "Chữ đứng trước số" in capsys.readouterr().err


def test_letters_may_be_chosen(file: Path, answered: Answer) -> None:
    assert answered(f"{REAL.replace('PINS', 'không')}h, l\n") == 0

    assert [s["prefix"] for s in skim(file).values["services"]] == ["H", "L"]


def test_as_many_services_as_can_be_told_apart_fit_every_display(
    file: Path, answered: Answer
) -> None:
    letters = distinct_letters()
    names = ", ".join(f"Lĩnh vực {letter}" for letter in letters)
    assert answered(REAL.replace("PINS", "không").replace("Hộ tịch, Đất đai", names)) == 0

    assert [s["prefix"] for s in skim(file).values["services"]] == [*letters]
    assert main(["check", "-c", str(file)]) == 0


def test_a_service_more_has_no_letter_of_its_own(file: Path, answered: Answer) -> None:
    names = ", ".join(f"Lĩnh vực {n}" for n in range(len(distinct_letters()) + 1))

    assert answered(REAL.replace("PINS", "không").replace("Hộ tịch, Đất đai", names)) != 0
    assert not file.exists()


def test_a_new_file_calls_no_two_services_by_letters_that_sound_alike(
    file: Path, answered: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    answered("")
    main(["check", "-c", str(file)])

    assert "nghe" not in capsys.readouterr().out


def test_the_drawn_pins_are_those_of_the_sample_hall() -> None:
    sample = skim(Path(__file__).parents[2] / "config" / "hall.yaml").values
    wired = [(b["gpio"], b.get("lamp")) for b in sample["printers"][0]["buttons"]]

    assert wired[: len(DRAWN_PINS)] == [*DRAWN_PINS]


def test_every_service_has_a_counter_and_every_counter_a_service(
    file: Path, answered: Answer
) -> None:
    assert answered("\n\n\n\nHộ tịch, Đất đai, Thuế\n2\n") == 0

    assert "serves: [ho-tich, thue]" in file.read_text()
    assert "serves: [dat-dai]" in file.read_text()


def test_a_file_that_is_there_is_never_written_over(
    file: Path, answered: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("mine")

    assert answered("") == 2

    assert file.read_text() == "mine"
    assert "không ghi đè" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("x\nCó Dấu\n", "ví dụ mu-cang-chai"),
        ("x\nx\nthử\n7h-11h\n", "07:30-11:30"),
        ("x\nx\nthử\n\n\n99\n", "từ 1 đến 32"),
        ("x\nx\nthử\n\n\n\nmáy in\n", "một địa chỉ IP"),
        (REAL.replace("PINS", "17/17"), "chân 17: mỗi chân một lần"),
        (REAL.replace("PINS", "40"), "từ 2 đến 27"),
        (REAL.replace("PINS", "5, 6, 7"), "nhiều nhất 2 cặp chân"),
    ],
)
def test_an_answer_by_a_pipe_that_cannot_be_used_is_told_and_nothing_is_written(
    file: Path, answered: Answer, capsys: pytest.CaptureFixture[str], lines: str, told: str
) -> None:
    assert answered(lines) == 2

    assert told in capsys.readouterr().err.splitlines()[-1]
    assert not file.exists()


def test_who_is_there_is_asked_again() -> None:
    prompts = io.StringIO()
    questions = Questions(io.StringIO("hai\n2\n"), prompts, again=True)

    assert questions.ask("Có mấy quầy", "1", int) == 2

    assert prompts.getvalue().count("Có mấy quầy") == 2


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("hall.name", 'hall.name: "Bộ phận một cửa"  (dòng 7)'),
        ("printers.0.driver", 'printers.0.driver: "simulated"  (dòng 33)'),
        ("queue", "queue.recall_limit: 3  (mặc định)"),
        ("", 'broker.credential: "mqtt-password"  (mặc định)'),
    ],
)
def test_a_value_is_shown_with_its_line(
    file: Path, answered: Answer, capsys: pytest.CaptureFixture[str], key: str, shown: str
) -> None:
    answered("")

    assert main(["config", "show", "-c", str(file), *([key] if key else [])]) == 0

    assert shown in capsys.readouterr().out.splitlines()


def test_a_key_that_is_not_there_is_told(
    file: Path, answered: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    answered("")

    assert main(["config", "show", "-c", str(file), "quue"]) == 2
    assert "không có khoá 'quue'" in capsys.readouterr().err


def test_an_old_file_is_written_anew_beside_itself_with_its_comments(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = (
        "version: 0 # cũ\r\n"
        'hall: {id: thu, name: "Xã Thử"}\r\n'
        'services: [{id: ho-tich, name: "Hộ tịch"}]\r\n'
        'counters: [{id: "1", serves: [ho-tich]}]\r\n'
        "# trang cán bộ\r\n"
        "counter_pages: {port: 8081}\r\n"
    )
    file.write_bytes(old.encode())

    assert main(["config", "migrate", "-c", str(file)]) == 0

    new = file.with_name("hall-moi.yaml").read_bytes().decode()
    assert new == old.replace("version: 0", "version: 1").replace("counter_pages", "counter")
    assert file.read_bytes() == old.encode()
    assert f"{file}:6: counter_pages → counter" in capsys.readouterr().out


def test_a_file_of_this_version_needs_nothing(
    file: Path, answered: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    answered("")

    assert main(["config", "migrate", "-c", str(file)]) == 0

    assert "không có gì phải đổi" in capsys.readouterr().out
    assert not file.with_name("hall-moi.yaml").exists()
