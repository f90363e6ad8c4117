"""What a size costs that a model has not seen: 50 different ones in turn, in modelc, Keras on JAX and ONNX Runtime.

    pip install '.[bench,peers]' && python benchmarks/bench_unseen_sizes.py [text|resnet50]… [--sizes 50]

The models have free sizes and the same weights: Embedding, LSTM and Dense on texts of any length, and ResNet50 without
its top on pictures of any size. Each size is given to each of the three once, turn by turn, after outputs were compared
at three others; then a second time to modelc, whose difference is what the size cost beyond the run. Keras compiles
anew for each size; how many it is given is bounded by `--keras`.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from _keras import jitted, keras
from _onnx import onnx_of
from _timing import seconds

import modelc

Array = np.ndarray[Any, Any]
Run = Callable[[Array], Any]
RNG = np.random.default_rng(0)
ZOO = Path(modelc.__file__).parent / "zoo"


def text() -> tuple[Any, modelc.Model, bytes, Callable[[int], Array]]:
    layers = keras.layers
    reference = keras.Sequential(
        [keras.Input((None,), dtype="int32"), layers.Embedding(1000, 32), layers.LSTM(32), layers.Dense(2)]
    )
    spec = modelc.load_spec(
        "modelc: 1\ninput: {shape: [time], dtype: int32}\nlayers:\n"
        "  - {type: Embedding, input_dim: 1000, output_dim: 32}\n  - {type: LSTM, units: 32}\n"
        "  - {type: Dense, units: 2}\n"
    )
    model = spec.build(weights=reference.get_weights())
    return (
        reference,
        model,
        onnx_of(reference).SerializeToString(),
        lambda n: RNG.integers(0, 1000, (1, 4 + n), np.int32),
    )


def resnet50() -> tuple[Any, modelc.Model, bytes, Callable[[int], Array]]:
    reference = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(None, None, 3))
    model = modelc.applications.ResNet50(include_top=False, weights=None, input_shape=(None, None, 3))
    model.set_weights(reference.get_weights())

    def picture(n: int) -> Array:
        return RNG.random((1, 96 + 3 * n, 224 - 2 * n, 3), np.float32)

    return reference, model, onnx_of(reference).SerializeToString(), picture


MODELS = {"text": text, "resnet50": resnet50}


def onnx_run(content: bytes) -> Run:
    options = onnxruntime.SessionOptions()
    # Its threads would spin on after a run, on the cores of the next one's turn.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return lambda x: session.run(None, {"input": x})[0]


def measure(name: str, sizes: int, most_of_keras: int) -> str:
    reference, model, content, sample = MODELS[name]()
    theirs, peer = jitted(reference), onnx_run(content)
    for n in (sizes, sizes + 1, sizes + 2):
        x = sample(n)
        want, got, other = np.asarray(theirs(x)), model(x), peer(x)
        worst = max(np.abs(got - want).max(), np.abs(other - want).max()) / np.abs(want).max()
        if not worst < 1e-4:
            raise SystemExit(f"{name}: the outputs differ by {worst:.1e} of the largest")
    ours: list[float] = []
    again: list[float] = []
    onnx: list[float] = []
    compiled: list[float] = []
    for n in range(sizes):
        x = sample(n)
        turns = [(ours, model), (again, model), (onnx, peer), *([(compiled, theirs)] if n < most_of_keras else [])]
        for times, run in turns:
            times.append(seconds(partial(run, x)))
    cost = [first - second for first, second in zip(ours, again, strict=True)]
    return (
        f"{name:9} {sizes} sizes   modelc {sum(ours):7.3f} s   ONNX Runtime {sum(onnx):7.3f} s "
        f"({sum(onnx) / sum(ours):.2f}x)   Keras on JAX {sum(compiled):7.3f} s for {len(compiled)} "
        f"({sum(compiled) / sum(ours[: len(compiled)]):.1f}x)\n"
        f"{'':9} a new size costs modelc {statistics.median(cost) * 1e3:.2f} ms beyond the run "
        f"(median; largest {max(cost) * 1e3:.2f} ms)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("models", nargs="*", default=list(MODELS), metavar="MODEL", help=", ".join(MODELS))
    parser.add_argument("--sizes", type=int, default=50, help="how many")
    parser.add_argument("--keras", type=int, default=50, help="how many of them Keras is given")
    options = parser.parse_args()
    for name in options.models:
        print(measure(name, options.sizes, options.keras), flush=True)


if __name__ == "__main__":
    main()
