"""A Keras model as an ONNX model: its layers in the order of their graph."""

from __future__ import annotations

from typing import Any

from onnx import ModelProto, TensorProto

from _onnx.graph import Graph, Layout, Value
from _onnx.layers import LAYERS

_TYPES = {"float32": TensorProto.FLOAT, "int32": TensorProto.INT32}


def onnx_of(model: Any, layout: Layout = "NHWC") -> ModelProto:
    """The model with `layout` as that of its input; convolutions are computed in NCHW, the only one of ONNX.

    The batch and other free sizes stay free, as `batch`, `size1`, `size2`. Outputs have Keras's layout. Raises
    `NotImplementedError` for a layer that has no rule in `_onnx/layers.py`.
    """
    graph = Graph()
    input, output = model.inputs[0], model.outputs[0]
    sizes = _sizes(input.shape)
    pictures = len(sizes) == 4
    result = _result(graph, model, Value(graph, {layout if pictures else None: "input"}))
    graph.node("Identity", [result.as_("NHWC")], output="output")
    if pictures and layout == "NCHW":
        sizes = [sizes[0], sizes[3], sizes[1], sizes[2]]
    return graph.model((_TYPES[input.dtype], sizes), _sizes(output.shape, "out"))


def _result(graph: Graph, model: Any, input: Value) -> Value:
    """The result of a model of one input, in which each layer is called once."""
    made = {id(model.inputs[0]): input}
    for layer in getattr(model, "_functional", model).operations:
        kind = type(layer).__name__
        if kind == "InputLayer":
            continue
        # A layer of a model in a model is noted as called in the graph of each.
        node = next(call for call in layer._inbound_nodes if all(id(tensor) in made for tensor in call.input_tensors))
        inputs = [made[id(tensor)] for tensor in node.input_tensors]
        if hasattr(layer, "layers"):
            made[id(node.outputs[0])] = _result(graph, layer, *inputs)
        elif kind in LAYERS:
            made[id(node.outputs[0])] = LAYERS[kind](graph, layer, *inputs)
        else:
            raise NotImplementedError(kind)
    return made[id(model.outputs[0])]


def _sizes(shape: Any, prefix: str = "size") -> list[int | str]:
    return ["batch", *(f"{prefix}{axis}" if size is None else size for axis, size in enumerate(shape[1:], 1))]
