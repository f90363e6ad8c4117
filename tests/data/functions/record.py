"""Records `tensorflow.npz` and `keras.npz`: models of one call each, as Keras writes them, and what they give.

Run once, from this folder:

    python record.py tensorflow        with tf_keras 2.21, for the calls in tensorflow.txt
    KERAS_BACKEND=tensorflow python record.py keras        with Keras 3.15.1, for those in keras.txt

A line is a call on the inputs of `inputs.py`; one that begins with `!` is a call that modelc refuses.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from inputs import BELOW, SHAPES, arrays, names_in

HERE = Path(__file__).parent


def _namespace(kind: str) -> tuple[Any, dict[str, Any]]:
    if kind == "tensorflow":
        import tensorflow as tf
        import tf_keras

        return tf_keras, {"tf": tf, "np": np, "K": tf_keras}
    import keras

    return keras, {"ops": keras.ops, "np": np, "keras": keras}


def _plain(tensor: Any) -> Any:
    return np.asarray(tensor).astype(np.float32)


def main(kind: str) -> None:
    keras, names = _namespace(kind)
    flatten = names["tf"].nest.flatten if kind == "tensorflow" else keras.tree.flatten
    models: list[dict[str, Any]] = []
    outputs: list[Any] = []
    for line in (HERE / f"{kind}.txt").read_text().splitlines():
        call = line.removeprefix("!").strip()
        keras.backend.clear_session()
        inputs = {
            name: keras.Input(SHAPES[name], name=f"in_{name}", dtype="int32" if name in BELOW else "float32")
            for name in names_in(call)
        }
        made = list(flatten(eval(call, names, inputs)))
        model = keras.Model(list(inputs.values()), made)
        given = [arrays(name) for name in inputs]
        results = [_plain(y) for y in flatten(model(given if len(given) > 1 else given[0]))]
        models.append({
            "call": call, "refused": line.startswith("!"), "model": json.loads(model.to_json()),
            "shapes": [y.shape for y in results],
        })  # fmt: skip
        outputs += [y.ravel() for y in results]
    text = np.frombuffer(json.dumps(models).encode(), np.uint8)
    np.savez_compressed(HERE / f"{kind}.npz", models=text, outputs=np.concatenate(outputs))


if __name__ == "__main__":
    main(sys.argv[1])
