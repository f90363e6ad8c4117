"""The "did you mean" line of a diagnostic, for words and lists as long as an untrusted spec can make them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from modelc.spec.node import quote
from modelc.suggest import did_you_mean

_LONGEST_WORD = 100
_MOST_CANDIDATES = 500


def hint(word: str, candidates: Iterable[str], otherwise: str | None = None) -> str | None:
    """The help line for a misspelt word: the candidate that is most like it, else `otherwise`.

    Words that no one could have meant are not compared, since comparing takes time that grows with their length.
    """
    if len(word) > _LONGEST_WORD:
        return otherwise
    near = did_you_mean(word, islice((c for c in candidates if len(c) <= _LONGEST_WORD), _MOST_CANDIDATES))
    return f"did you mean {quote(near)}?" if near else otherwise
