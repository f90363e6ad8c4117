"""The wall between the portable passes and the native target: what stands on each side, for every layer and model."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from row import Row
from rows_core import ROWS as CORE_ROWS
from rows_images import ROWS as IMAGE_ROWS
from rows_merging import ROWS as MERGING_ROWS
from rows_sequences import ROWS as SEQUENCE_ROWS
from rows_spatial import ROWS as SPATIAL_ROWS

import modelc
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph, Node, Value
from modelc.graph.types import TensorType
from modelc.graph.verify import PORTABLE, InvalidGraphError, verify
from modelc.layers import LAYERS
from modelc.native.engine.constants import Constants
from modelc.native.families import index
from modelc.native.lowering.lower import lower
from modelc.native.lowering.rules import LOWERED, fused_ops
from modelc.native.ops.base import NativeOp, takes_activation
from modelc.native.ops.fused import Copy
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.pipeline import NATIVE, optimize
from modelc.ops.base import Array, Op
from modelc.ops.constant import Constant
from modelc.passes.differentiate import differentiate, with_seeds
from modelc.passes.pipeline import SIMPLIFY, simplify
from tests.imports import graph as imports
from tests.zoo.families import SMALL, others_slow

ROWS = (*CORE_ROWS, *SPATIAL_ROWS, *IMAGE_ROWS, *SEQUENCE_ROWS, *MERGING_ROWS)
ZOO = sorted(path.stem for path in (Path(modelc.__file__).parent / "zoo").glob("*.yaml"))


def layer_graph(row: Row, training: bool = False) -> Graph:
    g = Builder(training=training)
    inputs = [g.input(TensorType((None, *shape), row.dtype)) for shape in (row.input, *row.others)]  # pyright: ignore[reportArgumentType]
    with g.layer("layer"):
        layer = LAYERS.coerce(row.config)
        outputs = layer.apply(g, *inputs, *inputs[:1] * (layer.required_inputs - len(inputs)))
    return g.graph("one", outputs, ("layer",) * len(outputs))


def with_gradients(graph: Graph) -> Graph:
    """The graph with the gradients of its inputs and weights, as a step of training has them."""
    grown, seeds = with_seeds(graph)
    values = (*graph.inputs, *(weight.value for weight in graph.weights))
    return differentiate(grown, [value for value in values if value.type.dtype == "float32"], seeds)


def cross(graph: Graph) -> None:
    """Take a graph through both lists of passes, and look at the ops on each side of the wall."""
    for run in SIMPLIFY:
        graph = run(graph)
    verify(graph, PORTABLE)
    for run in NATIVE:
        graph = run(graph)
    verify(graph, LOWERED)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_layers_cross_the_wall(row: Row) -> None:
    cross(layer_graph(row))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_gradients_of_layers_cross_the_wall(row: Row) -> None:
    cross(with_gradients(layer_graph(row, training=True)))


@pytest.mark.parametrize("name", others_slow(ZOO, SMALL))
def test_models_cross_the_wall(name: str) -> None:
    cross(modelc.load_spec(f"zoo:{name}").graph)


def test_a_native_op_on_the_portable_side_is_named() -> None:
    x, y = Value(TensorType((None, 4)), "dense"), Value(TensorType((None, 4)), "dense")
    graph = Graph("g", (x,), (), (Node(Copy(), (x,), y),), (y,), ("y",))
    with pytest.raises(InvalidGraphError, match=r"Copy\(\) of `dense` is no op of the portable dialect"):
        simplify(graph)


def test_an_op_without_a_rule_is_named() -> None:
    @dataclass(frozen=True)
    class Unknown(Op):
        def infer(self, *operands: TensorType) -> TensorType:
            return operands[0]

        def compute(self, *operands: Array) -> Array:
            return operands[0]

    x, y = Value(TensorType((None, 4))), Value(TensorType((None, 4)), "new")
    graph = Graph("g", (x,), (), (Node(Unknown(), (x,), y),), (y,), ("y",))
    simplify(graph)
    with pytest.raises(InvalidGraphError, match=r"Unknown\(\) of `new` is no op of the native dialect"):
        lower(optimize(graph), plan_memory(optimize(graph)), Constants(()), Constants(()))


def test_a_result_that_is_a_constant_is_copied() -> None:
    """No kernel writes it: it lies among the weights."""
    y = Value(TensorType((2,)), "constant")
    graph = optimize(Graph("g", (), (), (Node(Constant((1.0, 2.0), (2,)), (), y),), (y,), ("y",)))
    assert [node.op.name for node in graph.nodes] == ["Constant", "Copy"]
    assert len(lower(graph, plan_memory(graph), Constants(()), Constants(())).steps) == 1


def test_the_index_has_all_modules_with_rules() -> None:
    families = Path(index.__file__).parent
    there = {f"{path.parent.name}.{path.stem}" for path in families.glob("*/lower*.py")}
    assert {one.target.removeprefix("modelc.native.families.") for one in imports()[index.__name__]} == there


def test_what_takes_an_activation_has_a_rule_that_applies_it() -> None:
    """`takes_activation` of passes and `@lowers_fused` of rules say the same."""
    ops = [op for op in _all_ops(Op) if not inspect.isabstract(op)]
    assert {op for op in ops if takes_activation(object.__new__(op))} == set(fused_ops())


def test_ops_of_the_target_are_defined_in_its_package() -> None:
    for op in _all_ops(Op):
        assert issubclass(op, NativeOp) == op.__module__.startswith("modelc.native."), op


def _all_ops(base: type[Op]) -> Iterator[type[Op]]:
    for op in base.__subclasses__():
        if op.__module__.startswith("modelc."):
            yield op
        yield from _all_ops(op)
