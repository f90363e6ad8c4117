"""What tensors of an ONNX graph are while it is read: tensors of the model in some order of axes, and known data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from modelc.sources.refs import Array, Ref

FLOATS = frozenset({"float16", "float32", "float64"})


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """A tensor of the model, whose axes may stand in another order than the ONNX tensor's.

    Axis i of the ONNX tensor is axis `axes[i]` of the model's tensor, whose axis 0 is the batch: a picture (N, C, H, W)
    that is computed with its channels last has the axes (0, 3, 1, 2). Where a whole ONNX tensor is one sample, its
    axes are all but the first.
    """

    ref: Ref
    axes: tuple[int, ...]
    dtype: str = "float32"
    mixed: tuple[tuple[int, ...], tuple[int, ...]] | None = None
    """Of a tensor that was flattened with its channels last: the sizes of the axes that became its last one, in ONNX's
    order, and the order in which the model's tensor has them."""

    @property
    def rank(self) -> int:
        """The number of axes of the ONNX tensor."""
        return len(self.axes)

    @property
    def batch(self) -> int | None:
        """The axis of the ONNX tensor that is the batch; None where the whole tensor is one sample."""
        return self.axes.index(0) if 0 in self.axes else None

    def as_type(self, dtype: str) -> Flow:
        """The same tensor, called by another dtype."""
        return replace(self, dtype=dtype)


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


def shuffled(flow: Flow) -> Array | None:
    """For a tensor that was flattened out of order: which element of ONNX's last axis each of the model's is."""
    if flow.mixed is None:
        return None
    sizes, order = flow.mixed
    return np.arange(np.prod(sizes, dtype=np.int64)).reshape(sizes).transpose(order).ravel()


def known(array: Any, dtype: str, name: str = "") -> Known:
    """Data as an array."""
    return Known(np.asarray(array), dtype, name)
