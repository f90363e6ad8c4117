"""Where the steps that read a spec put the mistakes that they find: reading goes on after each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modelc.errors import Diagnostic
from modelc.language.text.node import Mark


class Mistakes:
    """The mistakes found so far; `len` counts all of them.

    Of more than `most` the first ones are kept: a small spec can have endlessly many, by repetition.
    """

    def __init__(self, known: Iterable[Diagnostic] = (), most: int | None = None) -> None:
        self._found = list(known)
        self._count = len(self._found)
        self._most = most

    def report(self, place: Mark, code: str, message: str, help: str | None = None) -> None:
        """Note a mistake at a place of the text."""
        if not self.full:  # further ones are only counted, and their lines not looked up
            self._found.append(place.diagnostic(code, message, help))
        self._count += 1

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Note mistakes that were found elsewhere."""
        for diagnostic in diagnostics:
            if not self.full:
                self._found.append(diagnostic)
            self._count += 1

    @property
    def full(self) -> bool:
        """Whether further mistakes are only counted, not kept."""
        return self._most is not None and len(self._found) >= self._most

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._found)
