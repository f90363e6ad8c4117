"""What Keras made of the cases once: `tests/data/training.npz`, written by `tests/data/record_training.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

FILE = Path(__file__).parents[1] / "data" / "training.npz"

RECORDED: dict[str, np.ndarray[Any, Any]] = dict(np.load(FILE)) if FILE.exists() else {}
