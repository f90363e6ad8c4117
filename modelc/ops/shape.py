"""Ops that move elements without changing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.field import ReceptiveField, Seen, at_its_place
from modelc.graph.sizes import no_pads, surely_equal
from modelc.graph.types import Shape, TensorType, format_shape
from modelc.ops.base import Array, Emitter, Gradients, Op

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


@dataclass(frozen=True)
class Transpose(Op):
    """``y[i[perm[0]], i[perm[1]], ...] = x[i[0], i[1], ...]``; the batch, where there is one, stays first."""

    takes_integers: ClassVar[bool] = True

    perm: tuple[int, ...]

    def infer(self, *operands: TensorType) -> TensorType:
        """Dimension k of the output is dimension perm[k] of x."""
        (x,) = operands
        return x.with_shape(tuple(x.shape[axis] for axis in self.perm))

    def compute(self, *operands: Array) -> Array:
        """`np.transpose`."""
        return np.transpose(operands[0], self.perm)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """The inverse permutation."""
        return (dy.transpose(tuple(self.perm.index(axis) for axis in range(len(self.perm)))),)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """The same along other axes."""
        return field.with_axes([field.axes[p] for p in self.perm])


@dataclass(frozen=True)
class Reshape(Op):
    """The same elements in the same order under another shape; `None` keeps the batch."""

    takes_integers: ClassVar[bool] = True

    shape: tuple[int | None, ...]

    def infer(self, *operands: TensorType) -> TensorType:
        """The shape asked for, which has as many elements (checked by the layer)."""
        return operands[0].with_shape(self.shape)

    def compute(self, *operands: Array) -> Array:
        """`np.reshape`."""
        (x,) = operands
        return x.reshape(tuple(x.shape[0] if d is None else d for d in self.shape))

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """The shape of x again."""
        return (dy.reshape(inputs[0].shape),)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """Leading axes that stay as they are run along the input; the others are mixed."""
        before, after, same = types[0].shape, self.shape, 0
        while same < min(len(before), len(after)) and before[same] == after[same]:
            same += 1
        return field.with_axes(field.axes[:same] + (None,) * (len(after) - same))


@dataclass(frozen=True)
class Pad(Op):
    """x surrounded by `value`: `pads` holds how many before and after, for every axis; none along the batch."""

    takes_integers: ClassVar[bool] = True

    pads: tuple[tuple[int, int], ...]
    value: float = 0.0

    def infer(self, *operands: TensorType) -> TensorType:
        """Every dimension grows by its pads."""
        (x,) = operands
        return x.with_shape(
            tuple(None if d is None else d + sum(pads) for d, pads in zip(x.shape, self.pads, strict=True))
        )

    def compute(self, *operands: Array) -> Array:
        """`np.pad`."""
        return np.pad(operands[0], self.pads, constant_values=self.value)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """The inner part."""
        starts = tuple(low for low, _ in self.pads)
        shape = inputs[0].shape
        stops = tuple(None if d is None else low + d for low, d in zip(starts, shape, strict=True))
        return (dy.emit(Slice(starts, stops, (1,) * len(starts))),)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """The same, moved."""
        for i, (low, _) in enumerate(self.pads):
            field = field.window(i, 1, 1, low)
        return field


@dataclass(frozen=True)
class Slice(Op):
    """``y[i] = x[starts + i·steps]``, as long as that is below `stops`; all of the batch: 0, None, 1.

    Bounds count from the front and lie inside of x, steps are positive.
    """

    takes_integers: ClassVar[bool] = True

    starts: tuple[int, ...]
    stops: tuple[int | None, ...]
    steps: tuple[int, ...]

    def infer(self, *operands: TensorType) -> TensorType:
        """Every dimension becomes ceil((stop - start) / step)."""
        (x,) = operands
        return x.with_shape(tuple(
            None if d is None else max(0, -((start - (d if stop is None else stop)) // step))
            for d, start, stop, step in zip(x.shape, self.starts, self.stops, self.steps, strict=True)
        ))  # fmt: skip

    def compute(self, *operands: Array) -> Array:
        """Basic indexing."""
        return operands[0][tuple(map(slice, self.starts, self.stops, self.steps))]

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """Zeros between the elements, where there are steps, and then around all of them."""
        (x,) = inputs
        if 0 in output.shape:
            return (None,)
        if any(step > 1 for step in self.steps):
            dy = self._spread(dy)
        pads = tuple(
            (0, 0) if d is None or n is None else (start, d - start - n)
            for d, n, start in zip(x.shape, dy.shape, self.starts, strict=True)
        )
        return (dy if no_pads(pads) else dy.emit(Pad(pads)),)

    def _spread(self, dy: Tensor) -> Tensor:
        """dy with steps - 1 zeros between its elements: one new axis after each, filled up and joined with it."""
        apart: list[int | None] = []
        pads: list[tuple[int, int]] = []
        for d, step in zip(dy.shape, self.steps, strict=True):
            apart += [d] if step == 1 else [d, 1]
            pads += [(0, 0)] if step == 1 else [(0, 0), (0, step - 1)]
        filled = dy.reshape(tuple(apart)).emit(Pad(tuple(pads)))
        joined = tuple(None if d is None else d * step for d, step in zip(dy.shape, self.steps, strict=True))
        # The zeros after the last element may reach beyond the end of x.
        stops = tuple(None if d is None else d - step + 1 for d, step in zip(joined, self.steps, strict=True))
        whole = filled.reshape(joined)
        return whole.emit(Slice((0,) * len(stops), stops, (1,) * len(stops)))

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """The same, moved and in steps."""
        for i, (start, step) in enumerate(zip(self.starts, self.steps, strict=True)):
            field = field.window(i, 1, step, -start)
        return field


@dataclass(frozen=True)
class Repeat(Op):
    """Every element `times` times in a row along `axis`: ``y[..., i, ...] = x[..., i // times, ...]``."""

    takes_integers: ClassVar[bool] = True

    axis: int
    times: int

    def infer(self, *operands: TensorType) -> TensorType:
        """x's shape, `times` as long along the axis."""
        (x,) = operands
        shape = list(x.shape)
        size = shape[self.axis]
        assert size is not None
        shape[self.axis] = size * self.times
        return x.with_shape(tuple(shape))

    def compute(self, *operands: Array) -> Array:
        """`np.repeat`."""
        return np.repeat(operands[0], self.times, self.axis)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """The sum of the `times` in a row."""
        shape = inputs[0].shape
        apart = dy.reshape((*shape[: self.axis + 1], self.times, *shape[self.axis + 1 :]))
        return (apart.sum((self.axis + 1,)),)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """Steps that are shorter."""
        return field.window(self.axis % types[0].rank, 1, 1 / self.times, (self.times - 1) / (2 * self.times))


@dataclass(frozen=True)
class Broadcast(Op):
    """x repeated to `shape`, by NumPy's rule. Where x has no batch and the shape has one, a second operand has it."""

    shape: Shape

    def infer(self, *operands: TensorType) -> TensorType:
        """A shape that broadcasts to `shape` → `shape`."""
        x, like = operands[0], operands[-1]
        sizes = zip(x.shape[::-1], self.shape[::-1], strict=False)
        fits = all(surely_equal(d, s) or surely_equal(d, 1) or d in (1, s) for d, s in sizes)
        if x.rank > len(self.shape) or not fits or (None in self.shape and not like.batched):
            raise ShapeError(f"{x} does not broadcast to {format_shape(self.shape)}")
        return TensorType(self.shape)

    def compute(self, *operands: Array) -> Array:
        """`np.broadcast_to`, copied."""
        x, like = operands[0], operands[-1]
        return np.broadcast_to(x, tuple(len(like) if d is None else d for d in self.shape)).copy()

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """A sum over what was repeated."""
        return (dy.sum_to(inputs[0].type), None)[: len(inputs)]

    def receptive_field(self, operands: Sequence[Seen], output: TensorType) -> ReceptiveField | None:
        """What is repeated sees what it saw."""
        seen = [operand for operand in operands if operand.field is not None]
        return at_its_place(seen[:1], output)
