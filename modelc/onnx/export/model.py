"""`export_onnx`: a traced model as an ONNX file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

import modelc.onnx.export.rules.index  # noqa: F401 - the rules are declared there  # pyright: ignore[reportUnusedImport]
from modelc.errors import Diagnostic, SpecError
from modelc.files.atomic import replacing, replacing_together
from modelc.files.kinds import Kind
from modelc.graph.bind import Binder
from modelc.graph.builder import DRAWS
from modelc.graph.formula import formula
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.graph import Graph, LayerTrace, Node, Value, leaves, with_states_as_inputs
from modelc.graph.sizes import Size
from modelc.onnx.export.subgraphs import used
from modelc.onnx.export.weights import Numbers
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.package import USUAL_OPSET, place_beside, require_onnx, require_opset
from modelc.onnx.protos import DTYPES, FLOAT, INT32, Proto, graph_proto, model_proto, node_proto, tensor_info
from modelc.onnx.table import CannotSayError
from modelc.ops.constant import Constant
from modelc.passes.pipeline import simplify

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class OnnxExport:
    """A model as ONNX describes it."""

    model: Proto
    """The `onnx.ModelProto`, without the numbers."""
    weights: Numbers
    """The numbers of the file, by name."""
    notes: tuple[str, ...]
    """What users should know of the file: the sizes that it holds for, the states that became inputs."""
    sizes: FreeSizes | None
    """The free sizes, and what the file takes for granted of them."""


def export_onnx(
    path: str | os.PathLike[str],
    graph: Graph,
    arrays: Mapping[str, Array],
    *,
    opset: int | None = None,
    half: bool = False,
    weights_beside: bool | None = None,
    about: Mapping[str, str] | None = None,
    force: bool | None = None,
) -> tuple[str, ...]:
    """Write a graph, as traced, and the arrays of its weights by path as an ONNX file. The same model gives the same
    bytes. Returns notes for the user.

    `opset` is the version of ONNX's operators, the usual one where it is None. `half` stores weights and computes in
    float16; inputs and outputs stay float32. `weights_beside` puts the numbers into `NAME.onnx.safetensors` beside the
    file: unless said, where they are more than the 2 GB that one file can have. `about` is kept as the metadata of the
    file.

    Raises `SpecError` with the layer and its line for what ONNX cannot say, `InputError` where the package onnx is not
    installed or has no such opset, `OverwriteError` for the place of another kind of file, unless `force`.
    """
    made = onnx_export(graph, arrays, opset=opset, half=half, about=about)
    if weights_beside or (weights_beside is None and made.weights.are_many):
        beside = place_beside(path)
        with replacing_together([(beside, Kind.WEIGHTS), (path, Kind.ONNX)], force=force) as (numbers, file):
            made.weights.write_beside(numbers, beside.name, made.model)
            file.write_bytes(made.model.SerializeToString(deterministic=True))
        return made.notes
    with replacing(path, Kind.ONNX, force=force) as file:
        made.weights.put_inside(made.model)
        file.write_bytes(made.model.SerializeToString(deterministic=True))
    return made.notes


def onnx_export(
    graph: Graph,
    arrays: Mapping[str, Array],
    *,
    opset: int | None = None,
    half: bool = False,
    about: Mapping[str, str] | None = None,
) -> OnnxExport:
    """A graph, as traced, as ONNX describes it. Raises as `export_onnx` does."""
    require_onnx()
    opset = USUAL_OPSET if opset is None else opset
    require_opset(opset)
    layers = {record.name: record for record in leaves(graph.layers)}
    graph, states = _with_states(_without_draws(_apart(graph)))
    writer = OnnxWriter((), (), opset, half=half)
    try:
        graph = simplify(graph)
        writer = OnnxWriter(graph.nodes, graph.results, opset, half=half)
        inputs, outputs = _written(writer, graph, arrays)
        notes = _sizes_told(graph.free_sizes)
    except CannotSayError as error:
        raise _refused(error, layers.get(writer.layer), writer.layer) from None
    except _SettledError as error:
        raise _refused(CannotSayError(*error.told), layers.get(error.layer), error.layer) from None
    numbers = Numbers(writer.weights, writer.nodes)
    made = graph_proto(graph.name, writer.nodes, inputs, outputs)
    return OnnxExport(model_proto(made, opset, about or {}), numbers, (*notes, *states), graph.free_sizes)


def _apart(graph: Graph) -> Graph:
    """The graph with free sizes of its own: what the export notes of sizes is no matter to the model."""
    return graph if graph.free_sizes is None else Binder(graph).scoped(graph.free_sizes.snapshot()).graph


def _without_draws(graph: Graph) -> Graph:
    """The graph without the states that count the draws of layers, for which a number stands: runtimes draw other
    numbers at every call by themselves.
    """
    counts = [weight for weight in graph.weights if weight.state and weight.path.rpartition("/")[2] == DRAWS]
    paths = {weight.path for weight in counts}
    return replace(
        graph,
        nodes=(*(Node(Constant((0.0,), ()), (), weight.value) for weight in counts), *graph.nodes),
        weights=tuple(weight for weight in graph.weights if weight.path not in paths),
        updates={path: value for path, value in graph.updates.items() if path not in paths},
    )


def _with_states(graph: Graph) -> tuple[Graph, tuple[str, ...]]:
    """The graph whose states are inputs, and outputs for the next call."""
    paths = [weight.path for weight in graph.weights if weight.state]
    if not paths:
        return replace(graph, updates={}), ()
    updates = {path: graph.updates[path] for path in paths if path in graph.updates}
    told = f"the file takes the states of its layers as inputs, and gives those for the next call: {', '.join(paths)}"
    return replace(with_states_as_inputs(graph), updates=updates), (told,)


def _written(w: OnnxWriter, graph: Graph, arrays: Mapping[str, Array]) -> tuple[list[Proto], list[Proto]]:
    """Write the nodes; the declarations of the inputs and outputs."""
    declared: list[Proto] = []
    names = [*graph.output_labels, *(f"{path}/next" for path in graph.updates)]
    input_names = [w.names.free(name) for name in graph.input_names]
    output_names = [w.names.free(name) for name in names]
    for value, name, dtype in zip(graph.inputs, input_names, graph.input_dtypes, strict=True):
        declared.append(_declared(w, graph, name, value, DTYPES.get(dtype, FLOAT)))
        inner = INT32 if value.type.dtype == "int32" else w.float_type
        own = name if DTYPES.get(dtype, FLOAT) == inner else w.emit("Cast", name, to=inner)
        w.place(value, own)
        w.sizes.declare(name, value.type.shape)
    for weight in graph.weights:
        if weight.path in arrays:
            w.set_weight(weight.value, np.asarray(arrays[weight.path]), weight.path)
    w.write()
    w.layer = ""
    made: list[Proto] = []
    called: dict[str, str] = {}
    for value, name in zip(graph.results, output_names, strict=True):
        tensor = w.use(value)
        if w.half and value.type.dtype == "float32":
            tensor = w.emit("Cast", tensor, to=FLOAT)
        _name_output(w, tensor, name, called)
        made.append(_declared(w, graph, name, value, DTYPES[value.type.dtype]))
    w.nodes = used(w.nodes, output_names)
    return declared, made


def _name_output(w: OnnxWriter, tensor: str, name: str, called: dict[str, str]) -> None:
    """Let a tensor be called as an output is; a copy of it where it is no node's, or another output already."""
    if tensor in called or not any(tensor in node.output for node in w.nodes):
        w.nodes.append(_identity(w, called.get(tensor, tensor), name))
    else:
        rename(w.nodes, tensor, name)
        called[tensor] = name


def _identity(w: OnnxWriter, tensor: str, name: str) -> Proto:
    return node_proto("Identity", [tensor], [name], w.names.free(f"{name}/Identity"), {})


def rename(nodes: Sequence[Proto], old: str, new: str) -> None:
    """Give a tensor another name, in the graphs of loops as well."""
    for node in nodes:
        for names in (node.input, node.output):
            for i, name in enumerate(names):
                if name == old:
                    names[i] = new
        for attribute in node.attribute:
            if attribute.name == "body":
                rename(attribute.g.node, old, new)


def _declared(w: OnnxWriter, graph: Graph, name: str, value: Value, type: int) -> Proto:
    """An input or an output: its dtype, and its sizes, of which free ones have names."""
    shape: list[int | str] = []
    for size in value.type.shape:
        if size is None:
            shape.append(graph.batch_size or "batch")
        elif isinstance(size, Size):
            symbol = size.plain_symbol
            shape.append(symbol.name if symbol is not None else formula(size.expression))
        else:
            shape.append(size)
    return tensor_info(name, type, shape)


# --- what cannot be said


class _SettledError(Exception):
    """A free size that the file would have as one number."""

    def __init__(self, layer: str, *told: str) -> None:
        super().__init__(*told)
        self.layer, self.told = layer, told


def _sizes_told(sizes: FreeSizes | None) -> tuple[str, ...]:
    """The sizes that the file holds for, where not all. Raises `_SettledError` where it is one."""
    if sizes is None:
        return ()
    for one in sizes.learnt:
        if one.bounds is not None and one.bounds[0] == one.bounds[1]:
            names = ", ".join(sorted(symbol.name for symbol in one.expression.symbols()))
            raise _SettledError(
                one.layer, f"needs the size `{names}` as a number", "give it as one in `input: {shape: […]}`"
            )
    told = [_fact(formula(expression), *bounds) for expression, bounds in sizes.facts.items()]
    told += [f"{formula(expression)} ≠ {number}" for expression, number in sizes.differing]
    facts = sorted({one for one in told if one})
    if not facts:
        return ()
    return (f"the file holds for sizes with {', '.join(facts)}; for others the model has other operators",)


def _fact(written: str, low: float, high: float) -> str:
    """Bounds that can be met: what is larger than any tensor is none."""
    if written.startswith("-"):
        written, low, high = written[1:].replace(" - ", " + "), -high, -low
    parts = [f"{low:g} ≤ "] if low > -_ANY else []
    return f"{''.join(parts)}{written}{f' ≤ {high:g}' if high < _ANY else ''}" if parts or high < _ANY else ""


_ANY = 2.0**19
"""More elements than an axis is meant to have."""


def _refused(error: CannotSayError, record: LayerTrace | None, layer: str) -> SpecError:
    """The located message of what cannot be said."""
    if record is None:
        return SpecError(Diagnostic("E607", f"`{layer or 'the model'}` {error.reason}", error.help))
    message = f"`{record.name}` ({record.type}) {error.reason}: it cannot be exported to ONNX"
    if record.place is None:
        return SpecError(Diagnostic("E607", message, error.help, record.name))
    return SpecError(record.place.diagnostic("E607", message, error.help))
