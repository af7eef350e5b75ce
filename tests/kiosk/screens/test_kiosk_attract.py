"""The greeting shows the hall's photographs in turn, and nothing of it stays in one place."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from hall.screen.tree import Box, Label, Photograph, Picture, Scene, targets, texts
from kiosk import screens
from kiosk.model.pages import Attract, Home
from kiosk.screens.attract import SHOWN_S

PANELS = ("32 inch portrait", "15.6 inch landscape", "10.1 inch landscape")
FILES = ("a.jpg", "b.jpg", "c.jpg")


def drawn(kit: Any, panel: str, turn: int, **setup: Any) -> Scene:
    stage = kit.stage(panel)
    model = kit.at(Attract(), now=turn * SHOWN_S)
    model = replace(model, setup=replace(model.setup, **setup))
    return screens.scene(model, stage.theme(model.modes))


@pytest.mark.parametrize(
    "panel", ["32 inch portrait", "15.6 inch landscape", "10.1 inch landscape"]
)
def test_photographs_take_turns_and_the_words_move(kit: Any, panel: str) -> None:
    pages = [drawn(kit, panel, turn, photographs=FILES) for turn in range(6)]
    shown = [node for page in pages for node in page.nodes if isinstance(node, Photograph)]
    touch = [node.rect for page in pages for node in page.nodes if node.key == "touch"]

    assert [node.file for node in shown] == [*FILES, *FILES]
    assert all(one[:2] != other[:2] for one, other in pairwise(touch))
    still = set.intersection(
        *({(n.key, n.rect) for n in page.nodes if isinstance(n, Label | Box)} for page in pages)
    )
    assert {key for key, _ in still} == {"ground"}


def test_the_greeting_names_the_hall_and_what_to_do_and_answers_anywhere(kit: Any) -> None:
    page = drawn(kit, "32 inch portrait", 0)

    assert {"Chạm để bắt đầu", kit.setup.hall_name} <= set(texts(page))
    assert targets(page) == ()
    assert not any(isinstance(node, Photograph) for node in page.nodes)


def test_the_hall_s_logo_stands_on_every_head(kit: Any) -> None:
    stage = kit.stage()
    model = kit.at(Home())
    model = replace(model, setup=replace(model.setup, logo="logo.png"))
    scene = screens.scene(model, stage.theme(model.modes))

    assert [node.file for node in scene.nodes if isinstance(node, Picture)] == ["logo.png"]
