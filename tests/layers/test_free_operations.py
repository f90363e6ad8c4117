"""Operations over sizes that stay free: traced for one size, what they give for another is what NumPy gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from operation_cases import CASES as COMPOSED
from test_operation import CASES, Case

from modelc import load_spec
from modelc.errors import ShapeError
from modelc.graph.bind import Binder
from modelc.graph.builder import Builder
from modelc.graph.expressions import SizeSymbol
from modelc.graph.graph import Graph, prune
from modelc.graph.interpret import interpret
from modelc.graph.sizes import declare
from modelc.graph.types import TensorType
from modelc.layers.operations.layer import Operation
from tests.passes.slopes import check_slopes

Array = np.ndarray[Any, Any]

FREE = [case for case in (*CASES, *COMPOSED) if any(isinstance(x, np.ndarray) and x.ndim > 2 for x in case[1])]

OF_LARGE_ONES = {"einsum"}
"""Operations whose graph for a large size does not hold for a small one: the diagonal of few rows."""


def traced(case: Case, extra: int) -> tuple[Graph, dict[str, int]]:
    """The graph of an operation whose operands have free axes, all but the batch and the last one; the sizes are those
    of the operands and `extra` more. Also the sizes of the operands."""
    name, operands, arguments, _ = case
    arrays = [x for x in operands if isinstance(x, np.ndarray)]
    constants = None if len(arrays) == len(operands) else [None if isinstance(x, np.ndarray) else x for x in operands]
    g = Builder()
    sizes: dict[str, Any] = {}

    def size(n: int) -> int:
        if n == 1:
            return 1  # it is broadcast
        if f"n{n}" not in sizes:
            sizes[f"n{n}"] = declare(g.free_sizes, SizeSymbol(f"n{n}"), n + extra)
        return sizes[f"n{n}"]

    shapes = [(None, *map(size, x.shape[1:-1]), x.shape[-1]) for x in arrays]
    values = [
        g.input(TensorType(shape, "int32" if x.dtype == np.int32 else "float32"))
        for shape, x in zip(shapes, arrays, strict=True)
    ]
    with g.layer("layer"):
        outputs = Operation(name, constants, arguments).apply(g, *values)
    return prune(g.graph("one", outputs, ("layer",) * len(outputs))), {key: int(key[1:]) for key in sizes}


@pytest.mark.parametrize("case", FREE, ids=[f"{i}-{case[0]}" for i, case in enumerate(FREE)])
def test_an_operation_is_that_of_numpy_for_a_size_that_it_was_not_traced_for(case: Case) -> None:
    try:
        graph, sizes = traced(case, 3)
    except ShapeError:
        graph, sizes = traced(case, 0)  # it fits these operands only, such as a table of as many numbers
    free = graph.free_sizes
    if free is None:
        return
    values = free.values(sizes)
    if not free.holds(values):
        assert case[0] in OF_LARGE_ONES, free.facts
        graph, _ = traced(case, 0)
        assert graph.free_sizes is not None
    bound = Binder(graph).bound(values).graph
    single = [x if x.dtype == np.int32 else x.astype(np.float32) for x in case[1] if isinstance(x, np.ndarray)]
    wanted = list(case[3]) if isinstance(case[3], list | tuple) and len(graph.outputs) > 1 else [case[3]]
    for got, want in zip(interpret(bound, single, {}), wanted, strict=True):
        np.testing.assert_allclose(got, np.asarray(want, float), rtol=2e-6, atol=2e-6)


ALONG: dict[str, tuple[dict[str, Any], Callable[[Array], Array]]] = {
    "prod": ({}, lambda x: np.prod(x, 1)),
    "nanprod": ({"keepdims": True}, lambda x: np.nanprod(x, 1, keepdims=True)),
    "cumprod": ({}, lambda x: np.cumprod(x, 1)),
    "median": ({}, lambda x: np.median(x, 1)),
    "nanmedian": ({}, lambda x: np.nanmedian(x, 1)),
    "quantile": ({"method": "lower"}, lambda x: np.quantile(x, 0.29, 1, method="lower")),
    "percentile": ({}, lambda x: np.percentile(x, 0.29, 1)),
    "nanquantile": ({"method": "higher"}, lambda x: np.nanquantile(x, 0.29, 1, method="higher")),
}


OF_A_SHARE = {"quantile", "percentile", "nanquantile"}
"""Those with a second operand, 0.29: its product with a size is rounded to whole numbers, or not, as NumPy does it."""


@pytest.mark.parametrize("backend", ["native", "reference"])
@pytest.mark.parametrize("name", ALONG)
def test_along_an_axis_of_any_size_there_is_one_graph(name: str, backend: Any) -> None:
    arguments, definition = ALONG[name]
    entry: dict[str, Any] = {"type": "Operation", "operation": name, "arguments": {"axis": 1, **arguments}}
    if name in OF_A_SHARE:
        entry["operands"] = [None, 0.29]
    model = load_spec({"modelc": 1, "input": {"shape": ["time", 3]}, "layers": [entry]}).build(backend=backend)
    rng = np.random.default_rng(4)
    for size in (5, 1, 2, 63, 64, 65, 101, 301):
        x = (1 + 0.1 * rng.standard_normal((2, size, 3))).astype(np.float32)
        if name.startswith("nan") and size > 2:
            x[0, 1, 0] = np.nan
        want = definition(x.astype(np.float64))
        np.testing.assert_allclose(model(x), want, rtol=3e-5, atol=1e-6)
    assert model.graph.free_sizes is not None and not model.graph.free_sizes.facts


@pytest.mark.parametrize("name", ["prod", "cumprod"])
def test_products_over_free_sizes_have_gradients_at_zeros_too(name: str) -> None:
    graph, sizes = traced((name, [np.zeros((2, 70, 3), np.float32)], {"axis": 1}, None), 9)
    assert graph.free_sizes is not None
    bound = Binder(graph).bound(graph.free_sizes.values(sizes)).graph
    x = 1 + 0.1 * np.random.default_rng(4).standard_normal((2, 70, 3))
    x[0, 7, 1] = 0.0
    check_slopes(bound, [x], {})
