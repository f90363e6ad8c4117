"""Steps of training in less memory: what is dropped is computed again, and the results are the same bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import modelc
from modelc.errors import ResourceError
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.types import TensorType
from modelc.graph.verify import verify
from modelc.losses import LOSSES
from modelc.native.engine.amounts import amount_at, call_bytes
from modelc.native.engine.program import NativeProgram
from modelc.native.engine.room import Room
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.pipeline import optimize
from modelc.native.passes.recompute import least_arena, recompute, work
from modelc.ops.reduce import BatchSize
from modelc.optimizers import OPTIMIZERS
from modelc.passes.differentiate import differentiate
from modelc.passes.share_batch_size import share_batch_size
from modelc.training.step import training_step
from modelc.training.step_graph import Labels, Objective
from tests.slowness import examples

BATCH = 4
CONVNET = [
    {"type": "Conv2D", "filters": 6, "kernel_size": 3, "activation": "relu", "padding": "same"},
    {"type": "BatchNormalization"},
    {"type": "Dropout", "rate": 0.3},
    {"type": "Conv2D", "filters": 8, "kernel_size": 3, "strides": 2, "activation": "tanh"},
    {"type": "Reshape", "target_shape": [9, 8]},
    {"type": "LSTM", "units": 5, "return_sequences": True},
    {"type": "Flatten"},
    {"type": "Dense", "units": 10, "activation": "gelu"},
    {"type": "Dense", "units": 3, "activation": "softmax"},
]
SEQUENCES = [
    {"type": "LayerNormalization"},
    {"type": "Conv1D", "filters": 7, "kernel_size": 3, "padding": "causal", "activation": "silu"},
    {"type": "GRU", "units": 6},
    {"type": "GaussianNoise", "stddev": 0.1},
    {"type": "Dense", "units": 3, "activation": "softmax"},
]
SPECS: dict[str, dict[str, Any]] = {
    "convnet": {"modelc": 1, "input": {"shape": [8, 8, 2]}, "layers": CONVNET},
    "sequences": {"modelc": 1, "input": {"shape": [12, 4]}, "layers": SEQUENCES},
}


def step_of(name: str, optimizer: str = "Adam") -> Graph:
    """The graph of a step of one of the models."""
    labels = Labels((TensorType((None,), "int32"),), (None,))
    objective = Objective((LOSSES["SparseCategoricalCrossentropy"](),), (1.0,))
    return training_step(modelc.load_spec(SPECS[name]), objective, labels, OPTIMIZERS[optimizer]()).graph


def arrays_for(graph: Graph) -> list[np.ndarray]:
    rng = np.random.default_rng(3)
    return [
        np.asarray(rng.integers(0, 3, [BATCH if d is None else d for d in v.type.shape]), np.int32)
        if v.type.dtype == "int32"
        else np.asarray(np.abs(rng.standard_normal([BATCH if d is None else d for d in v.type.shape])), np.float32)
        for v in graph.inputs
    ]


def run(graph: Graph, room: Room | None = None) -> list[np.ndarray]:
    return NativeProgram(graph, {}, room=room).run(arrays_for(graph))


@pytest.mark.parametrize(
    ("name", "optimizer"),
    [
        ("convnet", "SGD"),
        ("sequences", "Adam"),
        pytest.param("convnet", "Adam", marks=pytest.mark.slow),
        pytest.param("sequences", "SGD", marks=pytest.mark.slow),
    ],
)
def test_the_results_are_the_same_bits_in_less_memory(name: str, optimizer: str) -> None:
    graph = step_of(name, optimizer)
    whole = optimize(graph)
    full, least = plan_memory(whole).arena_size(BATCH), least_arena(whole, BATCH)
    assert least < 0.75 * full, "these models keep what they can compute again"
    want = run(graph)
    for limit in np.linspace(least, full - 1, 4).astype(int).tolist():
        made = recompute(whole, BATCH, limit)
        assert made is not None
        verify(made)
        assert plan_memory(made).arena_size(BATCH) <= limit
        assert work(made, BATCH) >= work(whole, BATCH)
        room = Room(BATCH, amount_at(call_bytes(whole), BATCH) + limit)
        assert NativeProgram(graph, {}, room=room).plan.bytes(BATCH) <= room.bytes
        for a, b in zip(want, run(graph, room), strict=True):
            np.testing.assert_array_equal(a, b)


def test_where_all_fits_nothing_is_computed_again() -> None:
    graph = optimize(step_of("convnet"))
    assert recompute(graph, BATCH, plan_memory(graph).arena_size(BATCH)) is graph


def chain(depth: int) -> Graph:
    """The gradient of many small layers, one after another, by the input."""
    g = Builder()
    x = y = g.input(TensorType((None, 64)))
    w = g.input(TensorType((64, 64)))
    for _ in range(depth):
        y = (y @ w).tanh()
    return differentiate(g.graph("chain", (y.mean(),), ("y",)), [x.value])


def test_a_deep_chain_in_the_root_of_its_memory_costs_one_more_pass() -> None:
    """Chen et al., "Training Deep Nets with Sublinear Memory Cost" (2016): √n checkpoints, at most one more forward."""
    depth = 100
    graph = optimize(chain(depth))
    full = plan_memory(graph).arena_size(BATCH)
    made = recompute(graph, BATCH, full * 3 // 10)
    assert made is not None
    assert work(made, BATCH) < 1.5 * work(graph, BATCH)
    assert sum(node.op.name != "Reshape" for node in made.nodes) <= len(graph.nodes) + 2 * depth


@settings(max_examples=examples(25), deadline=None)
@given(depth=st.integers(2, 30), share=st.floats(0.1, 1.0), batch=st.integers(1, 9))
def test_any_limit_is_kept_or_refused(depth: int, share: float, batch: int) -> None:
    graph = optimize(chain(depth))
    limit = int(plan_memory(graph).arena_size(batch) * share)
    made = recompute(graph, batch, limit)
    if made is None:
        assert least_arena(graph, batch, limit) > limit
    else:
        verify(made)
        assert plan_memory(made).arena_size(batch) <= limit


def test_a_limit_that_is_too_low_says_what_is_needed() -> None:
    graph = step_of("convnet")
    around = amount_at(call_bytes(optimize(graph)), BATCH)
    for limit in (1000, around, around + 500):
        with pytest.raises(ResourceError, match=r"needs at least .* KB of memory, .* the limit is .*\n  help: make"):
            NativeProgram(graph, {}, room=Room(BATCH, limit))
    least = around + least_arena(optimize(graph), BATCH)
    assert NativeProgram(graph, {}, room=Room(BATCH, least)).plan.extra_work > 0


# --- what makes a step smaller without computing anything again


def test_a_gradient_ends_where_it_is_used() -> None:
    graph = optimize(step_of("convnet", "SGD"))
    places = {node.output: i for i, node in enumerate(graph.nodes)}
    gradients = [n for n in graph.nodes if n.op.name.endswith("KernelGradient") and not n.output.type.batched]
    assert len(gradients) >= 2
    for node in gradients:
        last = max(places[user.output] for user in graph.users[node.output])
        between = graph.nodes[places[node.output] + 1 : last]
        assert not any(other.output.type.batched for other in between), "the update waits for other gradients"


def test_the_batch_is_counted_once_by_an_input() -> None:
    g = Builder()
    x = g.input(TensorType((None, 3)))
    y = x.square()
    size = g.emit(BatchSize(), y)
    again = g.emit(BatchSize(), y.tanh())
    made = share_batch_size(g.graph("counted", (y, size, again), ("y", "n", "m")))
    counts = [node for node in made.nodes if isinstance(node.op, BatchSize)]
    assert len(counts) == 1 and counts[0].inputs == (x.value,)
    assert made.outputs[1] is made.outputs[2]
