"""Contract and what `einsum` makes of equations: against `np.einsum`, by definition, after the passes, and compiled."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.printer import format_graph
from modelc.graph.types import TensorType
from modelc.graph.verify import verify
from modelc.initializers import Zeros
from modelc.layers.core.einsum import einsum
from modelc.native.engine.program import NativeProgram
from modelc.native.ops.packed_contract import Pack, PackedContract
from modelc.native.passes.pack_operands import pack_operands
from modelc.native.passes.pipeline import activation_memory, optimize
from modelc.native.target import padded_columns
from modelc.ops.constant import Constant
from modelc.ops.contract import Contract
from modelc.ops.elementwise import Unary
from modelc.weights.variable import Variable
from tests.slowness import examples

Array = np.ndarray[Any, Any]
Sizes = dict[str, int]


def traced(
    a: str, b: str, out: str, sizes: Sizes, constant: str = "", activation: Unary | None = None
) -> tuple[Graph, list[Array], dict[str, Array], Array]:
    """The graph of an equation, its inputs and its weights, and what it comes to in float64.

    The letter `n` is the batch. `constant` is the operand, `a` or `b`, that is a weight.
    """
    rng = np.random.default_rng(0)
    g = Builder()
    arrays, weights, operands, values = [], {}, [], []
    with g.layer("layer"):
        for name, letters in (("a", a), ("b", b)):
            x = rng.standard_normal([sizes[c] for c in letters]).astype(np.float32)
            values.append(x.astype(np.float64))
            if name == constant:
                operands.append(g.weight(name, x.shape, Zeros()))
                weights[f"layer/{name}"] = x
            else:
                operands.append(g.input(TensorType(tuple(None if c == "n" else sizes[c] for c in letters))))
                arrays.append(x)
        y = einsum(a, b, out, *operands)
        y = y if activation is None else g.emit(activation, y)
    want = np.einsum(f"{a},{b}->{out}", *values)
    want = want if activation is None else activation.compute(want)
    return g.graph("one", (y,), ("layer",)), arrays, weights, np.asarray(want)


def check(a: str, b: str, out: str, sizes: Sizes, constant: str = "", activation: Unary | None = None) -> Graph:
    graph, arrays, weights, want = traced(a, b, out, sizes, constant, activation)
    tolerance = 1e-5 * max(1.0, float(np.abs(want).max()))
    optimized = optimize(graph)
    verify(optimized)
    native = NativeProgram(graph, {path: Variable(path, value) for path, value in weights.items()})
    for (got,) in (interpret(graph, arrays, weights), interpret(optimized, arrays, weights), native.run(arrays)):
        assert got.shape == want.shape
        np.testing.assert_allclose(got, want, rtol=0, atol=tolerance)
    return optimized


SIZES = {"n": 3, "t": 5, "s": 7, "h": 4, "d": 6, "u": 2, "v": 3}


@pytest.mark.parametrize(
    ("a", "b", "out"),
    [
        ("ntuh", "nsuh", "nuts"),  # scores of heads
        ("nuts", "nsuh", "ntuh"),  # and the sums of their values
        ("nth", "nhd", "ntd"),
        ("nth", "ndh", "ntd"),
        ("nht", "nhd", "ntd"),
        ("nht", "ndh", "ndt"),
        ("nh", "nhd", "nd"),
        ("nth", "nh", "nt"),
        ("nh", "nh", "n"),
        ("nt", "ns", "nts"),
        ("nths", "nthd", "ntsd"),
        ("ntuhv", "nvshu", "nvts"),
        ("nutvsh", "nuvhd", "nutvsd"),
        ("nutvsh", "nhvud", "nutvsd"),
        ("nth", "nhds", "ntds"),
        ("nth", "nshd", "ntsd"),
        ("nth", "ndhs", "ntsd"),
        ("nth", "nshd", "nstd"),
        ("nthd", "nsh", "nts"),  # d is summed by itself
    ],
)
@pytest.mark.parametrize("batch", [1, 3])
def test_two_tensors(a: str, b: str, out: str, batch: int) -> None:
    check(a, b, out, SIZES | {"n": batch})


@pytest.mark.parametrize(
    ("a", "b", "out", "constant"),
    [
        ("ntd", "tds", "nts", "b"),
        ("ntd", "std", "nst", "b"),
        ("ntd", "dts", "nst", "b"),
        ("td", "nds", "nts", "a"),
        ("td", "nsd", "nst", "a"),
        ("utd", "nusd", "nuts", "a"),
        ("n", "t", "nt", "b"),
        ("nut", "ut", "nu", "b"),
    ],
)
def test_a_tensor_and_a_weight(a: str, b: str, out: str, constant: str) -> None:
    check(a, b, out, SIZES, constant)


@pytest.mark.parametrize("columns", [1, 2, 15, 16, 17, 33, 63, 64, 65, 80, 129, 200])
@pytest.mark.parametrize("b", ["nshd", "nhsd", "nhds"])
def test_every_tail_of_columns(columns: int, b: str) -> None:
    check("nhts", b, "nthd", SIZES | {"d": columns, "s": 9})


@st.composite
def equations(draw: st.DrawFn) -> tuple[str, str, str, Sizes]:
    """Any order of up to two letters for each role, behind the batch."""
    letters = iter("abcdefgh")
    groups, rows, columns, sums = (
        [next(letters) for _ in range(draw(st.integers(least, 2)))] for least in (0, 0, 0, 1)
    )
    a, b, out = (
        "n" + "".join(draw(st.permutations(part)))
        for part in (groups + rows + sums, groups + columns + sums, groups + rows + columns)
    )
    return a, b, out, {"n": draw(st.integers(1, 4)), **{c: draw(st.integers(1, 6)) for c in "abcdefgh"}}


@given(equations(), st.sampled_from([None, Unary("relu", (0.0, math.inf, 0.0)), Unary("tanh")]))
@settings(max_examples=examples(100), deadline=None)
def test_any_equation(equation: tuple[str, str, str, Sizes], activation: Unary | None) -> None:
    check(*equation, activation=activation)


def test_activations_are_taken_in() -> None:
    optimized = check("nth", "nsh", "nts", SIZES, activation=Unary("relu", (0.0, math.inf, 0.0)))
    assert [node.op.name for node in optimized.nodes] == ["Pack", "contract[nth,nsh->nts]+relu"]


def test_packing_is_a_step_of_its_own() -> None:
    graph, *_ = traced("ntuh", "nsuh", "nuts", SIZES)
    assert format_graph(pack_operands(graph)).splitlines()[1:3] == [
        "  %2 = Pack(%1) float32(None, 2, 4, 16)                                 # layer",
        "  %3 = contract[ntuh,nsuh->nuts](%0, %2) float32(None, 2, 5, 7)         # layer",
    ]
    scores, packed = 2 * 5 * 7 * 4, 2 * 4 * 16 * 4
    assert activation_memory(graph) == -(-packed // 64) * 64 + scores


def test_axes_that_are_summed_come_last() -> None:
    graph, *_ = traced("nht", "nhd", "ntd", SIZES)
    assert [node.op.name for node in pack_operands(graph).nodes] == ["Transpose", "Pack", "contract[nth,nhd->ntd]"]


def test_weights_are_packed_with_the_others() -> None:
    graph, *_ = traced("ntd", "tds", "nts", SIZES, "b")
    assert [node.op.name for node in optimize(graph).nodes] == ["contract[ntd,tds->nts]"]


def test_cost() -> None:
    op = Contract("ntuh", "nsuh", "nuts")
    a, b = TensorType((None, 5, 2, 4)), TensorType((None, 7, 2, 4))
    y = op.infer(a, b)
    assert y == TensorType((None, 2, 5, 7))
    assert op.macs(y, a, b) == 2 * 5 * 7 * 4
    packed = Pack(op).infer(b)
    assert PackedContract(op, (7,)).infer(a, packed) == y
    assert PackedContract(op, (7,)).macs(y, a, packed) == 2 * 5 * 7 * 4
    assert Contract("th", "hs", "ts").macs(TensorType((5, 7)), TensorType((5, 4)), TensorType((4, 7))) == 0


def test_columns_are_whole_vectors_of_any_cpu() -> None:
    assert [padded_columns(n) for n in (1, 16, 17)] == [16, 16, 32]


@pytest.mark.parametrize(
    ("a", "b", "out", "message"),
    [
        ("nt", "ns", "tn", "the batch `n` must stay the first axis, `tn` does not begin with it"),
        ("nt", "ts", "s", "`n` is the batch, which cannot be summed over"),
    ],
)
def test_the_batch_stays_first(a: str, b: str, out: str, message: str) -> None:
    with pytest.raises(ShapeError) as caught:
        traced(a, b, out, SIZES)
    assert caught.value.message == message


def test_extents_agree() -> None:
    g = Builder()
    a, b = g.input(TensorType((None, 3))), g.emit(Constant((1.0,) * 8, (4, 2)))
    with pytest.raises(ShapeError, match="is 3 in one and 4 in the other"):
        einsum("nt", "ts", "ns", a, b)
    with pytest.raises(ShapeError, match="`t` is 3 in"):
        Contract("nt", "ts", "ns").infer(a.type, b.type)
