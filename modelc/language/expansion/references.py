"""References to entries in a spec: the keys that hold them, and their syntax."""

from __future__ import annotations

from re import compile as regex
from typing import Final

REFERENCE_KEYS: Final = frozenset({"inputs", "use"})
"""The keys of an entry whose values are references to other entries."""

MODEL_REFERENCE_KEYS: Final = ("outputs", "truncate", "extract")
"""The keys of a model whose values are references to entries."""

TEXT_KEYS: Final = frozenset({"name", "block", "outputs", "truncate", "extract", "freeze"}) | REFERENCE_KEYS
"""The keys in whose text `${…}` may be a part: those of names and of references."""

_SUFFIX = regex(r"(?s)(.+?)(\[\d{1,6}\]|@\d{1,6}(?:\[\d{1,6}\])?)")


def split_suffix(reference: str) -> tuple[str, str]:
    """The name in a reference, and its `[i]`, `@k` or `@k[i]`: `lstm[1]` is `("lstm", "[1]")`."""
    match = _SUFFIX.fullmatch(reference)
    return (reference, "") if match is None else (match[1], match[2])
