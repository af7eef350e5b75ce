"""Whether "Chữ to" keeps its promise: nearly every text larger, none smaller. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hall.screen.lint import Fault
from hall.screen.tree import Label, Scene, labels
from kiosk.drawing.theme import Theme

# A text counts as larger from so many times; so large a share of all texts has to be.
LARGER = 1.25
SHARE = 0.95
# A size is a whole number of pixels.
_ROUNDING = 0.5


@dataclass(frozen=True, slots=True)
class TypeGrowth:
    """`texts`: those on both pages; `larger`: how many of them are; `smaller`: what has shrunk."""

    texts: int = 0
    larger: int = 0
    smaller: tuple[Fault, ...] = ()

    def __add__(self, other: "TypeGrowth") -> "TypeGrowth":
        return TypeGrowth(
            self.texts + other.texts, self.larger + other.larger, self.smaller + other.smaller
        )

    @property
    def kept(self) -> bool:
        return self.larger >= SHARE * self.texts


def compared(usual: Scene, large: Scene, theme: Theme) -> TypeGrowth:
    """One page in usual and in large type, text by text."""
    before, after = _sizes(usual, theme), _sizes(large, theme)
    both = [key for key in before if key in after]
    larger = [key for key in both if after[key] + _ROUNDING >= LARGER * before[key]]
    return TypeGrowth(len(both), len(larger), tuple(_smaller(both, before, after)))


def _smaller(
    both: list[str], before: Mapping[str, int], after: Mapping[str, int]
) -> Iterator[Fault]:
    for key in both:
        if after[key] < before[key]:
            times = f"{before[key] / after[key]:.2f}".replace(".", ",")
            yield Fault(key, f"“Chữ to” làm chữ này nhỏ đi {times} lần", "eye")


def shortfall(found: TypeGrowth) -> Fault | None:
    """What is told of all pages together; nothing where the promise is kept."""
    if found.kept:
        return None
    percent = f"{100 * found.larger / found.texts:.0f}"
    text = f"“Chữ to” chỉ làm {percent} % số chữ lớn hơn từ 1,25 lần, cần {SHARE * 100:.0f} %"
    return Fault("large", text, "eye")


def _sizes(scene: Scene, theme: Theme) -> dict[str, int]:
    """Px of every text that is set, by its key."""
    found: dict[str, int] = {}
    for label in labels(scene):
        laid = theme.measure.lay(_plain(label), theme.panel.px_per_mm)
        if any(laid.lines):
            found[label.key] = laid.px
    return found


def _plain(label: Label) -> Label:
    """Samples are nobody's: their widths may be remembered."""
    return replace(label, personal=False)
