"""Pooling over all positions."""

from __future__ import annotations

from typing import ClassVar

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer
from modelc.layers.convolution.geometry import require_spatial
from modelc.layers.options.fields import DataFormat
from modelc.ops.reduce import ReduceKind

_TINY = 1.1754943508222875e-38
"""The smallest normal float32: ``|m| / max(|m|, tiny)`` is 1 where m is not 0."""


class _GlobalPooling(Layer):
    """``y[n, c] = max or mean over all positions of x[n, :, c]``: (N, *spatial, C) → (N, C), or (N, *1, C)."""

    rank: ClassVar[int]
    kind: ClassVar[ReduceKind]

    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""
    keepdims: bool = False
    """Whether the spatial axes are kept with size 1."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        first = 2 if self.data_format == "channels_first" else 1
        return x.reduce(self.kind, tuple(range(first, first + self.rank)), keepdims=self.keepdims)


class _GlobalMaxPooling(_GlobalPooling):
    kind = "max"


class _GlobalAveragePooling(_GlobalPooling):
    kind = "mean"


class GlobalMaxPooling1D(_GlobalMaxPooling):
    """The maximum over all steps: (N, steps, C) → (N, C)."""

    keras_names = ("GlobalMaxPool1D",)
    rank = 1


class GlobalMaxPooling2D(_GlobalMaxPooling):
    """The maximum over all pixels of an image: (N, height, width, C) → (N, C)."""

    keras_names = ("GlobalMaxPool2D",)
    rank = 2


class GlobalMaxPooling3D(_GlobalMaxPooling):
    """The maximum over all voxels of a volume: (N, depth, height, width, C) → (N, C)."""

    keras_names = ("GlobalMaxPool3D",)
    rank = 3


class GlobalAveragePooling1D(_GlobalAveragePooling):
    """The mean over all steps: (N, steps, C) → (N, C). Steps whose mask (N, steps) is 0 are excluded."""

    keras_names = ("GlobalAvgPool1D",)

    input_names = ("inputs", "mask")
    rank = 1

    def call(self, g: Builder, x: Tensor, mask: Tensor | None = None) -> Tensor:
        mask = g.masks.of(x) if mask is None else mask
        if mask is None:
            return super().call(g, x)
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        steps = 2 if self.data_format == "channels_first" else 1
        if mask.shape != (None, x.shape[steps]):
            raise ShapeError(f"the mask {mask.type} does not have a value for each step of the input {x.type}")
        size = abs(mask.as_float())
        kept = size / size.maximum(_TINY)
        kept = kept.reshape((None, 1, *mask.dims) if steps == 2 else (None, *mask.dims, 1))
        total = (x.as_float() * kept).sum((steps,), keepdims=self.keepdims)
        return total / kept.sum((steps,), keepdims=self.keepdims)


class GlobalAveragePooling2D(_GlobalAveragePooling):
    """The mean over all pixels of an image: (N, height, width, C) → (N, C)."""

    keras_names = ("GlobalAvgPool2D",)
    rank = 2


class GlobalAveragePooling3D(_GlobalAveragePooling):
    """The mean over all voxels of a volume: (N, depth, height, width, C) → (N, C)."""

    keras_names = ("GlobalAvgPool3D",)
    rank = 3
