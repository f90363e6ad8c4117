"""Lists in sentences: `a, b and c`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def listing(items: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = items
    return f"{', '.join(first)} {word} {last}" if first else last


def sizes_told(sizes: Mapping[str, int]) -> str:
    """`h = 224, w = 224`."""
    return ", ".join(f"{name} = {size}" for name, size in sizes.items())
