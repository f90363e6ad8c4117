"""What tensors of an ONNX graph are while it is read: tensors of the model in some order of axes, and known data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from modelc.sources.refs import Array, Ref

FLOATS = frozenset({"float16", "float32", "float64"})

Place = int | tuple[int, ...]
"""Where an axis of an ONNX tensor is in the model's tensor: an axis of it, or several that it is the product of."""


def plain_places(rank: int, batch: int | None) -> tuple[int, ...]:
    """The places of a tensor in ONNX's order but for the batch, which is first; of one that is a sample, behind it."""
    if batch is None:
        return tuple(range(1, rank + 1))
    return tuple(0 if i == batch else i + (i < batch) for i in range(rank))


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """A tensor of the model, whose axes may stand in another order than the ONNX tensor's.

    Axis i of the ONNX tensor is axis `places[i]` of the model's tensor, whose axis 0 is the batch: a picture
    (N, C, H, W) that is computed with its channels last has the places (0, 3, 1, 2). Flattened to (N, C·H·W) it is the
    same tensor with the places (0, (3, 1, 2)): the last axis is the product of three, in that order. So transposes and
    reshapes cost nothing until an operator needs an axis as one. An axis of one element may have the place (). Axes of
    one element of the model's tensor may be at no place. Where a whole ONNX tensor is a sample, nothing is at place 0.
    """

    ref: Ref
    places: tuple[Place, ...]
    dtype: str = "float32"

    def __post_init__(self) -> None:
        plain = tuple(one[0] if isinstance(one, tuple) and len(one) == 1 else one for one in self.places)
        object.__setattr__(self, "places", plain)

    @property
    def rank(self) -> int:
        """The number of axes of the ONNX tensor."""
        return len(self.places)

    @property
    def is_plain(self) -> bool:
        """Whether each axis of the ONNX tensor is one of the model's."""
        return all(isinstance(one, int) for one in self.places)

    @property
    def axes(self) -> tuple[int, ...]:
        """The places, where each is one axis."""
        assert self.is_plain, "an axis that is a product of several was not made one"
        return self.places  # type: ignore[return-value]

    @property
    def batch(self) -> int | None:
        """The axis of the ONNX tensor that is the batch; None where the whole tensor is one sample."""
        return self.places.index(0) if 0 in self.places else None

    def parts(self, axis: int) -> tuple[int, ...]:
        """The axes of the model's tensor that an axis of the ONNX tensor is the product of."""
        place = self.places[axis]
        return place if isinstance(place, tuple) else (place,)

    def as_type(self, dtype: str) -> Flow:
        """The same tensor, called by another dtype."""
        return replace(self, dtype=dtype)

    def placed(self, ref: Ref, places: Sequence[Place]) -> Flow:
        """Another tensor of the same dtype."""
        return replace(self, ref=ref, places=tuple(places))


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Data that is known: an initializer, or what was computed from such and from sizes of tensors.

    Its elements may be sizes that are free, and the number of samples.
    """

    array: Array
    dtype: str = "float32"
    name: str = ""
    """That of the initializer, which names of layers may be taken from."""
    batch: int | None = None
    """The axis, of extent 1, along which it is repeated for every sample of the batch."""

    @property
    def rank(self) -> int:
        """The number of axes."""
        return self.array.ndim

    @property
    def is_float(self) -> bool:
        """Whether its numbers are no integers by type."""
        return self.dtype in FLOATS


Value = Flow | Known


def known(array: Any, dtype: str, name: str = "") -> Known:
    """Data as an array."""
    return Known(np.asarray(array), dtype, name)
