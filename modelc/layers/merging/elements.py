"""Layers that make one tensor of several, element by element or side by side."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import reduce
from math import inf
from typing import ClassVar

from modelc.errors import ShapeError
from modelc.functions.kinds import BinaryKind
from modelc.graph.axes import resolve_axes
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, concatenate, constant, where
from modelc.graph.types import format_shape
from modelc.layers.base import Layer
from modelc.ops.shape import Slice
from modelc.semantics import ConcatenatedMask, MaskedOperands, MergedMask

Masks = Sequence[Tensor | None]


class _Merge(Layer, ABC):
    """Inputs are broadcast; to those with fewer axes, axes of size 1 are added after the batch axis. If all inputs have
    a mask, so has the output: an element is kept if any of the masks keeps it. (Keras 2 has other rules, see
    `MergedMask`.)"""

    keras_takes_list = True

    variadic: ClassVar[bool] = True
    decides_masks: ClassVar[bool] = True

    def call(self, g: Builder, *inputs: Tensor) -> Tensor:
        masks = [g.masks.of(x) for x in inputs]
        rank = max(x.rank for x in inputs)
        # What gets further axes loses its mask, which has as many axes as it had.
        left_out = g.semantics.masked_operands is MaskedOperands.LEFT_OUT
        own = [mask if left_out and x.rank == rank else None for x, mask in zip(inputs, masks, strict=True)]
        y = self.merge(g, [_widened(x.as_float(), rank) for x in inputs], own)
        if y not in inputs:
            merged = _all_known if g.semantics.merged_mask is MergedMask.ALL else _any_of
            g.masks.set(y, merged(g, masks))
        return y

    @abstractmethod
    def merge(self, g: Builder, inputs: Sequence[Tensor], masks: Masks) -> Tensor:
        """The inputs, of one rank, as one tensor."""


def _widened(x: Tensor, rank: int) -> Tensor:
    """x with axes of 1 behind the batch, up to this rank."""
    if x.rank == rank:
        return x
    first, *rest = x.shape or (1,)
    return x.reshape((first, *(1,) * (rank - 1 - len(rest)), *rest))


def _any_of(g: Builder, masks: Masks) -> Tensor | None:
    """1 where any of the masks is, if there are all of them."""
    known = [mask for mask in masks if mask is not None]
    return reduce(lambda a, b: a if a is b else a.maximum(b), known) if len(known) == len(masks) else None


def _all_known(g: Builder, masks: Masks) -> Tensor | None:
    """1 where all of the masks are that there are, if any."""
    known = [mask.as_float() for mask in masks if mask is not None]
    return reduce(lambda a, b: a if a is b else a * b, known) if known else None


def _over(mask: Tensor, x: Tensor) -> Tensor:
    """A mask of x with further axes of 1, to broadcast with x."""
    missing = x.rank - mask.rank
    return mask.reshape((*mask.shape, *(1,) * missing)) if missing > 0 else mask


def _fold(kind: BinaryKind, inputs: Sequence[Tensor]) -> Tensor:
    return reduce(lambda a, b: a.combine(kind, b), inputs)


class Add(_Merge):
    """Adds its inputs.

    ``y = x_1 + x_2 + …``.
    """

    def merge(self, g: Builder, inputs: Sequence[Tensor], masks: Masks) -> Tensor:
        return _fold("add", inputs)


class Subtract(_Merge):
    """Subtracts the second input from the first.

    ``y = x_1 - x_2``.
    """

    input_names = ("minuend", "subtrahend")
    required_inputs = 2
    variadic = False

    def merge(self, g: Builder, inputs: Sequence[Tensor], masks: Masks) -> Tensor:
        return _fold("subtract", inputs)


class Multiply(_Merge):
    """Multiplies its inputs elementwise.

    ``y = x_1·x_2·…``.

    A masked element of an input counts as 1; where all inputs are masked, y is 0.
    """

    def merge(self, g: Builder, inputs: Sequence[Tensor], masks: Masks) -> Tensor:
        over = [None if m is None else _over(m, x) for x, m in _each(inputs, masks)]
        one = constant(g, 1.0)
        y = _fold("multiply", [x if m is None else where(m, x, one) for x, m in _each(inputs, over)])
        kept = _any_of(g, over)
        return y if kept is None else where(kept, y, 0.0)


class Average(_Merge):
    """The elementwise mean of its inputs.

    ``y = (x_1 + … + x_n) / n``.
    """

    def merge(self, g: Builder, inputs: Sequence[Tensor], masks: Masks) -> Tensor:
        y = _fold("add", inputs)
        return y if len(inputs) == 1 else y * (1 / len(inputs))


class _Extreme(_Merge):
    kind: ClassVar[BinaryKind]

    def merge(self, g: Builder, inputs: Sequence[Tensor], masks: Masks) -> Tensor:
        (y, kept), *others = [(x, None if m is None else _over(m, x)) for x, m in _each(inputs, masks)]
        for x, mask in others:
            # What is left out takes the other's place, so that it cannot be the extreme.
            x = x if mask is None else where(mask, x, y)
            y = y if kept is None else where(kept, y, x)
            kept = _any_of(g, (kept, mask))
            y = y.combine(self.kind, x)
        return y


class Maximum(_Extreme):
    """The elementwise maximum of its inputs.

    ``y = max(x_1, x_2, …)``, without masked elements.
    """

    kind = "maximum"


class Minimum(_Extreme):
    """The elementwise minimum of its inputs.

    ``y = min(x_1, x_2, …)``, without masked elements.
    """

    kind = "minimum"


def _each(inputs: Sequence[Tensor], masks: Masks) -> list[tuple[Tensor, Tensor | None]]:
    return list(zip(inputs, masks, strict=True))


class Concatenate(Layer):
    """Concatenates its inputs along one axis.

    ``y = [x_1, x_2, …]``; the sizes of all other axes must be equal.

    If any input has a mask, so has y: the masks concatenated or, along the last axis, 1 where any of them is 1.
    """

    keras_takes_list = True

    variadic = True
    decides_masks = True

    axis: int = -1
    """The axis along which the inputs are concatenated; -1 is the last. Not 0, the batch axis."""

    def call(self, g: Builder, *inputs: Tensor) -> Tensor:
        ranks = {x.rank for x in inputs}
        if len(ranks) != 1:
            shapes = ", ".join(format_shape(x.shape) for x in inputs)
            raise ShapeError(f"the inputs have different ranks: {shapes}", axis="rank")
        rank = ranks.pop()
        (axis,) = resolve_axes(self.axis, rank)
        if axis == 0 and any(x.batched for x in inputs):
            raise ShapeError(f"`axis` (={self.axis}) would join the batches of its inputs", "count the axes from 1")
        if len(inputs) == 1:
            return inputs[0]
        alike = len({x.dtype for x in inputs}) == 1
        y = concatenate(inputs if alike else [x.as_float() for x in inputs], axis)
        g.masks.set(y, self._mask(g, inputs, axis))
        return y

    def _mask(self, g: Builder, inputs: Sequence[Tensor], axis: int) -> Tensor | None:
        masks = [_of_steps(g, x) for x in inputs]
        if axis == inputs[0].rank - 1:
            all_count = g.semantics.concatenated_mask is ConcatenatedMask.ALL
            return _all_known(g, masks) if all_count else _any_of(g, masks)
        if all(mask is None for mask in masks):
            return None
        return concatenate([_all_of(x) if m is None else m for x, m in _each(inputs, masks)], axis)


def _of_steps(g: Builder, x: Tensor) -> Tensor | None:
    """The mask of x with all axes of x but the last: 1 where any element counts."""
    mask = g.masks.of(x)
    if mask is None:
        return None
    mask, shape = mask.as_float(), x.shape[:-1]
    if mask.rank == x.rank:
        return mask.max((-1,))
    return mask if mask.shape == shape else _over_axes(mask, len(shape)) * _all_of(x)


def _over_axes(mask: Tensor, rank: int) -> Tensor:
    return mask.reshape((*mask.shape, *(1,) * (rank - mask.rank)))


def _all_of(x: Tensor) -> Tensor:
    """A mask of x that leaves nothing out: (N, ..., C) → (N, ...)."""
    shape = x.shape
    first = x.emit(Slice((0,) * len(shape), (*shape[:-1], 1), (1,) * len(shape)))
    # No magnitude is above infinity: 0 whatever x is.
    never = abs(first.reshape(shape[:-1])).greater(inf)
    return never * 0.0 + 1.0
