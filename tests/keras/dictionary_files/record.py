"""Record models of Keras 2 (tf_keras) that take or return dictionaries: the files here.

    python tests/keras/dictionary_files/record.py [NAME...]

Needs tf_keras, on TensorFlow. Each case is saved as NAME.h5 and NAME.keras, its inputs and outputs as NAME.npz: `x:KEY`
and `y:KEY`, or `y:` and the place in the list.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
BATCH = 3

Case = Callable[[Any], Any]
CASES: dict[str, Case] = {}


def case(build: Case) -> Case:
    """Register a function from `tf_keras` to a model."""
    CASES[build.__name__] = build
    return build


@case
def both(k: Any) -> Any:
    given = {"wide": k.Input((3,), name="a"), "narrow": k.Input((2,), name="b")}
    hidden = k.layers.Concatenate()([given["wide"], given["narrow"]])
    return k.Model(given, {"score": k.layers.Dense(2)(hidden), "class": k.layers.Dense(2)(hidden)})


@case
def outputs_of_one_shape(k: Any) -> Any:
    x = k.Input((3,), name="x")
    hidden = k.layers.Dense(4, activation="tanh")(x)
    # Not in the order of the keys, nor of the layers.
    return k.Model(x, {"z": k.layers.Dense(2)(hidden), "type": k.layers.Dense(2)(x), "a": hidden})


@case
def inputs_only(k: Any) -> Any:
    given = {"second": k.Input((2,), name="p"), "first": k.Input((2,), name="q")}
    return k.Model(given, k.layers.Subtract()([given["second"], k.layers.Dense(2)(given["first"])]))


@case
def inside_of_another(k: Any) -> Any:
    x = k.Input((3,), name="x")
    inner = k.Model(x, {"b": k.layers.Dense(2)(x), "a": k.layers.Dense(3)(x)}, name="inner")
    y = k.Input((3,), name="y")
    made = inner(y)
    return k.Model(y, {"sum": k.layers.Dense(2)(made["a"]), "own": made["b"]})


def main() -> None:
    """Record the cases that are named, or all."""
    k: Any = importlib.import_module("tf_keras")
    for name in sys.argv[1:] or CASES:
        k.utils.set_random_seed(sum(map(ord, name)))
        k.backend.clear_session()
        model = CASES[name](k)
        rng = np.random.default_rng(0)
        model.set_weights([rng.normal(0, 0.5, w.shape) for w in model.get_weights()])
        taken = model.input if isinstance(model.input, dict) else {model.input.name: model.input}
        given = {key: rng.standard_normal((BATCH, *x.shape[1:]), np.float32) for key, x in taken.items()}
        made = model.predict(given if isinstance(model.input, dict) else next(iter(given.values())), verbose=0)
        made = made if isinstance(made, dict) else {"": made}
        for suffix in ("h5", "keras"):
            model.save(HERE / f"{name}.{suffix}")
        arrays: dict[str, Any] = {f"x:{key}": x for key, x in given.items()} | {
            f"y:{key}": y for key, y in made.items()
        }
        np.savez_compressed(HERE / f"{name}.npz", **arrays)
        print(name, {key: y.shape for key, y in made.items()})


if __name__ == "__main__":
    main()
