"""Whom and what a YAML names."""

from hall.runtime.members import expected, members


def test_what_the_yaml_speaks_of_is_expected() -> None:
    values = {
        "printers": [{"id": "printer-1"}],
        "display": {"faces": [{}], "board": {}, "voice": None},
        "counter": {},
    }

    assert [*expected(values)] == [
        "controller",
        "printer-1",
        "display",
        "board",
        "counters",
    ]


def test_what_a_yaml_does_not_speak_of_may_be_another_makers() -> None:
    named = members({"printers": [{"id": "printer-1"}], "onestop": {"driver": "file"}})

    assert not named.may_be_foreign("printer-9")
    assert named.may_be_foreign("kiosk-1")
    assert named.clients >= {"controller", "printer-1", "onestop", "counters", "tech-cli"}
    assert not named.clients & {"printer-9", "kiosk-1", "gateway", "voice"}


def test_beside_a_vendor_on_the_bus_there_is_a_judge() -> None:
    assert members({"onestop": {"driver": "mqtt"}}).clients >= {"onestop", "gateway"}
