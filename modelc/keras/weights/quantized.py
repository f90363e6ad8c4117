"""Converts weights of layers that Keras 3 quantized, by `model.quantize("int8")`, `"int4"` or `"float8"`, to float32.

int8: a weight is ``integer / scale``. A kernel has a scale for each of its outputs, an embedding one for each row; the
scales are stored behind the layer's other weights. int4: two integers share a byte, the first in the lower half, along
the last axis, or another axis in earlier versions of Keras. With scales for groups of rows, or of the features of an
embedding, zero points and group indices are stored as well: a weight is ``(integer - zero)·scale``. float8: weights are
float32, and ranges of the values that training rounds are stored in addition.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.files.hdf5.reader import Stored

Array = NDArray[Any]

_FLOAT8_ARRAYS = 6
"""The number of arrays that float8 saves in addition to the weights: a scale and a history of maxima for each of the
layer's inputs, its kernel and the gradients."""
SCALE, GROUPED = 1, 3
"""The numbers of arrays that int8 and int4 save in addition: a scale; or, by groups, scales, zero points and group
indices."""


def mode_of(policy: Any) -> str | None:
    """The quantization mode in a dtype policy, `int8`, `float8` or `int4/128`; None if it has none."""
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
    """The reason why this quantization mode of this layer is not supported; None if it is supported."""
    kind = mode.partition("/")[0]
    if kind in ("gptq", "awq"):
        return (
            f"it is quantized as {mode[:20]}, which Keras saves without its zero points, so that Keras cannot load it "
            "either: quantize the model as int4, and save it again"
        )
    if kind not in ("int8", "int4", "float8"):
        return f"it is quantized as {mode[:20]}, and of Keras's quantizations only int8, int4 and float8 are supported"
    if kind != "float8" and class_name == "EinsumDense" and not _scales_come_last(str(equation)):
        return f"it is quantized, and the scales of its kernel are not of its last axes: {str(equation)[:40]}"
    return None


def _scales_come_last(equation: str) -> bool:
    """Whether the kernel's axes that the output has, along which there are scales, are its last axes in the output's
    order."""
    operands, _, output = equation.replace("...", "").partition("->")
    kernel = operands.partition(",")[2]
    kept = [c for c in kernel if c in output]
    return bool(kept) and kernel.endswith("".join(kept)) and [c for c in output if c in kernel] == kept


def of_group(weights: Sequence[str], stored: Sequence[str], arrays: Mapping[str, Stored]) -> tuple[int, Sequence[str]]:
    """Split the arrays of a layer's group in a file: the number of weights, which come first, and the arrays of
    quantization behind them, which belong to the first weight: its scale, or scales, zero points and group indices.

    ``(0, ())`` if the arrays are not those of a quantized layer.
    """
    count = len(weights)
    if len(stored) == count:
        return count, ()
    if count and len(stored) - count in (SCALE, GROUPED) and arrays[stored[0]].dtype == np.int8:
        return count, stored[count:]
    rest = stored[count:]
    if count and len(rest) == _FLOAT8_ARRAYS and all(arrays[s].shape == () for s in rest[::2]):
        return count, rest
    return 0, ()


def of_named(stored: str, arrays: Mapping[str, Stored]) -> Sequence[str]:
    """The arrays of quantization for the stored array `kernel`, by their names: `kernel_scale`, `kernel_zero`,
    `g_idx`."""
    if arrays[stored].dtype != np.int8:
        return ()
    found = [f"{stored}_scale", f"{stored}_zero", f"{stored.rpartition('/')[0]}/g_idx"]
    return next((found[:count] for count in (GROUPED, SCALE) if all(one in arrays for one in found[:count])), ())


def is_packed(stored: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether a stored array holds a weight of this shape with two int4 integers in each byte."""
    return stored != shape and _packing(stored, shape) is not None


def _packing(stored: tuple[int, ...], shape: tuple[int, ...]) -> tuple[tuple[int, ...], int] | None:
    """The unpacked shape, that of the weight or of the weight as a matrix, and the axis along which pairs share a
    byte."""
    matrices = [(math.prod(shape[:i]), math.prod(shape[i:])) for i in range(1, len(shape))]
    for whole in (shape, *matrices):
        for axis in reversed(range(len(whole))):
            if (*whole[:axis], (whole[axis] + 1) // 2, *whole[axis + 1 :]) == stored:
                return whole, axis
    return None


def dequantized(path: str, stored: Array, shape: tuple[int, ...], rest: Sequence[Array]) -> Array:
    """The float32 array of a weight of this shape, from the stored integers and the arrays of quantization, `rest`.

    Raises `ValueError` where these do not fit.
    """
    scale, *grouped = rest
    # With a single output int4 leaves the upper half of each byte empty; int8 values use the whole byte, up to 127.
    halves = stored.shape != shape or bool(grouped) or (shape[-1] == 1 and stored.size and _fits_half(stored))
    integers = _unpacked(stored, shape) if halves else stored
    return _of_groups(path, integers, scale, *grouped) if grouped else _scaled(path, integers, scale)


def _fits_half(stored: Array) -> bool:
    return bool(np.all((stored >= 0) & (stored < 16)))


def _unpacked(stored: Array, shape: tuple[int, ...]) -> Array:
    """The int4 integers, from -8 to 7, in the lower and upper halves of the bytes."""
    packing = _packing(stored.shape, shape)
    if packing is None:
        raise ValueError(f"{stored.shape} does not fit {shape}")
    whole, axis = packing
    packed = stored.astype(np.int16) & 0xFF
    halves = np.stack([packed & 15, packed >> 4], axis=axis + 1)
    spread = halves.reshape(*packed.shape[:axis], -1, *packed.shape[axis + 1 :])
    return ((spread.take(range(whole[axis]), axis) ^ 8) - 8).reshape(shape).astype(np.float32)


def _of_groups(path: str, integers: Array, scale: Array, zero: Array, groups: Array) -> Array:
    """``(integer - zero)·scale`` with the zero point and scale of the group of each row, or of each embedding
    feature."""
    axis = 1 if path.endswith("embeddings") else 0
    matrix = integers if axis else integers.reshape(groups.size, -1)
    places = groups.reshape(-1).astype(np.int64)
    fits = (
        matrix.ndim == scale.ndim == 2 and zero.shape == scale.shape and scale.shape[1 - axis] == matrix.shape[1 - axis]
    )
    if not fits or len(places) != matrix.shape[axis] or np.any((places < 0) | (places >= scale.shape[axis])):
        raise ValueError(f"{len(places)} groups of {scale.shape} do not fit {integers.shape}")
    made = (matrix - zero.take(places, axis)) * scale.take(places, axis)
    return made.reshape(integers.shape).astype(np.float32)


def _scaled(path: str, integers: Array, scale: Array) -> Array:
    """``integers / scale``, with one scale for each feature of the output, or each vector of an embedding."""
    if path.endswith("embeddings"):
        return (integers / scale.reshape(-1, 1)).astype(np.float32)
    ends = (integers.shape[i:] for i in reversed(range(integers.ndim + 1)))
    kept = next((end for end in ends if math.prod(end) == scale.size), None)
    if kept is None:
        raise ValueError(f"{scale.shape} does not fit {integers.shape}")
    return (integers / scale.reshape(kept)).astype(np.float32)
