"""`Assignments`: the new values that layers gave their weights so far in a trace, and what was read of them.

Training statistics, the states of stateful layers and normalized kernels are variables in Keras: a call reads what the
call before it wrote. In a graph, each write is a value, and a layer that is called again reads the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from modelc.graph.graph import Value, Weight


class Assigned(NamedTuple):
    """What was assigned to a weight since some point of a trace."""

    before: Value | None
    """The value that it had then; None for its own."""
    copies: tuple[Value, ...]
    """What was read of it before the first of the assignments."""
    last: Value


class Assignments:
    """Values by the path of the weight that they were assigned to, in order."""

    def __init__(self, earlier: Mapping[str, Value] | None = None) -> None:
        self._values: dict[str, list[Value]] = {path: [value] for path, value in (earlier or {}).items()}
        self._reads: dict[tuple[str, int], Value] = {}
        self._journal: list[tuple[str, int] | None] = []
        """What was done, to be undone: the key of a read, or None for each assignment, whose path is in `_order`."""
        self._order: list[str] = []

    @property
    def last(self) -> dict[str, Value]:
        """The last value of each weight that was assigned to."""
        return {path: values[-1] for path, values in self._values.items()}

    def assign(self, path: str, value: Value) -> None:
        """Let a weight have a new value."""
        self._values.setdefault(path, []).append(value)
        self._order.append(path)
        self._journal.append(None)

    def read(self, weight: Weight, copy: Callable[[Value], Value]) -> Value:
        """The value of a weight: its own, or a `copy` of the last that was assigned to it, the same for each read."""
        values = self._values.get(weight.path)
        if values is None:
            return weight.value
        key = weight.path, len(values)
        if key not in self._reads:
            self._reads[key] = copy(values[-1])
            self._journal.append(key)
        return self._reads[key]

    def versions(self, weight: Weight) -> tuple[Value, ...]:
        """All values that were read of a weight: its own, then copies of assigned ones."""
        keys = ((weight.path, number + 1) for number in range(len(self._values.get(weight.path, ()))))
        return (weight.value, *(self._reads[key] for key in keys if key in self._reads))

    def since(self, mark: int) -> dict[str, Assigned]:
        """What was assigned since `mark`, by path."""
        count = sum(key is None for key in self._journal[mark:])
        found: dict[str, Assigned] = {}
        for path in dict.fromkeys(self._order[len(self._order) - count :]):
            values = self._values[path]
            first = len(values) - self._order[len(self._order) - count :].count(path)
            copy = self._reads.get((path, first))
            before = values[first - 1] if first else None
            found[path] = Assigned(before, () if copy is None else (copy,), values[-1])
        return found

    def mark(self) -> int:
        """How far it has come, for `rewind`."""
        return len(self._journal)

    def rewind(self, mark: int) -> None:
        """Undo what was done since `mark`."""
        while len(self._journal) > mark:
            key = self._journal.pop()
            if key is not None:
                del self._reads[key]
                continue
            path = self._order.pop()
            self._values[path].pop()
            if not self._values[path]:
                del self._values[path]
