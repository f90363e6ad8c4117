"""Layers that Keras 3 quantized, `model.quantize("int8")` and `"float8"`: their weights as numbers again.

An int8 kernel is stored with a scale for each of its outputs behind the layer's other weights, an embedding with one
for each row: the number is the integer over the scale. float8 keeps float32 weights, and ranges for what it rounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.files.hdf5 import Stored

Array = NDArray[Any]

_FLOAT8_ARRAYS = 6
"""What float8 keeps of a layer besides its weights: scales and histories of what goes in, the kernel and gradients."""


def mode_of(policy: Any) -> str | None:
    """How a layer of this dtype policy is quantized, None where it is not: `int8`, `float8`, `int4/128`."""
    if isinstance(policy, str):
        return policy.partition("_from_")[0] if "_from_" in policy else None
    options = _mapping(_mapping(policy).get("config"))
    mode, name = options.get("mode"), options.get("name")
    if isinstance(mode, str):
        return mode
    return mode_of(name) if isinstance(name, str) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def refusal(mode: str, class_name: str, equation: Any) -> str | None:
    """Why a layer that is quantized so is not supported; None where it is."""
    if mode not in ("int8", "float8"):
        return f"it is quantized as {mode[:20]}, and of Keras's quantized layers only int8 and float8 are supported"
    if mode == "int8" and class_name == "EinsumDense" and not _scales_come_last(str(equation)):
        return f"it is quantized, and the scales of its kernel are not of its last axes: {str(equation)[:40]}"
    return None


def _scales_come_last(equation: str) -> bool:
    """Whether the axes of the kernel that the output has are its last ones, in the same order."""
    operands, _, output = equation.replace("...", "").partition("->")
    kernel = operands.partition(",")[2]
    kept = [c for c in kernel if c in output]
    return bool(kept) and kernel.endswith("".join(kept)) and [c for c in output if c in kernel] == kept


def of_group(weights: Sequence[str], stored: Sequence[str], arrays: Mapping[str, Stored]) -> tuple[int, Sequence[str]]:
    """How many of a group's arrays are a layer's weights, and those of quantization: one is the scale of the first.

    No arrays at all where there are more than those.
    """
    count = len(weights)
    if len(stored) == count:
        return count, ()
    if count and len(stored) == count + 1 and arrays[stored[0]].dtype == np.int8:
        return count, stored[count:]
    rest = stored[count:]
    if count and len(rest) == _FLOAT8_ARRAYS and all(arrays[s].shape == () for s in rest[::2]):
        return count, rest
    return 0, ()


def dequantized(path: str, integers: Array, scale: Array) -> Array:
    """The numbers of a weight. Raises `ValueError` where the scale does not fit."""
    if path.endswith("embeddings"):
        return (integers / scale.reshape(-1, 1)).astype(np.float32)
    sizes = [size for size in scale.shape if size != 1]
    kept = integers.shape[integers.ndim - len(sizes) :]
    if list(kept) != sizes and scale.size != int(np.prod(kept)):
        raise ValueError(f"{scale.shape} does not fit {integers.shape}")
    return (integers / scale.reshape(kept)).astype(np.float32)
