"""Names of a model as C identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OTHER = re.compile(r"[^A-Za-z0-9]+")


def identifier(name: str, otherwise: str) -> str:
    """A name with `_` for all that C's identifiers do not have: `guide-cnn 2` → `guide_cnn_2`.

    What is left must not begin with a digit or be empty: `otherwise` then comes first.
    """
    found = _OTHER.sub("_", name).strip("_")
    return found if found and not found[0].isdigit() else f"{otherwise}_{found}".rstrip("_")


def different(names: Iterable[str]) -> list[str]:
    """The names, with a number behind those that there are already."""
    made: list[str] = []
    for name in names:
        one, count = name, 2
        while one in made:
            one, count = f"{name}_{count}", count + 1
        made.append(one)
    return made
