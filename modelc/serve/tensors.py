"""Tensors in requests and responses: the data types of the protocol, as JSON and as bytes."""

from __future__ import annotations

import math
import struct
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.graph.inputs import holds_numbers

Array = NDArray[Any]

DATATYPES: dict[str, np.dtype[Any]] = {
    "BOOL": np.dtype("?"), "UINT8": np.dtype("u1"), "UINT16": np.dtype("<u2"), "UINT32": np.dtype("<u4"),
    "UINT64": np.dtype("<u8"), "INT8": np.dtype("i1"), "INT16": np.dtype("<i2"), "INT32": np.dtype("<i4"),
    "INT64": np.dtype("<i8"), "FP16": np.dtype("<f2"), "FP32": np.dtype("<f4"), "FP64": np.dtype("<f8"),
}  # fmt: skip
"""What inputs may have; a model takes all of them as its own one."""
OF_MODELS = {"float32": "FP32", "int32": "INT32"}
"""The data types of the values of models."""


def from_bytes(data: memoryview, datatype: str, shape: tuple[int, ...]) -> Array:
    """The tensor in bytes, not copied. Raises `InputError` where there are more or fewer than the shape takes."""
    dtype = DATATYPES[datatype]
    wanted = math.prod(shape) * dtype.itemsize
    if len(data) != wanted:
        raise InputError(f"has {len(data):,} bytes, {datatype} of the shape {list(shape)} has {wanted:,}")
    return np.frombuffer(data, dtype).reshape(shape)


def from_json(data: Any, datatype: str, shape: tuple[int, ...]) -> Array:
    """The tensor in lists of JSON, nested or flat. Raises `InputError` where it holds something else than numbers."""
    if not isinstance(data, list):
        raise InputError("expected a list of numbers")
    try:
        found: Array = np.asarray(cast(Any, data))
    except (ValueError, OverflowError):
        raise InputError("holds lists of different lengths, or of different depths") from None
    if not holds_numbers(found) and found.size:
        raise InputError("holds something else than numbers")
    if found.size != math.prod(shape):
        raise InputError(f"has {found.size:,} numbers, the shape {list(shape)} has {math.prod(shape):,}")
    dtype = DATATYPES[datatype]
    if dtype.kind in "iu" and found.size:
        limits = np.iinfo(dtype)
        if found.dtype.kind == "f" and not np.array_equal(found, np.floor(found)):
            raise InputError(f"holds fractions, expected {datatype}")
        if found.min() < limits.min or found.max() > limits.max:
            raise InputError(f"holds values from {found.min()} to {found.max()}, which {datatype} does not have")
    with np.errstate(over="ignore"):
        return found.astype(dtype).reshape(shape)


def texts_as_bytes(texts: list[str]) -> bytes:
    """Texts as a tensor of the type BYTES: each behind its length."""
    encoded = [text.encode() for text in texts]
    return b"".join(struct.pack("<I", len(one)) + one for one in encoded)
