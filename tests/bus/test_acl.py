"""Who may read and write what, asked of a real broker by many clients."""

import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import pytest
from wire_account import DENIED, Account

from hall.contract.acl import HallIds, acl
from hall.contract.messages import Face
from hall.contract.rights import alert_codes, codes, may_clear, may_read, may_write, role_of
from hall.contract.roles import TWIN
from hall.contract.topics import CHANNELS, FACE, RSP, find
from hall.runtime.bus import Connected, Denied
from hall.runtime.inbox import Inbox

pytestmark = pytest.mark.broker

# No client, counter, service or code of this hall, but a word that could be one.
STRANGE = "khac"
ELSEWHERE = ("motcua/1/khac/state/hall", "motcua/2/thu/state/hall", "tu-do", "$SYS/broker/uptime")


def around(ids: HallIds, client: str) -> list[str]:
    """Topics of every channel: the client's own, others', and such as are none of this hall."""
    others = ("printer-1", "kiosk-1", STRANGE)
    known = {
        "target": ("printer-1", "voice", "controller", STRANGE),
        "counter": (*ids.counters, STRANGE),
        "service": (*ids.services, STRANGE),
        "code": (*alert_codes(), STRANGE),
    }
    found: list[str] = []
    for channel in CHANNELS:
        whose = {"client": (*ids.clients, STRANGE) if channel is RSP else (client, *others)}
        levels = known | whose | {"verb": (*(channel.verbs or {}), "no-such-verb")}
        names = [name for name in levels if f"{{{name}}}" in channel.pattern]
        everything = product(*(levels[name] for name in names))
        named = (dict(zip(names, values, strict=True)) for values in everything)
        found += [channel.topic(ids.hall, **each) for each in named]
    return [*dict.fromkeys(found), *ELSEWHERE]


def may(allowed: Callable[..., bool], ids: HallIds, client: str, topic: str) -> bool:
    """What the rows say of a topic."""
    address = find(ids.hall, topic)
    if address is None:
        return False
    strange = STRANGE in (address.levels.get("counter"), address.levels.get("service"))
    if allowed is may_write and strange:
        return False
    return allowed(client, address.channel, address.levels)


def may_say(ids: HallIds, client: str, topic: str) -> bool:
    """What the broker takes: what is its own, and what it may remove of the hall's others."""
    address = find(ids.hall, topic)
    if may(may_write, ids, client, topic) or address is None:
        return address is not None
    levels = address.levels
    owner = levels.get("client", client)
    known = owner in ids.clients and levels.get("code", TWIN) in codes(role_of(owner))
    named = STRANGE not in (levels.get("counter"), levels.get("service"))
    return may_clear(client, address.channel) and known and named


@pytest.fixture
def account(calm: Any) -> Iterator[Callable[[str], Account]]:
    opened: list[Account] = []

    def connect(client: str) -> Account:
        opened.append(Account(calm.place.port, client, calm.passwords[client]))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def test_a_publish_passes_where_the_rows_name_it_and_nowhere_else(
    account: Callable[[str], Account], ids: HallIds
) -> None:
    observer, author, asked, wrong = account("observer"), account("author"), 0, []
    observer.subscribe("#")
    # Behind what other tests have left retained.
    author.publish(["end/before"])
    observer.until(lambda: "end/before" in observer.came)
    observer.came.clear()
    for client in ids.clients:
        topics = around(ids, client)
        mine = {topic for topic in topics if may_say(ids, client, topic)}
        answers = account(client).publish(topics)
        author.publish([end := f"end/{client}"])
        observer.until(partial(observer.came.__contains__, end))
        passed = {topic for topic, code in answers.items() if code != DENIED}
        wrong += [f"{client} {topic}" for topic in passed ^ mine]
        wrong += [f"{client} {topic}: delivery" for topic in {*observer.came} ^ {*mine, end}]
        observer.came.clear()
        asked += len(topics)

    assert asked > 4_000
    assert wrong == []


def test_a_client_that_listens_to_all_hears_what_its_row_names_and_nothing_else(
    account: Callable[[str], Account], ids: HallIds
) -> None:
    author, wrong = account("author"), []
    for client in ids.clients:
        topics = around(ids, client)
        mine = {topic for topic in topics if may(may_read, ids, client, topic)}
        listener = account(client)
        listener.subscribe("#")
        author.publish(topics)
        author.publish([own := f"motcua/1/thu/rsp/{client}"])
        listener.until(lambda: listener.came.count(own) == 2)  # noqa: B023
        wrong += [f"{client} {topic}" for topic in {*listener.came} ^ mine]

    assert wrong == []


def present(hall: Any, *filters: str, user: str = "observer") -> Any:
    """A listener that has surely subscribed: it has got a retained message."""
    hall.say("controller", hall.topic("state/hall"), "begin", "-r", "-q", "1")
    listener = hall.hear(user, *filters, hall.topic("state/hall"))
    listener.until("begin")
    return listener


def after_all(hall: Any, listener: Any) -> list[str]:
    """All that came, once a message that was sent last has come."""
    hall.say("controller", hall.topic("state/hall"), "the end", "-r", "-q", "1")
    return [line for line in listener.until("the end") if " begin" not in line][:-1]


def test_what_is_not_ones_own_to_say_is_lost(hall: Any) -> None:
    observer = present(hall, "motcua/#")

    for user, rest in (("kiosk-1", "state/hall"), ("kiosk-1", "dev/kiosk-1/alert/khac")):
        hall.say(user, hall.topic(rest), "forged", "-r", "-q", "1")

    assert [line for line in after_all(hall, observer) if "forged" in line] == []


def test_a_shared_subscription_is_no_way_round(hall: Any) -> None:
    thief = present(hall, f"$share/x/{hall.topic('rsp/printer-1')}", "$share/y/#", user="kiosk-1")

    hall.say("controller", hall.topic("rsp/printer-1"), "secret", "-q", "1")

    assert not [line for line in after_all(hall, thief) if "secret" in line]


def test_the_brokers_own_figures_are_not_for_anybody(hall: Any) -> None:
    listener = present(hall, "$SYS/#", user="tech")

    assert not [line for line in after_all(hall, listener) if line.startswith("$SYS")]


@pytest.mark.parametrize(
    "account",
    [[], ["-u", "tech"], ["-u", "tech", "-P", "wrong"], ["-u", "nobody", "-P", "x"], ["-u", ""]],
)
def test_without_the_right_password_there_is_no_way_in(hall: Any, account: list[str]) -> None:
    where = ["-h", "127.0.0.1", "-p", str(hall.place.port), "-V", hall.version]

    done = hall.run("mosquitto_pub", *where, *account, "-t", "tu-do", "-m", "x")

    assert done.returncode != 0


def test_a_foreign_client_id_does_not_throw_the_controller_out(hall: Any) -> None:
    controller = hall.hear("controller", hall.topic("req/queue/+/+"), hall.topic("state/hall"))
    hall.say("author", hall.topic("state/hall"), "here", "-r", "-q", "1")
    controller.until("here")

    intruder = hall.account("kiosk-1", client_id="controller")
    hall.run("mosquitto_pub", *intruder, "-t", hall.topic("req/queue/issue/kiosk-1"), "-m", "mine")

    # mosquitto_sub would print nothing more if it had lost its session for that moment.
    controller.until("mine")
    hall.say("tech", hall.topic("req/queue/ping/tech"), "still", "-q", "1")
    controller.until("still")


def test_mosquitto_takes_our_password_file_and_no_plain_word_is_in_it(standing: Any) -> None:
    text = standing.broker._files.passwords.read_text(encoding="ascii")

    assert all(line.count("$7$") == 1 for line in text.splitlines())
    assert not any(word in text for word in standing.passwords.values())
    assert standing.say("tech", standing.topic("req/queue/ping/tech"), "x").returncode == 0
    assert standing.broker._files.passwords.stat().st_mode & 0o077 == 0


def test_a_publish_that_an_old_acl_refuses_is_told(lone: Any, wait: Callable[..., Any]) -> None:
    display, inbox = lone.bus("display"), Inbox()
    display.open(inbox, [], [])
    wait(inbox, lambda item: isinstance(item, Connected))

    assert display.publish(FACE, Face(text="A001", style="steady"), counter="moi")

    assert wait(inbox, lambda item: isinstance(item, Denied))


def test_what_a_counter_that_is_gone_has_left_is_not_shown_any_more(
    lone: Any, ids: HallIds
) -> None:
    for counter in ("1", "5A"):
        lone.say("display", lone.topic(f"face/{counter}"), f"face of {counter}", "-r", "-q", "1")
    lone.say("printer-2", lone.topic("dev/printer-2/status"), "status of it", "-r", "-q", "1")
    clients = tuple(client for client in ids.clients if client != "printer-2")
    fewer = replace(ids, clients=clients, counters=("1",))
    lone.broker._files.acl.write_text(acl(fewer), encoding="ascii")
    lone.signal(signal.SIGHUP)
    lone.say("controller", lone.topic("state/hall"), "the end", "-r", "-q", "1")

    watching = lone.hear("tech", lone.topic("face/+"), lone.topic("dev/+/status"))
    state = lone.hear("tech-cli", lone.topic("state/hall"))
    watching.until("face of 1")
    state.until("the end")
    lone.say("display", lone.topic("face/1"), "last", "-q", "1")

    came = watching.until("last")
    assert [line for line in came if "5A" in line or "printer-2" in line] == []
