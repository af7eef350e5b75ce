"""The bus as tables for people: every topic and every verb, from the registry itself."""

from collections.abc import Iterable, Iterator

from hall.contract import rights
from hall.contract.events import EVENTS
from hall.contract.roles import ROLES
from hall.contract.topics import CHANNELS, DEV_STATUS, REQ_DEV, REQ_ONESTOP, REQ_QUEUE, Channel
from hall.contract.verbs import Verb

_HEAD = """\
# The bus, in tables

Generated from `hall/contract` (`motcua wire`); not edited by hand. The same as AsyncAPI 3.0:
[asyncapi.json](asyncapi.json). All topics begin with `motcua/1/{hall}/`. JSON, UTF-8, NFC, at most
48 KiB, with `schema`, `hall`, `src` and `ts` in every message. A vendor begins with
[onestop.md](onestop.md).
"""
_TOPICS = """\
Every client reads its own `dev/{client}/…` and `rsp/{client}` as well. Nothing else is granted: the
broker refuses it. Below, a name in brackets is a client whose messages alone are read.
"""
_CLIENTS = """\
Client id and user name are the same; `-N` is a number or a word of the hall's YAML. An alert code,
a verb or a device that does not stand here is refused by the broker, and so is a reply to somebody
who may not ask. Where a broker has no such table, a verb that does not exist is answered
`bad_request`. Every client may raise `acl_denied`, the ACL of the broker is of another YAML or
version, `twin`, another program uses its client id, `flood`, the clients in its text have been
sending it too much, or nonsense, for 5 s, or so much that it does not listen to them for 10 s, and
`config_wrong`, its YAML is wrong or missing, so that it runs on the last good one.
"""
_NOTES = """\
## What version 1 has gained

Additions only; who does not know them ignores them.

- Clients: `board` and `voice` beside `display`; `tech-cli` (the `motcua` command) and `tech-demo`
  are of the kind `tech`, since a client id can be connected once.
- Device verb `simulate` `{action, args}`: steers simulated hardware, refused by real hardware.
- Queue verbs `slots`, `appoint`, `cancel-appointment` and `check-in`: appointments of the one-stop
  software, confirmed by code in any case. The code comes back in the reply to `appoint` alone.
- Event types beside those of the first page: `print_unknown` (the paper's fate is not known),
  `appointed`, `unbooked`, `day_dated` (the clock found its date), `recovered` and
  `numbers_skipped` (after a restored journal). All carry `seq` like the others.
- Events carry `epoch`, as `replay` asks for it. `cause` of `day_opened` and `day_dated`: the date.
- Queue verb `replay-staff`, for `counters` and `tech`: the marks of the staff beside the events.
- State `ext/onestop/refused`, and the clients `onestop-feed` and `gateway`.
- A bridge's status has `units`: counts of every unit on its buses.
- `host` in a status: the machine. `owner` in `state/hall`: an opaque mark of the controller that
  leads; who finds another mark than its own, in its own epoch or a later one, stands back.
- States of one `(epoch, ver)`: the later one holds, since a hall opens and closes by the clock.
- `open` in `state/hall`: whether the hall gives tickets now; `closed_by` says why it does not,
  `hours` (of the calendar) or `order` (`hall-close`). Who has a ticket is called all the same.
- Verb `turns` of the queue: everyone whom a counter would call, in the order in which it would
  call them now, with the reason of each place; the first 250.
- `check-in` while the hall is closed by its hours: from `early_min` before the slot to `late_min`
  after it a ticket is given, else `not_now` or `closed`.
"""


def tables() -> str:
    """The whole page."""
    parts = [_HEAD, "## Topics\n", _TOPICS, *_topics(), ""]
    parts += ["## Clients\n", _CLIENTS, *_clients(), ""]
    parts += ["## Types of `evt/ticket`\n", *_events(), ""]
    for channel in (REQ_QUEUE, REQ_ONESTOP, REQ_DEV):
        parts += [f"## Verbs of `{channel.pattern}`\n", *_verbs(channel), ""]
    return "\n".join([*parts, _NOTES])


def _topics() -> Iterator[str]:
    yield "| topic | kind | message | written by | read by |\n|---|---|---|---|---|"
    for channel in CHANNELS:
        kind = channel.kind.value + (", last will" if channel is DEV_STATUS else "")
        row = (f"`{channel.pattern}`", kind, channel.model.__name__)
        yield _row(*row, _kinds(rights.writers(channel)), _readers(channel))


def _readers(channel: Channel) -> str:
    """A client whose messages alone are read stands behind the reader."""
    whose = rights.readers(channel)
    named = [_kinds(frozenset(kind for kind, of in whose.items() if not of))]
    named += [f"{kind} ({', '.join(of)})" for kind, of in sorted(whose.items()) if of]
    return "; ".join(part for part in named if part)


def _clients() -> Iterator[str]:
    yield "| client id | carries out | alert codes |\n|---|---|---|"
    for role in ROLES.values():
        ids = (f"{role.kind}-N",) if role.listed else role.ids or (role.kind,)
        yield _row(_codes(ids), _codes(role.obeys), _codes(role.alerts))


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def _events() -> Iterator[str]:
    yield "| type | leaves its ticket | in Vietnamese |\n|---|---|---|"
    for event in EVENTS.values():
        place = "has none" if event.place is None else event.place.value
        yield _row(f"`{event.type}`", place, event.words)


def _verbs(channel: Channel) -> Iterator[str]:
    yield "| verb | fields | reply | who may | effect |\n|---|---|---|---|---|"
    for verb in (channel.verbs or {}).values():
        yield _row(
            f"`{verb.name}`",
            _fields(verb),
            _codes(f.alias or n for n, f in verb.data.model_fields.items()),
            _kinds(verb.callers),
            verb.effect,
        )


def _fields(verb: Verb) -> str:
    """Every field but the id; a question mark where it may be left out."""
    fields = verb.request.model_fields.items()
    named = [f"`{f.alias or n}`{'' if f.is_required() else '?'}" for n, f in fields if n != "id"]
    return ", ".join(named) or "–"


def _kinds(kinds: frozenset[str]) -> str:
    others = ROLES.keys() - kinds
    if len(others) > 1:
        return ", ".join(sorted(kinds))
    return " but ".join(["everyone", *others])


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
