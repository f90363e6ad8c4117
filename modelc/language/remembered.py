"""`Remembered`: what was made of the parts of a text that are the same after an edit, so that it is not made again."""

from __future__ import annotations

from pathlib import Path
from typing import Generic, TypeVar

from modelc.language.text.node import TextNode
from modelc.language.text.source import Examined, examine

T = TypeVar("T")


class Table(Generic[T]):
    """What was made of nodes, by the nodes: an edited text has new ones where it was edited, and only there.

    It holds what the last round used, and what this one does.
    """

    def __init__(self) -> None:
        self._last: dict[int, tuple[TextNode, T]] = {}
        self._now: dict[int, tuple[TextNode, T]] = {}

    def find(self, node: TextNode) -> T | None:
        """What was made of a node in this round or in the last one, or None."""
        known = self._now.get(id(node)) or self._last.get(id(node))
        if known is None:
            return None
        self._now[id(node)] = known
        return known[1]

    def keep(self, node: TextNode, made: T) -> T:
        """Note what was made of a node."""
        self._now[id(node)] = node, made
        return made

    def turn(self, forget: bool = False) -> None:
        """Begin the next round; `forget` where what was made depends on something else that has changed."""
        self._last, self._now = {} if forget else self._now, {}


class Remembered:
    """What reading a spec over and over remembers: the names that entries mention, entries with their variables
    replaced, the layers that they are, and the files that it extends.

    For one text that is edited, in one thread at a time.
    """

    def __init__(self) -> None:
        self.mentioned: Table[tuple[set[str], set[str]]] = Table()
        self.replaced: Table[TextNode] = Table()
        self.entries: Table[object] = Table()
        self._variables: TextNode | None = None
        self._files: dict[str, tuple[object, Examined]] = {}

    def examined(self, path: Path) -> Examined:
        """What `examine` makes of a file, read again if it has changed."""
        try:
            status = path.stat()
        except (OSError, ValueError):
            return examine(path)
        stamp = status.st_mtime_ns, status.st_size, status.st_ino
        known = self._files.get(str(path))
        if known is None or known[0] != stamp:
            known = self._files[str(path)] = stamp, examine(path)
        return known[1]

    def forget_files(self) -> None:
        """Read all files again when they are wanted."""
        self._files.clear()

    def begin(self, variables: TextNode | None) -> None:
        """Begin a round for a spec with these `vars`."""
        self.mentioned.turn()
        self.replaced.turn(forget=not _same(variables, self._variables))
        self.entries.turn()
        self._variables = variables


def _same(one: TextNode | None, other: TextNode | None) -> bool:
    """Whether two mappings have the same nodes by the same keys: those of bases are merged anew each time."""
    if one is None or other is None or not isinstance(one.value, dict) or not isinstance(other.value, dict):
        return one is other
    return one.value.keys() == other.value.keys() and all(one.value[key] is other.value[key] for key in one.value)
