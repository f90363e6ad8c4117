"""What a size costs that a model has not seen: 50 different ones in turn, in modelc, Keras on JAX and ONNX Runtime.

    pip install '.[bench,peers]' && python benchmarks/bench_unseen_sizes.py [text|resnet50]… [--sizes 50] [--rounds 5]

The models have free sizes and the same weights: Embedding, LSTM and Dense on texts of any length, and ResNet50 without
its top on pictures of any size. Each size is given to each of the three once, turn by turn, after outputs were compared
at three others; then a second time to modelc, whose difference is what the size cost beyond the run. In each round
modelc and ONNX Runtime begin anew, and the ratio of their totals is the median over rounds. Keras compiles anew for
each size; it takes part in the first round, with as many as `--keras` says.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

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


class Case(NamedTuple):
    """A model in three forms, and what it is given."""

    name: str
    reference: Any
    model: Callable[[], modelc.Model]
    content: bytes
    """The ONNX file."""
    sample: Callable[[int], Array]
    """The input of the n-th size."""


def text() -> Case:
    layers = keras.layers
    reference = keras.Sequential(
        [keras.Input((None,), dtype="int32"), layers.Embedding(1000, 32), layers.LSTM(32), layers.Dense(2)]
    )
    spec = modelc.load_spec(
        "modelc: 1\ninput: {shape: [time], dtype: int32}\nlayers:\n"
        "  - {type: Embedding, input_dim: 1000, output_dim: 32}\n  - {type: LSTM, units: 32}\n"
        "  - {type: Dense, units: 2}\n"
    )
    weights = reference.get_weights()

    def words(n: int) -> Array:
        return RNG.integers(0, 1000, (1, 4 + n), np.int32)

    return Case("text", reference, lambda: spec.build(weights=weights), onnx_of(reference).SerializeToString(), words)


def resnet50() -> Case:
    reference = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(None, None, 3))

    def model() -> modelc.Model:
        made = modelc.applications.ResNet50(include_top=False, weights=None, input_shape=(None, None, 3))
        made.set_weights(reference.get_weights())
        return made

    def picture(n: int) -> Array:
        return RNG.random((1, 96 + 3 * n, 224 - 2 * n, 3), np.float32)

    return Case("resnet50", reference, model, onnx_of(reference).SerializeToString(), picture)


MODELS = {"text": text, "resnet50": resnet50}


def onnx_run(content: bytes) -> Run:
    options = onnxruntime.SessionOptions()
    # Its threads would spin on after a run, on the cores of the next one's turn.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return lambda x: session.run(None, {"input": x})[0]


class Costs(NamedTuple):
    """Seconds by size."""

    ours: list[float]
    again: list[float]
    """The second call of each size."""
    onnx: list[float]
    keras: list[float]


def measured(case: Case, sizes: int, most_of_keras: int) -> Costs:
    """All sizes in turn, which neither of the programs has seen: both are made anew."""
    ours, peer, theirs = case.model(), onnx_run(case.content), jitted(case.reference)
    for n in (sizes, sizes + 1, sizes + 2):
        x = case.sample(n)
        want, got, other = np.asarray(theirs(x)), ours(x), peer(x)
        worst = max(np.abs(got - want).max(), np.abs(other - want).max()) / np.abs(want).max()
        if not worst < 1e-4:
            raise SystemExit(f"{case.name}: the outputs differ by {worst:.1e} of the largest")
    costs = Costs([], [], [], [])
    for n in range(sizes):
        x = case.sample(n)
        turns = [(costs.ours, ours), (costs.again, ours), (costs.onnx, peer)]
        for times, run in [*turns, *([(costs.keras, theirs)] if n < most_of_keras else [])]:
            times.append(seconds(partial(run, x)))
    return costs


def measure(case: Case, sizes: int, most_of_keras: int, rounds: int) -> str:
    """A total is what it is for: in one of them, a pause of the machine counts as much as many sizes."""
    found = [measured(case, sizes, most_of_keras if i == 0 else 0) for i in range(rounds)]
    ratios = sorted(sum(one.onnx) / sum(one.ours) for one in found)
    ours, onnx = (
        statistics.median(map(sum, column)) for column in zip(*((c.ours, c.onnx) for c in found), strict=True)
    )
    cost = [first - second for one in found for first, second in zip(one.ours, one.again, strict=True)]
    keras = found[0].keras
    return (
        f"{case.name:9} {sizes} sizes, {rounds} rounds   modelc {ours:7.4f} s   ONNX Runtime {onnx:7.4f} s "
        f"({statistics.median(ratios):.2f}x, from {ratios[0]:.2f} to {ratios[-1]:.2f})   "
        f"Keras on JAX {sum(keras):7.3f} s for {len(keras)} ({sum(keras) / sum(found[0].ours[: len(keras)]):.1f}x)\n"
        f"{'':9} a new size costs modelc {statistics.median(cost) * 1e3:.2f} ms beyond the run "
        f"(median; largest {max(cost) * 1e3:.2f} ms)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("models", nargs="*", default=list(MODELS), metavar="MODEL", help=", ".join(MODELS))
    parser.add_argument("--sizes", type=int, default=50, help="how many")
    parser.add_argument("--keras", type=int, default=50, help="how many of them Keras is given")
    parser.add_argument("--rounds", type=int, default=5, help="how often")
    options = parser.parse_args()
    for name in options.models:
        print(measure(MODELS[name](), options.sizes, options.keras, options.rounds), flush=True)


if __name__ == "__main__":
    main()
