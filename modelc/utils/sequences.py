"""`pad_sequences`, as Keras has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from modelc.config.arguments import require_choice, require_count
from modelc.errors import InputError
from modelc.graph.inputs import as_array

Array = NDArray[Any]
End = Literal["pre", "post"]


def pad_sequences(
    sequences: Sequence[Any],
    maxlen: int | None = None,
    dtype: DTypeLike = "int32",
    padding: End = "pre",
    truncating: End = "pre",
    value: Any = 0.0,
) -> Array:
    """Sequences as one array, all of the length `maxlen`, that of the longest one unless said.

    Shorter ones get `value` before them (`padding="pre"`) or behind them; of longer ones the first steps
    (`truncating="pre"`) or the last ones are left out. Steps may be arrays of one shape.
    sequences: lists (steps, …) → (len(sequences), maxlen, …). Raises `InputError` for what are no sequences, and for
    steps of different shapes.
    """
    require_choice("padding", padding, ("pre", "post"), "pad_sequences")
    require_choice("truncating", truncating, ("pre", "post"), "pad_sequences")
    if not hasattr(sequences, "__len__") or not all(hasattr(one, "__len__") for one in sequences):
        raise InputError("`sequences` must be a list of sequences", "such as [[1, 2], [3]]")
    if maxlen is not None:
        require_count("maxlen", maxlen, 0)
    longest = max(map(len, sequences), default=0) if maxlen is None else maxlen
    arrays = [as_array(one, f"sequence {i}") for i, one in enumerate(sequences)]
    shape = next((array.shape[1:] for array in arrays if len(array)), ())
    kind = np.dtype(dtype)
    if isinstance(value, str) and kind.kind not in "OUS":
        raise InputError(f"`value` is text, and the dtype is {kind}", "write `dtype=object`")
    made = np.full((len(arrays), longest, *shape), value, kind)
    for i, array in enumerate(arrays):
        if not len(array) or not longest:
            continue
        if array.shape[1:] != shape:
            raise InputError(f"the steps of sequence {i} have the shape {array.shape[1:]}, those before it {shape}")
        kept = array[-longest:] if truncating == "pre" else array[:longest]
        if padding == "pre":
            made[i, longest - len(kept) :] = kept
        else:
            made[i, : len(kept)] = kept
    return made
