"""The limits of a spec, and the layer that exceeds one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import accumulate

from modelc.errors import Diagnostic, SpecError
from modelc.graph.graph import LayerTrace, Node, leaves
from modelc.language.definition import Definition
from modelc.language.expansion.expand import in_order
from modelc.ops.shape import Reshape
from modelc.text.amounts import format_bytes


def check_limits(spec: Definition, batch_size: int = 1) -> list[Diagnostic]:
    """An E501 for every limit of the spec that its model exceeds, at the entry of the layer that crosses it.

    A layer inside of a model that is used as a layer is located where it is written, in the file of that model.

    `params` and `macs` add up layer by layer; `activation_memory` is what a call on `batch_size` samples allocates,
    and the layer is the one at the peak of it. The mistakes are in the order of the text. Raises `SpecError` where the
    model cannot be traced.
    """
    limits = spec.limits
    found: list[Diagnostic] = []
    if limits.params is not None:
        found += _crossing(spec, "params", "parameters", limits.params, lambda r: sum(w.size for w in r.stored))
    if limits.macs is not None:
        found += _crossing(spec, "macs", "multiply-adds per sample", limits.macs, lambda r: r.macs)
    if limits.activation_memory is not None:
        found += _memory(spec, limits.activation_memory, batch_size)
    return list(in_order(found))


def require_limits(spec: Definition, batch_size: int = 1) -> None:
    """Raise `SpecError` with what `check_limits` finds, if it finds anything."""
    found = check_limits(spec, batch_size)
    if found:
        raise SpecError(found)


def _crossing(
    spec: Definition, key: str, what: str, budget: int, cost: Callable[[LayerTrace], int]
) -> Iterable[Diagnostic]:
    records = list(leaves(spec.graph.layers))
    totals = list(accumulate(map(cost, records)))
    if not totals or totals[-1] <= budget:
        return
    crossing = next(i for i, total in enumerate(totals) if total > budget)
    message = f"up to `{records[crossing].name}` the model has {totals[crossing]:,} {what}, the limit is {budget:,}"
    yield _at(records[crossing], message, f"the whole model has {totals[-1]:,}; {_raise(spec, key)}")


def _memory(spec: Definition, budget: int, batch_size: int) -> Iterable[Diagnostic]:
    from modelc.native.passes.pipeline import activation_memory

    needed = activation_memory(spec.graph, batch_size)
    if needed <= budget:
        return
    peak = _widest(spec)
    batch = f"a batch of {batch_size}" if batch_size > 1 else "one sample"
    message = (
        f"the activations of {batch} take {format_bytes(needed)} ({needed:,} bytes), most of it at "
        f"`{peak.name}`; the limit is {format_bytes(budget)} ({budget:,} bytes)"
    )
    yield _at(peak, message, _raise(spec, "activation_memory"))


def _widest(spec: Definition) -> LayerTrace:
    """The layer with the op that has the most bytes of activations around it; the model's own input is the caller's."""
    graph = spec.graph
    outside = {*graph.inputs, *graph.constants}

    def width(node: Node) -> int:
        written = node.output.type.bytes
        if node.op.elementwise or isinstance(node.op, Reshape):
            return written  # over what it reads
        return written + sum(value.type.bytes for value in node.inputs if value not in outside)

    nodes = [node for node in graph.nodes if node.output not in outside]
    widest = max(nodes, key=width).layer if nodes else None
    records = list(leaves(graph.layers))
    return next((record for record in records if record.name == widest), records[-1])


def _raise(spec: Definition, key: str) -> str:
    place = spec.place("limits")
    limit = place.get(key) if place is not None else None
    where = f" ({limit.source.name}:{limit.line})" if limit is not None and limit.line is not None else ""
    return f"make the model smaller, or raise `limits.{key}`{where}"


def _at(record: LayerTrace, message: str, help: str) -> Diagnostic:
    if record.place is None:
        return Diagnostic("E501", message, help, record.name)
    return record.place.diagnostic("E501", message, help)
