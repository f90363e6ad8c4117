"""The compiled program: memory, weights that change, results of their own, infinities, several threads."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from modelc.errors import InputError
from modelc.graph.builder import Builder
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.model.build import make_variables
from modelc.model.loading import load_spec
from modelc.native.engine.plan import Plan
from modelc.native.engine.program import NativeProgram
from modelc.native.passes.pipeline import activation_memory
from modelc.ops.elementwise import Binary
from modelc.ops.reduce import Reduce
from modelc.weights.variable import Variable
from tests.native.engine.arenas import UNTOUCHED, guarded_arenas

CNN = """
modelc: 1
input: {shape: [17, 19, 3]}
layers:
  - {type: Conv2D, filters: 8, kernel_size: 3, padding: same, activation: relu}
  - {type: BatchNormalization}
  - {type: MaxPooling2D}
  - {type: Conv2D, filters: 5, kernel_size: 3, activation: silu}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 4, activation: softmax}
"""


def program(text: str) -> tuple[NativeProgram, dict[str, Variable], Any]:
    graph = load_spec(text).graph
    variables = make_variables(graph, seed=1)
    return NativeProgram(graph, variables), variables, graph


def test_a_call_allocates_what_was_predicted(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled, _, graph = program(CNN)
    allocated: list[int] = []
    take = Plan._new_arena

    def record(self: Plan, samples: int, size: int) -> Any:
        block = take(self, samples, size)
        allocated.append(block.size)
        return block

    monkeypatch.setattr(Plan, "_new_arena", record)
    work = compiled.plan.memory.work_bytes
    for batch in (1, 3, 8):
        allocated.clear()
        results = compiled.run([np.ones((batch, 17, 19, 3), np.float32)])
        assert sum(allocated) + sum(r.nbytes for r in results) == activation_memory(graph, batch) + work


def test_the_arena_is_used_up_to_its_end_and_not_beyond(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled, _, _ = program(CNN)
    seen = guarded_arenas(monkeypatch)
    compiled.run([np.random.default_rng(0).random((2, 17, 19, 3), np.float32)])
    (arena,) = seen
    assert (arena.beyond == UNTOUCHED).all(), "written beyond the arena"
    assert (arena.used[-256:] != UNTOUCHED).any(), "the end of the arena is never used"


def test_new_weights_take_effect_at_the_next_call() -> None:
    compiled, variables, graph = program(CNN)
    x = np.random.default_rng(0).random((2, 17, 19, 3), np.float32)
    before = compiled.run([x])[0]
    variables["dense/bias"].assign(np.array([5, 0, 0, 0]))
    after = compiled.run([x])[0]
    want = interpret(graph, [x], {p: v.value for p, v in variables.items()})[0]
    assert not np.allclose(before, after)
    np.testing.assert_allclose(after, want, atol=1e-6)


def test_results_belong_to_the_caller() -> None:
    compiled, _, _ = program(CNN)
    x = np.random.default_rng(0).random((2, 17, 19, 3), np.float32)
    first = compiled.run([x])[0]
    kept = first.copy()
    compiled.run([x * 2])
    np.testing.assert_array_equal(first, kept)


def test_numbers_that_are_no_arrays_are_read_as_such() -> None:
    """The walk asks array objects for their data: what is none, or of a class of its own, becomes one first."""
    g = Builder()
    x, scale = g.input(TensorType((None, 5))), g.input(TensorType(()))
    graph = g.graph("scaled", (g.emit(Binary("multiply"), x, scale),), ("y",))
    compiled = NativeProgram(graph, {})
    array = np.arange(15, dtype=np.float32).reshape(3, 5)
    for factor in (np.float32(3), np.array(3, np.float32)):
        np.testing.assert_array_equal(compiled.run([array, factor])[0], array * 3)
        np.testing.assert_array_equal(compiled.run([array.view(np.matrix), factor])[0], array * 3)


def test_what_a_call_gave_may_be_read_by_the_next() -> None:
    g = Builder()
    x, total = g.input(TensorType((None, 3))), g.input(TensorType((3,)))
    added = g.emit(Binary("add"), total, g.emit(Reduce("sum", (0,)), x))
    compiled = NativeProgram(g.graph("running", (added,), ("total",)), {})
    rng = np.random.default_rng(0)
    array = want = np.zeros(3, np.float32)
    for _ in range(20):
        batch = rng.integers(0, 9, (4, 3)).astype(np.float32)
        want = want + batch.sum(axis=0)
        (array,) = compiled.run([batch, array])
        array.setflags(write=False)
        np.testing.assert_array_equal(array, want)
        np.testing.assert_array_equal(compiled.run([batch, array.copy()])[0], want + batch.sum(axis=0))


def test_an_output_may_be_the_input_itself() -> None:
    compiled, _, _ = program(
        "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Identity}\n  - {type: Dropout, rate: 0.5}\nextract: '*'\n"
    )
    x = np.arange(8, dtype=np.float32).reshape(2, 4)
    first, second = compiled.run([x])
    np.testing.assert_array_equal(first, x)
    np.testing.assert_array_equal(second, x)
    first[:] = 0
    assert second.any() and x.any()


def test_an_empty_batch_gives_empty_results() -> None:
    compiled, _, _ = program(CNN)
    assert compiled.run([np.zeros((0, 17, 19, 3), np.float32)])[0].shape == (0, 4)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    "layer",
    [
        "{type: Conv2D, filters: 3, kernel_size: 2, activation: relu}",
        "{type: Conv2D, filters: 3, kernel_size: 2, padding: same, activation: relu6}",
        "{type: DepthwiseConv2D, kernel_size: 2, activation: leaky_relu}",
        "{type: MaxPooling2D}",
        "{type: AveragePooling2D, pool_size: 2, padding: same}",
        "{type: GlobalMaxPooling2D}",
        "{type: ReLU, max_value: 2.0}",
        "{type: Dense, units: 3, activation: tanh}",
        "{type: UpSampling2D}",
    ],
)
def test_nan_and_infinity_flow_as_ieee_says(layer: str, value: float) -> None:
    compiled, variables, graph = program(f"modelc: 1\ninput: {{shape: [5, 5, 2]}}\nlayers:\n  - {layer}\n")
    x = np.random.default_rng(0).standard_normal((2, 5, 5, 2)).astype(np.float32)
    x[0, 2, 2, 1] = value
    got = compiled.run([x])[0]
    with np.errstate(all="ignore"):
        want = interpret(graph, [x], {p: v.value for p, v in variables.items()})[0]
    np.testing.assert_array_equal(np.isnan(got), np.isnan(want))
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5)


def test_an_index_outside_of_the_table_is_an_error() -> None:
    compiled, _, _ = program(
        "modelc: 1\ninput: {shape: [3], dtype: int32}\nlayers:\n  - {type: Embedding, input_dim: 4, output_dim: 2}\n"
    )
    assert compiled.run([np.array([[0, 3, 1]], np.int32)])[0].shape == (1, 3, 2)
    for index in (4, -1):
        with pytest.raises(InputError, match="outside of the table"):
            compiled.run([np.array([[0, index, 1]], np.int32)])


def test_calls_from_several_threads_do_not_mix() -> None:
    compiled, _, _ = program(CNN)
    inputs = [np.full((2, 17, 19, 3), i / 8, np.float32) for i in range(8)]
    wanted = [compiled.run([x])[0] for x in inputs]
    wrong: list[int] = []

    def work(i: int) -> None:
        for _ in range(50):
            if not np.array_equal(compiled.run([inputs[i]])[0], wanted[i]):
                wrong.append(i)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
