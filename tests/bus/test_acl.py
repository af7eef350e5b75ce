"""Who may read and write what, asked of a real broker with its own command-line clients."""

import re
from typing import Any

import pytest

pytestmark = pytest.mark.broker

# (who, topic below the hall, further arguments): each must be lost.
FORBIDDEN: list[tuple[str, str, tuple[str, ...]]] = [
    ("kiosk-1", "state/hall", ("-r",)),
    ("kiosk-1", "state/counter/1", ("-r",)),
    ("onestop", "state/board", ("-r",)),
    ("tech", "state/service/ho-tich", ()),
    ("counters", "evt/call", ()),
    ("printer-1", "evt/ticket", ()),
    ("bridge-1", "face/1", ("-r",)),
    ("controller", "face/1", ("-r",)),
    ("kiosk-1", "dev/printer-1/status", ("-r",)),
    ("printer-2", "dev/printer-1/alert/paper_out", ("-r",)),
    ("tech", "dev/display/status", ()),
    ("kiosk-1", "ext/onestop/figures", ("-r",)),
    ("controller", "ext/onestop/status", ("-r",)),
    ("kiosk-1", "req/queue/issue/printer-1", ()),
    ("printer-1", "req/queue/issue/printer-2", ()),
    ("counters", "req/queue/call-next/bridge-1", ()),
    ("display", "req/queue/call-next/display", ()),
    ("voice", "req/queue/issue/voice", ()),
    ("bridge-1", "req/onestop/dossier-lookup/bridge-1", ()),
    ("display", "req/dev/printer-1/dispense/display", ()),
    ("kiosk-1", "req/dev/printer-1/dispense/tech", ()),
    ("tech", "rsp/kiosk-1", ()),
    ("uplink", "rsp/kiosk-1", ()),
    ("kiosk-1", "rsp/kiosk-1/more", ()),
    ("kiosk-1", "state", ()),
    ("observer", "rsp/kiosk-1", ()),
]
ELSEWHERE = ["motcua/1/khac/state/hall", "motcua/2/thu/state/hall", "tu-do", "$SYS/broker/uptime"]
ALLOWED = [
    ("controller", "state/hall"),
    ("controller", "evt/call"),
    ("controller", "rsp/printer-1"),
    ("printer-1", "dev/printer-1/status"),
    ("printer-1", "dev/printer-1/alert/paper_out"),
    ("printer-1", "req/queue/issue/printer-1"),
    ("printer-1", "req/queue/no-such-verb/printer-1"),
    ("printer-1", "rsp/kiosk-1"),
    ("kiosk-1", "req/queue/call-next/kiosk-1"),
    ("kiosk-1", "req/onestop/dossier-lookup/kiosk-1"),
    ("kiosk-1", "req/dev/printer-1/dispense/kiosk-1"),
    ("kiosk-1", "req/dev/printer-1/reprint/kiosk-1"),
    ("voice", "req/queue/ping/voice"),
    ("display", "req/queue/board/display"),
    ("display", "req/onestop/ping/display"),
    ("display", "face/1"),
    ("onestop", "ext/onestop/figures"),
    ("onestop", "req/queue/call-next/onestop"),
    ("onestop", "rsp/kiosk-1"),
    ("uplink", "req/queue/replay/uplink"),
    ("tech", "req/dev/voice/say/tech"),
]
# What a client that subscribes to everything sees, when every topic of `SPOKEN` is written.
SPOKEN = [
    *[("controller", f"state/{name}") for name in ("hall", "board", "counter/1", "service/a")],
    *[("controller", "evt/ticket"), ("controller", "evt/call"), ("display", "face/1")],
    *[("controller", f"rsp/{name}") for name in ("kiosk-1", "printer-1", "tech")],
    *[("kiosk-1", "req/queue/issue/kiosk-1"), ("kiosk-1", "req/onestop/ping/kiosk-1")],
    *[("tech", "req/dev/printer-1/ping/tech"), ("tech", "req/dev/kiosk-1/ping/tech")],
    *[("printer-1", "dev/printer-1/status"), ("printer-1", "dev/printer-1/alert/jam")],
    *[("onestop", f"ext/onestop/{name}") for name in ("status", "figures", "notice")],
]
_STATES = {"state/hall", "state/board", "state/counter/1", "state/service/a"}
_DEVICES = {"dev/printer-1/status"}
_OUTSIDE = {"ext/onestop/status", "ext/onestop/figures", "ext/onestop/notice"}
SEEN = {
    "printer-1": _STATES
    | _DEVICES
    | {"evt/ticket", "rsp/printer-1", "req/dev/printer-1/ping/tech"},
    "kiosk-1": _STATES
    | _DEVICES
    | _OUTSIDE
    | {"evt/ticket", "evt/call", "rsp/kiosk-1", "req/dev/kiosk-1/ping/tech"}
    | {"dev/printer-1/alert/jam"},
    "voice": _DEVICES | {"state/hall", "evt/call"},
    "bridge-1": _STATES | _DEVICES | {"face/1"},
    "display": _STATES | _DEVICES | {"face/1", "evt/call"},
    "controller": _STATES
    | _DEVICES
    | {"req/queue/issue/kiosk-1", "ext/onestop/status", "dev/printer-1/alert/jam"},
    "onestop": _STATES
    | _DEVICES
    | _OUTSIDE
    | {"evt/ticket", "evt/call", "req/onestop/ping/kiosk-1", "dev/printer-1/alert/jam"},
}


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
    observer = present(hall, "motcua/#", "tu-do")

    for user, rest, more in FORBIDDEN:
        hall.say(user, hall.topic(rest), f"by {user}", "-q", "1", *more)
    for topic in ELSEWHERE:
        hall.say("controller", topic, "elsewhere", "-q", "1")

    assert [line for line in after_all(hall, observer) if re.search("by|elsewhere", line)] == []


def test_ones_own_pieces_pass(hall: Any) -> None:
    observer = present(hall, "motcua/#")

    for user, rest in ALLOWED:
        done = hall.say(user, hall.topic(rest), f"by {user}", "-q", "1")
        assert done.returncode == 0, done.stderr

    came = after_all(hall, observer)
    assert [f"{hall.topic(rest)} by {user}" for user, rest in ALLOWED] == [
        # The observer's two filters overlap: MQTT 5 delivers twice.
        line
        for line in dict.fromkeys(came)
        if " by " in line
    ]


@pytest.mark.parametrize("user", sorted(SEEN))
def test_who_listens_to_everything_hears_only_what_is_theirs(hall: Any, user: str) -> None:
    listener = present(hall, "#", "$SYS/#", user=user)

    for speaker, rest in SPOKEN:
        if speaker != user:
            hall.say(speaker, hall.topic(rest), "said", "-q", "1")

    # A second connection of the same account would take over the listener's: the rest is skipped.
    own = {rest for speaker, rest in SPOKEN if speaker == user}
    last = "tech" if user == "controller" else "controller"
    if last == "controller":
        came = after_all(hall, listener)
    else:
        hall.say("tech", hall.topic("req/queue/ping/tech"), "the end", "-q", "1")
        came = listener.until("the end")[:-1]
    heard = {line.split(" ")[0] for line in came if line.endswith(" said")}
    assert heard == {hall.topic(rest) for rest in SEEN[user] - own}


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
    controller = hall.hear("controller", hall.topic("req/queue/+/+"), hall.topic("dev/+/status"))
    hall.say("printer-1", hall.topic("dev/printer-1/status"), "here", "-r", "-q", "1")
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
