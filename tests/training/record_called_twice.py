"""Record training of models that call a layer with state twice in a step: tests/data/called_twice.npz.

    KERAS_BACKEND=tensorflow python -m tests.training.record_called_twice

On TensorFlow, where an assignment writes to a variable. On JAX, gradients also pass through what was assigned.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

RECORD = Path(__file__).parents[1] / "data" / "called_twice.npz"
STEPS, RATE, MOMENTUM, BATCH = 4, 0.1, 0.9, 6


def siamese(layers: Any, make: Callable[[], Any], shape: tuple[int, ...]) -> Any:
    """Both inputs through the same layers, the first of which is made by `make`."""
    import keras

    a, b = (keras.Input(shape, batch_size=BATCH, name=name) for name in "ab")
    shared = [layers.Dense(4, activation="tanh", name="before"), *make()]

    def branch(x: Any) -> Any:
        for layer in shared:
            x = layer(x)
        return x

    joined = layers.Concatenate(name="joined")([branch(a), branch(b)])
    if len(joined.shape) > 2:
        joined = layers.Flatten(name="flat")(joined)
    return keras.Model([a, b], layers.Dense(1, name="head")(joined))


def models() -> dict[str, Any]:
    import keras

    layers = keras.layers

    def inner() -> list[Any]:
        x = keras.Input((4,), name="inside")
        y = layers.BatchNormalization(momentum=0.7, name="norm")(layers.Dense(3, name="below")(x))
        return [keras.Model(x, y, name="backbone")]

    def renorm() -> list[Any]:
        clip = {"rmax": 1.5, "rmin": 0.6, "dmax": 0.5}
        return [layers.BatchNormalization(renorm=True, renorm_clipping=clip, momentum=0.6, renorm_momentum=0.8)]

    return {
        "normalization": siamese(layers, lambda: [layers.BatchNormalization(momentum=0.8)], (3,)),
        "backbone": siamese(layers, inner, (3,)),
        "renorm": siamese(layers, renorm, (3,)),
        "renorm_plain": siamese(layers, lambda: [layers.BatchNormalization(renorm=True)], (3,)),
        "spectral": siamese(layers, lambda: [layers.SpectralNormalization(layers.Dense(3, name="inside"))], (3,)),
        "simple_rnn": siamese(layers, lambda: [layers.SimpleRNN(3, stateful=True)], (5, 3)),
        "gru": siamese(layers, lambda: [layers.GRU(3, stateful=True)], (5, 3)),
        "lstm": siamese(layers, lambda: [layers.LSTM(3, stateful=True, return_sequences=True)], (5, 3)),
    }


def stopped() -> Any:
    """A gate through which no gradient passes."""
    import keras

    x = keras.Input((3,), batch_size=BATCH, name="a")
    other = keras.Input((3,), batch_size=BATCH, name="b")
    y = keras.layers.Dense(4, name="before")(x)
    gate = keras.ops.stop_gradient(keras.ops.sigmoid(y)) * keras.layers.Dense(4, name="other")(other)
    return keras.Model([x, other], keras.layers.Dense(1, name="head")(y * gate))


def main() -> None:
    import keras

    keras.utils.set_random_seed(0)
    arrays: dict[str, Any] = {}
    for name, model in {**models(), "stop_gradient": stopped()}.items():
        rng = np.random.default_rng(0)
        shape = model.inputs[0].shape
        xs = [rng.standard_normal(shape, np.float32) + i for i in range(2)]
        y = rng.standard_normal((BATCH, 1), np.float32)
        for weight in model.weights:  # no weight at a value that hides a fault
            weight.assign(np.abs(rng.standard_normal(weight.shape)) * 0.3 + 0.2 if weight.name != "kernel" else weight)
        for layer in model.layers:
            if getattr(layer, "stateful", False):
                layer.reset_states()
        model.compile(keras.optimizers.SGD(RATE, momentum=MOMENTUM), "mse")
        arrays |= {f"{name}/model": np.array(model.to_json()), f"{name}/y": y}
        arrays |= {f"{name}/x{i}": x for i, x in enumerate(xs)}
        arrays |= {f"{name}/begin/{i}": w for i, w in enumerate(model.get_weights())}
        losses: list[float] = []
        for step in range(STEPS):
            losses.append(float(model.train_on_batch(xs, y)))
            arrays |= {f"{name}/step{step}/{i}": w for i, w in enumerate(model.get_weights())}
        arrays |= {f"{name}/losses": np.array(losses), f"{name}/predicted": model.predict(xs, BATCH, verbose=0)}
    np.savez_compressed(RECORD, **arrays)


if __name__ == "__main__":
    main()
