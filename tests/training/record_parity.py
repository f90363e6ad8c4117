"""Records `tests/data/parity.npz`: the runs of `parity_cases.py` in Keras. Run once, with Keras 3.15.1 on JAX.

PYTHONPATH=. KERAS_BACKEND=jax python tests/training/record_parity.py

Every run is made twice more, from weights that differ by one part in a million. How far these end from the first says
how much of the result is chance: a rule that looks at signs (Lion), or divides a gradient by its own size, can make a
step of a rounding. That distance, of losses and of weights, is recorded with each run as its `sensitivity`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.training import by_keras
from tests.training.optimizer_cases import OptimizerCase
from tests.training.parity_cases import PARITY_CASES, ParityCase, initial, of_losses

import keras  # isort: skip  # after the backend was chosen

Array = np.ndarray[Any, Any]
_WRAPPED = ("layer",)


def layer(entry: dict[str, Any]) -> Any:
    """The layer of Keras that an entry of a spec means."""
    options = {k: v for k, v in entry.items() if k not in ("type", "inputs")}
    for key in _WRAPPED:
        if key in options:
            options[key] = layer(options[key])
    for key, value in options.items():
        if isinstance(value, dict):
            config = dict(value)
            module = keras.regularizers if key.endswith("regularizer") else keras.constraints
            options[key] = getattr(module, config.pop("type"))(**config)
    return getattr(keras.layers, entry["type"])(**options)


def model(case: ParityCase) -> Any:
    """The model of Keras that the spec means."""
    spec = case.made.spec
    given = keras.Input(spec["input"]["shape"], dtype=spec["input"]["dtype"])
    known: dict[str, Any] = {"input": given}
    last = given
    for entry in spec["layers"]:
        names = entry.get("inputs")
        operands = last if names is None else known[names] if isinstance(names, str) else [known[n] for n in names]
        one = layer(entry)
        last = one(*operands) if entry["type"] == "MultiHeadAttention" else one(operands)
        known[entry.get("name", one.name)] = last
    return keras.Model(given, [known[name] for name in spec["outputs"]] if "outputs" in spec else last)


def run(case: ParityCase, noise: int = 0) -> tuple[Array, list[Array], list[str]]:
    """The loss of every step, and the weights at the end. `noise` other than 0 changes the start a little."""
    keras.backend.clear_session()
    made = model(case)
    weights = initial([w.name for w in made.weights], [tuple(w.shape) for w in made.weights])
    if noise:
        rng = np.random.default_rng(noise)
        weights = [w * (1 + np.float32(1e-6) * rng.standard_normal(w.shape, np.float32)) for w in weights]
    made.set_weights(weights)
    losses: Any = case.losses if len(case.losses) > 1 else case.losses[0]
    optimizer = by_keras.optimizer(OptimizerCase(case.optimizer, dict(case.options)))
    made.compile(optimizer, losses, loss_weights=list(case.loss_weights) if case.loss_weights else None)
    found: list[float] = []
    for step in range(case.steps):
        x, y, sample_weight = case.batch(step)
        several = len(y) > 1
        values = made.train_on_batch(
            x[0], y if several else y[0],
            sample_weight if several or sample_weight is None else sample_weight[0],
            class_weight=dict(case.class_weight) if case.class_weight else None, return_dict=True,
        )  # fmt: skip
        found.append(float(values["loss"]))
    return np.array(found), made.get_weights(), [w.name for w in made.weights]


def distance(one: Any, other: Any) -> float:
    """The largest difference of two arrays, as a share of the largest of the first."""
    return float(np.abs(np.asarray(one) - other).max() / max(np.abs(one).max(), 1e-30))


def record(case: ParityCase) -> dict[str, Any]:
    """What is written of a run."""
    losses, weights, names = run(case)
    moved = [run(case, noise) for noise in (1, 2)]
    sensitivity = (
        max((np.abs(others - losses) / of_losses(case, losses)).max() for others, _, _ in moved),
        max(max(map(distance, weights, others)) for _, others, _ in moved),
    )
    print(f"{case.id:90} {losses[0]:9.5f} {losses[-1]:9.5f}  {sensitivity[0]:.1e} {sensitivity[1]:.1e}", flush=True)
    return {
        f"{case.id}/losses": losses.astype(np.float32),
        f"{case.id}/weights": np.concatenate([w.ravel() for w in weights]),
        f"{case.id}/names": np.array(names),
        f"{case.id}/sensitivity": np.array(sensitivity, np.float32),
    }


def main() -> None:
    found: dict[str, Any] = {}
    for case in PARITY_CASES:
        found |= record(case)
    np.savez_compressed(Path(__file__).parents[1] / "data" / "parity.npz", **found)


if __name__ == "__main__":
    main()
