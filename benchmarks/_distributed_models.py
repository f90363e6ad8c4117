"""The models of `bench_distributed.py`, and their batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

_SPECS = Path(__file__).parents[1] / "specs"
CASES = {"lenet5": (_SPECS / "lenet5.yaml", False), "guide_cnn": (_SPECS / "guide_cnn.yaml", True)}
"""Specs, and whether they end in logits."""
BATCH = {"lenet5": 256, "guide_cnn": 32}
SHAPE = {"lenet5": (32, 32, 1), "guide_cnn": (250, 250, 3)}


def batch_of(name: str) -> tuple[Any, Any]:
    """A batch, always the same."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(BATCH[name], *SHAPE[name])).astype(np.float32)
    return x, rng.integers(0, 10, BATCH[name]).astype(np.int32)
