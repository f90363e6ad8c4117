"""Random stacks of layers, compiled, against the NumPy definitions of their ops."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from modelc.errors import SpecError
from modelc.graph.interpret import interpret
from modelc.model.build import make_variables
from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from modelc.native.engine.program import NativeProgram
from modelc.weights.variable import Variable
from tests.slowness import examples

ACTIVATIONS = st.sampled_from(
    [
        "linear",
        "relu",
        "relu6",
        "elu",
        "tanh",
        "sigmoid",
        "silu",
        "gelu",
        "softplus",
        "leaky_relu",
        "hard_sigmoid",
        "mish",
    ]
)
PADDING = st.sampled_from(["valid", "same"])
FORMAT = st.sampled_from([None, "channels_last", "channels_first"])


def entry(type: str, **options: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(type), **options})


def small(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


ANY_RANK = st.one_of(
    entry("Dense", units=small(1, 40), activation=ACTIVATIONS, use_bias=st.booleans()),
    entry("Activation", activation=ACTIVATIONS),
    entry("Activation", activation=st.sampled_from(["softmax", "log_softmax"])),
    entry("LayerNormalization"),
    entry("RMSNormalization"),
    entry("UnitNormalization"),
    entry("BatchNormalization", scale=st.booleans(), center=st.booleans()),
    entry("PReLU"),
    entry("Dropout", rate=st.just(0.5)),
    entry("Rescaling", scale=st.just(0.5), offset=st.just(-0.25)),
    entry("Identity"),
)


RECURRENT = st.one_of(
    *(
        entry(type, units=small(1, 20), return_sequences=st.just(True), go_backwards=st.booleans(), **options)
        for type, options in (
            ("SimpleRNN", {}),
            ("LSTM", {"recurrent_activation": st.sampled_from(["sigmoid", "hard_sigmoid"])}),
            ("GRU", {"reset_after": st.booleans()}),
        )
    ),
)
SEQUENCES = st.one_of(
    RECURRENT,
    entry("Bidirectional", layer=RECURRENT.map(lambda layer: {**layer, "go_backwards": False})),
    entry("Masking"),
    entry("TimeDistributed", layer=entry("Dense", units=small(1, 20))),
)


def spatial(rank: int) -> st.SearchStrategy[dict[str, Any]]:
    sizes = st.one_of(small(1, 3), st.lists(small(1, 3), min_size=rank, max_size=rank))
    options = {"padding": PADDING, "data_format": FORMAT}
    active = {**options, "activation": ACTIVATIONS}
    layers = [
        entry(f"Conv{rank}D", filters=small(1, 36), kernel_size=sizes, strides=small(1, 2), **active),
        entry(f"Conv{rank}D", filters=small(1, 20), kernel_size=sizes, dilation_rate=small(1, 2), **options),
        entry(f"Conv{rank}DTranspose", filters=small(1, 20), kernel_size=sizes, strides=small(1, 3), **active),
        entry(f"MaxPooling{rank}D", pool_size=sizes, **options),
        entry(f"AveragePooling{rank}D", pool_size=sizes, strides=small(1, 3), **options),
        entry(f"ZeroPadding{rank}D", padding=small(0, 2)),
        entry(f"Cropping{rank}D", cropping=small(0, 1)),
        entry(f"UpSampling{rank}D", size=small(1, 2)),
    ]  # fmt: skip
    if rank < 3:
        layers += [
            entry(f"DepthwiseConv{rank}D", kernel_size=sizes, depth_multiplier=small(1, 3), **active),
            entry(f"SeparableConv{rank}D", filters=small(1, 20), kernel_size=sizes, **options),
        ]  # fmt: skip
    return st.one_of(*layers)


@st.composite
def stacks(draw: st.DrawFn) -> dict[str, Any]:
    rank = draw(st.integers(0, 3))
    shape = [draw(small(1, {0: 40, 1: 30, 2: 14, 3: 7}[rank])) for _ in range(rank)] + [draw(small(1, 20))]
    layer = ANY_RANK if rank == 0 else st.one_of(ANY_RANK, spatial(rank))
    if rank == 1:
        layer = st.one_of(layer, SEQUENCES)
    layers = draw(st.lists(layer, min_size=1, max_size=6))
    if rank and draw(st.booleans()):
        layers.append(
            {"type": draw(st.sampled_from([f"GlobalAveragePooling{rank}D", f"GlobalMaxPooling{rank}D", "Flatten"]))}
        )
    layers = [{k: v for k, v in one.items() if v is not None} for one in layers]
    spec: dict[str, Any] = {"modelc": 1, "input": {"shape": shape}, "layers": layers}
    if draw(st.booleans()):
        spec["extract"] = "*"
    return spec


def program(spec: Spec, backend: type[Any]) -> tuple[Any, dict[str, Variable]]:
    rng = np.random.default_rng(7)
    variables = make_variables(spec.graph, seed=3)
    for path, variable in variables.items():
        values = rng.standard_normal(variable.shape) * 0.5
        variable.assign(np.abs(values) + 0.1 if path.endswith("variance") else values)
    return backend(spec.graph, variables), variables


@settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(stack=stacks(), batch=st.integers(1, 4))
def test_compiled_agrees_with_the_definitions(stack: dict[str, Any], batch: int) -> None:
    try:
        spec = load_spec(stack)
        graph = spec.graph
    except SpecError:
        assume(False)  # a window that does not fit, and the like: other tests
        raise
    compiled, variables = program(spec, NativeProgram)
    x = np.random.default_rng(batch).standard_normal((batch, *graph.inputs[0].type.dims)).astype(np.float32)
    # The oracle computes in float64: what is compared is the error of the kernels, not of two float32 orders.
    values = {path: variable.value.astype(np.float64) for path, variable in variables.items()}
    wanted = interpret(graph, [x.astype(np.float64)], values)
    for want, got in zip(wanted, compiled.run([x]), strict=True):
        assert got.shape == want.shape and got.dtype == np.float32
        np.testing.assert_allclose(got, want, rtol=2e-4, atol=2e-4 * max(1.0, float(np.abs(want).max(initial=0.0))))


@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(stack=stacks())
def test_batches_do_not_depend_on_each_other(stack: dict[str, Any]) -> None:
    try:
        spec = load_spec(stack)
        graph = spec.graph
    except SpecError:
        assume(False)
        raise
    compiled, _ = program(spec, NativeProgram)
    x = np.random.default_rng(0).standard_normal((5, *graph.inputs[0].type.dims)).astype(np.float32)
    whole = compiled.run([x])
    for size in (1, 3):
        for got, want in zip(compiled.run([np.ascontiguousarray(x[:size])]), whole, strict=True):
            # A row's place in its tile decides the order of its sums, so bits may differ.
            scale = max(1.0, float(np.abs(want).max(initial=0.0)))
            np.testing.assert_allclose(got, want[:size], rtol=1e-4, atol=1e-5 * scale)
