"""A rogue with a valid password, a slow disk, a process that stood still: nobody is called later.

Mosquitto, controller and clients are processes of their own (bench/controller_siege.py, which says
how long people wait meanwhile). At length the disk takes 25 and 100 ms longer a sync.
"""

import json
import os
import shutil
from collections.abc import Iterator

import controller_siege
import pytest
from controller_siege import DISPENSERS, KEYPADS, ROGUE, Besieged, stopped, written
from wire_clients import WireClient

FULL = os.environ.get("MOTCUA_FAULTS") == "full"
pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(shutil.which("cc") is None, reason="a slow disk needs a C compiler"),
]
SYNC_MS = (25, 100) if FULL else (25,)
SIEGE_S = 60.0 if FULL else 7.0
# Longer than a request may be late, shorter than the broker waits for a silent client.
STILL_S = 8.0
# Longer than the broker's clients wait for it: they have left and ask to come in anew.
FROZEN_S = 30.0


@pytest.fixture(scope="module", params=SYNC_MS)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Besieged]:
    with controller_siege.besieged(tmp_path_factory.mktemp("siege"), request.param) as made:
        yield made


@pytest.fixture
def keypads(place: Besieged) -> Iterator[list[WireClient]]:
    clients = [place.client(name) for name in KEYPADS]
    yield clients
    for client in clients:
        client.close()


def call(client: WireClient) -> str:
    return client.send("call-next", f'"counter":"{client.name.removeprefix("bridge-")}"')


def code(client: WireClient, name: str) -> str:
    told = json.loads(client.wait_for(name))
    return str(told["error"]["code"]) if "error" in told else "ok"


def test_eight_counters_that_press_at_once_wait_for_three_syncs_at_most(
    place: Besieged, keypads: list[WireClient]
) -> None:
    before = place.syncs
    with stopped(place.controller, 0.5):
        asked = [(client, call(client)) for client in keypads]
    answers = [code(client, name) for client, name in asked]

    assert answers == ["ok"] * 8
    assert place.syncs - before <= 3


@pytest.mark.parametrize("who", ["controller", "broker"])
def test_what_has_waited_for_a_process_that_stood_still_is_not_done(
    place: Besieged, keypads: list[WireClient], who: str
) -> None:
    """More than the broker hands over at a time: what it has kept behind that is late as well."""
    dispenser = place.client(DISPENSERS[0])
    assert dispenser.ask("issue", '"service":"a","channel":"button"')
    before = written(place)
    with stopped(getattr(place, who), STILL_S):
        asked = [(client, call(client)) for _ in range(6) for client in keypads]
    answers = [code(client, name) for client, name in asked]

    assert answers == ["expired"] * 48
    # Asked until it is answered: then what lay before the barrier is through.
    assert written(place) == before
    assert code(keypads[0], call(keypads[0])) == "ok"
    dispenser.close()


@pytest.mark.skipif(not FULL, reason="the broker stands still for half a minute")
def test_a_broker_frozen_for_half_a_minute_brings_no_act_of_before(
    place: Besieged, keypads: list[WireClient]
) -> None:
    """What lies in its sockets is read when the controller is already back, and new to it."""
    dispenser = place.client(DISPENSERS[0])
    assert dispenser.ask("issue", '"service":"a","channel":"button"')
    before = written(place)
    with stopped(place.broker, FROZEN_S):
        asked = [(client, call(client)) for _ in range(20) for client in keypads]

    # What is answered is behind all that its sender sent before.
    assert all(client.reply("ping", '"lang":"vi"') for client in keypads)
    assert written(place) == before
    assert len(asked) == 160
    while (told := code(keypads[0], call(keypads[0]))) == "expired":
        pass
    assert told == "ok"
    dispenser.close()


def test_a_rogue_keeps_nobody_from_working_is_named_and_leaves_no_ghosts(place: Besieged) -> None:
    found = controller_siege.siege(place, SIEGE_S)

    assert ROGUE in found.named
    assert found.ghosts == 0
    assert len(found.during) >= 8
