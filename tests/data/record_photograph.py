"""Write photograph.npz: what Keras on JAX computes for the guide's CNN on the photograph.

    pip install keras jax scikit-learn pillow && python tests/data/record_photograph.py

The file holds sampled elements of every layer's output by the layer's name, and a digest of the pixels.
"""

from __future__ import annotations

import hashlib
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from photograph import RECORD, photograph, pixels, sample, weights


def main() -> None:
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((250, 250, 3)),
        layers.Conv2D(32, 5, strides=2, activation="relu", name="conv2d"),
        layers.Conv2D(32, 3, activation="relu", name="conv2d_1"),
        layers.MaxPooling2D(3, name="max_pooling2d"),
        layers.Conv2D(32, 3, activation="relu", name="conv2d_2"),
        layers.Conv2D(32, 3, activation="relu", name="conv2d_3"),
        layers.MaxPooling2D(3, name="max_pooling2d_1"),
        layers.Conv2D(32, 3, activation="relu", name="conv2d_4"),
        layers.Conv2D(32, 3, activation="relu", name="conv2d_5"),
        layers.MaxPooling2D(2, name="max_pooling2d_2"),
        layers.GlobalMaxPooling2D(name="global_max_pooling2d"),
        layers.Dense(10, name="dense"),
    ])  # fmt: skip
    model.set_weights(weights([w.shape for w in model.weights]))
    outputs = keras.Model(model.inputs[0], [layer.output for layer in model.layers])(photograph())
    samples = {
        layer.name: sample(i, np.asarray(output))
        for i, (layer, output) in enumerate(zip(model.layers, outputs, strict=True))
    }
    digest = np.frombuffer(hashlib.sha256(pixels()).digest(), np.uint8)
    np.savez_compressed(RECORD, pixels_sha256=digest, **samples)
    for name, values in samples.items():
        print(f"{name:24} {values.size:5} elements, mean {values.mean():8.4f}, deviation {values.std():8.4f}")


if __name__ == "__main__":
    main()
