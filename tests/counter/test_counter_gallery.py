"""Pictures are told by name and version; of thousands of tickets the last eight."""

from pathlib import Path
from typing import Any

from hall.counter.gallery import Gallery
from hall.runtime import pictures


def told(gallery: Gallery) -> Any:
    return gallery.look()


def test_the_last_tickets_are_told_newest_first(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    assert told(gallery) == {"screens": {}, "tickets": []}
    for n in range(1, 13):
        pictures.put(tmp_path, f"tickets/{n:04d}-A{n:03d}.png", b"png")

    names = [each["name"] for each in told(gallery)["tickets"]]
    assert names == [f"{n:04d}-A{n:03d}.png" for n in range(12, 4, -1)]


def test_a_new_ticket_is_seen_and_a_screen_drawn_anew_has_another_version(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    pictures.put(tmp_path, "board.png", b"one")
    pictures.put(tmp_path, "tickets/0001-A001.png", b"png")
    before = told(gallery)
    pictures.put(tmp_path, "board.png", b"two")
    pictures.put(tmp_path, "tickets/0002-A002.png", b"png")
    after = told(gallery)

    assert after["screens"]["board"] != before["screens"]["board"]
    assert after["tickets"][0]["name"] == "0002-A002.png"
