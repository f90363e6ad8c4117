"""Names in a file: each once, after the layer of the model and the operator."""

from __future__ import annotations


class FreeNames:
    """The names that are given so far, of tensors and of nodes."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def free(self, wanted: str) -> str:
        """The name, or with a number behind it where it is taken."""
        if wanted not in self._taken:
            self._taken[wanted] = 0
            return wanted
        while True:
            self._taken[wanted] += 1
            name = f"{wanted}_{self._taken[wanted]}"
            if name not in self._taken:
                self._taken[name] = 0
                return name
