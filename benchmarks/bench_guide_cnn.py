"""The guide's 250×250 CNN, batch 1: modelc against Keras on JAX, in one process, turn by turn, on the same weights.

    pip install '.[bench]' && python benchmarks/bench_guide_cnn.py [--repeat 200]

Prints the agreement of the outputs first, then the median of each and of the ratio pair by pair. Keras is timed
three ways: `model(x)`, `model.predict`, and its function jitted by `jax.jit`, which is the fastest way to run it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"

import jax
import keras
import numpy as np

import modelc

SPEC = Path(__file__).parents[1] / "specs" / "guide_cnn.yaml"


def keras_model() -> Any:
    layers = keras.layers
    return keras.Sequential([
        keras.Input((250, 250, 3)),
        layers.Conv2D(32, 5, strides=2, activation="relu"),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(3),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(3),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.GlobalMaxPooling2D(),
        layers.Dense(10),
    ])  # fmt: skip


def seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--repeat", type=int, default=200)
    parser.add_argument("--batch", type=int, default=1)
    options = parser.parse_args()

    reference = keras_model()
    model = modelc.load_spec(SPEC).build(seed=0)
    model.set_weights(reference.get_weights())
    x = np.random.default_rng(0).random((options.batch, 250, 250, 3), np.float32)
    device_x = jax.device_put(x)
    state = (reference.trainable_variables, reference.non_trainable_variables)
    weights = [[jax.numpy.array(v.value, copy=True) for v in group] for group in state]  # predict gives its own away
    jitted = jax.jit(lambda x: reference.stateless_call(*weights, x)[0])

    want = np.asarray(reference(x))
    got = model(x)
    worst = float(np.abs(got - want).max() / max(1.0, np.abs(want).max()))
    print(f"largest difference of the outputs: {worst:.1e} of the largest output")
    assert worst < 1e-4, "the outputs differ: nothing to compare"

    peers: dict[str, Callable[[], Any]] = {
        "keras model(x)": lambda: np.asarray(reference(x)),
        "keras predict": lambda: reference.predict(x, verbose=0),
        "keras jax.jit": lambda: jitted(device_x).block_until_ready(),
    }
    for name, peer in peers.items():
        for _ in range(5):
            peer(), model(x)
        pairs = [(seconds(peer), seconds(lambda: model(x))) for _ in range(options.repeat)]
        theirs, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"{name:16} {theirs * 1e3:8.2f} ms   modelc {ours * 1e3:8.2f} ms   {ratio:6.2f}x faster (median of pairs)")


if __name__ == "__main__":
    main()
