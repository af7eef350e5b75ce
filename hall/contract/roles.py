"""One row a kind of client: its program, what it hears, sees, writes and carries out on the bus.

From these rows come the ACL, the documents, what a daemon subscribes and whom a reader believes,
and where the command finds the program: its package, its section of the YAML, its unit.
Requests stand beside them in the verbs (`callers`). What every client may do stands in no row: its
own status, its own replies, the heartbeat.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hall.contract.topics import (
    DEV_ALERT,
    DEV_STATUS,
    EVT_CALL,
    EVT_TICKET,
    EXT_CATALOGUE,
    EXT_FIGURES,
    EXT_NOTICE,
    EXT_REFUSED,
    EXT_STATUS,
    FACE,
    REQ_ONESTOP,
    REQ_QUEUE,
    STATE_BOARD,
    STATE_COUNTER,
    STATE_HALL,
    STATE_SERVICE,
    Channel,
)

# Every client may raise it: the broker refused a message that its row grants.
ACL_DENIED = "acl_denied"
# And: another program uses its client id.
TWIN = "twin"
# And: another client sends it too much, or nonsense.
FLOOD = "flood"
# And: the file of its configuration is wrong or missing, and it runs on another one.
CONFIG_WRONG = "config_wrong"
# A file that its configuration names beside itself cannot be used; it does without.
FILES_UNUSABLE = "files_unusable"
# What the broker holds in memory, in bytes; mosquitto tells it every 10 s.
BROKER_HEAP = "$SYS/broker/heap/current"
# The alert codes of every client.
COMMON_ALERTS = (ACL_DENIED, TWIN, FLOOD, CONFIG_WRONG)


@dataclass(frozen=True, slots=True)
class ReadGrant:
    """A channel that is read; of the clients of these kinds alone, or of all when none is named."""

    channel: Channel
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """What of ours runs as a client.

    `role`: its name in `motcua run`, of its unit and its user.
    `package`: where it is; its `__main__` builds it, its `settings` read the YAML.
    `section`: the place in the YAML that it works on; empty: on what every hall has.
    `several`: the section is a list, each entry of which is a client of its own.
    `optional`: it also runs where the section is not there.
    `window_unit`: the unit that takes the place of its own where it draws in a window.
    """

    role: str
    package: str
    section: tuple[str, ...] = ()
    several: bool = False
    optional: bool = False
    window_unit: str = ""

    @property
    def unit(self) -> str:
        """The unit's file without .service: of several, a template."""
        return f"motcua-{self.role}{'@' if self.several else ''}"

    def unit_of(self, client: str) -> str:
        return f"{self.unit}{client}" if self.several else self.unit


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of client.

    `kind`: the client id, or what stands before the number ("printer" for printer-1).
    `program`: None where no daemon of ours is such a client.
    `ids`: all its clients where several are fixed.
    `hears`: what its daemon subscribes, beside what is addressed to it.
    `sees`: what other programs under its name may read as well.
    `writes`: states and events that it owns. `alerts`: the codes it may raise.
    `clears`: states of others that it may remove.
    `broker_figures`: what it reads of the broker itself, whole topics.
    `every_verb`: requests of which the broker lets through each verb that exists, so that people
    who write against the bus are answered `unauthorized` and not left without a word.
    `obeys`: the verbs of `req/dev` that it carries out.
    `judges`: states of which it is told also what does not obey the contract.
    """

    kind: str
    program: Program | None = None
    ids: tuple[str, ...] = ()
    hears: tuple[ReadGrant, ...] = ()
    sees: tuple[ReadGrant, ...] = ()
    writes: tuple[Channel, ...] = ()
    clears: tuple[Channel, ...] = ()
    broker_figures: tuple[str, ...] = ()
    every_verb: tuple[Channel, ...] = ()
    obeys: tuple[str, ...] = ("ping",)
    alerts: tuple[str, ...] = ()
    judges: tuple[Channel, ...] = ()

    @property
    def listed(self) -> str:
        """The list of the YAML that names its clients, where there may be several."""
        return self.program.section[0] if self.program and self.program.several else ""


def _all(*channels: Channel) -> tuple[ReadGrant, ...]:
    return tuple(ReadGrant(channel) for channel in channels)


_PRESENCE = (ReadGrant(STATE_HALL), ReadGrant(DEV_STATUS, ("controller",)))
_QUEUE = (STATE_HALL, STATE_BOARD, STATE_COUNTER, STATE_SERVICE)
_EVENTS = (EVT_TICKET, EVT_CALL)
# It is the client `onestop`, or `gateway` beside a vendor's software that is `onestop` itself.
_ONESTOP_SIDE = Program("onestop", "hall.onestop", ("onestop",))
_ONESTOP = (EXT_STATUS, EXT_FIGURES, EXT_CATALOGUE, EXT_NOTICE)

# What the province sees of a hall at any moment.
_LIVE = (STATE_HALL, STATE_COUNTER, STATE_SERVICE, DEV_STATUS, DEV_ALERT, EXT_STATUS, EXT_FIGURES)

# What a counter, a device or a supplier leaves retained when it leaves the YAML.
_LEFT = (STATE_COUNTER, STATE_SERVICE, FACE, DEV_STATUS, DEV_ALERT, *_ONESTOP, EXT_REFUSED)

_ROWS = (
    Role(
        "controller",
        Program("controller", "hall.controller"),
        hears=_all(REQ_QUEUE, STATE_HALL, *_LEFT),
        writes=(*_QUEUE, *_EVENTS),
        clears=_LEFT,
        broker_figures=(BROKER_HEAP,),
        alerts=(
            *("backup_late", "broker_full", "certificate_expires", "clock_unsure", "disk_low"),
            *("journal_damaged", "journal_restored", "update_failed"),
        ),
        judges=_LEFT,
    ),
    Role(
        "printer",
        Program("printer", "printer", ("printers",), several=True),
        hears=_PRESENCE,
        obeys=("dispense", "check-in", "reprint", "test-print", "identify", "simulate", "ping"),
        alerts=(
            *("paper_out", "paper_low", "cover_open", "cutter_error", "printer_error", "offline"),
            *("assets_missing", "disk_low", "button_stuck", "buttons_lost", "lamps_lost"),
            *("scanner_offline", FILES_UNUSABLE),
        ),
    ),
    Role(
        "kiosk",
        Program("kiosk", "kiosk", ("kiosks",), several=True),
        hears=(
            *_PRESENCE,
            *_all(STATE_COUNTER, STATE_SERVICE, EVT_TICKET),
            *_all(EXT_STATUS, EXT_FIGURES, EXT_CATALOGUE),
            ReadGrant(DEV_STATUS, ("printer",)),
            ReadGrant(DEV_ALERT, ("printer",)),
        ),
        obeys=("simulate", "ping"),
        alerts=(
            *("scanner_offline", "screen_lost", "screen_size", "speech_lost"),
            *(FILES_UNUSABLE, "disk_low"),
        ),
    ),
    Role(
        "display",
        Program("display", "display", ("display", "faces"), window_unit="motcua-window"),
        hears=(*_PRESENCE, ReadGrant(STATE_COUNTER)),
        writes=(FACE,),
        obeys=("identify", "ping"),
        alerts=("display_lost",),
    ),
    Role(
        "board",
        Program("board", "display.board", ("display", "board")),
        hears=(
            *_PRESENCE,
            *_all(STATE_BOARD, STATE_COUNTER, STATE_SERVICE, EVT_CALL),
            *_all(EXT_STATUS, EXT_FIGURES, EXT_NOTICE),
        ),
        obeys=("identify", "ping"),
        alerts=("screen_lost", "screen_size"),
    ),
    Role(
        "voice",
        Program("voice", "display.voice", ("display", "voice")),
        hears=_all(EVT_CALL, STATE_COUNTER),
        obeys=("say", "identify", "ping"),
        alerts=("clips_damaged", "clips_missing", "loudspeaker", "disk_low"),
    ),
    Role(
        "bridge",
        Program("bridge", "firmware_bridge", ("bridges",), several=True),
        hears=(*_PRESENCE, *_all(STATE_COUNTER, FACE), ReadGrant(DEV_STATUS, ("display",))),
        obeys=("identify", "simulate", "ping"),
        alerts=("bus_down", "unit_lost", "face_unfit", "keypad_lost"),
    ),
    Role(
        "counters",
        Program("counter", "hall.counter", ("counter",), optional=True),
        every_verb=(REQ_QUEUE,),
        hears=_all(
            *(*_QUEUE, FACE, EVT_TICKET, DEV_STATUS, DEV_ALERT, EXT_STATUS, EXT_FIGURES),
        ),
        alerts=("guessing", "pages_down", "turn_page_down", "disk_low"),
    ),
    Role(
        "onestop",
        _ONESTOP_SIDE,
        every_verb=(REQ_QUEUE,),
        hears=_all(REQ_ONESTOP, EXT_STATUS, EVT_TICKET),
        sees=_all(*_QUEUE, EVT_CALL, DEV_STATUS, DEV_ALERT, *_ONESTOP, EXT_REFUSED),
        writes=_ONESTOP,
        obeys=("imports", "accept-import", "enter-figures", "simulate", "ping"),
        alerts=(
            *("onestop_down", "disk_low", "held_other", "bad_other"),
            *("held_dossiers", "held_procedures", "held_figures"),
            *("bad_dossiers", "bad_procedures", "bad_figures", "bad_notice", "figures_doubt"),
        ),
    ),
    Role(
        "onestop-feed",
        sees=_all(EXT_REFUSED),
        writes=(EXT_FIGURES, EXT_CATALOGUE, EXT_NOTICE),
        obeys=(),
    ),
    Role(
        "gateway",
        _ONESTOP_SIDE,
        hears=_all(*_ONESTOP),
        sees=_all(EXT_REFUSED),
        writes=(*_ONESTOP, EXT_REFUSED),
        alerts=(
            *("onestop_down", "figures_doubt", "bad_status", "disk_low"),
            *("bad_figures", "bad_procedures", "bad_notice"),
        ),
        judges=_ONESTOP,
    ),
    Role(
        "uplink",
        Program("uplink", "hall.uplink", ("uplink",)),
        hears=_all(*_LIVE),
        sees=_all(STATE_BOARD, *_EVENTS),
        obeys=("simulate", "ping"),
        alerts=("province_down", "province_refuses", "province_twin", "disk_low"),
    ),
    Role(
        "tech",
        every_verb=(REQ_QUEUE,),
        # A client id connects once: `tech` stays free for a person's mosquitto_sub.
        ids=("tech", "tech-cli", "tech-demo"),
        hears=_all(STATE_HALL, STATE_COUNTER, STATE_SERVICE, DEV_STATUS),
        sees=_all(STATE_BOARD, FACE, *_EVENTS, DEV_ALERT, *_ONESTOP, EXT_REFUSED),
        obeys=(),
        judges=_ONESTOP,
    ),
)
ROLES: Mapping[str, Role] = MappingProxyType({role.kind: role for role in _ROWS})
# By the role's name; the clients of one program share it.
PROGRAMS: Mapping[str, Program] = MappingProxyType(
    {role.program.role: role.program for role in _ROWS if role.program}
)
