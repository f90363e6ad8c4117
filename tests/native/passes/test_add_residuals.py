"""Sums that are parts of the convolutions and products before them."""

from __future__ import annotations

import numpy as np
import pytest

from modelc import load_spec
from modelc.native.engine.threads import Team
from modelc.native.families.conv.params import Epilogue
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.pipeline import optimize
from tests.native.families.conv_case import ConvCase, conv_arrays, run_step
from tests.native.passes.test_training_passes import names

_CONV = "filters: 20, kernel_size: 1"

ADDED = {
    "its own input": ("[9, 7, 20]", f"""
  - {{type: ReLU, name: a}}
  - {{type: Conv2D, {_CONV}}}
  - {{type: Add, inputs: [a, conv2d]}}""", "Conv+bias+add"),
    "what is read later": ("[9, 7, 20]", f"""
  - {{type: ReLU, name: a}}
  - {{type: Conv2D, {_CONV}}}
  - {{type: Add, name: b, inputs: [conv2d, a]}}
  - {{type: ReLU}}
  - {{type: Concatenate, inputs: [b, a, re_lu]}}""", "Conv+bias+add"),
    "the later of two, and an activation": ("[10, 9, 5]", f"""
  - {{type: ReLU, name: a}}
  - {{type: Conv2D, filters: 20, kernel_size: 3, padding: same, strides: 2}}
  - {{type: Conv2D, {_CONV}, strides: 2, inputs: a}}
  - {{type: Add, inputs: [conv2d_1, conv2d]}}
  - {{type: ReLU}}""", "Conv+bias+add+relu"),
    "an activation of its own step": ("[9, 7, 20]", f"""
  - {{type: Conv2D, filters: 20, kernel_size: 3, padding: same, groups: 4, name: a}}
  - {{type: Activation, activation: silu, name: b}}
  - {{type: Conv2D, {_CONV}, use_bias: false}}
  - {{type: Add, inputs: [conv2d, b]}}
  - {{type: Activation, activation: tanh}}""", "Conv+add+tanh"),
    "dense layers": ("[17, 24]", """
  - {type: LayerNormalization, name: a}
  - {type: Dense, units: 24}
  - {type: Add, inputs: [dense, a]}
  - {type: Dense, units: 24, name: b}
  - {type: Add, inputs: [b, a]}""", "MatMul+bias+add"),
    "attention": ("[6, 16]", """
  - {type: LayerNormalization, name: a}
  - {type: MultiHeadAttention, num_heads: 2, key_dim: 5, inputs: [a, a]}
  - {type: Add, inputs: [multi_head_attention, a]}""", "MatMul+bias+add"),
    "a product for each step": ("[6, 16]", """
  - {type: LayerNormalization, name: a}
  - {type: EinsumDense, equation: "abc,bcd->abd", output_shape: [6, 16]}
  - {type: Add, inputs: [einsum_dense, a]}
  - {type: ReLU}""", "contract[abc,bcd->abd]+add+relu"),
}  # fmt: skip
"""The shape of an input, layers, and an op that they become."""

KEPT = {
    "read twice": f"""
  - {{type: ReLU, name: a}}
  - {{type: Conv2D, {_CONV}}}
  - {{type: Add, name: b, inputs: [conv2d, a]}}
  - {{type: Add, inputs: [b, conv2d]}}""",
    "after an activation": f"""
  - {{type: ReLU, name: a}}
  - {{type: Conv2D, {_CONV}, activation: relu}}
  - {{type: Add, inputs: [conv2d, a]}}""",
    "depthwise": """
  - {type: ReLU, name: a}
  - {type: DepthwiseConv2D, kernel_size: 3, padding: same}
  - {type: Add, inputs: [depthwise_conv2d, a]}""",
    "another shape": f"""
  - {{type: GlobalAveragePooling2D, keepdims: true, name: a}}
  - {{type: Conv2D, {_CONV}, inputs: input}}
  - {{type: Add, inputs: [conv2d, a]}}""",
}


def _check(shape: str, layers: str) -> str:
    """Compiled, a model computes what it does by the definitions. Gives the ops that it becomes."""
    spec = load_spec(f"modelc: 1\nname: m\ninput: {{name: input, shape: {shape}}}\nlayers:{layers}\n")
    compiled, defined = (spec.build(seed=3, backend=backend) for backend in ("native", "reference"))
    for batch in (1, 3):
        x = np.random.default_rng(batch).standard_normal((batch, *spec.graph.inputs[0].type.dims), np.float32)
        np.testing.assert_allclose(compiled(x), defined(x), rtol=1e-4, atol=1e-4)
    return names(optimize(spec.graph))


@pytest.mark.parametrize("name", ADDED)
def test_the_product_adds(name: str) -> None:
    shape, layers, op = ADDED[name]
    assert op in _check(shape, layers).split()


@pytest.mark.parametrize("name", KEPT)
def test_sums_that_are_steps_of_their_own(name: str) -> None:
    assert "bias+add" not in _check("[9, 7, 20]", KEPT[name])


def test_the_sum_lies_where_the_residual_lay() -> None:
    _, layers, _ = ADDED["the later of two, and an activation"]
    graph = optimize(load_spec(f"modelc: 1\ninput: {{shape: [10, 9, 5]}}\nlayers:{layers}\n  - {{type: ReLU}}\n").graph)
    (node,) = (node for node in graph.nodes if "+add" in node.op.name)
    offsets = plan_memory(graph).offsets
    assert node.output not in offsets or offsets[node.output] == offsets[node.inputs[-1]]


@pytest.mark.parametrize("outputs", [5, 16, 37])
@pytest.mark.parametrize("pixels", [1, 5, 6, 29])
def test_a_residual_with_memory_of_its_own(outputs: int, pixels: int) -> None:
    case = ConvCase(2, (1, 1, pixels), 9, outputs=outputs, margin=2, accumulate=True, epilogue=Epilogue.leaky(0.25))
    step, arrays = conv_arrays(case)
    run_step(step, case.batch, arrays, Team(1))
    step, (x, y, *others) = conv_arrays(case, residual=5)
    residual, found = y.copy(), np.full_like(y, 9.0)
    run_step(step, case.batch, [x, found, *others, residual], Team(1))
    np.testing.assert_array_equal(found[..., :outputs], arrays[1][..., :outputs])
    assert (found[..., outputs:] == 9.0).all() and np.array_equal(residual, y)
