"""One side of `bench_training`, in a process of its own: it trains a model on one batch, a step for each line it reads.

    python _training_side.py SIDE DIRECTORY LOGITS THREADS LEARNING_RATE CLOCK

DIRECTORY holds `model.modelc` and `model.keras` with the same initial weights, and `batch.npz`. The side answers each
line `step` with the seconds and the loss of a step, and the end of its input with the most memory that it had, in KB.
CLOCK is the function of `time` that tells the seconds.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOMENTUM = 0.9

SIDES = {
    "modelc": (),
    "pytorch": ("torch", "keras", "h5py"),
    "keras-torch": ("torch", "keras", "h5py"),
    "keras-tensorflow": ("tensorflow", "keras", "h5py"),
    "keras-jax": ("jax", "keras", "h5py"),
    "jax.jit": ("jax", "keras", "h5py"),
}
"""Who takes part, and what has to be installed for it. `keras-` is Keras's `train_on_batch` on that backend; `pytorch`
and `jax.jit` are the same model as those frameworks' own users would train it."""

BACKENDS = {"pytorch": "torch", "jax.jit": "jax"}

Step = Callable[[], float]


def modelc_step(directory: Path, logits: bool, threads: int, learning_rate: float) -> Step:
    import numpy as np

    import modelc

    model = modelc.load(directory / "model.modelc")
    model.compile(
        {"type": "SGD", "learning_rate": learning_rate, "momentum": MOMENTUM},
        {"type": "SparseCategoricalCrossentropy", "from_logits": logits},
    )
    with np.load(directory / "batch.npz") as batch:
        x, y = batch["x"], batch["y"]
    return lambda: model.train_on_batch(x, y)


def keras_step(directory: Path, logits: bool, threads: int, learning_rate: float) -> Step:
    import keras
    import numpy as np

    if keras.backend.backend() == "torch":
        import torch

        torch.set_num_threads(threads)
    elif keras.backend.backend() == "tensorflow":
        import tensorflow

        tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    model = keras.models.load_model(directory / "model.keras", compile=False)
    model.compile(
        keras.optimizers.SGD(learning_rate, MOMENTUM), keras.losses.SparseCategoricalCrossentropy(from_logits=logits)
    )
    with np.load(directory / "batch.npz") as batch:
        x, y = batch["x"], batch["y"]
    return lambda: model.train_on_batch(x, y)


def jax_step(directory: Path, logits: bool, threads: int, learning_rate: float) -> Step:
    """The whole step as one function compiled by `jax.jit`, its arrays given away to the next."""
    import jax
    import keras
    import numpy as np

    model = keras.models.load_model(directory / "model.keras", compile=False)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=logits)

    def loss_of(weights: Any, state: Any, x: Any, y: Any) -> Any:
        outputs, state = model.stateless_call(weights, state, x, training=True)
        return loss(y, outputs), state

    @jax.jit
    def update(weights: Any, moves: Any, state: Any, x: Any, y: Any) -> Any:
        (value, state), gradients = jax.value_and_grad(loss_of, has_aux=True)(weights, state, x, y)
        moves = [MOMENTUM * m - learning_rate * d for m, d in zip(moves, gradients, strict=True)]
        return value, [w + m for w, m in zip(weights, moves, strict=True)], moves, state

    update = jax.jit(update, donate_argnums=(0, 1, 2))
    weights = [jax.numpy.array(v.value, copy=True) for v in model.trainable_variables]
    state = [jax.numpy.array(v.value, copy=True) for v in model.non_trainable_variables]
    moves = [jax.numpy.zeros_like(w) for w in weights]
    with np.load(directory / "batch.npz") as batch:
        x, y = batch["x"], batch["y"]

    def step() -> float:
        nonlocal weights, moves, state
        value, weights, moves, state = update(weights, moves, state, x, y)
        return float(value)  # waits for the loss; the other results are ready with it, as it is one computation

    return step


def pytorch_step(directory: Path, logits: bool, threads: int, learning_rate: float) -> Step:
    from _training_torch import step

    return step(directory, logits, threads, learning_rate, MOMENTUM)


def main() -> None:
    side, directory, logits, threads = sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "logits", int(sys.argv[4])
    learning_rate = float(sys.argv[5])
    clock = time.process_time if sys.argv[6] == "process_time" else time.perf_counter
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what frameworks print must not get into the answers
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    os.environ["OMP_NUM_THREADS"] = os.environ["MODELC_NUM_THREADS"] = str(threads)
    os.environ["KERAS_BACKEND"] = BACKENDS.get(side) or side.removeprefix("keras-")
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    makers = {"modelc": modelc_step, "jax.jit": jax_step, "pytorch": pytorch_step}
    step = makers.get(side, keras_step)(directory, logits, threads, learning_rate)
    print("ready", file=answers)
    for _ in sys.stdin:
        start = clock()
        loss = step()
        print(clock() - start, float(loss), file=answers)
    print(_peak(), file=answers)


def _peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
