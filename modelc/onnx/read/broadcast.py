"""Operands of elementwise operators in one order of axes, as ONNX broadcasts them: by their last axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modelc.graph.sizes import likely
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import MixesSamplesError
from modelc.onnx.read.values import Flow, Known, Value
from modelc.onnx.read.writing import extent
from modelc.sources.refs import Array, Ref, SampleCount


@dataclass(frozen=True, slots=True)
class Aligned:
    """Operands that broadcast in the model as they do in ONNX."""

    operands: tuple[Ref | Array, ...]
    like: Flow
    """A tensor of the result's order of axes."""


def aligned(r: OnnxReader, values: Sequence[Value]) -> Aligned:
    """The operands, of which at least one is a tensor of the model.

    The largest tensor keeps its order of axes, and the others follow. Raises `MixesSamplesError` where the batch of one
    meets another axis of the other.
    """
    rank = max(value.rank for value in values)
    lead = _lead(r, values, rank)
    if not _fits(r, values, lead, rank):
        lead = r.in_order(lead)
        values = [r.in_order(value) if isinstance(value, Flow) else value for value in values]
    lead = _widened(r, lead, rank)
    operands = [
        _constant(r, value, lead, rank) if isinstance(value, Known) else _tensor(r, value, lead, rank)
        for value in values
    ]
    return Aligned(tuple(operands), lead)


def _lead(r: OnnxReader, values: Sequence[Value], rank: int) -> Flow:
    flows = [value for value in values if isinstance(value, Flow)]

    def weight(x: Flow) -> tuple[bool, float]:
        shape = r.shapes.type_of(x.ref).shape
        return x.rank == rank, float(np.prod([float(likely(size)) for size in shape[1:]])) if shape[1:] else 1.0

    return max(flows, key=weight)


def _fits(r: OnnxReader, values: Sequence[Value], lead: Flow, rank: int) -> bool:
    """Whether the operands can be computed with as they lie: in just the order of `lead`, or constants that broadcast.

    What stands at no axis of its own, or at several, has to be made one where another operand has another layout.
    """
    if lead.rank != rank:
        return False
    if r.is_in_order(lead):
        return all(r.is_in_order(value) for value in values if isinstance(value, Flow))
    for value in values:
        if isinstance(value, Flow):
            if value.places != lead.places or r.shapes.type_of(value.ref).rank != r.shapes.type_of(lead.ref).rank:
                return False
        else:
            own = (1,) * (rank - value.rank) + value.array.shape
            for axis, size in enumerate(own):
                parts = lead.parts(axis)
                if size != 1 and (not parts or 0 in parts):
                    return False
    return True


def _widened(r: OnnxReader, x: Flow, rank: int) -> Flow:
    """A tensor with axes of one element in front, up to a rank."""
    missing = rank - x.rank
    return x if not missing else r.in_order(x.placed(x.ref, [*[()] * missing, *x.places]))


def _tensor(r: OnnxReader, x: Flow, lead: Flow, rank: int) -> Ref:
    if x.places == lead.places:
        return x.ref
    x = _widened(r, x, rank)
    if x.batch != lead.batch:
        raise MixesSamplesError("it broadcasts the batch of one operand along another axis of the other")
    return r.ordered(x, lead.axes).ref


def _constant(r: OnnxReader, value: Known, lead: Flow, rank: int) -> Array:
    """A constant for tensors in the order of `lead`, without axes of one element in front."""
    own = (1,) * (rank - value.rank) + value.array.shape
    shape = r.shapes.type_of(lead.ref).shape
    sizes: list[int] = []
    places: list[int] = []
    for axis, size in enumerate(own):
        parts = lead.parts(axis)
        if 0 in parts and size != 1:
            raise MixesSamplesError("it computes with a constant that has other numbers for each sample of the batch")
        places += parts
        split = [extent(shape, at) for at in parts] if size != 1 and len(parts) != 1 else [size] * len(parts)
        sizes += [1 if isinstance(one, SampleCount) else one for one in split]
    array = value.array.reshape(sizes)
    order = sorted(range(len(places)), key=lambda i: places[i])
    array = array.transpose(order)
    # Axes of the model's tensor that stand at no place have one element.
    gaps = [at for at in range(len(shape)) if at and at not in places]
    for at in gaps:
        before = sum(1 for place in places if place < at) + sum(1 for gap in gaps if gap < at)
        array = np.expand_dims(array, min(before, array.ndim))
    while array.ndim and array.shape[0] == 1:
        array = array[0]
    return array
