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
def servers_folder() -> Iterator[Path]:
    """Where servers keep their data: pytest's own folder is root's, kept from every other user."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-postgres-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres(servers_folder: Path) -> Iterator[OwnPostgres]:
    """One server for all tests of a process; each has a database of its own."""
    server = OwnPostgres(servers_folder / "data")
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()


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
