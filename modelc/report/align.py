"""The alignment of the layers of two models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from re import compile as regex
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.system.forks import cached_property

_NUMBERS = regex(r"_\d+(?=/|$)")

_MAX_CELLS = 8_000_000
"""The largest table of scores: 64 MB. Longer lists are first cut where they agree."""


@dataclass(frozen=True)
class Candidate:
    """What a layer is recognized by."""

    path: str
    type: str
    options: dict[str, Any]
    """Those that differ from their defaults, without the name."""

    @cached_property
    def stem(self) -> str:
        """The path without the numbers that its names end with: `residual_2/conv2d_1` is `residual/conv2d`."""
        return _NUMBERS.sub("", self.path)

    @cached_property
    def content(self) -> tuple[str, str, str]:
        """Equal for layers that differ by the numbers in their names at most."""
        return self.stem, self.type, repr(sorted(self.options.items()))


def align(a: Sequence[Candidate], b: Sequence[Candidate]) -> list[tuple[int, int]]:
    """The positions of the layers that belong together, in the order of the second list.

    Layers that are left over on both sides, with the same path and type, belong together as well: they have moved.
    """
    pairs = list(_in_order(a, b))
    left, right = {i for i, _ in pairs}, {j for _, j in pairs}
    moved = {(c.path, c.type): i for i, c in enumerate(a) if i not in left}
    for j, c in enumerate(b):
        if j not in right and (c.path, c.type) in moved:
            pairs.append((moved.pop((c.path, c.type)), j))
    return sorted(pairs, key=lambda pair: pair[1])


def _in_order(a: Sequence[Candidate], b: Sequence[Candidate]) -> Iterator[tuple[int, int]]:
    """The pairs whose order is the same in both lists."""
    first = 0
    while first < min(len(a), len(b)) and _same(a[first], b[first]):
        yield first, first
        first += 1
    last = 0
    while last < min(len(a), len(b)) - first and _same(a[-1 - last], b[-1 - last]):
        last += 1
    yield from _between(a, b, (first, len(a) - last), (first, len(b) - last))
    for back in range(last, 0, -1):
        yield len(a) - back, len(b) - back


def _same(a: Candidate, b: Candidate) -> bool:
    return a.path == b.path and a.content == b.content


def _between(
    a: Sequence[Candidate], b: Sequence[Candidate], rows: tuple[int, int], columns: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """The pairs within a part of each list."""
    if (rows[1] - rows[0]) * (columns[1] - columns[0]) <= _MAX_CELLS:
        yield from _best(a, b, range(*rows), range(*columns))
        return
    matcher = SequenceMatcher(
        None, [c.content for c in a[slice(*rows)]], [c.content for c in b[slice(*columns)]], autojunk=False
    )
    for kind, i0, i1, j0, j1 in matcher.get_opcodes():
        part = range(rows[0] + i0, rows[0] + i1), range(columns[0] + j0, columns[0] + j1)
        if kind == "equal":
            yield from zip(*part, strict=True)
        elif len(part[0]) * len(part[1]) <= _MAX_CELLS:
            yield from _best(a, b, *part)


def _best(a: Sequence[Candidate], b: Sequence[Candidate], rows: range, columns: range) -> list[tuple[int, int]]:
    """The pairs of the best alignment: ``S[i, j] = max(S[i+1, j], S[i, j+1], S[i+1, j+1] + score[i, j])``."""
    n, m = len(rows), len(columns)
    score = _scores([a[i] for i in rows], [b[j] for j in columns])
    best = np.zeros((n + 1, m + 1))
    for i in range(n - 1, -1, -1):
        either = np.maximum(best[i + 1, 1:] + score[i], best[i + 1, :-1])
        best[i, :-1] = np.maximum.accumulate(either[::-1])[::-1]
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < n and j < m:
        if score[i, j] > 0 and best[i, j] == best[i + 1, j + 1] + score[i, j]:
            pairs.append((rows[i], columns[j]))
            i, j = i + 1, j + 1
        elif best[i, j] == best[i + 1, j]:
            i += 1
        else:
            j += 1
    return pairs


def _scores(a: Sequence[Candidate], b: Sequence[Candidate]) -> NDArray[np.float64]:
    """How well each layer of `a` goes with each of `b`; negative where not at all."""
    kinds_a, of_a = _kinds(a)
    kinds_b, of_b = _kinds(b)
    table = np.array([[_likeness(x, y) if x.type == y.type else -1.0 for y in kinds_b] for x in kinds_a])
    score = table.reshape(len(kinds_a), len(kinds_b))[np.ix_(of_a, of_b)]
    positions = {c.path: j for j, c in enumerate(b)}
    # Equal paths decide between equals only: the sum of all is less than what tells two layers apart.
    little = 0.5 / (len(a) + 1)
    for i, c in enumerate(a):
        j = positions.get(c.path)
        if j is not None:
            score[i, j] = score[i, j] + little if b[j].type == c.type else 3
    return score


def _kinds(layers: Sequence[Candidate]) -> tuple[list[Candidate], list[int]]:
    """One layer of each content, and for every layer which of them it is like."""
    known: dict[tuple[str, str, str], int] = {}
    numbers = [known.setdefault(c.content, len(known)) for c in layers]
    return [layers[numbers.index(k)] for k in range(len(known))], numbers


def _likeness(a: Candidate, b: Candidate) -> float:
    """How alike two layers of one type are: 10 where only numbers in their names may differ, else 4 to 9."""
    if a.content == b.content:
        return 10
    keys = a.options.keys() | b.options.keys()
    missing = object()
    same = sum(a.options.get(key, missing) == b.options.get(key, missing) for key in keys)
    return 4 + 3 * (same / len(keys) if keys else 1) + 2 * (a.stem == b.stem)
