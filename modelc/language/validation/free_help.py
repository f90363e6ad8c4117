"""What to do where a weight's shape would depend on a size that is free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from modelc.graph.graph import LayerTrace, Value
from modelc.graph.sizes import free_in, is_free
from modelc.text.listing import listing

_POOLINGS = {3: "GlobalAveragePooling1D", 4: "GlobalAveragePooling2D", 5: "GlobalAveragePooling3D"}
"""The layer that averages over all positions, by the rank of its input."""


def free_help(
    layer: Any, x: Value, free: Sequence[str], inputs: Mapping[str, Value], makers: Mapping[Value, LayerTrace]
) -> str:
    """How to fix these free sizes, and which layer does without; `layer` is applied to `x`."""
    other = _without(layer, x, makers)
    return _fix(free, inputs) + (f"; or {other}" if other is not None else "")


def _fix(free: Sequence[str], inputs: Mapping[str, Value]) -> str:
    names = listing([f"`{name}`" for name in free])
    found: list[str] = []
    for name, value in inputs.items():
        shape = [repr(size) if is_free(size) else str(size) for size in value.type.shape[1:]]
        if any(one in free for size in value.type.shape for one in free_in(size)):
            found.append(f"[{', '.join(shape)}]" + (f" of `{name}`" if len(inputs) > 1 else ""))
    where = listing(found) if found else "the input"
    numbers = "a number" if len(free) == 1 else "numbers"
    return f"write {numbers} for {names} in the input shape {where}" + (
        "" if len(inputs) > 1 else " (or --input-shape)"
    )


def _without(layer: Any, x: Value, makers: Mapping[Value, LayerTrace]) -> str | None:
    """What to write instead so that no weight depends on a free size."""
    kind, shape = layer.type_name(), x.type.shape
    axes = [axis for axis, size in enumerate(shape) if is_free(size)]
    if kind == "PReLU":
        return f"share the weights along the free axes: `shared_axes: {axes}`"
    if kind.startswith("LocallyConnected"):
        return f"use Conv{kind.removeprefix('LocallyConnected')}, which has the same weights at every position"
    flat = _flattening(x, makers)
    if flat is not None and flat.input.type.rank in _POOLINGS:
        return f"replace `{flat.name}` by {{type: {_POOLINGS[flat.input.type.rank]}}}, which takes any size"
    if kind.endswith("Normalization") and hasattr(layer, "axis") and not is_free(shape[-1]):
        return "normalize along an axis whose size is fixed: `axis: -1`"
    return None


def _flattening(x: Value, makers: Mapping[Value, LayerTrace]) -> LayerTrace | None:
    """The Flatten that gave a value, perhaps through layers that keep its shape."""
    value = x
    while value in makers:
        made = makers[value]
        if made.type == "Flatten":
            return made
        if not made.inputs or made.input is value or made.input.type.rank != x.type.rank:
            return None
        value = made.input
    return None
