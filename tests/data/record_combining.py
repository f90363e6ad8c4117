"""Records `combining.npz`: what Keras makes of `combining_cases.py`. Run once, with Keras 3.15.1 on JAX.

KERAS_BACKEND=jax python tests/data/record_combining.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
from combining_cases import CASES, Case
from keras.src.backend import get_keras_mask, set_keras_mask

_BY_ARGUMENT = ("MultiHeadAttention", "GroupQueryAttention")
_CALL = ("return_attention_scores", "use_causal_mask")


def record(case: Case) -> dict[str, Any]:
    keras.backend.clear_session()
    options = {k: v for k, v in case.config.items() if k not in (*_CALL, "type")}
    call = {k: v for k, v in case.config.items() if k in _CALL}
    kind = case.config["type"]
    layer = getattr(keras.layers, kind)(**options)
    arrays, masks, named = case.arrays()

    def called() -> Any:
        tensors = [keras.ops.convert_to_tensor(x) for x in arrays]
        for i, mask in masks.items():
            set_keras_mask(tensors[i], keras.ops.convert_to_tensor(mask))
        tensors_by_name = {name: keras.ops.convert_to_tensor(mask) for name, mask in named.items()}
        if kind in _BY_ARGUMENT or kind == "EinsumDense":
            return layer(*tensors, **tensors_by_name, **call)
        return layer(tensors, **tensors_by_name, **call)

    called()
    rng = np.random.default_rng(1)
    layer.set_weights([rng.standard_normal(w.shape).astype(np.float32) for w in layer.weights])
    outputs = called()
    outputs = list(outputs) if isinstance(outputs, list | tuple) else [outputs]
    recorded: dict[str, Any] = {f"path_{i}": np.array(w.path.partition("/")[2]) for i, w in enumerate(layer.weights)}
    recorded |= {f"weight_{i}": w for i, w in enumerate(layer.get_weights())}
    recorded |= {f"output_{i}": np.asarray(y) for i, y in enumerate(outputs)}
    mask = get_keras_mask(outputs[0])
    return recorded if mask is None else {**recorded, "mask_0": np.asarray(mask)}


def main() -> None:
    found: dict[str, Any] = {}
    for case in CASES:
        found |= {f"{case.key}/{name}": value for name, value in record(case).items()}
    np.savez_compressed(Path(__file__).parent / "combining.npz", **found)


if __name__ == "__main__":
    main()
