"""Record models of Keras 3 with IntegerLookup: the files here.

    python tests/keras/lookup_files/record.py [NAME...]

Needs Keras 3 on TensorFlow, where alone it has this layer. Each case is saved as NAME.keras, its inputs and outputs as
NAME.npz.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
WORDS = [12, 1000000, -36, 42, 7]
X = np.array([[12, 42, 0, 1000000], [7, 7, -36, 5], [0, -1, 2000000000, 12], [3, -7, 16777217, 42]], np.int64)

Case = Callable[[Any], Any]
CASES: dict[str, Case] = {}


def case(build: Case) -> Case:
    """Register a function from `keras` to a model of one input."""
    CASES[build.__name__] = build
    return build


@case
def places(k: Any) -> Any:
    x, lookup = k.Input((4,), dtype="int64"), k.layers.IntegerLookup
    layers = [
        lookup(vocabulary=WORDS),
        lookup(vocabulary=WORDS, mask_token=0),
        lookup(vocabulary=[0, -1, *WORDS], mask_token=0),
        lookup(vocabulary=[-1, *WORDS], max_tokens=9),
    ]
    return k.Model(x, [layer(x) for layer in layers])


@case
def remainders(k: Any) -> Any:
    x, lookup = k.Input((4,), dtype="int64"), k.layers.IntegerLookup
    known = k.layers.Rescaling(0.5)(k.ops.clip(x, -5000, 5000))  # of floats the fraction is left out
    layers = [
        lookup(vocabulary=WORDS, num_oov_indices=3), lookup(vocabulary=WORDS, num_oov_indices=2, mask_token=0)
    ]  # fmt: skip
    return k.Model(x, [layer(known) for layer in layers])


@case
def encoded(k: Any) -> Any:
    x, lookup = k.Input((4,), dtype="int64"), k.layers.IntegerLookup
    one = x[:, 1:2]
    made = [lookup(vocabulary=WORDS, output_mode=mode, mask_token=5)(x) for mode in ("multi_hot", "count", "one_hot")]
    made += [lookup(vocabulary=WORDS, output_mode=mode, max_tokens=8, pad_to_max_tokens=True)(x)
             for mode in ("multi_hot", "count")]  # fmt: skip
    return k.Model(x, [*made, lookup(vocabulary=WORDS, output_mode="one_hot", num_oov_indices=2)(one)])


@case
def frequencies(k: Any) -> Any:
    x, lookup = k.Input((4,), dtype="int64"), k.layers.IntegerLookup
    weights = [0.5, 2.0, 0.25, 1.0, 4.0]
    return k.Model(x, [
        lookup(vocabulary=WORDS, output_mode="tf_idf", idf_weights=weights)(x),
        lookup(vocabulary=[-1, *WORDS], output_mode="tf_idf", idf_weights=[3.0, *weights])(x),
    ])  # fmt: skip


@case
def inverted(k: Any) -> Any:
    x, lookup = k.Input((4,), dtype="int64"), k.layers.IntegerLookup
    at = k.ops.clip(x, -2, 8)
    layers = [lookup(vocabulary=WORDS, invert=True), lookup(vocabulary=WORDS, invert=True, mask_token=0, oov_token=-5)]
    return k.Model(x, [layer(at) for layer in layers])


@case
def embedded(k: Any) -> Any:
    lookup = k.layers.IntegerLookup(vocabulary=WORDS, mask_token=0)
    layers = [k.Input((4,), dtype="int64"), lookup, k.layers.Embedding(7, 3), k.layers.Flatten(), k.layers.Dense(2)]
    return k.Sequential(layers)


def main() -> None:
    """Record the cases that are named, or all."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    k: Any = importlib.import_module("keras")
    for name in sys.argv[1:] or CASES:
        k.utils.set_random_seed(sum(map(ord, name)))
        k.backend.clear_session()
        model = CASES[name](k)
        made: Any = model.predict(X, verbose=0)
        outputs: list[Any] = made if isinstance(made, list) else [made]
        model.save(HERE / f"{name}.keras")
        arrays: dict[str, Any] = {f"y{i}": np.asarray(y) for i, y in enumerate(outputs)}
        np.savez_compressed(HERE / f"{name}.npz", x0=X, **arrays)
        print(name, [(y.shape, y.dtype.name) for y in outputs])


if __name__ == "__main__":
    main()
