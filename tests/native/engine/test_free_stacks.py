"""Random stacks and models of sizes that stay free, compiled once: at each size the definitions for just this one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from modelc.errors import InputError, SpecError
from modelc.graph.interpret import interpret
from modelc.language.view import trace_spec
from modelc.model.build import make_variables
from modelc.model.loading import load_spec
from modelc.native.engine.program import NativeProgram
from tests.native.engine.test_random_stacks import ANY_RANK, SEQUENCES, entry, small, spatial
from tests.slowness import examples

Array = np.ndarray[Any, Any]
Spec = dict[str, Any]

SIZES = 5
"""How many sizes each model is called with."""

_POSITIONS = ("PReLU",)
"""Layers with weights for each position."""


def _more(rank: int) -> st.SearchStrategy[dict[str, Any]]:
    """Layers that depend on the sizes themselves: ends, targets, steps, places."""
    layers = [
        entry(f"AdaptiveAveragePooling{rank}D", output_size=small(1, 4)),
        entry(f"AdaptiveMaxPooling{rank}D", output_size=small(1, 4)),
        entry("Operation", operation=st.sampled_from(["flip"]), arguments=st.just({"axis": 1})),
        entry("Operation", operation=st.just("roll"), arguments=st.fixed_dictionaries(
            {"axis": st.just(1), "shift": small(-3, 3)})),
        entry("Operation", operation=st.just("get_item"), arguments=st.fixed_dictionaries(
            {"key": st.sampled_from([[":", "1:"], [":", "::2"], [":", "::-1"], [":", ":-1"], [":", "-2:"]])})),
        entry("Operation", operation=st.sampled_from(["cumsum", "sort"]), arguments=st.just({"axis": 1})),
        entry("GroupNormalization", groups=st.just(1)),
        entry("Softmax", axis=st.just(1)),
    ]  # fmt: skip
    if rank == 1:
        layers += [
            entry("Conv1D", filters=small(1, 9), kernel_size=small(1, 3), padding=st.just("causal"),
                  dilation_rate=small(1, 3)),
            entry("Reshape", target_shape=st.sampled_from([[-1, 1], [1, -1, 1]])),
        ]  # fmt: skip
    if rank == 2:
        layers += [
            entry("Resizing", height=small(1, 9), width=small(1, 9),
                  interpolation=st.sampled_from(["bilinear", "nearest", "bicubic"])),
            entry("ZeroPadding2D", correct_pad=st.sampled_from([3, 5])),
        ]  # fmt: skip
    if rank > 1:
        layers += [entry("Permute", dims=st.just([rank, *range(1, rank), rank + 1]))]
    return st.one_of(*layers)


@st.composite
def stacks(draw: st.DrawFn) -> Spec:
    rank = draw(st.integers(1, 3))
    layer = st.one_of(ANY_RANK, spatial(rank), _more(rank))
    if rank == 1:
        layer = st.one_of(layer, SEQUENCES)
    drawn = draw(st.lists(layer, min_size=1, max_size=5))
    layers = [{k: v for k, v in one.items() if v is not None} for one in drawn if one["type"] not in _POSITIONS]
    assume(layers)
    if draw(st.booleans()):
        layers.append({"type": draw(st.sampled_from([f"GlobalAveragePooling{rank}D", f"GlobalMaxPooling{rank}D"]))})
    return {"modelc": 1, "input": {"shape": [None] * rank + [draw(small(1, 12))]}, "layers": layers}


def fixed_to(spec: Spec, sizes: dict[str, int]) -> Spec:
    """The spec with these sizes in place of names; sizes without a name are those of their axes, `n1`, `n2`, …"""

    def known(shape: list[Any]) -> list[Any]:
        return [sizes[d] if isinstance(d, str) else sizes[f"n{i + 1}"] if d is None else d for i, d in enumerate(shape)]

    if "input" in spec:
        return {**spec, "input": {**spec["input"], "shape": known(spec["input"]["shape"])}}
    return {**spec, "inputs": {n: {**one, "shape": known(one["shape"])} for n, one in spec["inputs"].items()}}


def compare(spec: Spec, sizes: list[dict[str, int]], seed: int = 0) -> int:
    """Run a model compiled for free sizes at each of these against the interpreted one for just them.

    Returns how many sizes it took. Refused are those that the fixed model refuses.
    """
    free = load_spec(spec)
    variables = make_variables(free.graph, seed=3)
    rng = np.random.default_rng(7)
    for path, variable in variables.items():
        values = rng.standard_normal(variable.shape) * 0.5
        variable.assign(np.abs(values) + 0.1 if path.endswith("variance") else values)
    program = NativeProgram(free.graph, variables, retrace=lambda wanted: trace_spec(free, sizes=wanted))
    taken = 0
    for known in sizes:
        try:
            graph = load_spec(fixed_to(spec, known)).graph
        except SpecError:
            assert _refused(program, free.graph.inputs, spec, known), known
            continue
        inputs = [_drawn(value.type, seed) for value in graph.inputs]
        wide = [x.astype(np.float64) if x.dtype == np.float32 else x for x in inputs]
        wanted = interpret(graph, wide, {p: v.value.astype(np.float64) for p, v in variables.items()})
        for want, got in zip(wanted, program.run(inputs), strict=True):
            assert got.shape == want.shape, known
            scale = max(1.0, float(np.abs(want).max(initial=0.0)))
            np.testing.assert_allclose(got, want, rtol=3e-4, atol=3e-4 * scale, err_msg=str(known))
        taken += 1
    return taken


def _drawn(type: Any, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    shape = (2, *type.dims)
    if type.dtype == "int32":
        return rng.integers(0, 9, shape, dtype=np.int32)
    return rng.standard_normal(shape).astype(np.float32)


def _refused(program: NativeProgram, inputs: Any, spec: Spec, known: dict[str, int]) -> bool:
    given = [spec["input"]] if "input" in spec else list(spec["inputs"].values())
    shapes = [fixed_to({"input": one}, known)["input"]["shape"] for one in given]
    kinds = [value.type.dtype for value in inputs]
    try:
        program.run([np.zeros((2, *shape), kind) for shape, kind in zip(shapes, kinds, strict=True)])
    except InputError:
        return True
    return False


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(stack=stacks(), drawn=st.lists(st.tuples(*[small(1, 13)] * 3), min_size=SIZES, max_size=SIZES))
def test_stacks(stack: Spec, drawn: list[tuple[int, int, int]]) -> None:
    try:
        load_spec(stack).graph  # noqa: B018
    except SpecError:
        assume(False)  # what no size fits, and the like: other tests
    compare(stack, [{f"n{i + 1}": n for i, n in enumerate(sizes)} for sizes in drawn])


TEXT = {"words": {"shape": ["time"], "dtype": "int32"}}
EMBEDDED = {"type": "Embedding", "input_dim": 9, "output_dim": 6, "mask_zero": True, "inputs": "words"}

MODELS: dict[str, Spec] = {
    "masked lstm": {"inputs": TEXT, "layers": [
        EMBEDDED, {"type": "LSTM", "units": 5, "return_sequences": True}, {"type": "GRU", "units": 4}]},
    "bidirectional": {"inputs": TEXT, "layers": [
        EMBEDDED, {"type": "Bidirectional", "layer": {"type": "LSTM", "units": 5, "return_sequences": True}},
        {"type": "Bidirectional", "layer": {"type": "GRU", "units": 3}, "merge_mode": "sum"}]},
    "seq2seq": {"inputs": {**TEXT, "said": {"shape": ["spoken", 4]}}, "layers": [
        EMBEDDED, {"type": "LSTM", "units": 5, "return_sequences": True, "return_state": True, "name": "encoder"},
        {"type": "LSTM", "units": 5, "return_sequences": True, "name": "decoder",
         "inputs": {"inputs": "said", "initial_state": ["encoder[1]", "encoder[2]"]}},
        {"type": "Attention", "inputs": ["decoder", "encoder[0]"], "name": "read"},
        {"type": "Concatenate", "inputs": ["decoder", "read"]}, {"type": "Dense", "units": 3}]},
    "transformer": {"inputs": TEXT, "layers": [
        EMBEDDED, {"type": "MultiHeadAttention", "num_heads": 2, "key_dim": 3, "inputs": ["embedding", "embedding"],
                   "use_causal_mask": True},
        {"type": "Add", "inputs": ["embedding", "multi_head_attention"]}, {"type": "LayerNormalization"},
        {"type": "GlobalAveragePooling1D"}, {"type": "Dense", "units": 3}]},
    "attention": {"inputs": {"a": {"shape": ["time", 6]}, "b": {"shape": ["spoken", 6]}}, "layers": [
        {"type": "AdditiveAttention", "inputs": ["a", "b"], "name": "one"},
        {"type": "GroupQueryAttention", "head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2,
         "inputs": ["one", "b"], "name": "two"},
        {"type": "Dot", "axes": [2, 2], "inputs": ["two", "b"]}]},
    "every step": {"inputs": {"x": {"shape": ["time", "h", "w", 2]}}, "layers": [
        {"type": "TimeDistributed", "layer": {"type": "Conv2D", "filters": 3, "kernel_size": 3, "padding": "same"}},
        {"type": "ConvLSTM2D", "filters": 2, "kernel_size": 2, "padding": "same", "return_sequences": True},
        {"type": "TimeDistributed", "layer": {"type": "GlobalMaxPooling2D"}}, {"type": "SimpleRNN", "units": 3}]},
    "merged": {"inputs": {"x": {"shape": ["h", "w", 3]}}, "layers": [
        {"type": "Conv2D", "filters": 4, "kernel_size": 3, "strides": 2, "padding": "same", "name": "down"},
        {"type": "Conv2DTranspose", "filters": 4, "kernel_size": 2, "strides": 2, "name": "up"},
        {"type": "Resizing", "height": 6, "width": 5, "inputs": "up", "name": "one"},
        {"type": "Resizing", "height": 6, "width": 5, "inputs": "x", "name": "two"},
        {"type": "Concatenate", "inputs": ["one", "two"]}, {"type": "Flatten"}, {"type": "Dense", "units": 3}]},
    "cropped": {"inputs": {"x": {"shape": ["h", "w", 2]}}, "layers": [
        {"type": "CenterCrop", "height": 4, "width": 6}, {"type": "Flatten"}, {"type": "Dense", "units": 3}]},
    "sets of sizes": {"inputs": {"x": {"shape": ["h", "w", 4]}}, "layers": [
        {"type": "Reshape", "target_shape": [-1, 2]}, {"type": "Softmax", "axis": 1},
        {"type": "Operation", "operation": "top_k", "arguments": {"k": 1}}]},
}  # fmt: skip


@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.slow] * (n == "every step")) for n in MODELS])
def test_models(name: str) -> None:
    sizes = [(5, 4, 4, 6), (1, 1, 1, 1), (7, 2, 6, 5), (2, 9, 5, 8), (12, 12, 2, 3)]
    known = [dict(zip(("time", "spoken", "h", "w"), one, strict=True)) for one in sizes]
    assert compare({"modelc": 1, **MODELS[name]}, known) == len(sizes)
