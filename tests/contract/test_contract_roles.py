"""One row a role: what it may say and hear is what the contract's page grants, and no more."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.contract import topics
from hall.contract.acl import HallIds, acl
from hall.contract.rights import (
    alert_codes,
    askers,
    kind_of,
    may_clear,
    may_read,
    may_write,
    readers,
    role_of,
    writers,
)
from hall.contract.roles import FILES_UNUSABLE, ROLES
from hall.contract.topics import CHANNELS, Channel, find
from hall.contract.verbs import DEVICE, EVERYONE, ONESTOP, QUEUE

ROOT = Path(__file__).parents[2]
IDS = HallIds(
    "thu",
    (
        *("controller", "printer-1", "printer-2", "kiosk-1", "display", "board", "voice"),
        *("bridge-1", "counters", "onestop", "onestop-feed", "gateway", "uplink"),
        *("tech", "tech-cli", "tech-demo"),
    ),
    ("1", "5A"),
    ("ho-tich",),
)
TECHS = ("tech", "tech-cli", "tech-demo")
# Where a role's alerts are raised.
PACKAGES = {
    "controller": "hall/controller",
    "printer": "printer",
    "kiosk": "kiosk",
    "display": "display",
    "board": "display/board",
    "voice": "display/voice",
    "bridge": "firmware_bridge",
    "counters": "hall/counter",
    "onestop": "hall/onestop",
    "gateway": "hall/onestop",
    "uplink": "hall/uplink",
}
# "Who may do what" and "Topics" of the wire contract, sentence by sentence: who, yes or no, what.
SENTENCES = """
controller    writes  state/hall state/board state/counter/1 state/service/ho-tich
controller    writes  evt/ticket evt/call rsp/kiosk-1 rsp/printer-2 rsp/uplink rsp/controller
controller    never   face/1 ext/onestop/status dev/printer-1/status req/queue/issue/controller
controller    never   rsp/onestop-feed req/dev/printer-1/ping/controller
printer-1     writes  dev/printer-1/status dev/printer-1/alert/paper_out rsp/kiosk-1 rsp/counters
printer-1     writes  req/queue/issue/printer-1 req/queue/check-in/printer-1
printer-1     writes  req/queue/print-result/printer-1 req/queue/ping/printer-1
printer-1     never   req/queue/issue/printer-2 dev/printer-2/status dev/printer-2/alert/paper_out
printer-1     never   dev/printer-1/alert/jam dev/printer-1/alert/bus_down rsp/printer-2 rsp/voice
printer-1     never   req/queue/call-next/printer-1 req/queue/replay/printer-1
printer-1     never   req/dev/printer-2/dispense/printer-1 state/hall
kiosk-1       writes  req/dev/printer-1/dispense/kiosk-1 req/dev/printer-1/check-in/kiosk-1
kiosk-1       writes  req/dev/printer-2/test-print/kiosk-1
kiosk-1       writes  req/queue/issue/kiosk-1 req/queue/rate/kiosk-1 req/queue/check-in/kiosk-1
kiosk-1       writes  req/queue/unrate/kiosk-1
kiosk-1       writes  req/onestop/dossier-lookup/kiosk-1 req/onestop/catalogue-chunk/kiosk-1
kiosk-1       never   req/dev/printer-1/reprint/kiosk-1 req/dev/printer-1/simulate/kiosk-1
kiosk-1       never   req/dev/voice/say/kiosk-1 req/dev/printer-1/ping/kiosk-1
kiosk-1       never   req/dev/display/dispense/kiosk-1 req/dev/printer-1/dispense/tech
kiosk-1       never   req/queue/call-next/kiosk-1 req/queue/no-such-verb/kiosk-1 rsp/printer-1
kiosk-1       never   req/queue/follow/kiosk-1
kiosk-1       never   rsp/kiosk-1 ext/onestop/figures evt/ticket
display       writes  face/1 face/5A dev/display/alert/display_lost req/queue/board/display
display       never   state/counter/1 req/queue/call-next/display rsp/kiosk-1
bridge-1      writes  req/queue/call-next/bridge-1 dev/bridge-1/alert/unit_lost
bridge-1      never   face/1 req/onestop/dossier-lookup/bridge-1 req/queue/issue/bridge-1
voice         never   req/queue/issue/voice req/dev/printer-1/identify/voice face/1
counters      writes  req/queue/issue/counters req/queue/replay/counters req/dev/voice/say/counters
counters      writes  req/queue/appoint/counters req/dev/printer-1/reprint/counters
counters      writes  req/queue/undo/counters req/queue/follow/counters
counters      never   req/queue/no-such-verb/counters
onestop       never   req/queue/no-such-verb/onestop
onestop       never   req/queue/no-such-verb/counters req/dev/voice/no-such-verb/onestop
tech          never   req/queue/no-such-verb/tech
printer-1     never   req/queue/no-such-verb/printer-1
bridge-1      never   req/queue/no-such-verb/bridge-1
uplink        never   req/queue/no-such-verb/uplink
counters      never   rsp/kiosk-1 state/hall req/dev/voice/dispense/counters
onestop       writes  ext/onestop/status ext/onestop/figures ext/onestop/catalogue
onestop       writes  ext/onestop/notice req/queue/appoint/onestop req/queue/call-next/onestop
onestop       writes  req/queue/replay/onestop rsp/kiosk-1 rsp/voice
onestop       never   ext/onestop/refused state/board req/dev/printer-1/dispense/onestop
onestop-feed  writes  ext/onestop/figures ext/onestop/catalogue ext/onestop/notice
onestop-feed  writes  dev/onestop-feed/status
onestop-feed  never   ext/onestop/status ext/onestop/refused rsp/kiosk-1
onestop-feed  never   req/queue/ping/onestop-feed req/onestop/ping/onestop-feed
gateway       writes  ext/onestop/status ext/onestop/figures ext/onestop/catalogue
gateway       writes  ext/onestop/notice ext/onestop/refused req/queue/ping/gateway
gateway       never   rsp/kiosk-1 req/queue/issue/gateway
uplink        writes  req/queue/replay/uplink
uplink        never   req/queue/issue/uplink ext/onestop/figures rsp/kiosk-1
tech-cli      writes  req/queue/print-result/tech-cli req/dev/voice/say/tech-cli
tech          never   rsp/kiosk-1 state/service/ho-tich dev/display/status
observer      never   dev/observer/status req/queue/ping/observer
"""
READ = """
controller    reads   req/queue/issue/kiosk-1 state/hall state/counter/1 rsp/controller
controller    reads   dev/controller/alert/disk_low req/dev/controller/ping/tech
controller    never   rsp/kiosk-1 req/onestop/ping/kiosk-1 req/dev/printer-1/ping/tech
printer-1     reads   state/hall req/dev/printer-1/dispense/kiosk-1 dev/printer-1/alert/paper_out
printer-1     reads   dev/printer-1/status dev/controller/status rsp/printer-1
printer-1     never   req/dev/printer-2/dispense/kiosk-1 dev/printer-2/alert/paper_out evt/call
printer-1     never   req/queue/issue/printer-1 ext/onestop/figures dev/kiosk-1/status
kiosk-1       reads   state/hall state/counter/1 state/service/ho-tich evt/ticket
kiosk-1       reads   ext/onestop/status ext/onestop/figures ext/onestop/catalogue
kiosk-1       reads   dev/printer-1/status dev/printer-2/alert/paper_out rsp/kiosk-1
kiosk-1       never   dev/display/status rsp/printer-1 req/onestop/dossier-lookup/kiosk-1 face/1
display       reads   state/hall state/counter/5A dev/controller/status
display       reads   dev/display/alert/display_lost
display       never   evt/ticket ext/onestop/figures req/queue/issue/kiosk-1
board         reads   state/board evt/call ext/onestop/notice dev/board/alert/screen_lost
board         reads   dev/board/alert/screen_size
voice         reads   evt/call state/counter/1 state/hall dev/voice/alert/loudspeaker
voice         never   state/board state/service/ho-tich evt/ticket dev/printer-1/status
bridge-1      reads   face/1 dev/display/status dev/bridge-1/alert/bus_down state/hall
bridge-1      never   evt/call state/board dev/display/alert/display_lost
counters      reads   dev/printer-1/alert/paper_out face/1 evt/ticket ext/onestop/status
onestop       reads   req/onestop/dossier-lookup/kiosk-1 evt/ticket state/board ext/onestop/refused
onestop-feed  reads   state/hall ext/onestop/refused rsp/onestop-feed
onestop-feed  never   req/onestop/dossier-lookup/kiosk-1 evt/ticket
gateway       reads   ext/onestop/status ext/onestop/figures ext/onestop/catalogue
gateway       never   req/onestop/dossier-lookup/kiosk-1 evt/ticket
uplink        reads   evt/ticket state/counter/1 dev/printer-1/alert/paper_out ext/onestop/figures
tech-cli      reads   evt/call dev/printer-1/alert/paper_out face/1 rsp/tech-cli
tech-cli      never   rsp/tech rsp/kiosk-1 req/queue/issue/kiosk-1
"""


def sentences(text: str) -> list[tuple[str, bool, str]]:
    lines = [line.split() for line in text.strip().splitlines()]
    return [(who, may != "never", rest) for who, may, *rests in lines for rest in rests]


def place(rest: str) -> tuple[Channel, dict[str, str]]:
    address = find("thu", f"motcua/1/thu/{rest}")
    assert address is not None, rest
    return address.channel, dict(address.levels)


@pytest.mark.parametrize(("who", "may", "rest"), sentences(SENTENCES))
def test_who_may_write_what(who: str, may: bool, rest: str) -> None:  # noqa: FBT001
    assert may_write(who, *place(rest)) is may


@pytest.mark.parametrize(("who", "may", "rest"), sentences(READ))
def test_who_may_read_what(who: str, may: bool, rest: str) -> None:  # noqa: FBT001
    assert may_read(who, *place(rest)) is may


def test_every_kind_of_client_has_its_row() -> None:
    assert ROLES.keys() == EVERYONE | {"onestop-feed"}
    assert all(role.kind == kind for kind, role in ROLES.items())


def test_states_and_events_of_the_queue_have_one_writer() -> None:
    ruled = [c for c in CHANNELS if c.pattern.startswith(("state/", "evt/"))]

    assert {writers(channel) for channel in ruled} == {frozenset({"controller"})}


def test_every_channel_has_a_writer_and_a_reader() -> None:
    lacking = [c.name for c in CHANNELS if not (writers(c) and readers(c))]

    assert lacking == []


def test_every_verb_has_callers_with_a_row_and_is_carried_out_by_somebody() -> None:
    for table in (QUEUE, ONESTOP, DEVICE):
        for verb in table.values():
            assert verb.callers <= ROLES.keys(), verb.name
    obeyed = {name for role in ROLES.values() for name in role.obeys}
    assert obeyed == DEVICE.keys(), "hall/contract/roles.py: `obeys` and the verbs differ"


def test_everyone_is_answered_by_the_controller_but_who_asks_nothing() -> None:
    assert askers("controller") == EVERYONE


@pytest.mark.parametrize("kind", PACKAGES)
def test_every_alert_code_is_raised_by_its_role(kind: str) -> None:
    nested = [ROOT / p for p in PACKAGES.values() if p.startswith(f"{PACKAGES[kind]}/")]
    sources = [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / PACKAGES[kind]).rglob("*.py"))
        if not any(path.is_relative_to(other) for other in nested)
    ]
    if any("from hall.scanning" in source for source in sources):
        sources.append((ROOT / "hall/scanning/ports.py").read_text(encoding="utf-8"))
    if any("judge_disk" in source or "disk=ground.state" in source for source in sources):
        sources.append((ROOT / "hall/runtime/disk_room.py").read_text(encoding="utf-8"))
    if any("judge_glass" in source for source in sources):
        sources.append((ROOT / "hall/runtime/glass_size.py").read_text(encoding="utf-8"))
    said = set(re.findall(r'"([a-z]+(?:_[a-z]+)*)"', "\n".join(sources)))
    if any("unusable=" in source for source in sources):
        said.add(FILES_UNUSABLE)

    assert set(ROLES[kind].alerts) <= said


def test_no_role_without_a_program_of_ours_has_alerts() -> None:
    assert {kind for kind, role in ROLES.items() if role.alerts} == PACKAGES.keys()
    assert len(alert_codes()) == len(set(alert_codes()))


def lines_of(client: str) -> Iterator[tuple[str, str]]:
    block = acl(IDS).split(f"user {client}\n")[1].split("\n\n")[0]
    for line in block.splitlines():
        _, access, topic = line.split()
        yield access, topic


def test_nothing_that_may_be_written_holds_a_wildcard() -> None:
    written = re.findall(r"^topic (?:read)?write (.*)$", acl(IDS), re.MULTILINE)

    assert len(written) > 300
    assert not [topic for topic in written if "+" in topic or "#" in topic]


@pytest.mark.parametrize("client", IDS.clients)
def test_the_file_grants_what_the_rows_grant(client: str) -> None:
    for access, topic in lines_of(client):
        if topic in role_of(client).broker_figures:
            continue
        address = topics.find("thu", topic.replace("+", "x")) or topics.find(
            "thu", topic.replace("+/+", "ping/tech").replace("+", "x")
        )
        assert address is not None, topic
        levels = {k: v for k, v in address.levels.items() if v != "x"}
        if access == "write" and may_clear(client, address.channel):
            continue
        allowed = may_write if access == "write" else may_read
        assert allowed(client, address.channel, levels), f"{access} {topic}"


def test_the_controller_alone_removes_what_others_have_left() -> None:
    text = acl(IDS)

    assert "topic write motcua/1/thu/dev/printer-1/alert/paper_out\n" in text.split("user c")[1]
    clearing = [client for client in IDS.clients if any(may_clear(client, c) for c in CHANNELS)]
    assert clearing == ["controller"]


def test_a_counter_that_is_not_in_the_yaml_has_no_face_and_no_state() -> None:
    text = acl(IDS)

    assert "topic write motcua/1/thu/face/5A\n" in text
    assert "face/2\n" not in text
    assert "state/counter/2\n" not in text


@pytest.mark.parametrize(
    ("client", "kind"),
    [
        ("printer-1", "printer"),
        ("kiosk-12", "kiosk"),
        ("bridge-1", "bridge"),
        ("counters", "counters"),
        ("controller", "controller"),
        ("controller-2", "controller-2"),
        ("tech-2", "tech"),
    ],
)
def test_the_kind_of_a_client_follows_from_its_name(client: str, kind: str) -> None:
    assert kind_of(client) == kind
