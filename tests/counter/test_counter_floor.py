"""The pages' scripts stay within what the oldest browsers that we name can read and do.

The floor is Chromium 109 (the last for Windows 7 and 8.1) and Firefox 115 (ESR, the last there
too). What came later is in after_floor.json.
"""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

PAGES = files("hall.counter") / "page"
SCRIPTS = sorted(each.name for each in PAGES.iterdir() if each.name.endswith(".js"))
PARSER = Parser(Language(tree_sitter_javascript.language()))
LATE = {
    kind: frozenset(names)
    for kind, names in json.loads(
        Path(__file__).with_name("after_floor.json").read_text("utf-8")
    ).items()
}
# What a browser of 2010 stumbles over, beside which nothing of a file runs.
MODERN = {
    *("arrow_function", "lexical_declaration", "template_string", "spread_element"),
    *("optional_chain", "class_declaration", "import_statement", "export_statement"),
    *("object_pattern", "array_pattern", "rest_pattern", "assignment_pattern"),
    *("await_expression", "for_in_of", "method_definition", "shorthand_property_identifier"),
    *("computed_property_name", "generator_function", "async"),
}
# Methods of our own objects that are called like one of the platform's.
OURS = {"take"}
# ES2023 and later as the grammar calls it: decorators, import attributes, `using`.
LATE_SYNTAX = {"decorator", "import_attribute", "using_declaration"}


def nodes(script: str) -> Iterator[Node]:
    tree = PARSER.parse(script.encode())
    assert not tree.root_node.has_error, "the grammar cannot read it"
    waiting = [tree.root_node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children


def words(node: Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


def called(call: Node) -> str:
    """The method's name; a field that a browser lacks is undefined, a method ends the script."""
    function = call.child_by_field_name("function")
    property_ = None if function is None else function.child_by_field_name("property")
    return words(property_)


def too_new(script: str) -> list[str]:
    """What in it is newer than the floor."""
    found = []
    for node in nodes(script):
        said = words(node)
        if node.type == "identifier" and said in LATE["globals"]:
            found.append(said)
        if node.type == "call_expression" and called(node) in LATE["members"] - OURS:
            found.append(f".{called(node)}()")
        if node.type == "member_expression" and said in LATE["statics"]:
            found.append(said)
        if node.type in LATE_SYNTAX or (node.type == "regex_flags" and "v" in said):
            found.append(node.type)
        if node.type == "regex_pattern" and re.search(r"\(\?[ims-]+:", said):
            found.append(said)
    return found


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_uses_nothing_newer_than_the_floor(name: str) -> None:
    assert too_new((PAGES / name).read_text("utf-8")) == []


@pytest.mark.parametrize(
    "script",
    [
        "Promise.withResolvers()",
        "Object.groupBy(a, b)",
        "new Set(a).union(b)",
        "AbortSignal.any([a])",
        "new CloseWatcher()",
        "/[a--b]/v",
        "/(?i:a)/",
    ],
)
def test_the_check_knows_what_is_new(script: str) -> None:
    assert too_new(script) != []


@pytest.mark.parametrize("script", ["a?.b ?? c.at(-1)", "structuredClone(a)", "a ||= b"])
def test_the_check_leaves_what_the_floor_has(script: str) -> None:
    assert too_new(script) == []


def test_the_notice_itself_is_written_for_the_oldest_browser() -> None:
    script = (PAGES / "floor.js").read_text("utf-8")

    assert {node.type for node in nodes(script)} & MODERN == set()
    assert "=>" not in script


@pytest.mark.parametrize("page", sorted(e.name for e in PAGES.iterdir() if e.name.endswith("html")))
def test_every_page_with_live_states_asks_the_browser_first(page: str) -> None:
    text = (PAGES / page).read_text("utf-8")
    live = [name for name in re.findall(r'type="module" src="/static/(\w+\.js)"', text)
            if "watch(" in (PAGES / name).read_text("utf-8")]  # fmt: skip

    assert not live or ('src="/static/floor.js"' in text and 'id="too-old"' in text)
