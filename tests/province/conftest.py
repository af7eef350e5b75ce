import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from chromium import Browser, cleared, opened
from own_postgres import OwnPostgres

_numbers = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[OwnPostgres]:
    """One server for all tests of a process; each has a database of its own.

    Not in pytest's own folder, which root keeps from every other user.
    """
    folder = Path(tempfile.mkdtemp(prefix="motcua-postgres-"))
    folder.chmod(0o755)
    server = OwnPostgres(folder / "data")
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture
def dsn(postgres: OwnPostgres) -> str:
    return postgres.fresh(f"t{next(_numbers)}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with opened() as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The one Chromium, with an empty page and an empty log."""
    with cleared(chromium) as browser:
        yield browser
