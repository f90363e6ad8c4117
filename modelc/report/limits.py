"""The limits of a spec, and the layer that exceeds one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate

from modelc.errors import Diagnostic, SpecError
from modelc.graph.graph import Graph, LayerTrace, Node, leaves
from modelc.graph.sizes import is_free, likely
from modelc.language.definition import Definition, Limits
from modelc.language.expansion.expand import in_order
from modelc.ops.shape import Reshape
from modelc.report.counted import Counted, amount, counted
from modelc.text.amounts import format_bytes, format_seconds, parse_seconds
from modelc.text.listing import listing, sizes_told


def check_limits(spec: Definition, batch_size: int = 1, sizes: Mapping[str, int] | None = None) -> list[Diagnostic]:
    """An E501 for every limit of the spec that its model exceeds, at the entry of the layer that crosses it.

    A layer inside of a model that is used as a layer is located where it is written, in the file of that model.

    `params` and `macs` add up layer by layer; `activation_memory` is what a call on `batch_size` samples allocates,
    and the layer is the one at the peak of it. They hold for the largest sizes of those that are left free, or for
    `sizes` by name; a limit of what grows with a size that has no largest one is exceeded at some size, and is an E501
    at the limit. The mistakes are in the order of the text. `latency` is for `check_latency`. Raises `SpecError` where
    the model cannot be traced.
    """
    limits = spec.limits
    found: list[Diagnostic] = []
    if limits.model_copy(update={"latency": None}) == Limits():
        return found
    costs = counted(spec, sizes)
    if limits.params is not None:
        found += _crossing(spec, costs, "params", limits.params)
    if limits.macs is not None:
        found += _crossing(spec, costs, "macs", limits.macs)
    if limits.activation_memory is not None:
        found += _memory(spec, costs, limits.activation_memory, batch_size)
    return list(in_order(found))


def require_limits(spec: Definition, batch_size: int = 1, sizes: Mapping[str, int] | None = None) -> None:
    """Raise `SpecError` with what `check_limits` finds, if it finds anything."""
    found = check_limits(spec, batch_size, sizes)
    if found:
        raise SpecError(found)


def check_latency(spec: Definition, seconds: float, calls: int) -> list[Diagnostic]:
    """An E501 at the spec's `latency` if the median of so many calls takes longer."""
    limit = spec.limits.latency
    allowed = None if limit is None else parse_seconds(limit)
    if allowed is None or seconds <= allowed:
        return []
    message = (
        f"a call takes {format_seconds(seconds)} (median of {calls:,} calls), the limit is {format_seconds(allowed)}"
    )
    help = "make the model smaller, or raise `limits.latency`; `modelc bench --profile` tells where the time goes"
    return [_at_limit(spec, "latency", message, help)]


_COSTS: dict[str, tuple[str, Callable[[LayerTrace], int]]] = {
    "params": ("parameters", lambda record: sum(w.size for w in record.stored)),
    "macs": ("multiply-adds per sample", lambda record: record.macs),
}


def _crossing(spec: Definition, costs: Counted, key: str, budget: int) -> Iterable[Diagnostic]:
    what, cost = _COSTS[key]
    records = list(leaves(costs.graph.layers))
    totals = list(accumulate(map(cost, records)))
    if not totals:
        return
    if is_free(totals[-1]):
        yield _unbounded(spec, costs, key, f"{amount(totals[-1]).text} {what}")
        return
    if totals[-1] <= budget:
        return
    crossing = next(i for i, total in enumerate(totals) if amount(total).number is not None and total > budget)
    message = f"up to `{records[crossing].name}` the model has {totals[crossing]:,} {what}{_at_sizes(costs)}"
    whole = f"the whole model has {totals[-1]:,}; {_raise(spec, key)}"
    yield _at(records[crossing], f"{message}, the limit is {budget:,}", whole)


def _unbounded(spec: Definition, costs: Counted, key: str, grows: str) -> Diagnostic:
    """A limit of what grows with a size that may be as large as it likes."""
    names = [symbol.name for symbol in costs.free if symbol.name not in costs.sizes]
    told = listing([f"`{name}`" for name in names])
    have = "has no `max`" if len(names) == 1 else "have no `max`"
    message = f"`limits.{key}` is for the largest sizes, and {told} {have}: the model has {grows}"
    bounds = ", ".join(f"{name}: {{max: …}}" for name in names)
    help = f"add `sizes: {{{bounds}}}`, or give --size {names[0]}=… (in Python: sizes={{…}})"
    return _at_limit(spec, key, message, help)


def _at_limit(spec: Definition, key: str, message: str, help: str) -> Diagnostic:
    place = spec.place("limits")
    limit = place.get(key) if place is not None else None
    if limit is None:
        return spec.diagnostic("limits", "E501", message, help)
    return limit.diagnostic("E501", message, help)


def _at_sizes(costs: Counted) -> str:
    return f" (for {sizes_told(costs.sizes)})" if costs.sizes else ""


def _memory(spec: Definition, costs: Counted, budget: int, batch_size: int) -> Iterable[Diagnostic]:
    from modelc.native.passes.peak import call_memory

    memory = call_memory(costs.graph, batch_size)
    if not isinstance(memory, int) and is_free(memory.alive):
        yield _unbounded(spec, costs, "activation_memory", f"about {amount(memory.alive).text} bytes of activations")
        return
    needed = memory if isinstance(memory, int) else memory.planned
    if needed <= budget:
        return
    widest = _widest(costs.graph)
    batch = (f"a batch of {batch_size}" if batch_size > 1 else "one sample") + _at_sizes(costs)
    message = (
        f"the activations of {batch} take {format_bytes(needed)} ({needed:,} bytes), most of it at "
        f"`{widest.name}`; the limit is {format_bytes(budget)} ({budget:,} bytes)"
    )
    yield _at(widest, message, _raise(spec, "activation_memory"))


def _widest(graph: Graph) -> LayerTrace:
    """The layer with the op that has the most bytes of activations around it; the model's own input is the caller's."""
    outside = {*graph.inputs, *graph.constants}

    def width(node: Node) -> int:
        written = node.output.type.bytes
        if node.op.elementwise or isinstance(node.op, Reshape):
            return written  # over what it reads
        return written + sum(value.type.bytes for value in node.inputs if value not in outside)

    nodes = [node for node in graph.nodes if node.output not in outside]
    widest = max(nodes, key=lambda node: likely(width(node))).layer if nodes else None
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
