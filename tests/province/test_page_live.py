"""What the province's page serves, over HTTP: real mosquitto, real PostgreSQL, halls that speak."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from own_postgres import OwnPostgres
from own_province_page import OwnProvincePage, make_page

pytestmark = pytest.mark.broker
HALLS = ("mu-cang-chai", "bac-tu-liem", "dien-hong")


@pytest.fixture(scope="module")
def page(postgres: OwnPostgres) -> Iterator[OwnProvincePage]:
    with tempfile.TemporaryDirectory(prefix="motcua-page-") as folder:
        made = make_page(Path(folder) / "tinh", postgres.fresh("page"), HALLS)
        try:
            made.open()
            made.account("lanh-dao")
            made.account("van-hanh", "operator")
            yield made
        finally:
            made.close()


def test_a_halls_states_stand_in_its_line(page: OwnProvincePage) -> None:
    leader = page.sign_in("lanh-dao")
    hall = page.hall("mu-cang-chai")
    hall.say_all(waiting=7, served=31)
    hall.say_alert("paper_out")

    page.until_row("mu-cang-chai", leader, 10, "1")
    row = page.row("mu-cang-chai", leader)

    assert row[3] == "đang nối"
    assert row[5:6] + row[7:10] == ["7", "1", "2", "31"]
    assert row[11] == "Hết giấy"
