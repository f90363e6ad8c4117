"""Pooling to a given size."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from modelc.graph.builder import Builder
from modelc.graph.sizes import surely_equal
from modelc.graph.tensor import Tensor
from modelc.layers.convolution.geometry import channels_last, require_spatial, restore_format
from modelc.layers.convolution.windowed import Sizes, Windowed
from modelc.layers.options.fields import DataFormat, per_axis
from modelc.ops.adaptive_pool import AdaptivePool
from modelc.ops.pool import Pool, PoolKind

_MOST = 1 << 16


class _AdaptivePooling(Windowed):
    """``y[n, o, c] = max or mean of x[n, start:end, c]``: (N, *spatial, C) → (N, *output_size, C).

    Along an axis of n elements, window o of `size` covers the indices floor(o·n/size) ≤ i < ceil((o + 1)·n/size).
    """

    kind: ClassVar[PoolKind]

    output_size: Sizes
    """The spatial size of the output: one number for all axes, or one per axis."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""

    @field_validator("output_size", mode="before")
    @classmethod
    def _output_per_axis(cls, value: Any) -> Any:
        sizes = per_axis(value, cls.rank, 1)
        if max(sizes) > _MOST:
            raise PydanticCustomError("value", "must be at most {most}", {"most": _MOST})
        return sizes

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        x = channels_last(self.data_format, x)
        spatial = x.dims[:-1]
        if all(surely_equal(size % out, 0) for size, out in zip(spatial, self.output_size, strict=True)):
            window = tuple(size // out for size, out in zip(spatial, self.output_size, strict=True))
            x = x.emit(Pool(self.kind, window, window, ((0, 0),) * self.rank))
        else:
            for axis, (size, out) in enumerate(zip(spatial, self.output_size, strict=True), 1):
                if not surely_equal(size, out):
                    x = x.emit(AdaptivePool(self.kind, axis, out))
        return restore_format(self.data_format, x)


class _AdaptiveAveragePooling(_AdaptivePooling):
    kind = "average"


class _AdaptiveMaxPooling(_AdaptivePooling):
    kind = "max"


class AdaptiveAveragePooling1D(_AdaptiveAveragePooling):
    """Average pooling of sequences to a fixed length: (N, steps, C) → (N, output_size, C)."""

    rank = 1


class AdaptiveAveragePooling2D(_AdaptiveAveragePooling):
    """Average pooling of images to a fixed size: (N, height, width, C) → (N, *output_size, C)."""

    rank = 2


class AdaptiveAveragePooling3D(_AdaptiveAveragePooling):
    """Average pooling of volumes to a fixed size: (N, depth, height, width, C) → (N, *output_size, C)."""

    rank = 3


class AdaptiveMaxPooling1D(_AdaptiveMaxPooling):
    """Max pooling of sequences to a fixed length: (N, steps, C) → (N, output_size, C)."""

    rank = 1


class AdaptiveMaxPooling2D(_AdaptiveMaxPooling):
    """Max pooling of images to a fixed size: (N, height, width, C) → (N, *output_size, C)."""

    rank = 2


class AdaptiveMaxPooling3D(_AdaptiveMaxPooling):
    """Max pooling of volumes to a fixed size: (N, depth, height, width, C) → (N, *output_size, C)."""

    rank = 3
