"""Windows that slide: what padding `same` and `causal` add, and channels first through transposes."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic_core import PydanticCustomError

from modelc.errors import ShapeError
from modelc.graph.sizes import surely
from modelc.graph.tensor import Tensor
from modelc.layers.base import require_rank
from modelc.layers.options.fields import CausalPadding, DataFormat
from modelc.ops.conv import Pads, extent
from modelc.semantics import SamePadding

_SPATIAL_AXES = {1: "steps", 2: "height, width", 3: "depth, height, width"}


def require_spatial(x: Tensor, rank: int, owner: str, data_format: DataFormat | None = None) -> None:
    """Raise `ShapeError` unless `x` has the batch, `rank` spatial axes and the channels."""
    axes = _SPATIAL_AXES[rank]
    inner = f"channels, {axes}" if data_format == "channels_first" else f"{axes}, channels"
    require_rank(x, rank + 2, f"(batch, {inner})", owner)


def window_padding(
    padding: CausalPadding,
    spatial: Sequence[int],
    window: Sequence[int],
    strides: Sequence[int],
    dilation: Sequence[int],
    data_format: DataFormat | None = None,
    *,
    same: SamePadding = SamePadding.BALANCED,
    pooling: bool = False,
    uncut: bool = False,
) -> Pads:
    """The zeros before and after each axis: `same` gives ceil(in / stride) outputs, the odd zero at the end.

    On Theano they lie elsewhere, as `same` says, and for `pooling` yet elsewhere. There an even window gives an output
    too many, which Keras cuts off, unless the result is `uncut`.

    `spatial` are the extents without batch and channels; `data_format` says which axes those are in the layer's
    input, for the `ShapeError` that is raised where a window without padding reaches further than the input.
    """
    pads: list[tuple[int, int]] = []
    for axis, (size, w, stride, d) in enumerate(zip(spatial, window, strides, dilation, strict=True)):
        reach = extent(w, d)
        if padding == "same":
            total = (-(-size // stride) - 1) * stride + reach - size
            if same is SamePadding.BALANCED:
                # So that nothing is asked of a free size where the sign is known: `max(0, total)` asks whether it is 0.
                total = 0 if surely(total, largest=0) else max(total, 0)
                pads.append((total // 2, total - total // 2))
                continue
            before = _before_on_theano(reach, pooling)
            pads.append((before, before if uncut and same is SamePadding.HALF else max(0, total - before)))
        elif padding == "causal":
            pads.append((reach - 1, 0))
        else:
            pads.append((0, 0))
            if reach > size:
                dilated = f" with dilation {d}" if d > 1 else ""
                raise ShapeError(
                    f"a window of {w}{dilated} does not fit into {size} along spatial axis {axis}",
                    "use padding: same, a smaller window, or less downsampling before it",
                    axis=axis + (2 if data_format == "channels_first" else 1),
                )
    return tuple(pads)


def _before_on_theano(reach: int, pooling: bool) -> int:
    """The zeros before an axis, as Keras 2.3 hands them to Theano (`keras/backend/theano_backend.py`)."""
    if not pooling:
        return reach // 2
    return reach - 2 if reach > 2 and reach % 2 else reach - 1


def transpose_crop(
    padding: CausalPadding,
    window: Sequence[int],
    strides: Sequence[int],
    dilation: Sequence[int],
    output_padding: Sequence[int] | None,
    *,
    same: SamePadding = SamePadding.BALANCED,
) -> Pads:
    """What a transposed convolution cuts from its full result, (in - 1)·stride + extent long, per axis.

    With `valid` the output has the full length plus the output padding, at least in·stride where that is null;
    with `same`, in·stride, or (in - 1)·stride + extent mod 2 + output padding. As in TensorFlow, the odd element
    is cut at the end. A negative number adds zeros.
    """
    crop: list[tuple[int, int]] = []
    for axis, (w, stride, d) in enumerate(zip(window, strides, dilation, strict=True)):
        reach = extent(w, d)
        added = None if output_padding is None else output_padding[axis]
        if padding == "valid":
            crop.append((0, -(max(0, stride - reach) if added is None else added)))
            continue
        # The length of the full result beyond the output's.
        beyond = reach - stride if added is None else reach - reach % 2 - added
        low = max(0, beyond // 2) if same is SamePadding.BALANCED else reach // 2
        crop.append((low, beyond - low))
    return tuple(crop)


def refuse_dilated_strides(strides: Sequence[int], dilation: Sequence[int]) -> None:
    """Raise the "conflict" of a window that both skips positions and has gaps, as Keras does."""
    if max(strides) > 1 and max(dilation) > 1:
        raise PydanticCustomError(
            "conflict",
            "`strides` (={strides}) and `dilation_rate` (={dilation}) cannot both be larger than 1",
            {"strides": list(strides), "dilation": list(dilation)},
        )


def channels_last(data_format: DataFormat | None, x: Tensor) -> Tensor:
    """`x` with its channels as the last axis."""
    if data_format != "channels_first" or x.rank < 3:
        return x
    return x.transpose((0, *range(2, x.rank), 1))


def restore_format(data_format: DataFormat | None, y: Tensor) -> Tensor:
    """The inverse of `channels_last`."""
    if data_format != "channels_first" or y.rank < 3:
        return y
    return y.transpose((0, y.rank - 1, *range(1, y.rank - 1)))
