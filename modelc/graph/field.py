"""`ReceptiveField`: the part of a model's input that one element of a value depends on, and how ops change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from modelc.graph.types import Shape, TensorType

WHOLE = float(1 << 62)
"""Beyond any axis: the whole of it."""

Span = tuple[float, float]
"""The first and the last input element that is seen."""

ALL: Span = (-WHOLE, WHOLE)


@dataclass(frozen=True, slots=True)
class FieldAxis:
    """An axis of a value that runs along axis `source` of the input, in steps of `jump` input elements."""

    source: int
    jump: float


BATCH = FieldAxis(-1, 1)
"""The axis along which the samples lie, which is none of the input's: each has a field of its own."""


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """What the elements of a value see."""

    spans: tuple[Span, ...]
    """Per axis of the input, without the batch: what the element at index 0 sees, which may begin before the input."""
    axes: tuple[FieldAxis | None, ...]
    """Per axis of the value, the batch included where it has one; None where it runs along no single axis of the
    input."""

    @classmethod
    def of_input(cls, rank: int) -> ReceptiveField:
        """What the elements of a batch of inputs see, of that rank without the batch: themselves."""
        return cls(((0.0, 0.0),) * rank, (BATCH, *(FieldAxis(i, 1.0) for i in range(rank))))

    def reach(self, source: int) -> float:
        """How many elements of the input's axis are seen."""
        low, high = self.spans[source]
        return high - low + 1

    def window(self, axis: int, reach: float, stride: float, before: float = 0) -> ReceptiveField:
        """After a window of `reach` positions of the value's axis, moved by `stride`; it begins `before` the first."""
        along = self.axes[axis]
        if along is None or along is BATCH:
            return self.over(axis) if reach > 1 else self
        low, high = self.spans[along.source]
        span = (low - before * along.jump, high + (reach - 1 - before) * along.jump)
        return self._with({along.source: span}, {axis: FieldAxis(along.source, along.jump * stride)})

    def over(self, axis: int) -> ReceptiveField:
        """After mixing all positions of the value's axis."""
        along = self.axes[axis]
        if along is not None:  # nothing changes by mixing samples: each sees as far in its own input
            return self._with({along.source: ALL})
        # An axis that a reshape has mixed may hold any of the input's axes that no other one runs along.
        kept = {a.source for a in self.axes if a is not None}
        return self._with({i: ALL for i in range(len(self.spans)) if i not in kept})

    def over_axes(self, axes: Iterable[int]) -> ReceptiveField:
        """After mixing all positions of several axes of the value."""
        field = self
        for axis in axes:
            field = field.over(axis % len(field.axes))
        return field

    def shuffled(self, axis: int) -> ReceptiveField:
        """After putting the positions of the value's axis into another order."""
        return self._with({}, {axis: None})

    def with_axes(self, axes: Sequence[FieldAxis | None]) -> ReceptiveField:
        """The same field of a value with other axes."""
        return replace(self, axes=tuple(axes))

    def mixed(self, rank: int) -> ReceptiveField:
        """After mixing all elements of the value, where each element of a result of that rank depends on any."""
        return self.over_axes(range(len(self.axes))).with_axes((None,) * rank)

    def _with(self, spans: Mapping[int, Span], axes: Mapping[int, FieldAxis | None] | None = None) -> ReceptiveField:
        return ReceptiveField(
            tuple(spans.get(i, span) for i, span in enumerate(self.spans)),
            tuple((axes or {}).get(i, axis) for i, axis in enumerate(self.axes)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """An operand of an op, and what its elements see of the input: None where they do not depend on it."""

    type: TensorType
    field: ReceptiveField | None


def at_its_place(seen: Sequence[Seen], output: TensorType) -> ReceptiveField | None:
    """After an op that computes each element from those of its operands at the same place."""
    known = [(operand.field, operand.type.shape) for operand in seen if operand.field is not None]
    return joined([field for field, _ in known], [shape for _, shape in known], output.shape) if known else None


def side_by_side(seen: Sequence[Seen], output: TensorType, axis: int) -> ReceptiveField | None:
    """After joining tensors along an axis: along the others, an element may be of any of them."""
    out = output.shape
    known = [(operand.field, operand.type.shape) for operand in seen if operand.field is not None]
    shapes = [(*out[:axis], shape[axis], *out[axis + 1 :]) for _, shape in known]
    return joined([field.shuffled(axis) for field, _ in known], shapes, out) if known else None


def joined(fields: Sequence[ReceptiveField], shapes: Sequence[Shape], out: Shape) -> ReceptiveField:
    """What an element sees that depends on the elements of several values at its own place, with NumPy's broadcasting.

    `shapes` are those of the values, `out` that of the result.
    """
    if len(fields) == 1 and len(fields[0].axes) == len(out):
        return fields[0]
    placed = [_placed(field, sizes, out) for field, sizes in zip(fields, shapes, strict=True)]
    axes: list[FieldAxis | None] = [None] * len(out)
    torn: set[int] = set()
    for places in placed:
        for k, axis in places.items():
            known = axes[k]
            if known is None:
                axes[k] = axis
            elif known.source != axis.source:
                torn |= {known.source, axis.source}
    spans = tuple(
        ALL if source in torn else _union(source, fields, placed, out) for source in range(len(fields[0].spans))
    )
    return ReceptiveField(spans, tuple(None if axis is not None and axis.source in torn else axis for axis in axes))


def _placed(field: ReceptiveField, sizes: Shape, out: Shape) -> dict[int, FieldAxis]:
    """The axes of a value by the axes of the result that they become; those of one element are repeated."""
    first = len(out) - len(sizes)
    return {
        first + i: axis
        for i, (axis, size) in enumerate(zip(field.axes, sizes, strict=True))
        if axis is not None and size == out[first + i]
    }


def _union(
    source: int, fields: Sequence[ReceptiveField], placed: Sequence[Mapping[int, FieldAxis]], out: Shape
) -> Span:
    """From the first to the last element of the input's axis that any of the fields sees."""
    runs = [next(((k, a) for k, a in places.items() if a.source == source), None) for places in placed]
    running = [(field, run) for field, run in zip(fields, runs, strict=True) if run is not None]
    widest = max(field.reach(source) for field in fields)
    if not running:
        low = fields[0].spans[source][0]
        return low, low + widest - 1
    if len({k for _, (k, _) in running}) > 1:
        return ALL  # two places that have nothing to do with each other
    jump = running[0][1][1].jump
    lows: list[float] = []
    highs: list[float] = []
    for field, (k, axis) in running:
        low, high = field.spans[source]
        drift = (axis.jump - jump) * ((out[k] or 1) - 1)  # at the last place, where steps differ
        lows += [low, low + drift]
        highs += [high, high + drift]
    low, high = min(lows), max(highs)
    return low, max(high, low + widest - 1)
