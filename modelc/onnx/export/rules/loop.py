"""Loops over steps: `Scan`, whose body is written as a graph of its own."""

from __future__ import annotations

from typing import Any

from modelc.graph.graph import Node, Value
from modelc.onnx.export.layouts import Layout, channels_first, plain
from modelc.onnx.export.subgraphs import body_graph, value_info
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.protos import FLOAT, Proto, tensor_info
from modelc.onnx.table import writes
from modelc.ops.conv import Conv, ConvTranspose
from modelc.ops.pool import Pool
from modelc.ops.scan import Scan, steps_axis


@writes(Scan, "Scan", note="what a step reads of the rest of the model it reads from outside of the loop")
def write_scan(w: OnnxWriter, node: Node, op: Scan) -> None:
    """A loop over the steps of sequences, forwards or backwards."""
    body, last = op.body, op.scanned + op.carried
    inner = OnnxWriter(body.nodes, body.outputs, w.opset, half=w.half, outer=w)
    inner.layer = node.layer
    for own, outside in zip(body.inputs[last:], node.inputs[last:], strict=True):
        inner.is_alias(own, outside)
    states = [(own, _state_layout(op, own)) for own in body.inputs[op.scanned : last]]
    given = [
        w.use(outside, layout) for outside, (_, layout) in zip(node.inputs[op.scanned : last], states, strict=True)
    ]
    inputs: list[Proto] = [_declared(inner, own, layout) for own, layout in states]
    axes: list[int] = []
    for own, outside in zip(body.inputs[: op.scanned], node.inputs, strict=False):
        name, axis, layout = _sequence(w, own, outside)
        given.append(name)
        axes.append(axis)
        inputs.append(_declared(inner, own, layout))
    if not axes:  # the operator counts the steps of a sequence
        given.append(w.emit("ConstantOfShape", w.sizes.shape([op.steps])))
        axes.append(0)
        inputs.append(tensor_info(w.names.free(f"{node.layer}/step"), FLOAT, []))
    inner.write()
    outputs: list[tuple[str, Value, Layout]] = []
    for i, value in enumerate(body.outputs):
        layout = states[i][1] if i < op.carried else inner.layout(value)
        outputs.append((inner.use(value, layout), value, layout))
    graph = body_graph(inner, w.names.free(f"{node.layer}/body"), inputs, outputs)
    taken = len(outputs) - op.carried
    back: dict[str, Any] = {"scan_input_directions": [1] * len(axes)} if op.backward else {}
    if op.backward and taken:
        back["scan_output_directions"] = [1] * taken
    made = w.emit_all("Scan", given, len(outputs), body=graph, num_scan_inputs=len(axes), scan_input_axes=axes, **back)
    for i, (name, value, (_, own, layout)) in enumerate(zip(made, node.outputs, outputs, strict=True)):
        w.place(value, name, layout if i < op.carried else _with_steps(own, layout))


def _declared(inner: OnnxWriter, own: Value, layout: Layout) -> Proto:
    """An input of the body."""
    name = inner.names.free(f"{inner.layer}/state")
    inner.place(own, name, layout)
    return value_info(inner, name, own, layout)


def _sequence(w: OnnxWriter, own: Value, outside: Value) -> tuple[str, int, Layout]:
    """A sequence as it lies: its tensor, the axis of its steps, and the order of the axes in a step."""
    layout, steps = w.layout(outside), steps_axis(own.type)
    rest = tuple(axis - (axis > steps) for axis in layout if axis != steps)
    return w.use(outside, layout), layout.index(steps), rest


def _with_steps(own: Value, layout: Layout) -> Layout:
    """The order of the axes of all steps, of which the operator puts the axis of the steps first."""
    steps = steps_axis(own.type)
    return (steps, *(axis + (axis >= steps) for axis in layout))


def _state_layout(op: Scan, state: Value) -> Layout:
    """Channels first where steps convolve."""
    rank = state.type.rank
    convolves = any(isinstance(node.op, Conv | ConvTranspose | Pool) for node in op.body.nodes)
    return channels_first(rank) if convolves and state.type.batched and rank > 2 else plain(rank)
