"""Passes: the graph before and after, printed; every pass leaves a valid graph of the same meaning."""

from __future__ import annotations

import numpy as np
import pytest

from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.printer import format_graph
from modelc.graph.verify import InvalidGraphError, verify
from modelc.model.loading import load_spec
from modelc.native.passes.fuse import fuse
from modelc.native.passes.materialize_padding import materialize_padding
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.pipeline import NATIVE, activation_memory, optimize
from modelc.passes.cancel_transposes import cancel_transposes
from modelc.passes.fold_scale import fold_scale
from modelc.passes.pipeline import SIMPLIFY


def traced(layers: str, shape: str, extra: str = "") -> Graph:
    return load_spec(f"modelc: 1\ninput: {{shape: {shape}}}\nlayers:\n{layers}\n{extra}").graph


def arrays(graph: Graph, dtype: type = np.float64) -> tuple[list[np.ndarray], dict[str, np.ndarray]]:
    rng = np.random.default_rng(0)
    inputs = [rng.standard_normal((2, *value.type.dims)).astype(dtype) for value in graph.inputs]
    weights = {w.path: np.abs(rng.standard_normal(w.shape)).astype(dtype) + 0.1 for w in graph.weights}
    return inputs, weights


def assert_same_meaning(before: Graph, after: Graph) -> None:
    inputs, weights = arrays(before)
    for want, got in zip(interpret(before, inputs, weights), interpret(after, inputs, weights), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9)


def body(graph: Graph) -> str:
    """The nodes that run at every call, without numbers: op and type."""
    lines = [line for line in format_graph(graph).splitlines() if " = " in line and " = weight" not in line]
    return "\n".join(
        line.split(" = ", 1)[1].split("#")[0].split("(%")[0].strip() for line in lines if "const" not in line
    )


STACKS = {
    "conv_bn_relu": (
        "  - {type: Conv2D, filters: 4, kernel_size: 3, padding: same, use_bias: false}\n"
        "  - {type: BatchNormalization}\n  - {type: ReLU}",
        "[8, 8, 3]",
    ),
    "transposed": (
        "  - {type: Conv2DTranspose, filters: 4, kernel_size: 3, strides: 2, padding: same}\n"
        "  - {type: BatchNormalization}\n  - {type: Activation, activation: tanh}",
        "[5, 6, 3]",
    ),
    "depthwise": (
        "  - {type: DepthwiseConv2D, kernel_size: 3, depth_multiplier: 2}\n  - {type: BatchNormalization}",
        "[6, 6, 3]",
    ),
    "channels_first": (
        "  - {type: Conv2D, filters: 4, kernel_size: 3, data_format: channels_first}\n"
        "  - {type: BatchNormalization, axis: 1}\n  - {type: ReLU}\n"
        "  - {type: Conv2D, filters: 2, kernel_size: 3, data_format: channels_first, activation: elu}",
        "[3, 9, 8]",
    ),
    "affine": ("  - {type: MaxPooling2D}\n  - {type: BatchNormalization}\n  - {type: ReLU}", "[6, 6, 3]"),
    "dense": (
        "  - {type: Dense, units: 4, activation: relu}\n  - {type: BatchNormalization}\n  - {type: Dense, units: 2}",
        "[5]",
    ),
    "separable": ("  - {type: SeparableConv1D, filters: 4, kernel_size: 3, padding: same, activation: silu}", "[9, 3]"),
    "norms": (
        "  - {type: LayerNormalization}\n  - {type: GroupNormalization, groups: 2}\n  - {type: UnitNormalization}",
        "[5, 6, 4]",
    ),
}


@pytest.mark.parametrize("name", STACKS)
@pytest.mark.parametrize("extra", ["", 'extract: "*"'], ids=["last", "all"])
def test_every_pass_keeps_the_meaning(name: str, extra: str) -> None:
    graph = traced(*STACKS[name], extra)
    verify(graph)
    for run in (*SIMPLIFY, *NATIVE):
        after = run(graph)
        verify(after)
        assert_same_meaning(graph, after)
        graph = after


def test_fold_scale_removes_the_batch_normalization_after_a_convolution() -> None:
    graph = traced(*STACKS["conv_bn_relu"])
    assert body(graph).count("multiply") == 1
    assert body(fold_scale(graph)) == "\n".join((
        "Conv",
        "add",
        "relu",
    ))  # fmt: skip


def test_fold_scale_leaves_a_value_that_is_also_a_result() -> None:
    graph = traced(*STACKS["conv_bn_relu"], 'extract: "*"')
    assert "multiply" in body(fold_scale(graph))


def test_fuse_merges_bias_and_activation() -> None:
    graph = fuse(fold_scale(traced(*STACKS["conv_bn_relu"])))
    assert body(graph) == "Conv+bias+relu"


def test_fuse_makes_an_affine_of_a_lone_batch_normalization() -> None:
    assert body(fuse(fold_scale(traced(*STACKS["affine"])))) == "max_pool\nAffine+relu"


def test_transposes_between_channels_first_layers_cancel() -> None:
    graph = traced(*STACKS["channels_first"])
    assert body(graph).count("Transpose") == 4
    assert body(optimize(graph)).count("Transpose") == 2


def test_padding_becomes_an_op_of_its_own() -> None:
    graph = materialize_padding(traced(*STACKS["conv_bn_relu"]))
    assert body(graph).splitlines()[0] == "Pad"
    assert not any(any(map(any, getattr(node.op, "padding", ()))) for node in graph.nodes)


def test_cancel_transposes_merges_two_into_one() -> None:
    graph = traced("  - {type: Permute, dims: [2, 3, 1]}\n  - {type: Permute, dims: [2, 3, 1]}", "[2, 3, 4]")
    assert body(cancel_transposes(graph)) == "Transpose"


def test_verify_finds_a_value_that_is_read_before_it_is_made() -> None:
    graph = traced(*STACKS["dense"])
    with pytest.raises(InvalidGraphError, match="nothing has made yet"):
        verify(graph.with_nodes(tuple(reversed(graph.nodes))))


def test_verify_finds_a_value_that_is_made_twice() -> None:
    graph = traced(*STACKS["dense"])
    with pytest.raises(InvalidGraphError, match="made before"):
        verify(graph.with_nodes((*graph.nodes, graph.nodes[0])))


@pytest.mark.parametrize("name", STACKS)
def test_values_that_live_together_do_not_share_memory(name: str) -> None:
    graph = optimize(traced(*STACKS[name]))
    plan = plan_memory(graph)
    last = {value: i for i, node in enumerate(graph.nodes) for value in node.inputs}
    live: list[tuple[int, int, int, int]] = []
    for i, node in enumerate(graph.nodes):
        value = node.output
        if value not in plan.offsets:
            continue
        start = plan.offsets[value]
        live.append((i, last.get(value, i), start, start + value.type.bytes))
    for a in live:
        assert a[3] <= plan.arena_bytes
        for b in live:
            # Strictly inside each other's life: an op may write over an operand that it reads for the last time.
            if a is not b and a[0] < b[0] < a[1]:
                assert a[3] <= b[2] or b[3] <= a[2]


def test_a_chain_reuses_the_memory_of_what_is_done_with() -> None:
    layers = "\n".join("  - {type: Conv2D, filters: 4, kernel_size: 1}" for _ in range(20))
    graph = traced(layers, "[16, 16, 4]")
    one = 16 * 16 * 4 * 4
    assert plan_memory(optimize(graph)).arena_bytes == 2 * one
    assert activation_memory(graph, 3) == 3 * (2 * one + one)
