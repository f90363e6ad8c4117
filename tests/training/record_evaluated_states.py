"""Record what a stateful model gives in Keras, evaluated between training and predictions: tests/data/states.npz.

KERAS_BACKEND=tensorflow python -m tests.training.record_evaluated_states
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

RECORD = Path(__file__).parents[1] / "data" / "states.npz"
RATE = 0.1


def main() -> None:
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((4, 3), batch_size=2),
        keras.layers.GRU(5, stateful=True, return_sequences=True),
        keras.layers.LSTM(4, stateful=True),
        keras.layers.Dense(1),
    ])  # fmt: skip
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((6, 4, 3), np.float32), rng.standard_normal((6, 1), np.float32)
    arrays = {f"begin_{i}": w for i, w in enumerate(model.get_weights())}
    model.compile(keras.optimizers.SGD(RATE), "mse")
    history = model.fit(x, y, batch_size=2, epochs=2, shuffle=False, validation_data=(x[::-1], y), verbose=0).history
    losses = [*history["loss"], *history["val_loss"]]
    losses += [float(model.evaluate(x, y, batch_size=2, verbose=0)) for _ in range(2)]
    losses.append(float(model.test_on_batch(x[2:4], y[2:4])))
    np.savez_compressed(
        RECORD, x=x, y=y, losses=np.array(losses), predicted=model.predict(x, batch_size=2, verbose=0), **arrays
    )


if __name__ == "__main__":
    main()
