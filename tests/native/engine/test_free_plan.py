"""Plans for any sizes against plans for just the sizes of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from modelc import initializers
from modelc.graph.bind import BoundGraph
from modelc.graph.builder import Builder
from modelc.graph.expressions import Expression, SizeSymbol
from modelc.graph.free import FreeGraph
from modelc.graph.free_sizes import FreeSizes, OpenSizes, SizeNeededError
from modelc.graph.sizes import as_size, declare, likely
from modelc.graph.types import TensorType
from modelc.model.build import make_variables
from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from modelc.native.engine.constants import Constants
from modelc.native.engine.free_plan import FreePlan
from modelc.native.engine.free_plans import FreePlans
from modelc.native.engine.plan import Plan
from modelc.native.engine.planning import plan_of
from modelc.native.engine.program import NativeProgram
from modelc.native.passes.free_memory import FreeMemory
from modelc.native.passes.pipeline import optimize
from modelc.ops.elementwise import Binary
from modelc.ops.shape import Slice
from modelc.weights.variable import Variable

Array = np.ndarray[Any, Any]

PICTURES = """
modelc: 1
input: {shape: [null, null, 3]}
layers:
  - {type: Conv2D, filters: 8, kernel_size: 3, strides: 2, padding: same, activation: relu, name: down}
  - {type: DepthwiseConv2D, kernel_size: 3, padding: same, name: depthwise}
  - {type: BatchNormalization}
  - {type: Add, inputs: [batch_normalization, down]}
  - {type: MaxPooling2D, pool_size: 3, strides: 2, padding: same}
  - {type: Conv2D, filters: 5, kernel_size: [1, 7], dilation_rate: [1, 2], padding: same}
  - {type: Concatenate, inputs: [conv2d, max_pooling2d]}
  - {type: Conv2DTranspose, filters: 4, kernel_size: 3, strides: 2, padding: same}
  - {type: LayerNormalization}
  - {type: Softmax}
"""

TEXT = """
modelc: 1
input: {shape: [time], dtype: int32}
layers:
  - {type: Embedding, input_dim: 50, output_dim: 12, mask_zero: true}
  - {type: LSTM, units: 10, return_sequences: true}
  - {type: GRU, units: 7}
  - {type: Dense, units: 3, activation: softmax}
"""

ATTENTION = """
modelc: 1
input: {shape: [time, 16]}
layers:
  - {type: MultiHeadAttention, num_heads: 2, key_dim: 8, name: read, inputs: [input, input]}
  - {type: LayerNormalization}
  - {type: GlobalAveragePooling1D}
"""


TABLES = """
modelc: 1
input: {shape: [null, null, 3]}
layers:
  - {type: Conv2D, filters: 4, kernel_size: 3, padding: same}
  - {type: UpSampling2D, size: [2, 3], interpolation: bilinear, name: up}
  - {type: AdaptiveMaxPooling2D, output_size: [5, 4], name: most}
  - {type: AdaptiveAveragePooling2D, output_size: [5, 4], inputs: up, name: mean}
  - {type: Resizing, height: 5, width: 4, interpolation: bicubic, inputs: input, name: small}
  - {type: Concatenate, inputs: [most, mean, small]}
"""
"""Layers whose kernels read tables that are computed of the sizes."""

MASKED = """
modelc: 1
input: {shape: [time, 8]}
layers:
  - {type: MultiHeadAttention, num_heads: 2, key_dim: 4, use_causal_mask: true, inputs: [input, input]}
  - {type: Bidirectional, layer: {type: GRU, units: 3, return_sequences: true}}
"""
"""A mask that depends on the sizes alone, and a sequence that is turned around."""


class Both:
    """A model's plan for any sizes, made for some, and its plans for given ones."""

    def __init__(self, text: str, **sizes: int) -> None:
        self.spec: Spec = load_spec(text)
        variables = make_variables(self.spec.graph, seed=1)
        self.weights = [(weight, variables[weight.path]) for weight in self.spec.graph.weights]
        self.free = FreeGraph(self.spec.graph, None, optimize)
        values = self.free.values(sizes)
        made = self.free.made_for(sizes)
        scope = OpenSizes.of(made.sizes, values)
        self.plan = FreePlan(made.binder.scoped(scope), scope, self.weights, Constants(self.weights), [])

    def run(self, x: Array, **sizes: int) -> tuple[Array, Array]:
        """The results of the plan for any sizes, and of that for these."""
        values = self.free.values(sizes)
        assert self.plan.holds(values)
        opened = self.plan.at(self.free.key_at(sizes))
        assert opened is not None
        bound = self.free.made_for(sizes).binder.bound(values)
        fixed = plan_of(bound.graph, self.weights, Constants(self.weights), [], bound.made)
        assert opened.work == fixed.work
        # How many samples go at once is chosen by the sizes of the trace; a product of few rows has other last bits.
        fixed.memory.slice = opened.memory.slice
        beside = [plan.bytes(3) - plan.memory.arena_size(3) for plan in (opened, fixed)]
        assert beside[0] == beside[1]
        (got,), (want,) = opened.run([x]), fixed.run([x])
        return got, want


@pytest.mark.parametrize(("h", "w"), [(64, 48), (65, 33), (31, 200), (300, 17)])
def test_pictures_have_the_bits_of_a_plan_for_their_size(h: int, w: int) -> None:
    both = Both(PICTURES, h=64, w=64)
    x = np.random.default_rng(0).standard_normal((2, h, w, 3)).astype(np.float32)
    got, want = both.run(x, h=h, w=w)
    np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("time", [2, 3, 17, 400])
def test_texts(time: int) -> None:
    x = np.random.default_rng(0).integers(0, 50, (5, time), np.int32)
    got, want = Both(TEXT, time=30).run(x, time=time)
    np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("time", [128, 192, 256])
def test_attention(time: int) -> None:
    x = np.random.default_rng(0).standard_normal((3, time, 16)).astype(np.float32)
    got, want = Both(ATTENTION, time=192).run(x, time=time)
    np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize(("h", "w"), [(20, 30), (7, 41), (64, 5)])
def test_tables_of_sizes(h: int, w: int) -> None:
    both = Both(TABLES, h=20, w=20)
    x = np.random.default_rng(0).standard_normal((2, h, w, 3)).astype(np.float32)
    got, want = both.run(x, h=h, w=w)
    np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("time", [128, 192, 256])
def test_a_mask_of_the_sizes(time: int) -> None:
    x = np.random.default_rng(0).standard_normal((2, time, 8)).astype(np.float32)
    got, want = Both(MASKED, time=192).run(x, time=time)
    np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("time", [17, 18, 31])
def test_constants_of_weights_and_sizes_follow_the_weights(time: int) -> None:
    """The first rows of a table of places, as many as a text has words, are added to it."""
    sizes = FreeSizes()
    steps = declare(sizes, SizeSymbol("time", largest=40), 19)
    g = Builder(free_sizes=sizes)
    x = g.input(TensorType((None, steps, 8)))
    with g.layer("places"):
        table = g.weight("table", (40, 8), initializers.Zeros())
    y = g.emit(Binary("add"), x, g.emit(Slice((0, 0), (steps, 8), (1, 1)), table))
    graph = g.graph("placed", (y,), ("y",))
    variable = Variable("places/table", np.random.default_rng(1).standard_normal((40, 8)).astype(np.float32))
    program = NativeProgram(graph, {"places/table": variable})
    array = np.random.default_rng(0).standard_normal((3, time, 8)).astype(np.float32)
    np.testing.assert_array_equal(program.run([array])[0], array + variable.value[:time])
    variable.assign(variable.value * 2)
    np.testing.assert_array_equal(program.run([array])[0], array + variable.value[:time])


def test_the_sizes_of_the_trace_need_what_their_own_plan_needs() -> None:
    both = Both(PICTURES, h=64, w=48)
    values = both.free.values({"h": 64, "w": 48})
    bound = both.free.made_for({"h": 64, "w": 48}).binder.bound(values)
    fixed = plan_of(bound.graph, both.weights, Constants(both.weights), [], bound.made)
    opened = both.plan.at((64, 48))
    assert opened is not None and opened.memory.arena_bytes <= fixed.memory.arena_bytes


def test_a_plan_serves_the_sizes_within_their_bounds_that_all_inputs_agree_on() -> None:
    text = (
        "modelc: 1\nsizes: {time: {min: 8, max: 64, multiple_of: 4}}\n"
        "inputs: {a: {shape: [time, 3]}, b: {shape: [time, 3]}}\nlayers:\n  - {type: Add, inputs: [a, b]}\n"
    )
    both = Both(text, time=16)
    a, b = np.random.default_rng(0).standard_normal((2, 2, 12, 3)).astype(np.float32)
    opened = both.plan.at((12, 12))
    assert opened is not None and opened.values == {"time": 3}
    np.testing.assert_array_equal(opened.run([a, b])[0], a + b)
    for key in ((12, 16), (4, 4), (68, 68), (14, 14), (13, 12)):
        assert both.plan.at(key) is None, key


class Numbers:
    """A sheet that works out each number at once."""

    def __init__(self, symbols: dict[str, int]) -> None:
        self.symbols = symbols
        self.registers: list[int] = []

    def value(self, expression: Expression) -> int:
        return self._put(expression.value(self.symbols))

    def sum(self, registers: Sequence[int]) -> int:
        return self._put(sum(self.registers[i] for i in registers))

    def highest(self, registers: Sequence[int]) -> int:
        return self._put(max(self.registers[i] for i in registers))

    def name(self, symbols: Mapping[str, int]) -> None:
        self.symbols |= {name: self.registers[i] for name, i in symbols.items()}

    def _put(self, n: int) -> int:
        self.registers.append(n)
        return len(self.registers) - 1


def test_values_that_are_alive_at_once_lie_apart_at_every_size() -> None:
    spec = load_spec(PICTURES)
    graph = optimize(spec.graph)
    assert graph.free_sizes is not None
    memory = FreeMemory(graph, graph.free_sizes)
    nodes = [node for node in graph.nodes if node.output not in graph.constants]
    first = {v: i for i, node in enumerate(nodes) for v in node.outputs}
    last = {v: i for i, node in enumerate(nodes) for v in node.inputs}
    for h, w in [(7, 9), (64, 64), (1000, 3), (3, 1000), (211, 97)]:
        sheet = Numbers({"h": h, "w": w})
        arena = sheet.registers[memory.place(sheet).per_sample]
        symbols = sheet.symbols
        places = {v: (_at(o, symbols), _at(v.type.bytes, symbols)) for v, o in memory.plan.offsets.items()}
        assert all(begin >= 0 and begin + size <= arena for begin, size in places.values())
        for v, (begin, size) in places.items():
            for other, (start, length) in places.items():
                apart = begin + size <= start or start + length <= begin
                # What is written over an operand that nothing reads later has its place.
                alive = first[v] < first[other] < last.get(v, first[v])
                assert apart or v is other or not alive, (v, other)


def _at(size: Any, symbols: dict[str, int]) -> int:
    return size if isinstance(size, int) else size.expression.value(symbols)


def test_a_size_that_is_needed_as_a_number_is_said() -> None:
    free = FreeSizes()
    expression = free.add(SizeSymbol("n"), 5)
    size = as_size(OpenSizes.of(free, {"n": 5}), expression)
    assert likely(size) == 5 and size > 3
    with pytest.raises(SizeNeededError):
        int(size)


def test_plans_for_any_sizes_are_made_only_as_often_as_they_serve() -> None:
    """Each length makes other facts here: beyond the first ones, plans are made for just a size."""
    spec = load_spec("modelc: 1\ninput: {shape: [time, 2]}\nlayers: [{type: Dense, units: 3}]")
    free = FreeGraph(spec.graph, None, optimize)
    fixed: list[BoundGraph] = []
    opened: list[OpenSizes] = []

    def plan(bound: BoundGraph) -> Plan:
        fixed.append(bound)
        return plan_of(bound.graph, [], Constants(()), [], bound.made)

    def open_plan(made: BoundGraph, sizes: OpenSizes) -> FreePlan:
        opened.append(sizes)
        size: Any = made.graph.inputs[0].type.shape[1]
        assert size == likely(size)  # a fact that holds for this size only
        return FreePlan(made, sizes, [], Constants(()), [])

    plans = FreePlans(free, plan, open_plan)
    for time in range(1, 20):
        plans.for_inputs([np.zeros((1, time, 2), np.float32)])
    assert len(opened) == 3 and len(fixed) >= 16
