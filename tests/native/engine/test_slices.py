"""Batches that go through a plan in slices, on one thread and on several."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from modelc.errors import InputError
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.model.build import make_variables
from modelc.model.loading import load_spec
from modelc.native.engine import plan as plan_module
from modelc.native.engine.program import NativeProgram
from modelc.native.engine.threads import Team
from modelc.native.families.recurrent.params import TILE_ROWS
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.pipeline import activation_memory, optimize
from modelc.native.passes.slices import samples_at_once
from modelc.ops.elementwise import Unary
from modelc.ops.matmul import MatMul
from modelc.ops.reduce import Reduce
from tests.native.engine.arenas import UNTOUCHED, guarded_arenas

CNN = """
modelc: 1
inputs:
  image: {shape: [20, 20, 3]}
  more: {shape: [40]}
layers:
  - {name: a, type: Conv2D, filters: 16, kernel_size: 3, padding: same, activation: relu, inputs: image}
  - {name: b, type: DepthwiseConv2D, kernel_size: 3, padding: same, activation: silu}
  - {name: c, type: Conv2D, filters: 32, kernel_size: 3, padding: same, strides: 2}
  - {name: d, type: GlobalAveragePooling2D}
  - {name: e, type: Concatenate, inputs: [d, more]}
  - {name: f, type: Dense, units: 7, activation: softmax}
outputs: [c, f]
"""
"""A graph with two inputs and two results."""

_TEAMS = {1: Team(1), 3: Team(3)}


def _program(slice: int, threads: int, monkeypatch: pytest.MonkeyPatch) -> tuple[NativeProgram, Graph, dict]:
    graph = load_spec(CNN).graph
    variables = make_variables(graph, seed=1)
    program = NativeProgram(graph, variables)
    program.plan.memory = replace(program.plan.memory, slice=slice)
    program.plan._executor._team = _TEAMS[threads]
    monkeypatch.setattr(plan_module, "PARALLEL_WORK", 0)
    return program, graph, variables


def _inputs(batch: int) -> list[np.ndarray]:
    rng = np.random.default_rng(batch)
    return [rng.standard_normal((batch, *dims)).astype(np.float32) for dims in ((20, 20, 3), (40,))]


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("slice", [1, 2, 5])
def test_slices_compute_what_the_definitions_do(slice: int, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    program, graph, variables = _program(slice, threads, monkeypatch)
    weights = {path: variable.value for path, variable in variables.items()}
    for batch in (1, 2, 3, 7, 31, 2):
        inputs = _inputs(batch)
        for got, want in zip(program.run(inputs), interpret(graph, inputs, weights), strict=True):
            np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5)


def test_bits_depend_on_no_thread_and_in_slices_of_one_on_no_other_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = _inputs(30)
    found = {
        (slice, threads): _program(slice, threads, monkeypatch)[0].run(inputs)
        for slice in (1, 4) for threads in (1, 3)
    }  # fmt: skip
    for slice in (1, 4):
        assert all(map(np.array_equal, found[slice, 1], found[slice, 3]))
    alone = [_program(1, 1, monkeypatch)[0].run([a[i : i + 1] for a in inputs]) for i in (0, 11, 29)]
    for i, results in zip((0, 11, 29), alone, strict=True):
        assert all(np.array_equal(a[i], b[0]) for a, b in zip(found[1, 3], results, strict=True))


@pytest.mark.parametrize("threads", [1, 3])
def test_each_thread_has_an_arena_for_its_slice(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    program, _, _ = _program(2, threads, monkeypatch)
    seen = guarded_arenas(monkeypatch)
    memory = program.plan.memory
    for batch, areas in ((1, 1), (2, 1), (5, min(threads, 2)), (32, threads)):
        program.run(_inputs(batch))
        arena = seen.pop()
        assert arena.size == areas * (memory.fixed_bytes + min(2, batch) * memory.arena_bytes)
        assert (arena.beyond == UNTOUCHED).all(), "written beyond the arena"


def test_arenas_of_several_threads_keep_within_a_share_of_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    program, _, _ = _program(1, 3, monkeypatch)
    one = program.plan.memory.arena_size(1)
    monkeypatch.setattr(plan_module, "_SHARE", plan_module.resources.memory_limit().bytes // one)  # pyright: ignore
    assert program.plan._for(30, _inputs(30)).arena == one


@pytest.mark.parametrize("threads", [1, 3])
def test_an_error_in_any_slice_is_told(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    layers = "{type: Embedding, input_dim: 9, output_dim: 4}, {type: Flatten}, {type: Dense, units: 3}"
    graph = load_spec(f"{{modelc: 1, input: {{shape: [3], dtype: int32}}, layers: [{layers}]}}").graph
    program = NativeProgram(graph, make_variables(graph, seed=1))
    program.plan.memory = replace(program.plan.memory, slice=4)
    program.plan._executor._team = _TEAMS[threads]
    monkeypatch.setattr(plan_module, "PARALLEL_WORK", 0)
    places = np.zeros((30, 3), np.int32)
    program.run([places])
    places[17, 1] = 9
    with pytest.raises(InputError):
        program.run([places])


def test_memory_is_that_of_a_slice() -> None:
    graph = load_spec("zoo:mobilenet_v2").graph
    plan = plan_memory(optimize(graph))
    assert plan.slice == 2
    assert activation_memory(graph, 32) == 2 * plan.arena_bytes + 32 * 1000 * 4


def _of(emit, *shapes: tuple[int | None, ...]) -> Graph:
    g = Builder()
    y = emit(g, *(g.input(TensorType(shape)) for shape in shapes))
    return optimize(g.graph("one", (y,), ("y",)))


def test_graphs_whose_samples_meet_go_through_whole() -> None:
    def centred(g, x):
        return g.emit(Reduce("sum", (0,), keepdims=False), x)

    def by_state(g, x, state):
        return g.emit(MatMul(), g.emit(Unary("relu"), x), state)

    assert samples_at_once(_of(centred, (None, 1 << 22))) == 0
    assert samples_at_once(_of(by_state, (None, 1 << 20), (1 << 20, 3))) == 0


def test_what_would_not_gain_goes_through_whole() -> None:
    layers = "{type: Dense, units: 4000}, {type: Dense, units: 4000}"
    graph = load_spec(f"{{modelc: 1, input: {{shape: [4000]}}, layers: [{layers}]}}").graph
    found = samples_at_once(optimize(graph))
    assert found == 0 or found >= 64


RECURRENT = """
modelc: 1
input: {shape: [7], dtype: int32}
layers:
  - {type: Embedding, input_dim: 11, output_dim: 5, mask_zero: true}
  - {type: Bidirectional, layer: {type: LSTM, units: 19, return_sequences: true}}
  - {type: GRU, units: 6, return_sequences: true}
  - {type: SimpleRNN, units: 9}
"""


@pytest.mark.parametrize("slice", [1, 3, 4])
def test_sequences_in_slices(slice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = load_spec(RECURRENT).graph
    assert samples_at_once(optimize(graph)) > 0
    variables = make_variables(graph, seed=2)
    program = NativeProgram(graph, variables)
    program.plan.memory = replace(program.plan.memory, slice=slice)
    monkeypatch.setattr(plan_module, "PARALLEL_WORK", 0)
    weights = {path: variable.value for path, variable in variables.items()}
    for batch in (1, 5, 26):
        x = np.random.default_rng(batch).integers(0, 11, (batch, 7)).astype(np.int32)
        found: list[np.ndarray] = []
        for members in _TEAMS.values():
            program.plan._executor._team, program.plan._call = members, None
            found += program.run([x])
        np.testing.assert_allclose(found[0], interpret(graph, [x], weights)[0], rtol=1e-4, atol=1e-5)
        np.testing.assert_array_equal(*found)


def test_a_slice_of_a_recurrence_is_whole_tiles() -> None:
    layers = [{"type": "LSTM", "units": 128}]
    spec = load_spec({"modelc": 1, "input": {"shape": [100, 64]}, "layers": layers})
    assert samples_at_once(optimize(spec.graph)) % TILE_ROWS == 0
