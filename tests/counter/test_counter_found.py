"""What `motcua check` and `motcua doctor` tell of the staff pages of this machine."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hall.cli.__main__ import main
from hall.cli.checking import pages_there
from hall.cli.checking.check import warnings
from hall.cli.diagnosis import page_findings
from hall.counter.settings import CounterPagesSection, TlsSection
from hall.runtime import settings

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def told(port: int, **more: object) -> list[tuple[str, str]]:
    found = page_findings.pages({"counter": {"port": port, **more}}, NOW)
    return [(each.state, each.text) for each in found]


def port_of(hall: Any) -> int:
    return int(hall.address.rpartition(":")[2])


@pytest.fixture
def foreign() -> Iterator[int]:
    """The port of a program that is not ours, and says nothing of ours."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def test_the_doctor_counts_the_browsers(paired_hall: Any) -> None:
    paired_hall.cookie("1")
    port = port_of(paired_hall)

    assert told(port) == [("tốt", f"127.0.0.1:{port}: 0 máy đang mở, 1 máy đã ghép")]


def test_how_many_there_are_is_for_this_machine_alone(paired_hall: Any) -> None:
    assert paired_hall.ask("GET", "/api/pages", source="127.0.0.9").status == 404


def test_the_doctor_tells_of_pages_that_are_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    assert [state for state, _ in told(port)] == ["không mở"]


def test_a_port_that_another_program_has_is_told_before_the_hall_starts(
    foreign: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pages_there, "_PATIENCE_S", 0.1)
    file = tmp_path / "hall.yaml"
    file.write_text(
        "version: 1\n"
        'hall: {id: demo, name: "Hội trường"}\n'
        'services: [{id: a, name: "A", prefix: A}]\n'
        'counters: [{id: "1", serves: [a]}]\n'
        f"counter: {{port: {foreign}}}\n",
        "utf-8",
    )

    notes = [each.text for each in warnings(settings.read(file))]
    assert any(f"cổng {foreign} của máy này do chương trình khác giữ" in note for note in notes)
    assert [state for state, _ in told(foreign)] == ["cổng bị chiếm"]


def test_a_port_that_our_own_pages_have_is_well(open_hall: Any) -> None:
    assert not pages_there.is_port_foreign(CounterPagesSection(port=port_of(open_hall)))


def test_a_certificate_is_told_of_a_month_before_its_end(tmp_path: Path) -> None:
    assert main(["ca", "--pages", "--write", str(tmp_path), "--name", "127.0.0.1"]) == 0
    folder = tmp_path / "etc/motcua/pages"
    files = TlsSection(certificate=folder / "pages.crt", key=folder / "pages.key")
    now = datetime.now(UTC)

    assert pages_there.fault_of(files, now) == ""
    assert "sắp hết hạn" in pages_there.fault_of(files, now + timedelta(days=5 * 365 - 20))
    assert "đã hết hạn" in pages_there.fault_of(files, now + timedelta(days=5 * 365 + 1))
    files.key.unlink()
    assert "pages.key" in pages_there.fault_of(files, now)
