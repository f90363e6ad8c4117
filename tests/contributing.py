"""What docs/contributing.md adds to modelc, tried in a copy of the package: run as `contributing.py BACKEND`.

Everything is held against formulas in NumPy, and the steps of training against differences of the loss.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from modelc import load_spec

RATE = 0.01
RNG = np.random.default_rng(5)


def model(backend: str, shape: tuple[int, ...], *layers: dict[str, Any]) -> Any:
    """A model of these layers."""
    return load_spec({"modelc": 1, "input": {"shape": list(shape)}, "layers": list(layers)}).build(
        seed=1, backend=backend
    )


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def check_outputs(backend: str) -> None:
    x = RNG.standard_normal((4, 5, 3)).astype(np.float32)
    bent = model(backend, (5, 3), {"type": "Activation", "activation": "bent_identity"})
    np.testing.assert_allclose(bent.predict(x), (np.sqrt(x**2 + 1) - 1) / 2 + x, rtol=1e-5, atol=1e-6)

    excited = model(backend, (5, 3), {"type": "SqueezeExcite", "units": 2})
    squeeze, excite = excited.get_weights()
    gate = sigmoid(np.maximum(x.mean(1) @ squeeze, 0) @ excite)
    np.testing.assert_allclose(excited.predict(x), x * gate[:, None], rtol=1e-5, atol=1e-6)

    smooth = model(backend, (5, 3), {"type": "ExponentialSmoothing", "decay": 0.75})
    average, averages = np.zeros((4, 3)), []
    for step in range(5):
        average = 0.75 * average + 0.25 * x[:, step]
        averages.append(average)
    np.testing.assert_allclose(smooth.predict(x), np.stack(averages, 1), rtol=1e-5, atol=1e-6)


def check_training(backend: str) -> None:
    x, y = RNG.standard_normal((6, 4, 2)).astype(np.float32), RNG.standard_normal((6, 1)).astype(np.float32)
    layers = (
        {"type": "Dense", "units": 3, "activation": "bent_identity"}, {"type": "SqueezeExcite", "units": 2},
        {"type": "ExponentialSmoothing", "decay": 0.6}, {"type": "Flatten"}, {"type": "Dense", "units": 1},
    )  # fmt: skip
    trained = model(backend, (4, 2), *layers)
    weights = trained.get_weights()

    def loss(changed: list[Any]) -> float:
        trained.set_weights(changed)
        return float(np.mean((trained.predict(x).astype(np.float64) - y) ** 2))

    def slope(which: int, at: tuple[int, ...], by: float = 1e-2) -> float:
        moved = [[w.copy() for w in weights] for _ in range(2)]
        moved[0][which][at] += by
        moved[1][which][at] -= by
        return (loss(moved[0]) - loss(moved[1])) / (2 * by)

    slopes = [np.array([slope(i, at) for at in np.ndindex(w.shape)]).reshape(w.shape) for i, w in enumerate(weights)]
    for optimizer, step in (("SGD", lambda d: d), ("SignSGD", np.sign)):
        trained.set_weights(weights)
        trained.compile(optimizer={"type": optimizer, "learning_rate": RATE}, loss="mse")
        trained.train_on_batch(x, y)
        for before, after, d in zip(weights, trained.get_weights(), slopes, strict=True):
            clear = np.abs(d) > 1e-3  # the sign of less is not certain
            np.testing.assert_allclose(((before - after) / RATE)[clear], step(d)[clear], rtol=1e-2, atol=2e-3)


if __name__ == "__main__":
    check_outputs(sys.argv[1])
    check_training(sys.argv[1])
