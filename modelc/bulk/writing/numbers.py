"""Numbers as text: nine digits, which give a number of 32 bits back as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def formats(dtype: str) -> str:
    """How Python formats a number of this type."""
    return "%.9g" if dtype == "float32" else "%d"


def nested(shape: Sequence[int], number: str) -> str:
    """The format of an array of this shape in JSON: `[[%.9g, %.9g], [%.9g, %.9g]]`."""
    if not shape:
        return number
    return f"[{', '.join([nested(shape[1:], number)] * shape[0])}]"


def in_json(row: Array, format: str) -> str:
    """One value in JSON, by its format; null for what is no number or infinite, which JSON does not have."""
    flat = row.ravel()
    if flat.dtype.kind == "f" and not np.isfinite(flat).all():
        numbers = [formats("float32") % n if np.isfinite(n) else "null" for n in flat.tolist()]
        return format.replace(formats("float32"), "%s") % tuple(numbers)
    return format % tuple(flat.tolist())
