"""Random stacks and models in ONNX Runtime, of fixed sizes and of free ones: equal to the NumPy definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from modelc.errors import SpecError
from modelc.graph.interpret import interpret
from modelc.model.build import make_variables
from modelc.model.loading import load_spec
from modelc.onnx.export.model import OnnxExport, onnx_export
from tests.native.engine.test_free_stacks import MODELS, Spec, fixed_to
from tests.native.engine.test_free_stacks import stacks as free_stacks
from tests.native.engine.test_random_stacks import small, stacks
from tests.onnx.runtime import Array, assert_equal, called, session
from tests.slowness import examples

QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
SIZES = 4
"""How many sizes each file is called with."""


def weights_of(spec: Any) -> dict[str, Array]:
    rng = np.random.default_rng(7)
    drawn: dict[str, Array] = {}
    for path, variable in make_variables(spec.graph, seed=3).items():
        values = rng.standard_normal(variable.shape) * 0.5
        drawn[path] = (np.abs(values) + 0.1 if path.endswith("variance") else values).astype(np.float32)
    return drawn


def opened(made: OnnxExport) -> Any:
    made.weights.put_inside(made.model)
    onnx.checker.check_model(made.model, full_check=True)
    return session(made.model)


def wanted(graph: Any, inputs: list[Array], weights: dict[str, Array]) -> list[Array]:
    """By the definitions in float64: what is compared is the error of the runtime."""
    wide = [x.astype(np.float64) if x.dtype == np.float32 else x for x in inputs]
    results = interpret(graph, wide, {path: value.astype(np.float64) for path, value in weights.items()})
    return [y.astype(np.float32) if y.dtype == np.float64 else y for y in results]


@settings(QUIET, max_examples=examples(300))
@given(stack=stacks(), batch=st.integers(1, 4))
def test_stacks(stack: Spec, batch: int) -> None:
    try:
        spec = load_spec(stack)
        graph = spec.graph
    except SpecError:
        assume(False)  # a window that does not fit, and the like: other tests
        raise
    weights = weights_of(spec)
    runtime = opened(onnx_export(graph, weights))
    x = np.random.default_rng(batch).standard_normal((batch, *graph.inputs[0].type.dims)).astype(np.float32)
    assert_equal(called(runtime, [x]), wanted(graph, [x], weights))


def compare(spec: Spec, sizes: list[dict[str, int]]) -> int:
    """Run one file at each of these sizes against the interpreted model for just them; at how many it holds."""
    free = load_spec(spec)
    weights = weights_of(free)
    made = onnx_export(free.graph, weights)
    assert made.sizes is not None
    runtime, taken = opened(made), 0
    for known in sizes:
        named = {name: known[name] for name in made.sizes.symbols if name in known}
        if len(named) < len(made.sizes.symbols):  # sizes of axes without a name: `n1`, `n2` of the spec
            named = dict(zip(made.sizes.symbols, known.values(), strict=False))
        if not made.sizes.holds(made.sizes.values(named)):
            continue
        try:
            graph = load_spec(fixed_to(spec, known)).graph
        except SpecError:
            continue
        rng = np.random.default_rng(0)
        inputs: list[Array] = [
            rng.integers(0, 9, (2, *value.type.dims)).astype(np.int32)
            if value.type.dtype == "int32"
            else rng.standard_normal((2, *value.type.dims)).astype(np.float32)
            for value in graph.inputs
        ]
        assert_equal(called(runtime, inputs), wanted(graph, inputs, weights))
        taken += 1
    return taken


@settings(QUIET, max_examples=examples(150))
@given(stack=free_stacks(), drawn=st.lists(st.tuples(*[small(1, 13)] * 3), min_size=SIZES, max_size=SIZES))
def test_free_stacks(stack: Spec, drawn: list[tuple[int, int, int]]) -> None:
    try:
        load_spec(stack).graph  # noqa: B018
    except SpecError:
        assume(False)
    try:
        compare(stack, [{f"n{i + 1}": n for i, n in enumerate(sizes)} for sizes in drawn])
    except SpecError as error:
        assert {one.code for one in error.diagnostics} == {"E607"}


@pytest.mark.parametrize("name", MODELS)
def test_models_of_free_sizes(name: str) -> None:
    sizes = [(5, 4, 4, 6), (7, 2, 6, 5), (2, 9, 5, 8), (12, 12, 8, 9), (3, 3, 12, 7)]
    known = [dict(zip(("time", "spoken", "h", "w"), one, strict=True)) for one in sizes]
    assert compare({"modelc": 1, **MODELS[name]}, known) >= 3
