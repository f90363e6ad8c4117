"""bfloat16: the upper half of a float32, for gradients that travel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_HALF, _UPPER, _QUIET = np.uint32(0x7FFF), np.uint32(0xFFFF0000), np.uint32(0x00400000)


def round_to_bfloat16(array: Array) -> None:
    """Round each float32 in its place to the nearest number that bfloat16 has, to the even one of two that are equally
    near; what is not a number stays so."""
    bits = array.view(np.uint32)
    wrong = np.isnan(array)
    rounded = bits + (_HALF + ((bits >> np.uint32(16)) & np.uint32(1)))
    np.copyto(rounded, bits | _QUIET, where=wrong)
    np.bitwise_and(rounded, _UPPER, out=bits)


def to_bfloat16(array: Array) -> Array:
    """The upper halves of numbers that bfloat16 has."""
    return (array.view(np.uint32) >> np.uint32(16)).astype(np.uint16)


def from_bfloat16(halves: Array) -> Array:
    """Such numbers as float32."""
    return (halves.astype(np.uint32) << np.uint32(16)).view(np.float32)
