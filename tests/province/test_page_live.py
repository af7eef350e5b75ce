"""What the province's page serves, over HTTP: real mosquitto, real PostgreSQL, halls that speak."""

import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from http_answer import Answer
from own_postgres import OwnPostgres
from own_province import until
from own_province_page import WORD, OwnProvincePage, make_page

from hall.contract.onestop_messages import Figures
from hall.province.database import Database

FILES = files("hall.province.page") / "files"
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


def test_what_the_halls_say_reaches_a_stream_of_rows(page: OwnProvincePage) -> None:
    leader = page.sign_in("lanh-dao")
    hall = page.hall("dien-hong")
    hall.say_all(waiting=2)
    page.until_row("dien-hong", leader, 5, "2")

    told = page.stream(leader)

    assert {each["id"] for each in told["names"]["halls"]} == set(HALLS)
    assert told["rows"]["dien-hong"][:3:2] == ["up", 2]
    assert told["note"] == ""


def test_one_hall_is_told_with_its_counters_devices_and_alerts(page: OwnProvincePage) -> None:
    leader = page.sign_in("lanh-dao")
    hall = page.hall("bac-tu-liem")
    hall.say_all()
    hall.say_alert("cover_open", "Nắp máy in mở")
    page.until_row("bac-tu-liem", leader, 10, "1")

    told = page.get("/api/hall/bac-tu-liem", **leader).json

    assert [each["status"] for each in told["counters"]] == ["open", "closed"]
    assert [(each["text"], each["advice"]) for each in told["alerts"]] == [
        ("Nắp máy in mở", "Thay giấy."),
    ]  # fmt: skip
    assert told["devices"][0]["host"] == "may-bac-tu-liem"
    assert page.get("/api/hall/khong-co", **leader).status == 404


def test_who_has_waited_longest_comes_from_the_events(page: OwnProvincePage) -> None:
    leader = page.sign_in("lanh-dao")
    page.hall("mu-cang-chai").say_all(waiting=1)
    page.happen("mu-cang-chai", minutes_ago=45)

    page.until_row("mu-cang-chai", leader, 6, "45")


def test_dossiers_are_told_by_unit_with_their_denominator(page: OwnProvincePage) -> None:
    leader = page.sign_in("lanh-dao")
    resolved = {"early": 140, "on_time": 163, "overdue": 0}
    told = {
        "as_of": datetime.now(UTC),
        "periods": [{"id": "2026-11", "kind": "month", "resolved": resolved}],
    }
    page.hall("mu-cang-chai").say_figures(Figures.model_validate(told))

    def lines() -> Any:
        return page.get("/api/table/dossiers?by=unit", **leader).json["lines"]

    assert until(lambda: bool(lines()), 60)
    assert lines()[0]["on_time_share"] == "100,00%"
    sheet = page.get("/tai/dossiers.csv?by=unit", **leader).body.decode("utf-8")
    assert sheet.startswith("\ufeffĐơn vị,")
    assert "Tỉ lệ đúng hạn (trên đã giải quyết)" in sheet
    assert page.get("/api/table/dossiers?by=nothing", **leader).status == 400


def test_days_and_ratings_are_told_by_week(page: OwnProvincePage) -> None:
    leader = page.sign_in("lanh-dao")
    page.live_day("dien-hong", date(2026, 11, 24), issued=40, served=36, wait_sum_s=400 * 40)
    page.live_day("dien-hong", date(2026, 11, 25), issued=20, served=20, wait_sum_s=100 * 40)
    asked = "from=2026-11-01&to=2026-11-30&hall=dien-hong"

    told = page.get(f"/api/table/lived?by=week&{asked}", **leader).json

    (week,) = [each for each in told["lines"] if each["id"] == "2026-11-23"]
    assert (week["issued"], week["served"], week["wait_s"]) == (60, 56, 250)
    assert week["rated"] == "4,50 · hài lòng 4/4"
    book = page.get(f"/tai/lived.xlsx?by=day&{asked}", **leader)
    assert book.body.startswith(b"PK")
    for wrong in ("from=x&to=y", "from=2020-01-01&to=2026-11-30", "from=2026-11-02&to=2026-11-01"):
        assert page.get(f"/api/table/lived?by=week&{wrong}", **leader).status == 400


def test_days_that_are_not_final_are_marked(page: OwnProvincePage) -> None:
    """Worked out anew just now, or of a hall that is silent: its events may still be there."""
    leader = page.sign_in("lanh-dao")
    for day in (date(2026, 11, 9), date(2026, 11, 10), date(2026, 11, 11)):
        page.live_day("mu-cang-chai", day, issued=4, served=4, wait_sum_s=40)
    page.run_sql("INSERT INTO stale_day VALUES (%s, '2026-11-10')", "mu-cang-chai")
    page.run_sql("UPDATE place SET heard_at = '2026-11-11 03:00+00' WHERE hall = %s",
                 "mu-cang-chai")  # fmt: skip
    page.hall("mu-cang-chai").say_all()
    page.until_row("mu-cang-chai", leader, 3, "đang nối")
    asked = "by=day&from=2026-11-09&to=2026-11-11&hall=mu-cang-chai"

    def late() -> list[bool]:
        told = page.get(f"/api/table/lived?{asked}", **leader).json
        return [each["late"] for each in told["lines"]]

    assert late() == [False, True, False]
    page.hall("mu-cang-chai").say_uplink("lost")
    page.until_row("mu-cang-chai", leader, 3, "mất đường truyền")
    assert late() == [False, True, True]
    sheet = page.get(f"/tai/lived.csv?{asked}", **leader).body.decode()
    # Two days, and their sum.
    assert sheet.count("đang đối chiếu") == 3
    page.hall("mu-cang-chai").say_uplink("ready")
    page.run_sql("DELETE FROM stale_day WHERE hall = %s", "mu-cang-chai")


def test_a_name_that_a_spreadsheet_would_calculate_stays_a_text(page: OwnProvincePage) -> None:
    leader = page.sign_in("lanh-dao")
    page.rename("bac-tu-liem", "=1+1|Trung tâm")
    page.hall("bac-tu-liem").say_all()

    def named() -> bool:
        return "'=1+1|Trung tâm" in page.get("/tai/halls.csv", **leader).body.decode()

    assert until(named, 60)
    page.rename("bac-tu-liem", "Xã bac-tu-liem")


def test_the_file_holds_what_the_filters_leave(page: OwnProvincePage) -> None:
    leader = page.sign_in("lanh-dao")
    page.hall("dien-hong").say_all()
    page.until_row("dien-hong", leader, 3, "đang nối")

    def chosen(query: str) -> set[str]:
        text = page.get(f"/tai/halls.csv?{query}", **leader).body.decode("utf-8-sig")
        return {line.split(",")[1] for line in text.splitlines()[1:]}

    assert chosen("q=dien%20hong") == {"dien-hong"}
    assert chosen("q=XA%20di%C3%AAn") == {"dien-hong"}
    assert "dien-hong" not in chosen("silent=1")
    assert chosen("unit=khong-co") == set()


# --- who comes in -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/events", "/api/me", "/api/hall/dien-hong", "/api/units", "/api/table/halls",
     "/api/table/operation", "/tai/halls.csv", "/tai/operation.xlsx"],
)  # fmt: skip
def test_nobody_reads_without_signing_in(page: OwnProvincePage, path: str) -> None:
    assert page.get(path).status == 401
    assert page.get(path, Cookie="motcua-tinh=abc").status == 401


def test_a_page_leads_to_the_door_and_back(page: OwnProvincePage) -> None:
    answer = page.get("/hoi-truong/dien-hong")

    assert answer.status == 303
    assert answer.headers["location"] == "/dang-nhap?ve=/hoi-truong/dien-hong"


def test_the_operators_part_is_not_the_leaders(page: OwnProvincePage) -> None:
    leader, operator = page.sign_in("lanh-dao"), page.sign_in("van-hanh")

    assert page.get("/api/table/operation", **leader).status == 403
    assert page.get("/tai/operation.csv", **leader).status == 403
    assert page.get("/van-hanh", **leader).headers["location"] == "/"
    told = page.get("/api/table/operation", **operator).json
    assert {each["id"] for each in told["halls"]} == set(HALLS)
    assert page.get("/van-hanh", **operator).status == 200


def test_the_operator_is_told_of_two_machines_and_of_strangers(page: OwnProvincePage) -> None:
    operator = page.sign_in("van-hanh")
    page.run_sql("UPDATE place SET refused = 'hai máy', refused_host = 'pi-moi' WHERE hall = %s",
                 "dien-hong")  # fmt: skip
    page.run_sql("INSERT INTO stranger VALUES (%s, 'pi-x', now(), now(), 3)", "xa-la")

    told = page.get("/api/table/operation", **operator).json

    (hall,) = [each for each in told["halls"] if each["id"] == "dien-hong"]
    assert (hall["twin"], hall["wrong"][0]) == ("pi-moi", "hai máy")
    assert told["strangers"][0]["hall"] == "xa-la"
    sheet = page.get("/tai/operation.csv", **operator).body.decode()
    assert "pi-moi" in sheet
    page.run_sql("UPDATE place SET refused = NULL WHERE hall = %s", "dien-hong")


def test_a_wall_sees_the_table_alone_by_its_token(page: OwnProvincePage) -> None:
    token = page.wall("hanh-lang")
    answer = page.get(f"/tuong?ma={token}")
    cookie = {"Cookie": answer.headers["set-cookie"].split(";")[0]}

    assert (answer.status, answer.headers["location"]) == (303, "/tuong")
    assert page.get("/tuong", **cookie).status == 200
    assert page.stream(cookie)["names"]["halls"]
    assert page.get("/", **cookie).headers["location"] == "/tuong"
    assert page.get("/api/table/halls", **cookie).status == 403
    assert page.get("/api/hall/dien-hong", **cookie).status == 403


def test_a_wall_whose_token_was_replaced_sees_nothing(page: OwnProvincePage) -> None:
    old, new = page.wall("cua"), page.wall("cua")

    assert page.get(f"/tuong?ma={old}", source="127.0.0.9").status == 403
    assert page.get(f"/tuong?ma={new}").status == 303


def test_who_guesses_waits_and_keeps_nobody_else_out(page: OwnProvincePage) -> None:
    def guess(word: str) -> int:
        body = {"account": "lanh-dao", "password": word}
        return page.send("/api/sign-in", body, "127.0.0.7").status

    assert [guess(f"sai {n}") for n in range(6)] == [403] * 5 + [429]
    assert guess(WORD) == 429
    assert page.sign_in("lanh-dao")


def test_guesses_at_many_accounts_from_one_place_are_counted_together(
    page: OwnProvincePage,
) -> None:
    bodies = [{"account": f"ai-do-{n}", "password": "x"} for n in range(21)]

    found = [page.send("/api/sign-in", body, "127.0.0.8").status for body in bodies]

    assert found == [403] * 20 + [429]


def test_who_guesses_from_many_networks_stops_and_the_owner_comes_in_where_she_was(
    page: OwnProvincePage,
) -> None:
    page.account("dich")

    def knock(word: str, source: str, cookie: str = "") -> Answer:
        body = {"account": "dich", "password": word}
        return page.send("/api/sign-in", body, source, Cookie=cookie)

    own = knock(WORD, "127.0.0.20").headers["set-cookie"]
    browser = re.search(r"motcua-tinh-may=[^;]+", own)
    assert browser is not None
    found = [
        knock(f"sai {n}", f"127.0.1.{network}").status for network in range(1, 5) for n in range(5)
    ]
    assert found == [403] * 20

    assert knock(WORD, "127.0.1.9").status == 429, "no other network has a try left"
    assert knock(WORD, "127.0.1.1", browser[0]).status == 200, "even from where it was guessed"
    assert knock(WORD, "127.0.1.9", "motcua-tinh-may=bia-ra").status == 429
    again = [knock(f"sai {n}", "127.0.1.9", browser[0]).status for n in range(6)]
    assert again == [403] * 5 + [429], "who stole the browser has as few tries"
    page.account("dich")
    assert knock(WORD, "127.0.0.21", browser[0]).status == 429, "a new password knows no browser"


def test_an_account_that_is_removed_is_out_and_its_stream_ends(page: OwnProvincePage) -> None:
    page.account("tam")
    cookie = page.sign_in("tam")
    with page.open_stream(cookie) as stream:
        page.run_sql("DELETE FROM account WHERE id = %s", "tam")
        assert until(lambda: page.get("/api/me", **cookie).status == 401, 60)
        lines = iter(stream.readline, b"")
        assert any(line == b"event: end\n" for line in lines)


def test_signing_out_ends_the_session_for_good(page: OwnProvincePage) -> None:
    cookie = page.sign_in("lanh-dao")
    assert page.send("/api/sign-out", {}, **cookie).status == 200

    assert page.get("/api/me", **cookie).status == 401


def test_a_password_is_changed_by_who_knows_it_and_other_sessions_end(
    page: OwnProvincePage,
) -> None:
    page.account("doi")
    here, there = page.sign_in("doi"), page.sign_in("doi")

    def change(old: str, new: str) -> int:
        return page.send("/api/password", {"old": old, "new": new}, **here).status

    assert change(WORD, "ngan") == 409
    assert change(WORD, "doi-doi-doi-1234") == 409
    assert change("sai", "mot mat khau moi 5") == 403
    assert change(WORD, "mot mat khau moi 5") == 200
    assert page.get("/api/me", **here).status == 200
    assert page.get("/api/me", **there).status == 401
    assert page.sign_in("doi", "mot mat khau moi 5")


def test_nothing_of_a_password_or_token_is_kept_as_it_is(page: OwnProvincePage) -> None:
    cookie = page.sign_in("lanh-dao")["Cookie"].partition("=")[2]
    wall = page.wall("kin")
    kept = str(page.rows("SELECT * FROM account")) + str(page.rows("SELECT * FROM account_session"))
    kept += str(page.rows("SELECT * FROM wall"))

    assert "$argon2id$" in kept
    for secret in (WORD, cookie, wall):
        assert secret not in kept


def test_the_table_goes_on_while_postgresql_is_away(postgres: OwnPostgres, tmp_path: Path) -> None:
    page = make_page(tmp_path / "tinh", postgres.fresh("away"), ("xa",))
    admin = Database(postgres.dsn)

    def allow(*, connections: bool) -> None:
        with admin.transaction() as cursor:
            cursor.run(f"ALTER DATABASE away ALLOW_CONNECTIONS {connections}")
            cursor.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'away'"
            )

    try:
        page.open()
        page.account("lanh-dao")
        leader = page.sign_in("lanh-dao")
        page.hall("xa").say_all(waiting=3)
        page.until_row("xa", leader, 5, "3")
        allow(connections=False)
        assert until(lambda: "cơ sở dữ liệu" in page.stream(leader)["note"], 60)
        page.hall("xa").say_hall(waiting=8)
        page.until_row("xa", leader, 5, "8")
        asked = "by=week&from=2026-11-01&to=2026-11-30"
        assert page.get(f"/api/table/lived?{asked}", **leader).status == 503
        assert page.get("/", Cookie="motcua-tinh=ai").status == 503
        body = {"account": "lanh-dao", "password": WORD}
        assert page.send("/api/sign-in", body).status == 503
        allow(connections=True)
        assert until(lambda: page.stream(leader)["note"] == "", 60)
        assert page.get(f"/api/table/lived?{asked}", **leader).status == 200
    finally:
        admin.close()
        page.close()


# --- what a request must have -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tinh.local", "127.0.0.1:80", "[::1]"])
def test_known_names_are_served(page: OwnProvincePage, name: str) -> None:
    assert page.get("/dang-nhap", Host=name).status == 200


def test_an_unknown_name_or_another_origin_is_refused(page: OwnProvincePage) -> None:
    assert page.get("/dang-nhap", Host="xau.example").status == 421
    body = {"account": "lanh-dao", "password": WORD}
    assert page.send("/api/sign-in", body, Origin="http://xau.example").status == 403


def test_a_page_may_load_nothing_of_others(page: OwnProvincePage) -> None:
    headers = page.get("/dang-nhap").headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


ODD = ["motcua-tinh=%00;=;;", "motcua-tinh=\xff\xfe", "a" * 4000, 'motcua-tinh="\\"', "=", ";;;"]


@pytest.mark.parametrize("cookie", ODD)
def test_odd_cookies_are_nobody(page: OwnProvincePage, cookie: str) -> None:
    assert page.get("/api/me", Cookie=cookie).status == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"null", b"{}", b'{"account": {}, "password": []}',
     b'{"account": "a\\u0000b", "password": "x"}', b"[" * 4000],
)  # fmt: skip
def test_an_odd_body_is_refused_and_breaks_nothing(page: OwnProvincePage, body: bytes) -> None:
    sent = {"Content-Type": "application/json"}

    assert page.ask("POST", "/api/sign-in", body, sent, "127.0.0.11").status in (400, 403, 429)


@pytest.mark.parametrize(
    "path",
    ["/api/table/lived?from=2026-11-01&to=2026-11-30&hall=%00", "/api/hall/%00",
     "/api/hall/%F0%9F%98%80", "/tai/halls.exe", "/tai/x.csv", "/api/table/x", "/static/..%2Fx"],
)  # fmt: skip
def test_an_odd_address_is_no_failure_of_ours(page: OwnProvincePage, path: str) -> None:
    assert page.get(path, **page.sign_in("lanh-dao")).status in (400, 404)


@pytest.mark.parametrize("name", sorted(e.name for e in FILES.iterdir() if e.name[-4:] == "html"))
def test_a_page_holds_no_script_or_style_of_its_own(name: str) -> None:
    text = (FILES / name).read_text("utf-8")

    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", text)
    for used in re.findall(r"/static/([\w.-]+)", text):
        assert used == "icon.svg" or (FILES / used).is_file()
