from collections.abc import Iterator

import pytest
from running_hall import RunningHall, running


@pytest.fixture(scope="module")
def running_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    with running(tmp_path_factory.mktemp("hall")) as hall:
        yield hall
