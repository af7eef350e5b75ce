"""What counts as a fault of the version that is on trial."""

import json
from pathlib import Path

from hall.package import outcome, rollout
from hall.package.installation import Installation


def doctor(root: Path, *found: tuple[str, str]) -> Installation:
    """A version whose doctor finds these names not well, with these texts."""
    place = Installation(root)
    python = place.home / "current/.venv/bin/python"
    python.parent.mkdir(parents=True)
    told = [{"name": name, "well": False, "text": text} for name, text in found]
    python.write_text(f"#!/bin/sh\necho '{json.dumps(told)}'\n", encoding="utf-8")
    python.chmod(0o755)
    return place


def test_that_an_earlier_update_failed_hides_nothing_of_the_controller(tmp_path: Path) -> None:
    told = f"{outcome.TOLD}phiên bản 2 không đạt (từ 07:30 30/11)"

    assert rollout._faults(doctor(tmp_path / "a", ("controller", told)), "current") == frozenset()
    both = doctor(tmp_path / "b", ("controller", told), ("controller", "đĩa đầy"))
    assert rollout._faults(both, "current") == {"controller"}


def test_a_doctor_that_says_nothing_is_a_fault(tmp_path: Path) -> None:
    place = doctor(tmp_path)
    (place.home / "current/.venv/bin/python").write_text("#!/bin/sh\n", encoding="utf-8")

    assert rollout._faults(place, "current") == {"motcua doctor"}
