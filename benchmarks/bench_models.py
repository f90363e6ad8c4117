"""The models of specs/ at batch 1 and 32: modelc against Keras on JAX, jitted, turn by turn, on the same weights.

    pip install '.[bench]' && python benchmarks/bench_models.py [MODEL…] [--batch N]… [--seconds 10]

Outputs are compared first. modelc is timed as a user calls it, from array to array; Keras as one function compiled by
`jax.jit`, its input on the device already. Without Keras and JAX only modelc is timed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from _timing import Pairs, seconds, timed_in_turns

import modelc

SPECS = Path(__file__).parents[1] / "specs"
MODELS = ("mlp_784", "lenet5", "guide_cnn", "mobilenet", "vgg16")
_MOST_PAIRS = 500

Array = np.ndarray[Any, Any]
Run = Callable[[Array], Any]


def models(spec: modelc.Spec, keras: bool) -> tuple[modelc.Model, Run | None]:
    """The model, and the same one of the peer if there is one."""
    if not keras:
        return spec.build(), None
    from _keras import jitted, same_model

    reference, model = same_model(spec)
    return model, jitted(reference)


def compare(model: modelc.Model, peer: Run, x: Array, within: float) -> tuple[Pairs, float]:
    from _keras import jax, require_agreement

    worst = require_agreement(model, peer, x)
    on_device = jax.device_put(x)
    pairs = timed_in_turns(
        lambda: seconds(lambda: peer(on_device)), lambda: seconds(lambda: model(x)), count=_MOST_PAIRS, within=within
    )
    return pairs, worst


def alone(model: modelc.Model, x: Array, within: float) -> Pairs:
    def run() -> float:
        return seconds(lambda: model(x))

    return timed_in_turns(run, run, count=_MOST_PAIRS, within=within)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("models", nargs="*", default=MODELS, metavar="MODEL", help=", ".join(MODELS))
    parser.add_argument("--batch", type=int, action="append", help="1 and 32 unless said")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each model and batch size")
    options = parser.parse_args()
    keras = find_spec("keras") is not None and find_spec("jax") is not None
    if not keras:
        print("keras and jax are not installed: modelc alone")

    for name in options.models:
        spec = modelc.load_spec(SPECS / f"{name}.yaml")
        model, peer = models(spec, keras)
        for batch in options.batch or (1, 32):
            x = np.random.default_rng(0).random((batch, *model.input_shape[1:]), np.float32)
            if peer is None:
                print(f"{name:10} batch {batch:3}   modelc {alone(model, x, options.seconds).ours * 1e3:9.3f} ms")
                continue
            pairs, worst = compare(model, peer, x, options.seconds)
            theirs, ours = pairs.theirs * 1e3, pairs.ours * 1e3
            print(
                f"{name:10} batch {batch:3}   keras jax.jit {theirs:9.3f} ms   modelc {ours:9.3f} ms   "
                f"{pairs.ratio:5.2f}x faster (median of {pairs.count} pairs; outputs within {worst:.0e})",
                flush=True,
            )


if __name__ == "__main__":
    main()
