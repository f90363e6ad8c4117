"""A `Diff` as text: one line per layer that was removed, added, changed or renamed, then the costs and the weights."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from modelc.graph.types import format_shape
from modelc.report.counted import Amount, free_told
from modelc.report.diff.find import Added, Count, LayerPair, Option, Removed
from modelc.report.parts import LayerPart, Port
from modelc.report.table import labels_shown
from modelc.text.amounts import format_bytes
from modelc.text.listing import sizes_told

if TYPE_CHECKING:
    from modelc.report.diff.find import Diff

Kind = Literal["removed", "added", "changed", "heading", "plain"]
"""What a line is about: how it is coloured."""

Lines = Iterator[tuple[Kind, str]]

_WEIGHTS_SHOWN = 20
_LONG = 40
"""A formula of more characters stands on a line of its own."""
_COUNTS = {
    "params": "parameters",
    "trainable_params": "trainable parameters",
    "macs": "MACs per sample",
    "activation_memory": "activation memory",
}


def as_lines(diff: Diff, *, costs: bool = True, layers: bool = True) -> Lines:
    """The lines of the text, each with what it is about; with the costs and the layers, or without."""
    if not diff:
        yield "plain", "no differences"
        return
    if diff.names[0] != diff.names[1]:
        yield "changed", f"~ name: {diff.names[0]} → {diff.names[1]}"
    if diff.semantics[0] != diff.semantics[1]:
        yield "changed", f"~ semantics: {diff.semantics[0]} → {diff.semantics[1]}"
    if diff.precision[0] != diff.precision[1]:
        yield "changed", f"~ precision: {diff.precision[0]} → {diff.precision[1]}"
    for name, (before, after), form in (
        ("preprocessing", diff.preprocessing, _preprocessing), ("labels", diff.labels, labels_shown)
    ):  # fmt: skip
        if before != after:
            yield "changed", f"~ {name}: {_each(before, form)} → {_each(after, form)}"
    if diff.inputs_differ:
        yield "changed", f"~ inputs: {_ports(diff.inputs[0])} → {_ports(diff.inputs[1])}"
    if diff.sizes_differ:
        told = [free_told(tuple(size.symbol for size in sizes)) or "none" for sizes in diff.sizes]
        yield "changed", f"~ free sizes: {told[0]} → {told[1]}"
    if layers:
        yield from _layers(diff)
    if diff.outputs_differ:
        yield "changed", f"~ outputs: {_ports(diff.outputs[0])} → {_ports(diff.outputs[1])}"
    if diff.reshaped:
        names = _span([pair.after.path for pair in diff.reshaped])
        yield "plain", f"  {_layer_count(len(diff.reshaped), 'more')} with other shapes: {names}"
    if costs:
        yield "plain", ""
        yield from _costs(diff)
    yield "plain", ""
    yield from _weights(diff)


def _each(values: Sequence[Any], form: Callable[[Any], str]) -> str:
    """What is said for each input or output, once where all say the same."""
    return ", ".join(dict.fromkeys("none" if value is None else form(value) for value in values)) or "none"


def _preprocessing(options: dict[str, str]) -> str:
    return " ".join(options.values())


def _layers(diff: Diff) -> Lines:
    """The layers that differ, in order; neighbours that changed in the same way on one line."""
    differing = [layer for layer in diff.layers if not isinstance(layer, LayerPair) or layer.changed or layer.renamed]
    for _, group in groupby(differing, key=_what):
        layers = list(group)
        pairs = [layer for layer in layers if isinstance(layer, LayerPair)]
        if pairs:
            yield "changed", _changed(pairs)
        for layer in layers:
            if isinstance(layer, Removed):
                yield "removed", f"- {_part(layer.part)}"
            elif isinstance(layer, Added):
                yield "added", f"+ {_part(layer.part)}"


def _what(layer: LayerPair | Removed | Added) -> tuple[Any, ...]:
    """Equal for layers that changed in the same way."""
    if not isinstance(layer, LayerPair):
        return (type(layer),)
    if not layer.changed:
        return (LayerPair, "renamed")
    return LayerPair, layer.renamed, layer.moved, repr(layer.options)


def _changed(pairs: Sequence[LayerPair]) -> str:
    """Layers that changed in the same way."""
    first = pairs[0]
    names = [_span([pair.before.path for pair in pairs]), _span([pair.after.path for pair in pairs])]
    name = " → ".join(dict.fromkeys(names))
    count = f" ({_layer_count(len(pairs))})" if len(pairs) > 2 else ""
    if not first.changed:
        return f"~ {name}{count}: another name"
    type = f" ({first.after.type})" if len({pair.after.type for pair in pairs}) == 1 else ""
    changes = [f"{option.name}: {_option(option)}" for option in first.options] + ["moved"] * first.moved
    params = f"; {first.before.params:,} → {first.after.params:,} parameters"
    told = params if len(pairs) == 1 and first.before.params != first.after.params else ""
    return f"~ {name}{type}{count}: {', '.join(changes)}{told}"


def _span(names: Sequence[str]) -> str:
    """The first and the last of some names."""
    return names[0] if len(names) == 1 else f"{names[0]}{',' if len(names) == 2 else ' …'} {names[-1]}"


def _layer_count(count: int, which: str = "") -> str:
    return f"{count:,}{f' {which}' if which else ''} layer{'s' * (count != 1)}"


def _part(part: LayerPart) -> str:
    options = ", ".join(f"{key}: {_value(value)}" for key, value in part.options.items())
    inputs = "" if part.follows else f"inputs: {_value(list(part.sources))}"
    told = ", ".join(text for text in (options, inputs) if text)
    return f"{part.path} ({part.type}){f': {told}' if told else ''}{_params(part.params)}"


def _params(count: int) -> str:
    return f"; {count:,} parameters" if count else ""


def _option(option: Option) -> str:
    return f"{_value(option.before)} → {_value(option.after)}"


def _value(value: Any) -> str:
    """A value as a spec would have it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):  # pyright: ignore[reportUnknownVariableType]
        return f"[{', '.join(value)}]"  # pyright: ignore[reportUnknownArgumentType]
    return json.dumps(value, ensure_ascii=False)


def _ports(ports: Sequence[Port]) -> str:
    return ", ".join(f"{port.shown} {port.dtype}{format_shape(port.shape)}" for port in ports)


def cost_rows(diff: Diff) -> list[tuple[str, str, str, str]]:
    """The table of the costs, its heading first."""
    rows = [("", "before", "after", "change")]
    for name, heading in _COUNTS.items():
        count = diff.counts[name]
        form = format_bytes if name == "activation_memory" else "{:,}".format
        notes = [f"batch of {diff.batch_size}"] if name == "activation_memory" else []
        if name in ("macs", "activation_memory"):
            notes += _at_sizes(diff)
        if name == "activation_memory" and None in (count.before, count.after):
            notes.append("about: the bytes alive at the peak")
        heading += f" ({', '.join(notes)})" if notes else ""
        rows.append((heading, _text(count.amounts[0], form), _text(count.amounts[1], form), _change(count, form)))
    return rows


def _at_sizes(diff: Diff) -> list[str]:
    """The sizes that costs are for."""
    told = dict.fromkeys(sizes_told(sizes) for sizes in diff.counted_for if sizes)
    return [f"for {' and '.join(told)}"] if told else []


def _text(amount: Amount, form: Callable[[int], str]) -> str:
    return amount.text if amount.number is None else form(amount.number)


def _costs(diff: Diff) -> Lines:
    """The table of the costs; formulas, which may be long, below it."""
    head, *rows = cost_rows(diff)
    long = [row for row in rows if max(map(len, row[1:])) > _LONG]
    short = [head, *(row for row in rows if row not in long)]
    widths = [max(len(row[i]) for row in short) for i in range(4)]
    for row in short:
        numbers = [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
        yield ("plain" if row[0] else "heading"), "  ".join([row[0].ljust(widths[0]), *numbers])
    for name, *texts in long:
        yield "plain", name
        for heading, text in zip(head[1:], texts, strict=True):
            yield "plain", f"  {heading.ljust(6)}  {text}"


def _change(count: Count, form: Callable[[int], str]) -> str:
    change = count.change
    if change is None:
        text = count.amounts[2].text
        return f"−{text[1:]}" if text.startswith("-") else f"+{text}"
    if not change:
        return "—"
    sign = "+" if change > 0 else "−"
    share = f" ({sign}{abs(change) / count.before:.1%})" if count.before else ""
    return f"{sign}{form(abs(change))}{share}"


def _weights(diff: Diff) -> Lines:
    """What a file with the weights of the first model holds for the second."""
    found = diff.weights
    params = f"{found.loaded_elements:,} of {diff.counts['params'].after:,} parameters"
    yield "plain", f"weights: {len(found.loaded)} of {found.total} would load by path and shape, {params}"
    if found.elsewhere:
        layers = list(dict.fromkeys(w.layer for w in found.elsewhere))
        shown = ", ".join(layers[:_WEIGHTS_SHOWN]) + (", …" if len(layers) > _WEIGHTS_SHOWN else "")
        yield "changed", f"  of another layer, since names have shifted: {shown}"
    yield from _listed("added", "missing", [f"{w.path} {w.shape}" for w in found.missing])
    yield from _listed("changed", "another shape", [f"{b.path} {a.shape} → {b.shape}" for a, b in found.wrong_shape])
    yield from _listed("removed", "not used", [f"{w.path} {w.shape}" for w in found.unexpected])


def _listed(kind: Kind, what: str, items: Sequence[str]) -> Lines:
    """One line for each of a list, up to a number."""
    for item in items[:_WEIGHTS_SHOWN]:
        yield kind, f"  {what}: {item}"
    if len(items) > _WEIGHTS_SHOWN:
        yield kind, f"  {what}: {len(items) - _WEIGHTS_SHOWN:,} more, which --json lists"
