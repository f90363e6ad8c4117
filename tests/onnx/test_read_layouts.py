"""Chains of operators that move and regroup axes: what is read computes what ONNX Runtime does."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from modelc.onnx.read.model import read_onnx
from tests.onnx import backend_cases
from tests.onnx.runtime import Array, called, session
from tests.slowness import examples

_LARGEST = 400
"""The most elements of a sample."""


class Chain:
    """A graph that is drawn node by node, with the shape of its last tensor."""

    def __init__(self, draw: st.DrawFn, batch: int, sizes: list[int]) -> None:
        self._draw = draw
        self.shapes: list[tuple[str, tuple[int, ...]]] = [("x", (batch, *sizes))]
        self.nodes: list[Any] = []
        self.tensors: list[Any] = []
        self.random = np.random.default_rng(draw(st.integers(0, 99)))

    @property
    def shape(self) -> tuple[int, ...]:
        return self.shapes[-1][1]

    def constant(self, value: Any) -> str:
        self.tensors.append(numpy_helper.from_array(np.asarray(value), f"c{len(self.tensors)}"))
        return self.tensors[-1].name

    def node(self, operator: str, shape: tuple[int, ...], *more: str, **attributes: Any) -> None:
        name = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, [self.shapes[-1][0], *more], [name], name, **attributes))
        self.shapes.append((name, shape))

    def numbers(self, *shape: int) -> str:
        return self.constant(self.random.standard_normal(shape).astype(np.float32))

    # --- steps

    def transpose(self) -> None:
        order = self._draw(st.permutations(range(len(self.shape))))
        self.node("Transpose", tuple(self.shape[i] for i in order), perm=order)

    def reshape(self) -> None:
        left, sizes = math.prod(self.shape), []
        while left > 1 and len(sizes) < 4:
            size = self._draw(st.sampled_from([one for one in range(1, left + 1) if left % one == 0]))
            sizes.append(size)
            left //= size
        sizes.append(left)
        self.node("Reshape", tuple(sizes), self.constant(np.array(sizes, np.int64)))

    def split_or_merge(self) -> None:
        """As programs do it: one axis becomes two, or two become one."""
        at = self._draw(st.integers(0, len(self.shape) - 1))
        size = self.shape[at]
        if at + 1 < len(self.shape) and self._draw(st.booleans()):
            sizes = [*self.shape[:at], size * self.shape[at + 1], *self.shape[at + 2 :]]
        else:
            part = self._draw(st.sampled_from([one for one in range(1, size + 1) if size % one == 0]))
            sizes = [*self.shape[:at], part, size // part, *self.shape[at + 1 :]]
        self.node("Reshape", tuple(sizes), self.constant(np.array(sizes, np.int64)))

    def flatten(self) -> None:
        axis = self._draw(st.integers(0, len(self.shape)))
        self.node("Flatten", (math.prod(self.shape[:axis]), math.prod(self.shape[axis:])), axis=axis)

    def unsqueeze(self) -> None:
        at = self._draw(st.integers(0, len(self.shape)))
        self.node("Unsqueeze", (*self.shape[:at], 1, *self.shape[at:]), self.constant(np.array([at], np.int64)))

    def squeeze(self) -> None:
        ones = [i for i, size in enumerate(self.shape) if size == 1]
        if ones and len(self.shape) > 1:
            at = self._draw(st.sampled_from(ones))
            shape = tuple(size for i, size in enumerate(self.shape) if i != at)
            self.node("Squeeze", shape, self.constant(np.array([at], np.int64)))

    def elementwise(self) -> None:
        self.node(self._draw(st.sampled_from(["Tanh", "Sigmoid", "Abs"])), self.shape)

    def with_constant(self) -> None:
        kept = self._draw(st.integers(0, len(self.shape)))
        own = [self._draw(st.sampled_from([1, size])) for size in self.shape[kept:]]
        self.node(self._draw(st.sampled_from(["Add", "Mul", "Sub"])), self.shape, self.numbers(*own))

    def with_itself(self) -> None:
        others = [name for name, shape in self.shapes[:-1] if shape == self.shape]
        if others:
            self.node("Add", self.shape, self._draw(st.sampled_from(others)))

    def multiply(self) -> None:
        units = self._draw(st.integers(1, 5))
        self.node("MatMul", (*self.shape[:-1], units), self.numbers(self.shape[-1], units))

    def multiply_another(self) -> None:
        """With a tensor that has the same axes up to the last two."""
        if len(self.shape) > 1:
            others = [(name, shape) for name, shape in self.shapes
                      if shape[:-1] == (*self.shape[:-2], self.shape[-1])]  # fmt: skip
            if others:
                name, shape = self._draw(st.sampled_from(others))
                self.node("MatMul", (*self.shape[:-1], shape[-1]), name)

    def concatenate(self) -> None:
        axis = self._draw(st.integers(0, len(self.shape) - 1))
        if math.prod(self.shape) * 2 <= _LARGEST:
            sizes = [size * (2 if i == axis else 1) for i, size in enumerate(self.shape)]
            self.node("Concat", tuple(sizes), self.shapes[-1][0], axis=axis)

    def softmax(self) -> None:
        self.node("Softmax", self.shape, axis=self._draw(st.integers(-len(self.shape), len(self.shape) - 1)))

    def reduce(self) -> None:
        axis, keep = self._draw(st.integers(0, len(self.shape) - 1)), self._draw(st.booleans())
        sizes = [1 if i == axis else size for i, size in enumerate(self.shape) if keep or i != axis]
        if sizes:
            axes = self.constant(np.array([axis], np.int64))
            self.node("ReduceSum", tuple(sizes), axes, keepdims=int(keep))

    def model(self) -> Any:
        inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shapes[0][1])]
        outputs = [helper.make_tensor_value_info(self.shapes[-1][0], TensorProto.FLOAT, self.shape)]
        graph = helper.make_graph(self.nodes, "g", inputs, outputs, self.tensors)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


_STEPS = (
    Chain.transpose, Chain.transpose, Chain.reshape, Chain.split_or_merge, Chain.split_or_merge, Chain.flatten,
    Chain.unsqueeze, Chain.squeeze, Chain.elementwise, Chain.with_constant, Chain.with_itself, Chain.multiply,
    Chain.multiply_another, Chain.concatenate, Chain.softmax, Chain.reduce,
)  # fmt: skip


@st.composite
def chains(draw: st.DrawFn) -> Any:
    """A model of some steps, of which the last one gives a tensor of one axis at least."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    chain = Chain(draw, draw(st.integers(1, 3)), sizes)
    for step in draw(st.lists(st.sampled_from(_STEPS), min_size=1, max_size=8)):
        if len(chain.shape) < 6:
            step(chain)
    if not chain.nodes:
        chain.elementwise()
    return chain.model()


@settings(max_examples=examples(300), deadline=None, suppress_health_check=list(HealthCheck))
@given(chains())
def test_chains_compute_the_same(model: Any) -> None:
    onnx.checker.check_model(model, full_check=True)
    shape = [one.dim_value for one in model.graph.input[0].type.tensor_type.shape.dim]
    x = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    (want,) = called(session(model), [x])
    got = _computed(model, x)
    assert got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-4 * max(1.0, float(np.abs(want).max())))


def _computed(model: Any, x: Array) -> Array:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m.onnx"
        path.write_bytes(model.SerializeToString())
        made = read_onnx(path, keep_layout=True)
        return backend_cases.run(made, {"x": x}, "reference", model)[0]
