"""Asks a technician, at a terminal or by a pipe: an empty answer, or none, is the usual one."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO, TypeVar

T = TypeVar("T")


class NotUnderstood(ValueError):
    """An answer that cannot be used, of somebody who cannot be asked again."""


@dataclass(frozen=True, slots=True)
class Questions:
    """`again`: whether somebody is there to be asked once more."""

    answers: TextIO
    prompts: TextIO
    again: bool

    @classmethod
    def of_terminal(cls) -> "Questions":
        return cls(sys.stdin, sys.stderr, sys.stdin.isatty())

    def ask(self, question: str, usual: str, read: Callable[[str], T]) -> T:
        """`read` raises ValueError with what is wrong, for a person. Raises NotUnderstood."""
        while True:
            self.prompts.write(f"{question} [{usual}]: ")
            self.prompts.flush()
            given = self.answers.readline().strip() or usual
            try:
                return read(given)
            except ValueError as err:
                if not self.again:
                    raise NotUnderstood(f"{question}: {err}") from err
                self.prompts.write(f"  {err}\n")
