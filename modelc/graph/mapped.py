"""Reads arrays in memory-mapped files such that a truncated file is an error instead of a crash."""

from __future__ import annotations

import errno
import os
from math import prod
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.system.file_maps import is_map
from modelc.system.guarded_copy import guarded_copy, mapped_files_shrink

Array = NDArray[Any]

_SPREAD = 4
"""How many times the bytes of its elements a piece may have: copying what is between costs less than more pieces."""


def is_mapped(array: Array) -> bool:
    """Whether an array lies in a memory-mapped file."""
    base: Any = array
    while base is not None:
        if isinstance(base, np.memmap) or is_map(base):
            return True
        # Views of views, arrays that were made by `frombuffer`, and those of `as_strided`, keep what they are made of.
        base = cast("Any", base.obj if isinstance(base, memoryview) else getattr(base, "base", None))
    return False


def read_mapped(array: Array, which: slice | Array | None = None) -> Array:
    """A copy of an array in a memory-mapped file, or of some of its samples.

    Raises `InputError` where the file has become shorter since it was mapped.
    """
    if not mapped_files_shrink() or array.dtype.hasobject:
        return np.array(array if which is None else array[which])
    if which is None or isinstance(which, slice):
        view = array if which is None else array[which]
        pieces = _pieces(view, None)
    else:
        indices = np.asarray(which, np.int64)
        count = len(array)
        if indices.size and not -count <= indices.min() <= indices.max() < count:
            raise IndexError(f"there are {count} samples, and not all that are asked for")
        pieces = _pieces(array, np.where(indices < 0, indices + count, indices))
    if not prod(pieces.shape):
        return np.empty(pieces.shape, array.dtype)
    try:
        copy = guarded_copy(pieces.addresses, pieces.bytes)
    except OSError as error:
        if error.errno != errno.EFAULT:
            raise
        name = getattr(array, "filename", None)
        raise InputError(
            f"{'the file of an array' if name is None else os.fspath(name)} has become shorter while it was in use",
            "do not change the file during the run, and start again",
        ) from None
    return np.ndarray(pieces.shape, array.dtype, cast("Any", copy), pieces.first, pieces.strides)


class _Pieces(NamedTuple):
    """What of memory holds an array: pieces of one size; and how the array lies in them, one after the other."""

    addresses: NDArray[np.int64]
    bytes: int
    """The size of each piece, in bytes."""
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    first: int
    """Where the first element is."""


def _pieces(array: Array, samples: NDArray[np.int64] | None) -> _Pieces:
    """The pieces of an array, or of these of its samples."""
    shape = list(array.shape)
    if samples is not None:
        shape[0] = len(samples)
    if not prod(shape):
        return _Pieces(np.zeros(0, np.int64), 0, tuple(shape), (0,) * len(shape), 0)
    steps, itemsize = array.strides, array.dtype.itemsize
    near = sorted(range(len(shape)), key=lambda axis: abs(steps[axis]))
    inner: list[int] = []
    span, held = itemsize, itemsize
    for axis in near:
        reach, elements = span + (shape[axis] - 1) * abs(steps[axis]), held * (shape[axis] if steps[axis] else 1)
        if reach > _SPREAD * elements or (axis == 0 and samples is not None):
            break
        inner.append(axis)
        span, held = reach, elements
    below = sum((shape[axis] - 1) * min(0, steps[axis]) for axis in inner)
    outer = [axis for axis in range(len(shape)) if axis not in inner]
    offsets = np.zeros(1, np.int64)
    for axis in outer:
        places = samples if axis == 0 and samples is not None else np.arange(shape[axis], dtype=np.int64)
        offsets = np.add.outer(offsets, places * steps[axis]).reshape(-1)
    strides = list(steps)
    size = span
    for axis in reversed(outer):
        strides[axis] = size
        size *= shape[axis]
    start = int(array.__array_interface__["data"][0]) + below
    return _Pieces(start + offsets, span, tuple(shape), tuple(strides), -below)
