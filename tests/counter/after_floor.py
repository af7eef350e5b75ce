"""Writes after_floor.json: what the floor's browsers lack, from MDN's browser-compat-data (CC0).

`npm pack @mdn/browser-compat-data && tar xzf *.tgz && python after_floor.py package/data.json`
"""

import json
import sys
from collections.abc import Iterator, Mapping
from functools import reduce
from pathlib import Path
from typing import Any

FLOOR = {"chrome": 109, "firefox": 115}
# The platform and the language's builtins, and how deep a member stands there (Intl.Locale.x: 3).
PARTS = {("api",): 2, ("javascript", "builtins"): 3}


def is_late(entry: Mapping[str, Any]) -> bool:
    """Whether one of the floor's browsers has it not at all, or only behind a flag or later."""
    support = entry.get("__compat", {}).get("support", {})
    return any(not _has(support.get(name), most) for name, most in FLOOR.items())


def _has(told: Any, most: int) -> bool:
    rows = told if isinstance(told, list) else [told]
    return any(
        _number(row.get("version_added")) <= most < _number(row.get("version_removed"))
        for row in rows
        if isinstance(row, dict) and "flags" not in row and not row.get("prefix")
        and "alternative_name" not in row
    )  # fmt: skip


def _number(version: object) -> float:
    text = str(version).lstrip("≤").split(".")[0]
    return float(text) if text.isdigit() else float("inf")


def _at(told: Mapping[str, Any], part: tuple[str, ...]) -> Mapping[str, Any]:
    return reduce(lambda node, step: node[step], part, told)


def entries(
    node: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every feature below, with the names that lead to it."""
    for name, each in node.items():
        if name != "__compat" and isinstance(each, dict):
            here = (*path, name)
            if "__compat" in each:
                yield here, each
            yield from entries(each, here)


def late(told: Mapping[str, Any]) -> dict[str, list[str]]:
    """`globals`; `statics` as Interface.member; `members` late wherever there is one of the name.

    What belongs to a late global cannot be had without naming that, and so is not listed.
    """
    globals_, statics, members, known = set(), set(), set(), set()
    for part, depth in PARTS.items():
        for path, entry in entries(_at(told, part), ()):
            own = path[-1].removesuffix("_static")
            if len(path) == 1 and is_late(entry):
                globals_.add(own)
            if not 1 < len(path) <= depth or is_late(_at(told, (*part, path[0]))):
                continue
            if len(path) == 2 and is_late(entry):
                statics.add(".".join((path[0], own)))
            (members if is_late(entry) else known).add(own)
    found = {"globals": globals_, "statics": statics, "members": members - known}
    return {kind: sorted(filter(str.isidentifier, names)) if kind != "statics" else sorted(names)
            for kind, names in found.items()}  # fmt: skip


if __name__ == "__main__":
    told = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    written = {"from": f"@mdn/browser-compat-data {told['__meta']['version']}", **late(told)}
    out = Path(__file__).with_suffix(".json")
    out.write_text(json.dumps(written, indent=0) + "\n", "utf-8")
