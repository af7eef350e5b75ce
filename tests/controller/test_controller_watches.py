"""What ends in silence is told in time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from broker_of_ones_own import certificate

from hall.controller import __main__ as wiring
from hall.package import outcome
from hall.package.outcome import Outcome

END = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def lasting(world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A hall whose broker's certificate ends on 1 March."""
    folder = certificate(tmp_path / "certs", f"{END:%Y%m%d%H%M%SZ}")
    monkeypatch.setattr(wiring, "FOLDER", str(folder))
    return world


@pytest.mark.parametrize(("days", "told"), [(31, False), (29, True), (-1, True)])
def test_a_certificate_is_told_of_a_month_before_its_end(
    days: int, *, told: bool, lasting: Any
) -> None:
    lasting.clock.at = END - timedelta(days=days)

    assert ("certificate_expires" in lasting.start().alerts()) is told


def test_a_certificate_made_anew_is_told_of_no_more(lasting: Any, tmp_path: Path) -> None:
    lasting.clock.at = END
    assert "certificate_expires" in lasting.start().alerts()

    new = certificate(tmp_path / "new") / "broker.crt"
    new.replace(tmp_path / "certs" / "broker.crt")

    assert "certificate_expires" not in lasting.wait(3600).alerts()


def test_a_clock_that_nobody_vouches_for_ends_no_certificate(lasting: Any) -> None:
    lasting.clock.at, lasting.clock.is_trusted = END, False

    assert "certificate_expires" not in lasting.start().alerts()


def test_an_update_that_went_back_is_told_until_one_is_kept(
    world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "update.json"
    monkeypatch.setattr(wiring, "UPDATE", file)
    assert "update_failed" not in world.start().alerts()

    outcome.write(file, Outcome("returned", "0.2.0", "dịch vụ không sẵn sàng: motcua-voice"))
    told = world.wait(3600).daemon.context.health.alerts["update_failed"]
    assert "phiên bản 0.2.0 không đạt, đã về bản trước: dịch vụ không sẵn sàng" in told.text
    assert "cập nhật lại" in told.advice

    outcome.write(file, Outcome("kept", "0.2.0"))
    assert "update_failed" not in world.wait(3600).alerts()
