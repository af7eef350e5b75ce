"""Where a role of this machine keeps its state, by what the command line says."""

from pathlib import Path

from hall.runtime.state_folders import state_folder

# Where a role's unit keeps its state.
_UNITS_OWN = Path("/var/lib/motcua")


def find(given: Path | None, hall: str, role: str, name: str) -> Path:
    """The first place that holds the file `name`, else the first where one should be.

    A hall that is run by hand may give each role its own folder below `given`.
    """
    usual = [state_folder(hall, None), _UNITS_OWN / role]
    folders = usual if given is None else [given]
    places = [place / name for each in folders for place in (each, each / role)]
    there = [place for place in places if place.exists()]
    ready = [place for place in places if place.parent.is_dir()]
    return next(iter((*there, *ready, *places)))
