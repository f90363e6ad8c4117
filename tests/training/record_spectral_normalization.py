"""Record four steps of training with SpectralNormalization in Keras: tests/data/spectral_normalization.npz.

    KERAS_BACKEND=torch python -m tests.training.record_spectral_normalization

On PyTorch or TensorFlow, which agree. On JAX, Keras drops what the layer assigns to its kernel.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

RECORD = Path(__file__).parents[1] / "data" / "spectral_normalization.npz"
STEPS, RATE, MOMENTUM = 4, 0.1, 0.9


def main() -> None:
    import keras

    layers = keras.layers
    normalized = layers.SpectralNormalization
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((6, 6, 2)),
        normalized(layers.Conv2D(3, 3, activation="tanh"), power_iterations=2),
        layers.Flatten(),
        normalized(layers.Dense(4, kernel_regularizer="l2")),
        layers.Dense(2),
    ])  # fmt: skip
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((8, 6, 6, 2), np.float32), rng.standard_normal((8, 2), np.float32)
    arrays = {f"begin_{i}": w for i, w in enumerate(model.get_weights())}
    model.compile(keras.optimizers.SGD(RATE, momentum=MOMENTUM), "mse")
    losses: list[float] = []
    for step in range(STEPS):
        losses.append(float(model.train_on_batch(x, y)))
        arrays |= {f"step{step}_{i}": w for i, w in enumerate(model.get_weights())}
    np.savez_compressed(RECORD, x=x, y=y, losses=np.array(losses), **arrays)


if __name__ == "__main__":
    main()
