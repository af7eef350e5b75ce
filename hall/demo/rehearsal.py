"""A hall's own file, with every device simulated and its doors open: for demo and training. Pure.

Names, services, counters, tickets and screens stay; what only a real device or the real software
needs is left out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hall.demo.morning import Cast

# What belongs to real devices alone.
_OF_KIOSKS = ("clips", "touch")
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# These carry a keypad beside their display.
_WITH_KEYS = "motcua-unit"

Values = dict[str, Any]
Simulate = Callable[[Mapping[str, Any]], Values]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for. `speed`: of the paper in mm/s, None = as in life."""

    profile: str
    port: int
    speed: int | None = None


@dataclass(frozen=True, slots=True)
class StandIns:
    """What a device's section becomes when it is simulated: the devices' own drivers know."""

    printer: Simulate
    button: Simulate
    scanner: Simulate
    speech: Simulate
    face: Simulate
    player: Simulate
    keypad: Simulate
    supplier: Simulate
    board: Simulate
    bus: Simulate
    link: Simulate


def rehearsed(
    values: Mapping[str, Any], beside: Path, wishes: Wishes, stand_ins: StandIns
) -> Values:
    """`beside`: the folder of the file, from which its relative paths count."""
    played = {key: value for key, value in values.items() if key not in ("onestop", "broker")}
    played["hall"] = {
        **values["hall"], "hours": ["00:00-24:00"], "days": list(_WEEK),
        "holidays": [], "days_off": [], "days_worked": [],
    }  # fmt: skip
    played["services"] = [
        _without(_without(service, "last_ticket_min"), "intake_until")
        for service in values["services"]
    ]
    played["broker"] = {"url": "auto"}
    played["printers"] = _printers(values, beside, wishes, stand_ins)
    if values.get("kiosks"):
        played["kiosks"] = [_kiosk(kiosk, beside, stand_ins) for kiosk in values["kiosks"]]
    if values.get("bridges"):
        played["bridges"] = [_bridge(bridge, stand_ins) for bridge in values["bridges"]]
    if "display" in values:
        played["display"] = _display(values, stand_ins)
    if values.get("uplink"):
        played["uplink"] = stand_ins.link(values["uplink"])
    supplier = stand_ins.supplier(values.get("onestop") or {})
    played["onestop"] = supplier | {"profile": wishes.profile}
    played["counter"] = {
        "host": "127.0.0.1", "port": wishes.port, "pairing": "off", "hall_page": True,
    }  # fmt: skip
    return played


def cast(values: Mapping[str, Any]) -> Cast:
    """Who takes part in the morning of a rehearsed hall."""
    priorities = values.get("priorities") or ()
    return Cast(
        printer=str(values["printers"][0]["id"]),
        services=tuple(str(service["id"]) for service in values["services"]),
        priority=str(priorities[0]["id"]) if priorities else None,
        counters=tuple(str(counter["id"]) for counter in values["counters"]),
        keypads={
            str(unit["counter"]): str(bridge["id"])
            for bridge, unit in _units(values)
            if unit.get("kind", _WITH_KEYS) == _WITH_KEYS and unit.get("keypad", True)
        },
    )


def _printers(
    values: Mapping[str, Any], beside: Path, wishes: Wishes, stand_ins: StandIns
) -> list[Values]:
    """At least one, with a button for every service: somebody must be able to press."""
    found = values.get("printers") or [{"id": "printer-1"}]
    first = found[0].get("buttons") or [{"service": s["id"]} for s in values["services"]]
    buttons = [first, *(printer.get("buttons") or [] for printer in found[1:])]
    return [
        _printer(
            stand_ins.printer(printer)
            | {"buttons": [stand_ins.button(b) for b in pressed]}
            | _scanner(printer, stand_ins),
            beside,
            wishes,
        )
        for printer, pressed in zip(found, buttons, strict=True)
    ]


def _scanner(printer: Mapping[str, Any], stand_ins: StandIns) -> Values:
    found = printer.get("scanner")
    return {} if found is None else {"scanner": stand_ins.scanner(found)}


def _printer(printer: Mapping[str, Any], beside: Path, wishes: Wishes) -> Values:
    played: Values = {**printer}
    ticket = printer.get("ticket")
    if ticket and ticket.get("logo"):
        played["ticket"] = {**ticket, "logo": str(beside / ticket["logo"])}
    if wishes.speed is not None:
        played["speed"] = wishes.speed
    return played


def _kiosk(kiosk: Mapping[str, Any], beside: Path, stand_ins: StandIns) -> Values:
    played = _without(kiosk, *_OF_KIOSKS)
    played["scanners"] = [stand_ins.scanner(each) for each in kiosk.get("scanners") or ()]
    if "speech" in kiosk:
        played["speech"] = stand_ins.speech(_spelt_out(kiosk["speech"]))
    for key in ("texts", "logo"):
        if played.get(key):
            played[key] = str(beside / played[key])
    if "photographs" in kiosk:
        played["photographs"] = [str(beside / each) for each in kiosk["photographs"]]
    return played


def _spelt_out(driver: str | Values) -> Values:
    """A driver may stand in the YAML by its name alone."""
    return {"driver": driver} if isinstance(driver, str) else driver


def _bridge(bridge: Mapping[str, Any], stand_ins: StandIns) -> Values:
    buses = [stand_ins.bus(bus) for bus in _buses(bridge)]
    keypads = [stand_ins.keypad(keypad) for keypad in bridge.get("keypads") or ()]
    return {**bridge, "buses": buses} | ({"keypads": keypads} if keypads else {})


def _display(values: Mapping[str, Any], stand_ins: StandIns) -> Values:
    display = values["display"] or {}
    wired = {str(unit["counter"]) for _, unit in _units(values) if "counter" in unit}
    played: Values = _without(display, "faces", "board", "voice")
    played["faces"] = [
        stand_ins.face(face) | ({"driver": "bridge"} if str(face["counter"]) in wired else {})
        for face in display.get("faces") or ()
    ]
    if display.get("board") is not None:
        played["board"] = stand_ins.board(display["board"])
    if display.get("voice") is not None:
        played["voice"] = _voice(display["voice"], stand_ins)
    return played


def _voice(voice: Mapping[str, Any], stand_ins: StandIns) -> Values:
    played = _without(voice, "device")
    played["player"] = stand_ins.player(_spelt_out(voice.get("player", {})))
    if voice.get("languages"):
        played["languages"] = [_without(each, "folder") for each in voice["languages"]]
    return played


def _units(values: Mapping[str, Any]) -> Iterator[tuple[Values, Values]]:
    for bridge in values.get("bridges") or ():
        for bus in _buses(bridge):
            for unit in bus.get("units") or ():
                yield bridge, unit


def _buses(bridge: Mapping[str, Any]) -> list[Values]:
    return list(bridge.get("buses") or ())


def _without(values: Mapping[str, Any], *keys: str) -> Values:
    return {key: value for key, value in values.items() if key not in keys}
