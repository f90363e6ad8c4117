"""Layers of several inputs, and EinsumDense, against what `tests/data/record_combining.py` recorded from Keras 3.15.1,
on both backends.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import ShapeError, SpecError
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph, Value
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers import LAYERS
from modelc.native.engine.program import NativeProgram
from modelc.weights.variable import Variable

_DATA = Path(__file__).parents[1] / "data"
sys.path.insert(0, str(_DATA))

from combining_cases import CASES, Case  # noqa: E402

Array = np.ndarray[Any, Any]

_RECORD = np.load(_DATA / "combining.npz", allow_pickle=False)


def recorded(case: Case, prefix: str) -> list[Array]:
    names = [name for name in _RECORD.files if name.startswith(f"{case.key}/{prefix}_")]
    return [_RECORD[name] for name in sorted(names, key=lambda name: int(name.rpartition("_")[2]))]


def traced(case: Case) -> tuple[Graph, list[Array], bool]:
    """The graph, whose last output is the mask of the first one where there is one; the inputs; whether there is."""
    inputs, masks, named = case.arrays()
    arrays = [*inputs, *masks.values(), *named.values()]
    g = Builder()
    values = [g.input(TensorType((None, *x.shape[1:]))) for x in arrays]
    by_name = dict(zip(named, values[len(inputs) + len(masks) :], strict=True))
    for i, mask in zip(masks, values[len(inputs) :], strict=False):
        g.masks.set(values[i], mask)
    with g.layer("layer"):
        outputs = LAYERS.coerce(case.config).apply(g, *values[: len(inputs)], **by_name)
    mask = g.masks.of(outputs[0])
    results: tuple[Value, ...] = outputs if mask is None else (*outputs, mask)
    graph = g.graph("one", results, ("layer",) * len(results))
    return graph, [x.astype(np.float32) for x in arrays], mask is not None


def weights_of(case: Case, graph: Graph) -> dict[str, Array]:
    return {w.path: stored for w, stored in zip(graph.weights, recorded(case, "weight"), strict=True)}


def run(graph: Graph, arrays: list[Array], weights: dict[str, Array], backend: str) -> list[Array]:
    if backend == "reference":
        return interpret(graph, arrays, weights)
    return NativeProgram(graph, {path: Variable(path, value) for path, value in weights.items()}).run(arrays)


every_case = pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])


@every_case
def test_weights_are_those_of_keras(case: Case) -> None:
    graph, _, _ = traced(case)
    assert [w.path.partition("/")[2] for w in graph.weights] == [str(path) for path in recorded(case, "path")]


@pytest.mark.sampled(3)
@every_case
@pytest.mark.parametrize("backend", ["reference", "native"])
def test_outputs_are_those_of_keras(case: Case, backend: str) -> None:
    graph, arrays, has_mask = traced(case)
    found = run(graph, arrays, weights_of(case, graph), backend)
    mask = found.pop() if has_mask else None
    wanted = recorded(case, "output")
    for got, want in zip(found, wanted, strict=True):
        assert got.shape == want.shape
        np.testing.assert_allclose(got, want, rtol=0, atol=2e-5 * max(1.0, float(np.abs(want).max())))
    kept = recorded(case, "mask")
    if mask is not None:
        np.testing.assert_array_equal(mask, kept[0].astype(np.float32))
    else:
        # A mask that leaves nothing out is none.
        assert all(m.all() for m in kept)


@every_case
def test_one_sample_by_itself(case: Case) -> None:
    graph, arrays, _ = traced(case)
    weights = weights_of(case, graph)
    whole = run(graph, arrays, weights, "native")
    for got, want in zip(run(graph, [x[:1].copy() for x in arrays], weights, "native"), whole, strict=True):
        np.testing.assert_allclose(got, want[:1], rtol=1e-4, atol=1e-5 * max(1.0, float(np.abs(want).max())))


def refused(config: dict[str, Any] | str, *shapes: tuple[int, ...]) -> str:
    g = Builder()
    inputs = [g.input(TensorType((None, *shape))) for shape in shapes]
    with pytest.raises(ShapeError) as caught, g.layer("layer"):
        LAYERS.coerce(config).apply(g, *inputs)
    return caught.value.message


@pytest.mark.parametrize(
    ("config", "shapes", "message"),
    [
        ("Add", ((3,), (4,)), "the shapes (None, 3) and (None, 4) do not broadcast"),
        ("Subtract", ((3,),) * 3, "it takes 2 inputs (minuend, subtrahend), found 3"),
        ("Concatenate", ((3, 4), (4,)), "the inputs have different ranks: (None, 3, 4), (None, 4)"),
        ("Concatenate", ((3, 4), (2, 4)), "the shapes (None, 3, 4) and (None, 2, 4) must be equal except along axis 2"),
        ({"type": "Concatenate", "axis": 0}, ((3,), (3,)), "`axis` (=0) would join the batches of its inputs"),
        (
            {"type": "Dot", "axes": 1},
            ((3,), (4,)),
            "the axes 1 and 1 of (None, 3) and (None, 4) must agree, found 3 and 4",
        ),
        ({"type": "Dot", "axes": 0}, ((3,), (3,)), "`axes` (=0) includes the batch of 2-D input"),
        (
            {"type": "EinsumDense", "equation": "abc,cd->abd", "output_shape": 4},
            ((3, 5),),
            "`output_shape` [4] has 1 sizes, the equation gives 2 beside the batch",
        ),
        (
            {"type": "EinsumDense", "equation": "abc,cd->abd", "output_shape": [None, None]},
            ((3, 5),),
            "the size of `d` is not known",
        ),
        (
            {"type": "EinsumDense", "equation": "abc,cd->abd", "output_shape": [2, 4]},
            ((3, 5),),
            "`b` is 3 in the input (None, 3, 5) and 2 in `output_shape`",
        ),
        (
            {"type": "EinsumDense", "equation": "abc,cd->bad", "output_shape": [None, 4]},
            ((3, 5),),
            "the output of the equation must begin with the batch, which is `a`",
        ),
        (
            {"type": "EinsumDense", "equation": "ab,abc->ac", "output_shape": 4},
            ((3,),),
            "`a` is the batch, for which there are no weights",
        ),
        (
            "Attention",
            ((3, 4), (5, 6)),
            "it takes (N, T, D), (N, S, V) and (N, S, D), found (None, 3, 4), (None, 5, 6), (None, 5, 6)",
        ),
        (
            "Attention",
            ((4,), (5, 4)),
            "it takes (N, T, D), (N, S, V) and (N, S, D), found (None, 4), (None, 5, 4), (None, 5, 4)",
        ),
        (
            "Attention",
            ((4,), (3,)),
            "it takes (N, T, D), (N, S, V) and (N, S, D), found (None, 4), (None, 3), (None, 3)",
        ),
        (
            {"type": "AdditiveAttention", "return_attention_scores": True},
            ((4,), (4,)),
            "`return_attention_scores` of inputs without steps are (N, N), one for each pair of samples",
        ),
        (
            {"type": "Attention", "use_causal_mask": True},
            ((4,), (4,)),
            "`use_causal_mask` of inputs without steps gives (1, N, V) in Keras 3: a batch of one sample",
        ),
        (
            {"type": "MultiHeadAttention", "num_heads": 2, "key_dim": 3, "attention_axes": [2]},
            ((3, 4), (5, 4)),
            "`attention_axes` [2] must be among 1 to 1, the axes between the ends",
        ),
    ],
    ids=str,
)
def test_refused(config: Any, shapes: tuple[tuple[int, ...], ...], message: str) -> None:
    assert refused(config, *shapes) == message


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"type": "EinsumDense", "equation": "abc", "output_shape": 4}, "expected an equation such as"),
        ({"type": "EinsumDense", "equation": "aab,bc->ac", "output_shape": 4}, "`aab` names an axis twice"),
        (
            {"type": "EinsumDense", "equation": "ab,bc->ad", "output_shape": 4},
            "`d` of the output is in neither operand",
        ),
        (
            {"type": "EinsumDense", "equation": "ab,bc->ac", "output_shape": 4, "bias_axes": "b"},
            "letters of the output",
        ),
        (
            {"type": "GroupQueryAttention", "head_dim": 2, "num_query_heads": 3, "num_key_value_heads": 2},
            "a multiple of",
        ),
        (
            {"type": "MultiHeadAttention", "num_heads": 2, "key_dim": 3, "dropout": 0.1, "flash_attention": True},
            "together",
        ),
        ({"type": "Dot", "axes": [1, 2, 3]}, "expected two axes, found 3"),
    ],
    ids=str,
)
def test_refused_options(config: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        LAYERS.coerce(config)


def test_kernels_of_equations_are_drawn_for_their_own_fans() -> None:
    graph, _, _ = traced(Case({"type": "MultiHeadAttention", "num_heads": 8, "key_dim": 16}, ((5, 64), (5, 64))))
    rng = np.random.default_rng(0)
    for weight in graph.weights:
        if weight.name == "kernel":
            limit = np.sqrt(6 / (64 + 128))  # GlorotUniform of a matrix 64 × 128, whichever way round
            assert 0.98 * limit < np.abs(weight.initializer.draw(weight.shape, rng)).max() <= limit
