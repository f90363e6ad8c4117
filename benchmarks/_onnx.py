"""Keras models as ONNX models whose sizes are free, for the layers of ResNet50 and of a small text classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

Array = np.ndarray[Any, Any]
OPSET = 17


class _Writer:
    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def weight(self, name: str, array: Array) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, op: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def model(self, input: tuple[str, int, Sequence[Any]], output: str, shape: Sequence[Any]) -> bytes:
        name, type, sizes = input
        graph = helper.make_graph(
            self.nodes, "model", [helper.make_tensor_value_info(name, type, sizes)],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)], self.weights,
        )  # fmt: skip
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        made.ir_version = 9
        return made.SerializeToString()


def of_pictures(model: Any) -> bytes:
    """A Functional model of convolutions, NHWC outside and NCHW inside."""
    w = _Writer()
    made: dict[str, str] = {}
    last = ""
    for layer in model.layers:
        kind, name = type(layer).__name__, layer.name
        given = [tensor._keras_history.operation.name for tensor in _listed(layer.input)]
        x = [made.get(one, "input") for one in given]
        if kind == "InputLayer":
            made[name] = w.node("Transpose", ["input"], name, perm=(0, 3, 1, 2))
        elif kind == "ZeroPadding2D":
            (top, bottom), (left, right) = layer.padding
            pads = w.weight(f"{name}/pads", np.array([0, 0, top, left, 0, 0, bottom, right], np.int64))
            made[name] = w.node("Pad", [x[0], pads], name)
        elif kind == "Conv2D":
            kernel, bias = (np.asarray(v) for v in layer.weights)
            operands = [x[0], w.weight(f"{name}/w", kernel.transpose(3, 2, 0, 1)), w.weight(f"{name}/b", bias)]
            padding = {"auto_pad": "SAME_UPPER"} if layer.padding == "same" else {}
            made[name] = w.node("Conv", operands, name, strides=layer.strides, **padding)
        elif kind == "BatchNormalization":
            operands = [w.weight(f"{name}/{i}", np.asarray(v)) for i, v in enumerate(layer.weights)]
            made[name] = w.node("BatchNormalization", [x[0], *operands], name, epsilon=layer.epsilon)
        elif kind == "Activation":
            made[name] = w.node("Relu", x, name)
        elif kind == "MaxPooling2D":
            made[name] = w.node("MaxPool", x, name, kernel_shape=layer.pool_size, strides=layer.strides)
        elif kind == "Add":
            made[name] = w.node("Add", x, name)
        else:
            raise NotImplementedError(kind)
        last = made[name]
    w.node("Transpose", [last], "output", perm=(0, 2, 3, 1))
    channels = model.output_shape[-1]
    return w.model(("input", TensorProto.FLOAT, ["n", "h", "w", 3]), "output", ["n", "p", "q", channels])


def of_text(model: Any) -> bytes:
    """Embedding, LSTM and Dense."""
    table, kernel, recurrent, bias, out, out_bias = (np.asarray(v) for v in model.weights)
    w = _Writer()
    units = recurrent.shape[0]

    def gates(array: Array) -> Array:  # Keras: i, f, c, o; ONNX: i, o, f, c
        i, f, c, o = np.split(array, 4, axis=-1)
        return np.concatenate([i, o, f, c], axis=-1)

    x = w.node("Gather", [w.weight("table", table), "input"], "embedded")
    x = w.node("Transpose", [x], "steps", perm=(1, 0, 2))
    zeros = np.zeros(4 * units, np.float32)
    operands = [
        x, w.weight("w", gates(kernel).T[None]), w.weight("r", gates(recurrent).T[None]),
        w.weight("b", np.concatenate([gates(bias), zeros])[None]),
    ]  # fmt: skip
    w.nodes.append(helper.make_node("LSTM", operands, ["", "last"], hidden_size=units))
    x = w.node("Squeeze", ["last", w.weight("axes", np.array([0], np.int64))], "state")
    x = w.node("MatMul", [x, w.weight("kernel", out)], "product")
    w.node("Add", [x, w.weight("bias", out_bias)], "output")
    return w.model(("input", TensorProto.INT32, ["n", "t"]), "output", ["n", out.shape[1]])


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
