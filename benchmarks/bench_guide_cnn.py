"""The guide's 250×250 CNN: modelc against Keras on JAX, in one process, turn by turn, on the same weights.

    pip install '.[bench]' && python benchmarks/bench_guide_cnn.py [--repeat 200] [--batch 1]

Prints the agreement of the outputs first, then the median of each and of the ratio pair by pair. Keras is timed
three ways: `model(x)`, `model.predict`, and its function jitted by `jax.jit`, which is the fastest way to run it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from _keras import jax, jitted, require_agreement, same_model
from _timing import seconds, timed_in_turns

import modelc

SPEC = Path(__file__).parents[1] / "specs" / "guide_cnn.yaml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--repeat", type=int, default=200)
    parser.add_argument("--batch", type=int, default=1)
    options = parser.parse_args()

    reference, model = same_model(modelc.load_spec(SPEC))
    x = np.random.default_rng(0).random((options.batch, 250, 250, 3), np.float32)
    device_x, run = jax.device_put(x), jitted(reference)
    worst = require_agreement(model, reference, x)
    print(f"the outputs agree within {worst:.1e} of the largest one")

    peers: dict[str, Callable[[], Any]] = {
        "keras model(x)": lambda: np.asarray(reference(x)),
        "keras predict": lambda: reference.predict(x, verbose=0),
        "keras jax.jit": lambda: run(device_x),
    }
    for name, peer in peers.items():
        pairs = timed_in_turns(
            lambda peer=peer: seconds(peer), lambda: seconds(lambda: model(x)), count=options.repeat, warm_up=5
        )
        print(
            f"{name:16} {pairs.theirs * 1e3:8.2f} ms   modelc {pairs.ours * 1e3:8.2f} ms   "
            f"{pairs.ratio:6.2f}x faster (median of {pairs.count} pairs)"
        )


if __name__ == "__main__":
    main()
