"""Spelling suggestions for unknown words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

_LONGEST_WORD, _MOST_CANDIDATES = 100, 500
"""Words that no one could have meant are not compared: a spec can make the search as long as it likes."""

_SHORTEST_PART = 3
"""The fewest letters of a word that is cut short, as `Concat` for `Concatenate` or `bias` for `use_bias`."""


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` is a misspelling or a part of, or None where none is that near.

    A misspelling has at most one wrong letter in every four: added, left out, replaced, or two of them swapped.
    """
    bare = _bare(word)
    if len(word) > _LONGEST_WORD or not bare:
        return None
    likely = [candidate for candidate in islice(candidates, _MOST_CANDIDATES) if len(candidate) <= _LONGEST_WORD]
    by_bare: dict[str, str] = {}
    # Of several spellings of one word, the one in the case of what was written.
    for candidate in sorted(likely, key=lambda c: c.islower() != word.islower()):
        by_bare.setdefault(_bare(candidate), candidate)
    if bare in by_bare:
        return by_bare[bare]
    most = 1 if len(bare) < 6 else 2 if len(bare) < 10 else 3
    if len(bare) > 1:
        distances = {other: _distance(bare, other, most) for other in by_bare if min(len(bare), len(other)) > most}
        near = min(distances, key=distances.__getitem__, default=None)
        if near is not None and distances[near] <= most:
            return by_bare[near]
    return _whole(bare, by_bare)


def _bare(word: str) -> str:
    """A word without what is easily confused: case, underscores, hyphens and spaces."""
    return word.lower().replace("_", "").replace("-", "").replace(" ", "")


def _whole(part: str, by_bare: dict[str, str]) -> str | None:
    """The only candidate that begins with `part`, else the only one that ends with it."""
    if len(part) < _SHORTEST_PART:
        return None
    for ends in (str.startswith, str.endswith):
        whole = [other for other in by_bare if ends(other, part)]
        if len(whole) == 1:
            return by_bare[whole[0]]
    return None


def _distance(one: str, other: str, most: int) -> int:
    """How many letters are wrong, if not more than `most`; else a larger number.

    The distance of optimal string alignment (Damerau, 1964): Levenshtein's, where a swap of neighbours counts once.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, last = list[int](), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]
