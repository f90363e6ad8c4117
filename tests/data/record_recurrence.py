"""Records `recurrence.npz`: what Keras makes of `recurrence_cases.py`. Run once, with Keras 3.15.1 on JAX.

KERAS_BACKEND=jax python tests/data/record_recurrence.py
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import keras
import numpy as np
from recurrence_cases import BATCH, CASES, Case


def built(value: Any) -> Any:
    """The Keras layer of a config."""
    if isinstance(value, list):
        return [built(item) for item in value]
    if not isinstance(value, dict):
        return value
    options = {key: built(item) for key, item in value.items()}
    return getattr(keras.layers, options.pop("type"))(**options)


def record(case: Case) -> dict[str, Any]:
    keras.backend.clear_session()
    x, mask, states = case.arrays()
    layer = built(dict(case.config))
    arguments: dict[str, Any] = {}
    if mask is not None:
        arguments["mask"] = mask
    inputs: tuple[Any, ...] = (x,)
    if case.config["type"] == "StackedRNNCells":
        inputs = (x, [states[:2], states[2:3], states[3:]])
    elif case.config["type"].endswith("Cell"):
        inputs = (x, states)
    elif states:
        arguments["initial_state"] = states
    layer(*inputs, **arguments)
    rng = np.random.default_rng(1)
    weights = [np.abs(rng.standard_normal(w.shape, np.float32)) * np.float32(0.5) for w in layer.weights]
    signs = [rng.choice(np.array([-1, 1], np.float32), w.shape) for w in weights]
    positive = ["variance" in w.path for w in layer.weights]
    layer.set_weights([w if keep else w * s for w, s, keep in zip(weights, signs, positive, strict=True)])
    if case.config.get("stateful"):
        layer.reset_state()
    recorded: dict[str, Any] = {f"path_{i}": np.array(w.path.partition("/")[2]) for i, w in enumerate(layer.weights)}
    recorded |= {f"weight_{i}": w for i, w in enumerate(layer.get_weights())}
    for call in range(case.calls):
        outputs = keras.tree.flatten(layer(*inputs, **arguments))
        recorded |= {f"output_{call}_{i}": np.asarray(y) for i, y in enumerate(outputs)}
    assert len(x) == BATCH
    return recorded


def main() -> None:
    found: dict[str, Any] = {}
    for case in CASES:
        key = hashlib.sha256(case.id.encode()).hexdigest()[:12]
        found |= {f"{key}/{name}": value for name, value in record(case).items()}
    np.savez_compressed(Path(__file__).parent / "recurrence.npz", **found)


if __name__ == "__main__":
    main()
