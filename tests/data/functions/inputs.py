"""The inputs that the recorded calls of functions are applied to, by the names that stand in the calls."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

SHAPES: dict[str, tuple[int, ...]] = {
    "x": (6, 4), "y": (6, 4), "p": (6, 4), "bo": (6, 4), "v": (5,), "im": (6, 6, 4), "rgb": (8, 6, 3), "s": (1, 6, 1),
    "a": (2, 6, 4), "b": (2, 4, 5), "c": (2, 5, 4), "q": (5, 2, 4), "u": (6, 3), "i": (5,), "idx": (3,), "lab": (6,),
}  # fmt: skip
"""Without the batch."""
BELOW = {"i": 4, "idx": 6, "lab": 4}
"""Integers, and what they are below."""
BATCH = 3


def names_in(call: str) -> list[str]:
    """The inputs that a call reads."""
    code = re.sub(r"\"[^\"]*\"", "", call)
    return [name for name in SHAPES if re.search(rf"(?<![\w.]){name}(?![\w(=])", code)]


def arrays(name: str) -> Any:
    """A batch for an input, always the same."""
    rng = np.random.default_rng(sum(map(ord, name)))
    shape = (BATCH, *SHAPES[name])
    if name in BELOW:
        return rng.integers(0, BELOW[name], shape).astype(np.int32)
    if name == "bo":
        return rng.integers(0, 2, shape).astype(np.float32)
    if name == "rgb":
        return rng.uniform(0, 1, shape).astype(np.float32)
    drawn = rng.standard_normal(shape).astype(np.float32)
    return np.abs(drawn) + np.float32(0.1) if name == "p" else drawn
