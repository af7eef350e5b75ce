"""What was measured on the way, told at the end of the run."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Figures:
    lines: list[str] = field(default_factory=list)

    def tell(self, line: str) -> None:
        self.lines.append(line)
