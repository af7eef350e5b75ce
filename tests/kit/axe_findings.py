"""What axe finds amiss on a page: the rules of WCAG 2.2 AA and good practice."""

from pathlib import Path
from typing import Any

_AXE = (Path(__file__).parents[1] / "counter" / "axe" / "axe.min.js").read_text("utf-8")
_TOLD = """(told) => {
  window.found = told.violations.map(({id, nodes: [node]}) =>
    `${id} ${node.html} ${node.failureSummary}`);
}"""


def amiss(browser: Any, where: str) -> list[str]:
    """Each rule that is broken, with its first place; `where`: what to call the page."""
    browser.run(f"{_AXE}; window.axe = axe; window.found = null; axe.run().then({_TOLD})")
    browser.wait_for("return window.found !== null")
    return [f"{where}: {each}" for each in browser.run("return window.found")]
