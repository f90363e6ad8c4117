"""What the attention layers share: the options of their calls, and how masks leave scores out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import ClassVar

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.layers.base import Layer
from modelc.ops.constant import Range


class AttentionCall(Layer):
    """The options that Keras takes in the call instead of the constructor."""

    call_options: ClassVar[frozenset[str]] = frozenset({"return_attention_scores", "use_causal_mask"})

    return_attention_scores: bool = False
    """Whether the attention weights are returned as a second output."""
    use_causal_mask: bool = False
    """Whether a step attends only to itself and to earlier steps, as in autoregressive models."""


def causal_mask(g: Builder, steps: int, sources: int) -> Tensor:
    """(steps, sources): 1 where the source is not later than the step."""
    rows = g.emit(Range(steps)).reshape((steps, 1))
    return rows.greater_equal(g.emit(Range(sources)))


def window_mask(g: Builder, steps: int, sources: int, window: int) -> Tensor:
    """(steps, sources): 1 where the source is less than `window` steps away."""
    rows = g.emit(Range(steps)).reshape((steps, 1))
    away = abs(rows - g.emit(Range(sources)))
    return away.less(float(window))


def all_of(masks: Sequence[Tensor]) -> Tensor | None:
    """1 where all of the masks are, which broadcast; None where there are none."""
    return reduce(lambda a, b: a * b, masks) if masks else None


def with_axes(mask: Tensor, rank: int, at: int) -> Tensor:
    """The mask with axes of 1 before its last `at` ones, up to this rank."""
    mask, shape = mask.as_float(), mask.shape
    if len(shape) < at or len(shape) > rank:
        raise ShapeError(f"the mask {format_shape(shape)} does not fit scores of {rank} axes", axis="rank")
    split = len(shape) - at
    wide = (*shape[:split], *(1,) * (rank - len(shape)), *shape[split:])
    return mask if wide == shape else mask.reshape(wide)


def lowered_where_masked(scores: Tensor, mask: Tensor, by: float) -> Tensor:
    """``scores - by·(1 - mask)``: exactly the scores where the mask is 1."""
    return scores + (mask * by - by)
