"""What a page has to ask for: sent to who asks, worked out only while somebody does.

`line/` and a counter    its whole list (lines.py)
`finding`                what is wrong with each part of the hall
`head`                   what the head of the hall sees now
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from hall.counter.page_state import PageState

LINE, FINDING, HEAD = "line", "finding", "head"


def part_of(key: str) -> str:
    """The part that an entry belongs to; "" = everyone is sent it."""
    kind, _, _ = key.partition("/")
    if kind == LINE:
        return key
    return kind if kind in (FINDING, HEAD) else ""


@dataclass(slots=True)
class WorkedPart:
    """Worked out anew every `every_s`. `work`: its entries, by what stands behind its name."""

    name: str
    every_s: float
    work: Callable[[], Mapping[str, object]]
    _keys: frozenset[str] = frozenset()
    _due: float = 0.0

    def tick(self, now: float, asked: Collection[str], shown: PageState) -> None:
        """`asked`: the parts that somebody looks at."""
        if self.name not in asked:
            self._replace_entries({}, shown)
            self._due = now
        elif now >= self._due:
            self._due = now + self.every_s
            self._replace_entries(
                {f"{self.name}/{key}": each for key, each in self.work().items()}, shown
            )

    def _replace_entries(self, found: Mapping[str, object], shown: PageState) -> None:
        for key in self._keys - found.keys():
            shown.remove(key)
        for key, entry in found.items():
            shown.put(key, entry)
        self._keys = frozenset(found)
