"""Windows that slide: what padding `same` and `causal` add, and channels first through transposes."""

from __future__ import annotations

from collections.abc import Sequence

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.fields import DataFormat
from modelc.ops.conv import Pads, extent
from modelc.ops.shape import Transpose


def window_padding(
    padding: str, spatial: Sequence[int], window: Sequence[int], strides: Sequence[int], dilation: Sequence[int]
) -> Pads:
    """The zeros before and after each axis: `same` gives ceil(in / stride) outputs, the odd zero at the end.

    Raises `ShapeError` where a window without padding reaches further than the input.
    """
    pads: list[tuple[int, int]] = []
    for axis, (size, w, stride, d) in enumerate(zip(spatial, window, strides, dilation, strict=True)):
        reach = extent(w, d)
        if padding == "same":
            total = max(0, (-(-size // stride) - 1) * stride + reach - size)
            pads.append((total // 2, total - total // 2))
        elif padding == "causal":
            pads.append((reach - 1, 0))
        else:
            pads.append((0, 0))
            if reach > size:
                dilated = f" with dilation {d}" if d > 1 else ""
                raise ShapeError(
                    f"a window of {w}{dilated} does not fit into {size} along spatial axis {axis}",
                    'use padding: same, a smaller window, or less downsampling before it',
                )
    return tuple(pads)


def channels_last(g: Builder, data_format: DataFormat | None, x: Value) -> Value:
    """`x` with its channels as the last axis."""
    if data_format != "channels_first" or x.type.rank < 3:
        return x
    return g.emit(Transpose((0, *range(2, x.type.rank), 1)), x)


def restore_format(g: Builder, data_format: DataFormat | None, y: Value) -> Value:
    """The inverse of `channels_last`."""
    if data_format != "channels_first" or y.type.rank < 3:
        return y
    return g.emit(Transpose((0, y.type.rank - 1, *range(1, y.type.rank - 1))), y)
