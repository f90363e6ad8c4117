"""The "did you mean" line of a diagnostic."""

from __future__ import annotations

from collections.abc import Iterable

from modelc.text.quoting import quote
from modelc.text.suggest import did_you_mean


def hint(word: str, candidates: Iterable[str], otherwise: str | None = None) -> str | None:
    """The help line for a misspelt word: the candidate that is most like it, else `otherwise`."""
    near = did_you_mean(word, candidates)
    return f"did you mean {quote(near)}?" if near else otherwise
