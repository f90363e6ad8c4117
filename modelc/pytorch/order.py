"""The order of modules that their names tell: `layer1.0` comes before `layer1.1`, and all of it before `layer2`.

Modules in one place whose names differ in a number only follow one another; of `conv1` and `bn1` nothing is known.
A module that holds others is mostly used as a whole: what is inside of it is together in a spec, too; and `layer1` to
`layer4` mostly follow one another with nothing between them. So what may come next is known at every step along the
layers of a spec, and which module each layer can be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol, cast

from modelc.pytorch.pieces import Piece

_WORD = re.compile(r"(.*?)(\d*)")
_MAX_STATES = 100_000
_DONE = None


class ModuleOrder(IntEnum):
    """What is taken for granted of the order of modules, the strictest last."""

    NUMBERED = 0
    """Modules whose names differ in a number follow one another."""
    WHOLE = 1
    """Modules that hold others are used as wholes, too."""
    UNBROKEN = 2
    """Such modules whose names differ in a number follow one another with nothing between them, too."""


State = Any
"""How far one has come: in a leaf nothing or `_DONE`, in a chain an index and a state, in a bundle a state for each."""


class _Node(Protocol):
    """Modules, and what is known of the order in which they are used."""

    def start(self) -> State:
        """The state in which nothing was used."""
        ...

    def is_open(self, state: State) -> bool:
        """Whether a module that is used as a whole was begun and not ended."""
        ...

    def steps(self, state: State) -> Iterator[tuple[Piece, State]]:
        """What may be used next, and the state after it."""
        ...


@dataclass(frozen=True, eq=False)
class _Leaf:
    piece: Piece

    def start(self) -> State:
        return ()

    def is_open(self, state: State) -> bool:
        return False

    def steps(self, state: State) -> Iterator[tuple[Piece, State]]:
        if state is not _DONE:
            yield self.piece, _DONE


@dataclass(frozen=True, eq=False)
class _Chain:
    """Parts one after the other."""

    parts: tuple[_Node, ...]

    def start(self) -> State:
        return 0, self.parts[0].start()

    def is_open(self, state: State) -> bool:
        if state is _DONE:
            return False
        at, inner = cast("tuple[int, State]", state)
        return self.parts[at].is_open(inner)

    def steps(self, state: State) -> Iterator[tuple[Piece, State]]:
        if state is _DONE:
            return
        at, inner = cast("tuple[int, State]", state)
        for piece, after in self.parts[at].steps(inner):
            if after is not _DONE:
                yield piece, (at, after)
            else:
                yield piece, (at + 1, self.parts[at + 1].start()) if at + 1 < len(self.parts) else _DONE


@dataclass(frozen=True, eq=False)
class _Bundle:
    """Parts between which there is no order."""

    parts: tuple[_Node, ...]

    def start(self) -> State:
        return tuple(part.start() for part in self.parts)

    def is_open(self, state: State) -> bool:
        return state is not _DONE and any(part.is_open(inner) for part, inner in zip(self.parts, state, strict=True))

    def steps(self, state: State) -> Iterator[tuple[Piece, State]]:
        if state is _DONE:
            return
        begun = [i for i, part in enumerate(self.parts) if part.is_open(state[i])]
        for i, part in enumerate(self.parts):
            if begun and i not in begun:
                continue
            for piece, after in part.steps(state[i]):
                whole = (*state[:i], after, *state[i + 1 :])
                yield piece, _DONE if all(one is _DONE for one in whole) else whole


@dataclass(frozen=True, eq=False)
class _Whole:
    """A module that is used as a whole: what was begun is ended before anything else comes."""

    inner: _Node

    def start(self) -> State:
        return self.inner.start()

    def is_open(self, state: State) -> bool:
        return state is not _DONE and state != self.inner.start()

    def steps(self, state: State) -> Iterator[tuple[Piece, State]]:
        return self.inner.steps(state)


def possible(
    pieces: Sequence[Piece], slots: int, may_be: Callable[[int, Piece], bool], order: ModuleOrder
) -> list[list[Piece]] | None:
    """For each of the slots, in order, the pieces that it can be where all pieces are used in their order.

    None where that cannot be, or where there are too many ways to look at.
    """
    if len(pieces) != slots or not pieces:
        return None
    root = _tree([(piece.path.split("."), piece) for piece in pieces], order)
    reached: list[dict[State, list[tuple[Piece, State]]]] = []
    states: list[State] = [root.start()]
    seen = 0
    for slot in range(slots):
        seen += len(states)
        if not states or seen > _MAX_STATES:
            return None
        steps = {state: [step for step in root.steps(state) if may_be(slot, step[0])] for state in states}
        reached.append(steps)
        states = list(dict.fromkeys(after for found in steps.values() for _, after in found))
    return _on_complete_ways(reached) if _DONE in states else None


def _on_complete_ways(reached: Sequence[dict[State, list[tuple[Piece, State]]]]) -> list[list[Piece]]:
    """The pieces of each step that are on a way to the end."""
    leading: set[State] = {_DONE}
    options: list[list[Piece]] = []
    for steps in reversed(reached):
        good = [(state, piece) for state, found in steps.items() for piece, after in found if after in leading]
        leading = {state for state, _ in good}
        options.append(list(dict.fromkeys(piece for _, piece in good)))
    return options[::-1]


def _tree(pieces: Sequence[tuple[list[str], Piece]], order: ModuleOrder) -> _Node:
    """What is known of the order of modules with these paths below one place."""
    if len(pieces) == 1:
        return _Leaf(pieces[0][1])
    words: dict[str, dict[str, list[tuple[list[str], Piece]]]] = {}
    parts: list[_Node] = []
    for path, piece in pieces:
        if not path:
            parts.append(_Leaf(piece))
            continue
        match = _WORD.fullmatch(path[0])
        word = match[1] if match is not None and match[2] else f"{path[0]}."
        words.setdefault(word, {}).setdefault(path[0], []).append((path[1:], piece))
    for found in words.values():
        chain = tuple(_tree(below, order) for _, below in sorted(found.items(), key=_number))
        part = chain[0] if len(chain) == 1 else _Chain(chain)
        holds_others = any(isinstance(one, _Whole) for one in chain)
        parts.append(_Whole(part) if order is ModuleOrder.UNBROKEN and holds_others else part)
    inner = parts[0] if len(parts) == 1 else _Bundle(tuple(parts))
    return inner if order is ModuleOrder.NUMBERED else _Whole(inner)


def _number(item: tuple[str, Any]) -> int:
    match = _WORD.fullmatch(item[0])
    return int(match[2]) if match is not None and match[2] else 0
