"""`Remembered`: what was made of the parts of a text that are the same after an edit, so that it is not made again."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from modelc.language.shared_files import WatchedFiles
from modelc.language.text.node import TextNode, UseSite, Value
from modelc.language.text.source import Examined, examine
from modelc.system.stamps import stamp_of

T = TypeVar("T")


class Table(Generic[T]):
    """What was made of nodes, by the nodes: an edited text has new ones where it was edited, and only there.

    It holds what the last round used, and what this one does.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[int, Hashable], tuple[TextNode, T]] = {}
        self._now: dict[tuple[int, Hashable], tuple[TextNode, T]] = {}

    def find(self, node: TextNode, how: Hashable = None) -> T | None:
        """What was made of a node in this round or in the last one, or None; `how` tells several things apart."""
        key = id(node), how
        known = self._now.get(key) or self._last.get(key)
        if known is None:
            return None
        self._now[key] = known
        return known[1]

    def keep(self, node: TextNode, made: T, how: Hashable = None) -> T:
        """Note what was made of a node."""
        self._now[id(node), how] = node, made
        return made

    def turn(self, forget: bool = False) -> None:
        """Begin the next round; `forget` where what was made depends on something else that has changed."""
        self._last, self._now = {} if forget else self._now, {}


@dataclass(frozen=True, slots=True, eq=False)
class UsedBlock:
    """The entries that a use of a block stands for."""

    block: TextNode
    name: Value
    """The name of the use, which may be a part of those of entries."""
    site: UseSite
    entries: tuple[TextNode, ...]
    size: int
    """The nodes that references were replaced by."""


class Remembered:
    """What reading a spec over and over remembers: the names that entries mention, entries with their variables
    replaced, what blocks and repeats make of them, the layers that they are, and the files that it names.

    For one text that is edited, in one thread at a time.
    """

    def __init__(self) -> None:
        self.mentioned: Table[tuple[set[str], set[str]]] = Table()
        self.replaced: Table[TextNode] = Table()
        self.uses: Table[UsedBlock] = Table()
        self.copies: Table[TextNode] = Table()
        self.written: Table[TextNode] = Table()
        self.entries: Table[object] = Table()
        self._variables: TextNode | None = None
        self._files: dict[str, tuple[object, Examined]] = {}
        self.specs = WatchedFiles()

    def examined(self, path: Path) -> Examined:
        """What `examine` makes of a file, read again if it has changed."""
        stamp = stamp_of(path)
        known = self._files.get(str(path))
        if known is None or known[0] != stamp:
            known = self._files[str(path)] = stamp, examine(path)
        return known[1]

    def forget_files(self) -> None:
        """Read all files again when they are wanted."""
        self._files.clear()
        self.specs = WatchedFiles()

    def begin(self, variables: TextNode | None) -> None:
        """Begin a round for a spec with these `vars`."""
        self.mentioned.turn()
        forget = not _same(variables, self._variables)
        self.replaced.turn(forget)
        self.uses.turn(forget)
        self.copies.turn()
        self.written.turn()
        self.entries.turn()
        self._variables = variables


def _same(one: TextNode | None, other: TextNode | None) -> bool:
    """Whether two mappings have the same nodes by the same keys: those of bases are merged anew each time."""
    if one is None or other is None or not isinstance(one.value, dict) or not isinstance(other.value, dict):
        return one is other
    return one.value.keys() == other.value.keys() and all(one.value[key] is other.value[key] for key in one.value)
