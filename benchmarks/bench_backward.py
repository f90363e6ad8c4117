"""Layers in training, forward and backward: modelc against the same layer of Keras under `jax.jit`, turn by turn.

    pip install '.[bench]' && python benchmarks/bench_backward.py [LAYER…] [--seconds 4] [--threads 2]

Of each layer, the outputs in training mode, and with them the gradients of Σ outputs·seeds by the inputs and the
weights. Both have the same weights and inputs, and the gradients are compared before anything is timed. `back/fwd` is
how many times longer modelc takes with the gradients than without.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np
from _keras import keras, keras_model
from _timing import seconds, timed_in_turns

import modelc
from modelc.graph.graph import Graph, Value
from modelc.language.view import trace
from modelc.native.engine.program import NativeProgram
from modelc.passes.differentiate import differentiate, with_seeds

Array = np.ndarray[Any, Any]
TOLERANCE = 2e-3


@dataclass(frozen=True)
class Case:
    """Layers on samples of a shape."""

    shape: tuple[int, ...]
    layers: tuple[dict[str, Any], ...]
    batch: int = 32
    integers: int = 0
    """The input holds integers below this one, where it is not 0."""

    def document(self) -> dict[str, Any]:
        own = {"shape": list(self.shape)} | ({"dtype": "int32"} if self.integers else {})
        return {"modelc": 1, "input": own, "layers": list(self.layers)}


def one(shape: tuple[int, ...], type: str, batch: int = 32, integers: int = 0, **options: Any) -> Case:
    return Case(shape, ({"type": type, **options},), batch, integers)


CASES = {
    "dense": one((512,), "Dense", 256, units=512),
    "conv": one((28, 28, 64), "Conv2D", filters=64, kernel_size=3, padding="same"),
    "depthwise": one((56, 56, 64), "DepthwiseConv2D", kernel_size=3, padding="same"),
    "separable": one((28, 28, 64), "SeparableConv2D", filters=64, kernel_size=3, padding="same"),
    "transpose": one((14, 14, 64), "Conv2DTranspose", filters=32, kernel_size=3, strides=2, padding="same"),
    "max_pool": one((56, 56, 64), "MaxPooling2D", pool_size=2),
    "average_pool": one((56, 56, 64), "AveragePooling2D", pool_size=2),
    "global_pool": one((28, 28, 256), "GlobalAveragePooling2D"),
    "batch_norm": one((28, 28, 128), "BatchNormalization"),
    "layer_norm": one((128, 256), "LayerNormalization"),
    "group_norm": one((28, 28, 128), "GroupNormalization", groups=8),
    "relu": one((56, 56, 64), "Activation", activation="relu"),
    "gelu": one((56, 56, 64), "Activation", activation="gelu"),
    "softmax": one((256, 256), "Activation", activation="softmax"),
    "embedding": one((128,), "Embedding", integers=10_000, input_dim=10_000, output_dim=128),
    "simple_rnn": one((64, 64), "SimpleRNN", units=128, return_sequences=True),
    "gru": one((64, 64), "GRU", units=128, return_sequences=True),
    "lstm": one((64, 64), "LSTM", units=128, return_sequences=True),
    "bidirectional": one(
        (64, 64), "Bidirectional", layer={"type": "LSTM", "units": 64, "return_sequences": True}
    ),
    "conv_lstm": one((8, 16, 16, 16), "ConvLSTM2D", 8, filters=16, kernel_size=3, padding="same"),
}  # fmt: skip
ATTENTION = {"num_heads": 8, "key_dim": 32}


def attention(spec: bool) -> Any:
    """Self-attention over 128 steps of 256 features."""
    if spec:
        entry = {"type": "MultiHeadAttention", "inputs": ["x", "x"], **ATTENTION}
        return {"modelc": 1, "inputs": {"x": {"shape": [128, 256]}}, "layers": [entry]}
    x = keras.Input((128, 256))
    return keras.Model(x, keras.layers.MultiHeadAttention(**ATTENTION)(x, x))


def programs(spec: modelc.Spec, arrays: list[Array]) -> tuple[Any, Any]:
    """The outputs in training mode, and the gradients as well, of modelc; the weights are inputs of both."""
    traced = trace(spec, training=True, counting=False, seed=0)
    g = traced.builder
    graph = g.graph("layer", traced.outputs, ("",) * len(traced.outputs))
    weights = [weight.value for weight in graph.weights if weight.trainable]
    float_inputs = [value for value in graph.inputs if value.type.dtype == "float32"]
    lifted = _lifted(graph)
    grown, seeds = with_seeds(lifted)
    backward = differentiate(grown, [*float_inputs, *weights], seeds)
    return NativeProgram(_without_updates(lifted), {}), NativeProgram(_without_updates(backward), {})


def _lifted(graph: Graph) -> Graph:
    values: tuple[Value, ...] = tuple(weight.value for weight in graph.weights)
    return replace(
        graph, weights=(), inputs=graph.inputs + values,
        input_dtypes=graph.input_dtypes + ("float32",) * len(values),
        input_names=graph.input_names + tuple(weight.path for weight in graph.weights),
    )  # fmt: skip


def _without_updates(graph: Graph) -> Graph:
    return replace(graph, updates={})


def peers(reference: Any, integers: bool) -> tuple[Callable[..., Any], Callable[..., Any], list[Any], list[Any]]:
    """The same of Keras on JAX."""
    trained = [jax.numpy.array(v.value, copy=True) for v in reference.trainable_variables]
    rest = [jax.numpy.array(v.value, copy=True) for v in reference.non_trainable_variables]

    def forward(trained: Any, rest: Any, x: Any) -> Any:
        return reference.stateless_call(trained, rest, x, training=True)[0]

    def objective(trained: Any, x: Any, rest: Any, seed: Any) -> Any:
        y = forward(trained, rest, x)
        return jax.numpy.sum(y * seed), y

    wrt = (0,) if integers else (0, 1)
    return jax.jit(forward), jax.jit(jax.value_and_grad(objective, wrt, has_aux=True)), trained, rest


def run_case(name: str, within: float) -> tuple[float, float]:
    """Print a line; the ratios to Keras on JAX forward, and with gradients."""
    rng = np.random.default_rng(0)
    if name == "attention":
        spec, reference, integers, batch = modelc.load_spec(attention(True)), attention(False), 0, 32
    else:
        case = CASES[name]
        spec, integers, batch = modelc.load_spec(case.document()), case.integers, case.batch
        reference = keras_model_of(case, spec)
    shape = (batch, *reference.input_shape[1:])
    x = rng.integers(0, integers, shape).astype(np.int32) if integers else rng.standard_normal(shape, np.float32)
    model = spec.build(weights=reference.get_weights())
    arrays = [x, *(np.ascontiguousarray(a, np.float32) for a in model.arrays.values())]
    forward, backward = programs(spec, arrays)
    theirs_forward, theirs_backward, trained, rest = peers(reference, bool(integers))
    y = np.asarray(theirs_forward(trained, rest, x))
    seed = rng.standard_normal(y.shape, np.float32)

    def ours() -> Any:
        return backward.run([*arrays, seed])

    def theirs() -> Any:
        return jax.block_until_ready(theirs_backward(trained, x, rest, seed))

    (_, y_again), gradients = theirs()
    expected = list(map(np.asarray, [y_again, *([] if integers else [gradients[1]]), *gradients[0]]))
    # What is 0 but for rounding, as the gradient of a bias of keys is, is held against the others.
    least = 1e-3 * max(float(np.abs(b).max()) for b in expected)
    for a, b in zip(ours(), expected, strict=True):
        worst = float(np.abs(a - b).max()) / max(least, float(np.abs(b).max()))
        assert worst < TOLERANCE, f"{name}: a gradient differs by {worst:.1e} of its largest element"
    options = {"count": 300, "warm_up": 3, "within": within}
    first = timed_in_turns(
        lambda: seconds(lambda: jax.block_until_ready(theirs_forward(trained, rest, x))),
        lambda: seconds(lambda: forward.run(arrays)), **options,
    )  # fmt: skip
    both = timed_in_turns(lambda: seconds(theirs), lambda: seconds(ours), **options)
    print(
        f"{name:14} forward {first.ours * 1e3:8.3f} ms {first.ratio:6.2f}x   with gradients {both.ours * 1e3:8.3f} ms "
        f"{both.ratio:6.2f}x   back/fwd {both.ours / first.ours:5.2f}, theirs {both.theirs / first.theirs:5.2f}",
        flush=True,
    )
    return first.ratio, both.ratio


def keras_model_of(case: Case, spec: modelc.Spec) -> Any:
    """The layers in Keras."""
    if not case.integers and "layer" not in case.layers[0]:
        return keras_model(spec)
    entry = dict(json.loads(json.dumps(case.layers[0])))
    made = getattr(keras.layers, entry.pop("type"))
    if "layer" in entry:
        inner = entry.pop("layer")
        entry["layer"] = getattr(keras.layers, inner.pop("type"))(**inner)
    return keras.Sequential([keras.Input(case.shape, dtype="int32" if case.integers else None), made(**entry)])


def main() -> None:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    names = [*CASES, "attention"]
    parser.add_argument("layers", nargs="*", default=names, metavar="LAYER", help=", ".join(names))
    parser.add_argument("--seconds", type=float, default=4.0, help="for each comparison; three turns at least")
    options = parser.parse_args()
    ratios = [run_case(name, options.seconds) for name in options.layers]
    product = np.exp(np.mean(np.log(ratios), axis=0))
    print(f"in the geometric mean, forward {product[0]:.2f}x, with gradients {product[1]:.2f}x")


if __name__ == "__main__":
    main()
