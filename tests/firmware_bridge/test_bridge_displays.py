"""Displays of other makers: YAML profiles, the bytes they give, and what happens on their wire."""

from pathlib import Path
from typing import Any

import pytest

from firmware_bridge.firmware import settings as firmware_settings
from firmware_bridge.lines.simulated import InjectedFaults, SimulatedLine, VirtualPace
from firmware_bridge.lines.simulated_devices import SimulatedDisplay
from firmware_bridge.master import Master, Station
from firmware_bridge.ports import BusEvent, UnitBack, UnitLost
from firmware_bridge.protocols import ascii_template, encodings, rtu
from firmware_bridge.protocols.crc import sealed
from firmware_bridge.protocols.encodings import SEGMENTS, can_show, padded, registers
from firmware_bridge.protocols.foreign import ForeignDisplay
from firmware_bridge.protocols.profile import DisplayProfile, known_kinds, load_profile
from firmware_bridge.protocols.session import WrongShown
from firmware_bridge.protocols.unit_face import UnitFace
from hall.runtime.settings import ConfigError

SEGMENT = {
    "kind": "seg",
    "transport": "rtu",
    "width": 4,
    "charset": "0-9A-F -",
    "write": {"function": 6, "start": 128, "encoding": "segment"},
    "dim": {"register": 36, "on": 2, "off": 8},
    "blink": {"register": 37, "on": 1, "off": 0},
}

FOREIGN = tuple(kind for kind in known_kinds() if kind != "motcua-unit")


class Bus:
    """One foreign display on a paced wire in virtual time."""

    def __init__(self, profile: DisplayProfile, address: int = 1, rate: float = 0.0) -> None:
        self.pace = VirtualPace()
        self.display = SimulatedDisplay(address, profile)
        self.line = SimulatedLine(
            {address: self.display}, profile.line.baud, self.pace, InjectedFaults(rate, 3)
        )
        station = Station(ForeignDisplay(address, profile), profile.min_gap_ms / 1000)
        self.sent: list[bytes] = []
        self.master = Master(
            self.line,
            [station],
            profile.line.baud,
            self.pace.now,
            lambda ask, _: self.sent.append(ask),
        )
        self.events: list[BusEvent] = []
        self.address = address

    def show(self, look: UnitFace, seconds: float = 1.0) -> str:
        self.master.want_face(self.address, look)
        self.run(seconds)
        return self.display.shown(0).strip()

    def run(self, seconds: float) -> None:
        until = self.pace.now() + seconds
        while self.pace.now() < until:
            turn = self.master.turn()
            self.events += turn.events
            self.pace.wait(max(0.0, min(turn.due, until) - self.pace.now()))


def profile_of(**fields: Any) -> DisplayProfile:
    return DisplayProfile.model_validate(fields)


def test_the_vectors_of_the_data_sheets() -> None:
    assert rtu.write(1, 0, registers("0105", "ascii_per_reg")).request == bytes.fromhex(
        "01 10 00 00 00 04 08 00 30 00 31 00 30 00 35 3B A5"
    )
    assert rtu.write_one(1, 7, *registers("0105", "int")).request == bytes.fromhex(
        "01 06 00 07 00 69 F8 25"
    )


@pytest.mark.parametrize(
    ("text", "encoding", "values"),
    [
        ("0105", "ascii_2_per_reg", (0x3031, 0x3035)),
        ("105", "ascii_2_per_reg", (0x3130, 0x3520)),
        (" 105", "bcd", (0xF105,)),
        ("001234", "bcd", (0xFF00, 0x1234)),
        ("    ", "int", (0,)),
        ("32767", "int", (32767,)),
        ("-8", "segment", (0x40, 0x7F)),
    ],
)
def test_text_becomes_registers(text: str, encoding: Any, values: tuple[int, ...]) -> None:
    assert registers(text, encoding) == values


@pytest.mark.parametrize(("text", "encoding"), [("A1", "int"), ("32768", "int"), ("ư", "segment")])
def test_what_cannot_be_encoded_is_refused(text: str, encoding: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        registers(text, encoding)


@pytest.mark.parametrize(
    ("text", "pad", "wide"),
    [
        ("15", "space_left", "  15"),
        ("15", "space_right", "15  "),
        ("15", "zero_left", "0015"),
        ("A5", "zero_left", "  A5"),
    ],
)
def test_text_is_padded_as_the_profile_says(text: str, pad: Any, wide: str) -> None:
    assert padded(text, 4, pad) == wide


@pytest.mark.parametrize(
    ("kind", "text", "can"),
    [
        ("dm56", "A105", True),
        ("dm56", "X105", False),
        ("dm56", "A1055", False),
        ("dm56-int", "105", True),
        ("dm56-int", "A105", False),
        ("callshop", "9999", True),
    ],
)
def test_a_profile_knows_what_its_display_can_show(kind: str, text: str, can: object) -> None:
    assert can_show(load_profile(kind), text) is can


def test_a_number_beyond_the_register_does_not_fit() -> None:
    wide = load_profile("dm56-int").model_copy(update={"width": 6})

    assert not can_show(wide, "40000")


@pytest.mark.parametrize(
    ("checksum", "tail"),
    [("none", b""), ("xor", b"4A"), ("sum8", b"C2"), ("lrc", b"3E"), ("crc16", b"A15F")],
)
def test_an_ascii_frame_may_carry_a_checksum(checksum: Any, tail: bytes) -> None:
    made = ascii_template.frame(r"|{addr:02d}{data}{checksum}\r", 1, "", "105", checksum)
    plain = ascii_template.frame(r"|{addr:02d}{data}\r", 1, "", "105", "none")

    assert plain == b"|01105\r"
    assert made[:6] == b"|01105"
    assert made[-1:] == b"\r"
    if checksum in ("none", "xor", "sum8", "lrc"):
        assert (
            made[6:-1]
            == {
                "none": b"",
                "xor": b"%02X" % (0x7C ^ 0x30 ^ 0x31 ^ 0x31 ^ 0x30 ^ 0x35),
                "sum8": b"%02X" % (sum(b"|01105") & 255),
                "lrc": b"%02X" % (-sum(b"|01105") & 255),
            }[checksum]
        )
    else:
        assert made[6:-1] == sealed(b"|01105")[-2:].hex().upper().encode()
    assert len(made[6:-1]) == len(tail)


def test_a_frame_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValueError, match="frame"):
        ascii_template.frame("{wat}{data}", 1, "", "1", "none")


@pytest.mark.parametrize("kind", known_kinds()[1:])
def test_every_profile_that_comes_with_the_bridge_shows_a_number(kind: str) -> None:
    profile = load_profile(kind)
    bus = Bus(profile)

    shown = bus.show(UnitFace("105"))

    assert "105" in shown
    assert bus.events == []


@pytest.mark.parametrize(
    ("kind", "frame"),
    [
        ("laser-lt", b"|01SD   105\r"),
        ("callshop", b"N0105\r"),
        ("escpos-vfd", b"\x0c105         "),
    ],
)
def test_ascii_displays_get_their_frames(kind: str, frame: bytes) -> None:
    bus = Bus(load_profile(kind))
    bus.show(UnitFace("105"))

    assert frame in bus.sent


def test_a_display_is_written_again_every_few_seconds() -> None:
    bus = Bus(load_profile("armfly-led485"))
    bus.show(UnitFace("A105"))
    before = len(bus.sent)
    bus.display.registers.clear()
    bus.run(6)

    assert len(bus.sent) == before + 1
    assert bus.display.shown(0) == "A105"


def test_a_display_that_reads_back_something_else_is_told_again() -> None:
    bus = Bus(load_profile("dm56"))
    bus.show(UnitFace("0105"))
    bus.display.registers[3] = ord("9")
    bus.run(6)

    assert bus.display.shown(0) == "0105"
    bus.display.registers[3] = ord("9")
    object.__setattr__(bus.display, "registers", Stubborn(bus.display.registers))
    bus.run(12)
    assert [e for e in bus.events if isinstance(e, WrongShown)]


class Stubborn(dict[int, int]):
    """A digit that is stuck."""

    def get(self, key: int, default: Any = None) -> Any:
        return ord("9") if key == 3 else super().get(key, default)


def test_an_ascii_display_that_reads_back_is_heard_as_lost_and_back() -> None:
    bus = Bus(load_profile("laser-lt"))
    bus.show(UnitFace("105"))
    bus.display.powered = False
    bus.run(30)
    bus.display.powered = True
    bus.run(30)
    kinds = [type(event) for event in bus.events]

    assert UnitLost in kinds
    assert UnitBack in kinds
    assert "105" in bus.display.shown(0)


def test_a_display_that_is_turned_off_is_blank() -> None:
    bus = Bus(load_profile("dm56"))
    bus.show(UnitFace("0105"))

    assert bus.show(UnitFace("")) == ""


def test_effects_go_to_their_own_registers() -> None:
    bus = Bus(profile_of(**SEGMENT))

    assert bus.show(UnitFace("A1", blink=15, brightness=3)) == "A1"
    assert (bus.display.registers[36], bus.display.registers[37]) == (2, 1)
    bus.show(UnitFace("A1"))
    assert (bus.display.registers[36], bus.display.registers[37]) == (8, 0)


def test_damaged_frames_end_in_the_right_number() -> None:
    bus = Bus(load_profile("dm56"), rate=0.2)
    for number in range(100, 130):
        assert bus.show(UnitFace(f"0{number}"), seconds=8) == f"0{number}"


WRITE = "write: {function: 6, start: 0, encoding: int}\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kind: mine\ntransport: rtu\nwidth: 4\n", "cần mục write"),
        ("kind: mine\ntransport: ascii_template\nwidth: 4\nframe: x\n", "{data}"),
        (
            "kind: mine\ntransport: ascii_template\nwidth: 4\nframe: '{data}'\nchecksum: xor\n",
            "{checksum}",
        ),
        (
            "kind: mine\ntransport: rtu\nwidth: 4\ncharset: 'z-a'\n" + WRITE,
            "charset",
        ),
        (
            "kind: other\ntransport: rtu\nwidth: 4\n" + WRITE,
            "trùng với tên tệp",
        ),
        ("kind: mine\ntransport: rtu\nwidht: 4\n", "ý bạn là 'width'"),
    ],
)
def test_a_broken_profile_says_what_is_wrong(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"mine\.yaml:\d+:\d+") as caught:
        load_profile("mine", tmp_path)

    assert why in str(caught.value)


def test_a_hall_may_bring_its_own_profile(tmp_path: Path) -> None:
    text = "kind: mine\ntransport: rtu\nwidth: 3\nwrite: {function: 6, start: 5, encoding: bcd}\n"
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")

    profile = load_profile("mine", tmp_path)

    assert Bus(profile).show(UnitFace("105")) == "105"
    assert "mine" in known_kinds(tmp_path)


def test_an_unknown_kind_is_unknown() -> None:
    with pytest.raises(KeyError):
        load_profile("qmatic")


def test_the_unit_and_the_pictures_of_it_have_one_alphabet() -> None:
    known = dict(SEGMENTS)
    known.pop(" ")

    assert known == firmware_settings.SEGMENTS
    assert len({encodings.SEGMENTS[c] for c in "0123456789ACEFHJLNPRTUY-"}) == 24


@pytest.mark.parametrize("kind", FOREIGN)
def test_an_adapter_that_hears_itself_makes_no_dead_display_live(kind: str) -> None:
    """Outcome: what only echoes is lost as what is silent is, if its maker lets it answer."""
    bus = Bus(load_profile(kind))
    bus.line.echo, bus.display.powered = True, False
    bus.show(UnitFace("105"), 3.0)
    silent = Bus(load_profile(kind))
    silent.display.powered = False
    silent.show(UnitFace("105"), 3.0)

    assert [type(e) for e in bus.events[:1]] == [type(e) for e in silent.events[:1]]
    assert any(isinstance(e, UnitLost) for e in bus.events) != bus.master.stations[0].session.hidden


@pytest.mark.parametrize("kind", FOREIGN)
def test_an_adapter_that_hears_itself_shows_what_any_other_shows(kind: str) -> None:
    bus, other = Bus(load_profile(kind)), Bus(load_profile(kind))
    bus.line.echo = True

    assert bus.show(UnitFace("105"), 2.0) == other.show(UnitFace("105"), 2.0)
    assert not bus.events


def test_a_display_that_answers_as_it_was_asked_is_known_from_its_echo() -> None:
    """One register written: answer and request are the same eight bytes."""
    bus = Bus(profile_of(**SEGMENT))
    bus.line.echo = True
    bus.show(UnitFace("105"), 1.0)
    live = list(bus.events)
    bus.display.powered = False
    bus.show(UnitFace("106"), 3.0)

    assert not live
    assert any(isinstance(e, UnitLost) for e in bus.events)
