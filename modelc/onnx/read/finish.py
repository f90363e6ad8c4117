"""From the entries that a reader wrote to a definition: names, outputs, activations in the layers before them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelc.errors import SpecError, UnsupportedError
from modelc.language.definition import Definition
from modelc.language.names import FUNCTIONAL, escaped, outer_names, resolve_names
from modelc.layers.core.input_layer import InputLayer
from modelc.onnx.read.names import layer_name
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.tidy import tidied_entries
from modelc.onnx.read.values import Flow
from modelc.onnx.read.writing import ReadEntry
from modelc.sources.notes import Notes
from modelc.sources.refs import Array, Ref
from modelc.sources.tidy import tidied


@dataclass(frozen=True, slots=True)
class Finished:
    """A definition, and the arrays of its weights by path."""

    spec: Definition
    arrays: Mapping[str, Array]


def finished(reader: OnnxReader, name: str, keep_layout: bool, notes: Notes) -> Finished:
    """The model of all that a reader wrote. Raises `UnsupportedError` where an output is no tensor of the model."""
    outputs = _outputs(reader, name, keep_layout, notes)
    entries, renamed = tidied_entries(_used(reader.entries, outputs.values()), tuple(outputs.values()))
    labels = _labels(reader, outputs)
    outputs = {key: renamed.get(ref, ref) for key, ref in outputs.items()}
    names = _names(entries, reader)
    layers = [entry.layer.model_copy(update={"name": names[entry.key]}) for entry in entries]

    def reference(ref: Ref) -> str:
        return f"{names[ref.key]}[{ref.index}]"

    written = [
        layer if not entry.inputs else layer.model_copy(update={"connections": _connections(entry.inputs, reference)})
        for layer, entry in zip(layers, entries, strict=True)
    ]
    returns: Any = tuple(map(reference, outputs.values()))
    if len(returns) > 1 and len(set(returns)) == len(returns):
        returns = {escaped(key).replace("/", "_"): reference(ref) for key, ref in outputs.items()}
    spec = Definition(  # pyright: ignore[reportCallIssue]
        name=_model_name(reader.graph.name, name), layers=tuple(written), outputs=returns,
        labels=labels,
    )  # fmt: skip
    try:
        spec = tidied(spec)
    except SpecError as error:
        raise UnsupportedError(f"`{name}`: {error.diagnostics[0].message}", error.diagnostics[0].help) from None
    return Finished(spec, dict(_arrays(entries, names, spec)))


def _labels(reader: OnnxReader, outputs: Mapping[str, Ref]) -> Any:
    """The names of the classes, of the one output that has a number for each; None where the file has no names."""
    names = next(iter(reader.labels.values()), None)
    if names is None or len(set(names)) != len(names) or not all(names):
        return None
    fitting = [key for key, ref in outputs.items() if reader.shapes.type_of(ref).shape[-1] == len(names)]
    if len(fitting) != 1:
        return None
    return list(names) if len(outputs) == 1 else {fitting[0]: list(names)}


def _model_name(graph: str, file: str) -> str:
    """The name of the graph; where a program gave it, that of the file."""
    name = Path(file).stem if graph.lower().replace("_", "-") in _MADE_UP else graph
    return escaped(name or FUNCTIONAL).replace("/", "_")


_MADE_UP = frozenset({
    "", "main-graph", "torch-jit", "torch-jit-export", "tf2onnx", "graph", "main", "onnx-graph", "model", "g",
})  # fmt: skip
"""What exporters call graphs."""


def _connections(inputs: Sequence[Ref], reference: Callable[[Ref], str]) -> Any:
    made = tuple(map(reference, inputs))
    return made[0] if len(made) == 1 else made


def _outputs(reader: OnnxReader, name: str, keep_layout: bool, notes: Notes) -> dict[str, Ref]:
    """The model's outputs by name: in the file's order of axes, or with the channels last."""
    made: dict[str, Ref] = {}
    moved: list[str] = []
    later: list[str] = []
    for one in reader.graph.outputs:
        if one.name not in reader.values:
            notes.add(f"the output `{one.name}` is left out: it is text, the names of the classes")
            continue
        value = reader.values[one.name]
        if not isinstance(value, Flow):
            raise UnsupportedError(f"the output `{one.name}` of `{name}` is a constant, and a model gives tensors only")
        reader.tensor = one.name
        value = reader.in_order(value)
        if not keep_layout and value.rank > 2 and value.axes == reader.last_axes(value):
            moved.append(one.name)
        else:
            value = reader.plain(value)
        if value.batch:
            later.append(f"`{one.name}` has the batch as its first axis, and in the file as axis {value.batch}")
        made[one.name] = value.ref
    if later:
        notes.add("; ".join(later))
    if moved:
        listed = ", ".join(f"`{one}`" for one in moved)
        notes.add(f"{listed} has the channels last: (N, H, W, C) where the file has (N, C, H, W)")
    return made


def _used(entries: Sequence[ReadEntry], outputs: Any) -> list[ReadEntry]:
    """The entries that outputs depend on, and all inputs."""
    needed = {ref.key for ref in outputs}
    kept: list[ReadEntry] = []
    for entry in reversed(entries):
        if entry.key in needed or isinstance(entry.layer, InputLayer):
            kept.append(entry)
            needed.update(ref.key for ref in entry.inputs)
    return kept[::-1]


def _names(entries: Sequence[ReadEntry], reader: OnnxReader) -> dict[str, str]:
    """The name of each entry by its key: what the file calls it, or an automatic one.

    Of the layers that a node became, one is called by it: that with weights, else the last one.
    """
    named: dict[str, ReadEntry] = {}
    tensors = {entry.tensor: entry for entry in entries}
    modules = Counter(module for entry in tensors.values() for module in _modules(reader, entry))
    for entry in entries:
        if entry.tensor not in named or entry.arrays or not named[entry.tensor].arrays:
            named[entry.tensor] = entry
    wanted = {
        entry.key: _wanted(entry, reader, modules) for entry in entries if named[entry.tensor] is entry
    }  # fmt: skip
    first = _common([wanted[entry.key] for entry in entries if entry.key in wanted and entry.inputs])
    taken: set[str] = set()
    layers: list[Any] = []
    for entry in entries:
        name = wanted.get(entry.key, "")
        name = name.removeprefix(first) if entry.inputs else name
        if name in taken or any(outer in taken for outer in outer_names(name)):
            name = ""
        taken.add(name)
        layers.append(entry.layer.model_copy(update={"name": name or None}))
    return dict(zip((entry.key for entry in entries), resolve_names(layers), strict=True))


def _common(names: Sequence[str]) -> str:
    """The first part that all names have, such as that of the model: `functional_1/`."""
    firsts = {name.partition("/")[0] for name in names if name}
    return f"{firsts.pop()}/" if len(firsts) == 1 and sum(map(bool, names)) > 1 else ""


def _modules(reader: OnnxReader, entry: ReadEntry) -> set[str]:
    """The module that a layer's node is in, and those around it."""
    node = reader.graph.maker(entry.tensor)
    return set(outer_names(node.name)) if node is not None else set()


def _wanted(entry: ReadEntry, reader: OnnxReader, modules: Counter[str]) -> str:
    if isinstance(entry.layer, InputLayer):
        return escaped(entry.name).replace("/", "_")
    node = reader.graph.maker(entry.tensor)
    if node is None:
        return ""
    alone = entry.arrays or modules[node.name.rpartition("/")[0]] == 1
    return layer_name(node.name, node.op, entry.name, "" if alone else type(entry.layer).auto_name())


def _arrays(entries: Sequence[ReadEntry], names: Mapping[str, str], spec: Definition) -> Any:
    """The arrays by the paths that they have in the spec."""
    weights = {record.name: record.weights for record in spec.graph.layers}
    for entry in entries:
        if entry.arrays:
            paths = [weight.path for weight in weights[names[entry.key]]]
            yield from zip(paths, entry.arrays, strict=True)
