"""The nodes and weights of an ONNX graph in the making, and values that know their layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

Array = np.ndarray[Any, Any]
Layout = Literal["NCHW", "NHWC"]

OPSET = 20
"""The first with Gelu."""
_IR_VERSION = 9

_TO: dict[Layout, tuple[int, ...]] = {"NCHW": (0, 3, 1, 2), "NHWC": (0, 2, 3, 1)}


@dataclass
class Graph:
    """Nodes in the order in which they are computed, each named by its number."""

    nodes: list[Any] = field(default_factory=list[Any])
    weights: list[Any] = field(default_factory=list[Any])

    def weight(self, array: Any) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, op: str, inputs: Sequence[str], outputs: int = 1, output: str = "", **attributes: Any) -> str:
        """The name of the last output; those before it are left unnamed, so that they are not computed."""
        name = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [*[""] * (outputs - 1), name], **attributes))
        return name

    def model(self, input: tuple[int, Sequence[Any]], shape: Sequence[Any]) -> ModelProto:
        """The graph from `input`, a type and a shape, to `output` of that shape."""
        type, sizes = input
        graph = helper.make_graph(
            self.nodes, "model", [helper.make_tensor_value_info("input", type, sizes)],
            [helper.make_tensor_value_info("output", TensorProto.FLOAT, shape)], self.weights,
        )  # fmt: skip
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        made.ir_version = _IR_VERSION
        return made


@dataclass
class Value:
    """A result of a layer. One with rows and columns has a name for each layout that it was needed in."""

    graph: Graph
    names: dict[Layout | None, str]
    """None is the layout of a value without rows and columns."""

    @property
    def layout(self) -> Layout | None:
        """The layout in which it was computed."""
        return next(iter(self.names))

    @property
    def name(self) -> str:
        return self.names[self.layout]

    def like(self, name: str) -> Value:
        """What was computed from it, place by place."""
        return Value(self.graph, {self.layout: name})

    def as_(self, layout: Layout | None) -> str:
        """Its name in that layout, transposed where it does not exist yet."""
        if None in (layout, self.layout):
            return self.name
        if layout not in self.names:
            self.names[layout] = self.graph.node("Transpose", [self.name], perm=_TO[layout])  # type: ignore[index]
        return self.names[layout]

    def along_channels(self, array: Any) -> str:
        """A weight with a number for each channel, or one for all."""
        flat = np.asarray(array, np.float32).reshape(-1)
        return self.graph.weight(flat[:, None, None] if self.layout == "NCHW" and flat.size > 1 else flat)
