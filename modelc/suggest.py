"""Guessing what was meant by a misspelt word."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

_LONGEST_WORD, _MOST_CANDIDATES = 100, 500
"""Words that no one could have meant are not compared: a spec can make the search as long as it likes."""


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is most like `word`, or None where none is alike."""
    from difflib import get_close_matches

    if len(word) > _LONGEST_WORD:
        return None
    likely = (candidate for candidate in candidates if len(candidate) <= _LONGEST_WORD)
    by_lower = {candidate.lower(): candidate for candidate in islice(likely, _MOST_CANDIDATES)}
    near = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[near[0]] if near else None
