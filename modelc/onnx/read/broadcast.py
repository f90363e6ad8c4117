"""Operands of elementwise operators in one order of axes, as ONNX broadcasts them: by their last axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from modelc.graph.sizes import likely
from modelc.onnx.read.reader import Reader
from modelc.onnx.read.table import MixesSamplesError
from modelc.onnx.read.values import Flow, Known, Value, shuffled
from modelc.sources.refs import Array, Ref, SampleCount


@dataclass(frozen=True, slots=True)
class Aligned:
    """Operands that broadcast in the model as they do in ONNX."""

    operands: tuple[Ref | Array, ...]
    like: Flow
    """A tensor of the result's order of axes."""


def aligned(r: Reader, values: Sequence[Value]) -> Aligned:
    """The operands, of which at least one is a tensor of the model.

    The largest tensor keeps its order of axes, and the others follow. Raises `MixesSamplesError` where the batch of one
    meets another axis of the other.
    """
    rank = max(value.rank for value in values)
    lead = _lead(r, values, rank)
    alone = sum(isinstance(value, Flow) for value in values) == 1
    if lead.mixed is not None and not (alone or _all_mixed_alike(values, lead)):
        lead = r.in_order(lead)
        values = [r.in_order(value) if isinstance(value, Flow) else value for value in values]
    lead = _widened(r, lead, rank)
    operands = [
        _constant(value, lead, rank) if isinstance(value, Known) else _tensor(r, value, lead, rank) for value in values
    ]
    return Aligned(tuple(operands), lead)


def _lead(r: Reader, values: Sequence[Value], rank: int) -> Flow:
    flows = [value for value in values if isinstance(value, Flow)]

    def weight(x: Flow) -> tuple[bool, float]:
        sizes = [1 if isinstance(size, SampleCount) else likely(size) for size in r.dims(x)]
        return x.rank == rank, float(np.prod([float(size) for size in sizes])) if sizes else 1.0

    return max(flows, key=weight)


def _all_mixed_alike(values: Sequence[Value], lead: Flow) -> bool:
    return all(value.mixed == lead.mixed for value in values if isinstance(value, Flow))


def _widened(r: Reader, x: Flow, rank: int) -> Flow:
    """A tensor with axes of one element in front, up to a rank."""
    missing = rank - x.rank
    if not missing:
        return x
    if x.batch is not None:
        raise MixesSamplesError("it broadcasts the batch of one operand along another axis of the other")
    x = r.plain(x)
    sizes = [1] * missing + list(r.shapes.type_of(x.ref).shape[1:])
    return replace(x, ref=r.reshaped(x.ref, sizes), axes=tuple(range(1, rank + 1)))


def _tensor(r: Reader, x: Flow, lead: Flow, rank: int) -> Ref:
    x = _widened(r, x, rank)
    if x.batch != lead.batch:
        raise MixesSamplesError("it computes with tensors whose batch is at different axes")
    return x.ref if x.axes == lead.axes else r.ordered(x, lead.axes).ref


def _constant(value: Known, lead: Flow, rank: int) -> Array:
    """A constant for tensors in the order of `lead`, without axes of one element in front."""
    array = value.array.reshape((1,) * (rank - value.rank) + value.array.shape)
    order = shuffled(lead)
    if order is not None and array.shape[-1] == len(order):
        array = array[..., order]
    if lead.batch is not None and array.shape[lead.batch] != 1:
        raise MixesSamplesError("it computes with a constant that has other numbers for each sample of the batch")
    places: list[Any] = sorted((at, i) for i, at in enumerate(lead.axes))
    array = array.transpose([i for _, i in places])
    while array.ndim and array.shape[0] == 1:
        array = array[0]
    return array
