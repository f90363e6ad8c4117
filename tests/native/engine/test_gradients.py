"""Differentiated graphs run natively: the cases of all ops, and draws, against the NumPy definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.graph.verify import verify
from modelc.native.engine.executor import Executor
from modelc.native.engine.program import NativeProgram
from modelc.native.passes.pipeline import optimize
from modelc.ops.adaptive_pool import AdaptivePool
from modelc.ops.conv import Conv
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.gather import Gather
from modelc.ops.matmul import MatMul
from modelc.ops.pool import Pool
from modelc.ops.random import Random
from modelc.ops.recurrent import Recurrent, RecurrentKind
from modelc.ops.resample import Resample
from modelc.ops.sample_attention import SampleAttention
from modelc.ops.softmax import Softmax
from modelc.ops.take import Take
from modelc.passes.differentiate import differentiate, with_seeds
from tests.ops.test_gradients import BATCH, CASES, Case

Array = np.ndarray[Any, Any]


def _floats(each: Case) -> bool:
    return any(i not in each.integers for i in range(len(each.shapes)))


def _wide_recurrent(kind: RecurrentKind, gates: int, states: int) -> Case:
    """More units than a block of the kernels has, masked, from given states."""
    units, steps = 70, 5
    op = Recurrent(kind, Unary("tanh"), Unary("sigmoid"), steps, masked=True, initial=True, backward=kind == "gru")
    shapes = ((None, steps, gates * units), (units, gates * units), (None, steps), *[(None, units)] * states)
    return Case(op, shapes, {2: 2})


WIDE: list[Case] = [
    _wide_recurrent("simple", 1, 1),
    _wide_recurrent("lstm", 4, 2),
    _wide_recurrent("gru", 3, 1),
    _wide_recurrent("gru_reset_before", 3, 1),
    *(Case(Pool(kind, (3, 2), (2, 1), ((1, 1), (0, 1))), ((None, 9, 8, 70),)) for kind in ("max", "average")),
    Case(Pool("max", (2, 2, 2), (3, 2, 2), ((0, 0),) * 3), ((None, 6, 5, 4, 20),)),
    Case(Pool("average", (1, 2), (2, 3), ((0, 0),) * 2), ((None, 6, 5, 20),)),
    Case(Gather(), ((None, 30), (9, 70)), {0: 9}),
    Case(AdaptivePool("max", 1, 3), ((None, 8, 40),)),
    Case(Softmax("sparsemax", 1), ((None, 50),)),
    Case(SampleAttention("dot", True, True, 0.3, 5), ((None, 40), (None, 40), (None, 33), (None,), ()), {3: 2, 4: 4}),
    Case(SampleAttention("tanh"), ((None, 40), (None, 40), (None, 33), (40,))),
    Case(Take(1, (4, 4, 0, 2, 4)), ((None, 6, 33),)),
    Case(Resample(1, 5, "bilinear", True), ((None, 12, 40),)),
    Case(Conv((1, 1), ((1, 1), (1, 1)), (1, 1)), ((None, 9, 9, 70), (3, 3, 70, 70))),
    Case(Conv((2, 2), ((0, 1), (1, 0)), (1, 1), 40), ((None, 9, 8, 40), (3, 2, 1, 40))),
    Case(MatMul(), ((None, 7, 70), (70, 130))),
]
"""Larger than a block, a vector or a tile of the kernels, and not a multiple of it."""


@pytest.mark.sampled(3)
@pytest.mark.parametrize("each", [pytest.param(each, id=f"{each.op}") for each in [*CASES, *WIDE] if _floats(each)])
def test_gradients_run_natively(each: Case) -> None:
    """All operands are inputs, so kernels of convolutions and the like are packed in the call."""
    g = Builder()
    # A call takes the size of the batch from its first input that has one.
    spare = g.input(TensorType((None, 1)))
    types = [TensorType(s, "int32" if i in each.integers else "float32") for i, s in enumerate(each.shapes)]
    inputs = [g.input(type) for type in types]
    graph = g.graph("one", (g.emit(each.op, *inputs),), ("y",))
    grown, seeds = with_seeds(graph)
    made = differentiate(grown, [x.value for x in inputs if x.type.dtype == "float32"], seeds)
    arrays = [np.zeros((BATCH, 1), np.float32), *each.arrays()]
    arrays = [np.asarray(x, np.float32 if np.asarray(x).dtype.kind == "f" else np.int32, "C") for x in arrays]
    (y,) = interpret(graph, arrays, {})
    arrays += [np.random.default_rng(1).standard_normal(y.shape).astype(np.float32) for seed in seeds if seed]
    assert spare.value in made.inputs
    verify(optimize(made))
    for got, want in zip(NativeProgram(made, {}).run(arrays), interpret(made, arrays, {}), strict=True):
        assert got.shape == want.shape
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5 * max(1.0, float(np.abs(want).max(initial=0))))


def drawing(kind: Any, *dims: int) -> Graph:
    g = Builder()
    like, step = g.input(TensorType((None, 1))), g.input(TensorType((), "int32"))
    return g.graph("draw", (g.emit(Random(kind, (None, *dims), 0x123456789ABCDEF0), step, like),), ("y",))


@pytest.mark.parametrize("kind", ["uniform", "normal"])
@pytest.mark.parametrize("dims", [(), (3,), (5, 7), (64, 33)])
def test_draws_are_those_of_the_definition(kind: Any, dims: tuple[int, ...]) -> None:
    graph = drawing(kind, *dims)
    program = NativeProgram(graph, {})
    for step in (0, 1, 77_777):
        inputs = [np.zeros((41, 1), np.float32), np.array(step, np.int32)]
        (want,), (got,) = interpret(graph, inputs, {}), program.run(inputs)
        if kind == "uniform":
            np.testing.assert_array_equal(got, want)
        else:
            np.testing.assert_allclose(got, want, rtol=2e-6, atol=2e-6)


def test_results_do_not_depend_on_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    g = Builder()
    x, kernel = g.input(TensorType((None, 20, 20, 8))), g.input(TensorType((3, 3, 8, 40)))
    step = g.input(TensorType((), "int32"))
    y = g.emit(Conv((1, 1), ((1, 1), (1, 1)), (1, 1)), x, kernel)
    y = g.emit(Binary("gate"), y, g.emit(Random("normal", (None, 20, 20, 40), 5), step, x))
    y = g.emit(Pool("max", (2, 2), (2, 2), ((0, 0), (0, 0))), y)
    graph, seeds = with_seeds(g.graph("step", (y,), ("y",)))
    program = NativeProgram(differentiate(graph, [x.value, kernel.value], seeds), {})
    rng = np.random.default_rng(0)
    arrays = [
        rng.standard_normal((9, 20, 20, 8)).astype(np.float32),
        rng.standard_normal((3, 3, 8, 40)).astype(np.float32),
        np.array(3, np.int32),
        rng.standard_normal((9, 10, 10, 40)).astype(np.float32),
    ]
    shared = program.run(arrays)
    walk = Executor.run
    monkeypatch.setattr(Executor, "run", lambda self, *args, **options: walk(self, *args, parallel=False))
    for alone, together in zip(program.run(arrays), shared, strict=True):
        np.testing.assert_array_equal(alone, together)
