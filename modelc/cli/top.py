"""The likeliest classes of each sample, as `modelc run --top` prints them while it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Self

from modelc.bulk.chunk import Rows
from modelc.bulk.writing.json_lines import named_guesses
from modelc.bulk.writing.top import TopClasses


class TopPrinter:
    """Prints a line for each sample and below it one for each class, or a list of JSON with an object for each."""

    def __init__(self, top: TopClasses, say: Callable[[str], None], *, as_json: bool) -> None:
        self._top, self._say, self._as_json = top, say, as_json
        self._held: str | None = None
        """The last object, which is printed when it is known whether a comma follows."""

    def __enter__(self) -> Self:
        return self

    def write(self, names: Sequence[str], results: Sequence[Rows]) -> None:
        """Print what is known of some samples."""
        found = self._top.of(results)
        keys = [one.name for one in self._top.outputs]
        for name, *some in zip(names, *found, strict=True):
            guesses = dict(zip(keys, some, strict=True))
            if self._as_json:
                self._print_object(named_guesses(name, guesses))
            else:
                self._print_lines(name, guesses)

    def _print_lines(self, name: str, guesses: dict[str, Any]) -> None:
        for output, some in guesses.items():
            self._say(name + (f": {output}" if len(guesses) > 1 else ""))
            for guess in some:
                self._say(f"  {guess.score:.4f}  {guess.label}")

    def _print_object(self, value: dict[str, Any]) -> None:
        self._say("[" if self._held is None else f"{self._held},")
        text = json.dumps(value, indent=2, ensure_ascii=False)
        self._held = "\n".join(f"  {line}" for line in text.split("\n"))

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None and self._as_json:
            self._say("[]" if self._held is None else f"{self._held}\n]")
