"""Record runs of `fit` in Keras: how many steps its epochs have, and weights at its end: tests/data/fit.npz.

KERAS_BACKEND=jax python -m tests.training.record_fit
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

RECORD = Path(__file__).parents[1] / "data" / "fit.npz"
SAMPLES, BATCH = 14, 4
"""Four batches, the last of which is smaller."""
STEPS = [(kind, steps) for kind in ("arrays", "sequence") for steps in (None, 1, 2, 3, 4, 5, 9)]
STEPS += [("generator", 3), ("generator", 4)]
EPOCHS = {"arrays": 5, "sequence": 5, "generator": 2}

_MOVING = {"use_ema": True, "ema_momentum": 0.8}
OPTIMIZERS: dict[str, dict[str, Any]] = {
    name: {**_MOVING, **options}
    for name, options in {
        "SGD": {"momentum": 0.9}, "RMSprop": {}, "Adam": {}, "AdamW": {}, "Adamax": {}, "Nadam": {}, "Adagrad": {},
        "Adadelta": {}, "Ftrl": {}, "Lion": {}, "Lamb": {}, "Adafactor": {}, "Muon": {}, "ScheduleFreeAdamW": {},
    }.items()
}  # fmt: skip
RUNS: dict[str, dict[str, Any]] = {
    **{f"ema {name}": {"type": name, "learning_rate": 0.05, **options} for name, options in OPTIMIZERS.items()},
    "overwrite": {"type": "SGD", "learning_rate": 0.1, **_MOVING, "ema_overwrite_frequency": 3},
    "overwrite at the end": {"type": "Adam", "learning_rate": 0.1, **_MOVING, "ema_overwrite_frequency": 12},
    "accumulated": {"type": "SGD", "learning_rate": 0.1, **_MOVING, "gradient_accumulation_steps": 2},
}


def data() -> tuple[np.ndarray, np.ndarray]:
    """Samples and labels."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((SAMPLES, 3)).astype(np.float32)
    return x, (x @ [[1.0], [-2.0], [0.5]] + 0.3).astype(np.float32)


def batches() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The samples, once."""
    x, y = data()
    for at in range(0, SAMPLES, BATCH):
        yield x[at : at + BATCH], y[at : at + BATCH]


def start() -> list[np.ndarray]:
    """The weights of a Dense of 2 and one of 1."""
    rng = np.random.default_rng(1)
    return [rng.standard_normal(shape).astype(np.float32) * 0.5 for shape in ((3, 2), (2,), (2, 1), (1,))]


def main() -> None:
    import keras

    class Counting(keras.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.counts: list[int] = []

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.counts.append(0)

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.counts[-1] += 1

    class Sequence(keras.utils.PyDataset):
        def __len__(self) -> int:
            return len(list(batches()))

        def __getitem__(self, index: int) -> Any:
            return list(batches())[index]

    def model(optimizer: dict[str, Any]) -> Any:
        made = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, "tanh"), keras.layers.Dense(1)])
        options = dict(optimizer)
        made.compile(getattr(keras.optimizers, options.pop("type"))(**options), "mse")
        made.set_weights(start())
        return made

    arrays: dict[str, Any] = {}
    x, y = data()
    for kind, steps in STEPS:
        made, counting = model({"type": "SGD", "learning_rate": 0.1}), Counting()
        given: Any = {"arrays": {"x": x, "y": y, "batch_size": BATCH}, "sequence": {"x": Sequence()}}.get(kind)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            run = made.fit(
                **(given or {"x": batches()}), shuffle=False, verbose=0, epochs=EPOCHS[kind], steps_per_epoch=steps,
                callbacks=[counting],
            )  # fmt: skip
        name = f"steps {kind} {steps}"
        arrays[f"{name}/counts"] = np.array(counting.counts)
        arrays[f"{name}/warnings"] = np.array(sum("ran out of data" in str(w.message) for w in told))
        arrays[f"{name}/losses"] = np.array(run.history["loss"])
        arrays |= {f"{name}/{i}": array for i, array in enumerate(made.get_weights())}
    for name, optimizer in RUNS.items():
        made = model(optimizer)
        made.fit(x, y, BATCH, epochs=3, shuffle=False, verbose=0)
        arrays |= {f"{name}/{i}": array for i, array in enumerate(made.get_weights())}
    np.savez_compressed(RECORD, **arrays)


if __name__ == "__main__":
    main()
