"""Keras's rule for automatic names."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=1024)
def snake_case(name: str) -> str:
    """Keras's rule for automatic names: `Conv2DTranspose` → `conv2d_transpose`, `ReLU` → `re_lu`."""
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
