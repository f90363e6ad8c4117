"""Record what Keras calls losses and metrics, and their values: tests/data/metric_names.json.

KERAS_BACKEND=jax python -m tests.training.record_names
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

RECORD = Path(__file__).parents[1] / "data" / "metric_names.json"
_AUC, _PR, _RECALL = {"type": "AUC"}, {"type": "AUC", "curve": "PR"}, {"type": "Recall", "name": "mae"}
_MAE, _PRECISION = {"type": "MeanAbsoluteError"}, {"type": "Precision"}

CASES: dict[str, list[dict[str, Any]]] = {
    "both": [{"metrics": ["mae"], "weighted_metrics": ["mae"]}],
    "twice": [{"metrics": ["mae", "mae"], "weighted_metrics": ["mae", "mae", "mse"]}],
    "weighted twice": [{"weighted_metrics": ["mae", "mae", "mae"]}],
    "spelled": [{"metrics": ["mae", "MeanAbsoluteError", "mean_absolute_error", _MAE], "weighted_metrics": [_MAE]}],
    "same name": [{"metrics": ["mae", _RECALL], "weighted_metrics": [_RECALL]}],
    "objects": [{"metrics": [_AUC, _PR], "weighted_metrics": [_AUC, _PRECISION]}],
    "compiled again": [{"metrics": [_AUC, _PRECISION]}, {"metrics": [_AUC]}, {"metrics": [_PR, "auc", _PRECISION]}],
    "a word first": [{"metrics": ["auc"]}, {"metrics": [_AUC]}],
    "words": [{"metrics": ["acc", "accuracy"], "weighted_metrics": ["accuracy"]}],
    "one output by name": [{"metrics": {"a": ["mae"]}, "weighted_metrics": {"a": "mae"}}],
    "nested": [{"metrics": [["mae", "mse"]]}],
    "loss by name": [{"loss": {"a": "mse"}, "metrics": ["mae"]}],
    "several: one each": [{"metrics": ["mae", "mse"]}],
    "several: lists": [{"metrics": [["mse", "mae"], ["mae"]], "weighted_metrics": [["mae"], ["mae", "mae"]]}],
    "several: names": [{"metrics": {"b": ["mse", "mae"]}, "weighted_metrics": {"b": "mae", "a": ["mae"]}}],
    "several: none for one": [{"loss": ["mse", "mse"], "metrics": [None, "mae"], "loss_weights": [1.0, 0.5]}],
    "several: losses": [{"loss": {"b": "mae", "a": "mse"}, "metrics": {"a": [_AUC], "b": [_AUC]}}],
    "several: one loss": [{"loss": ["mse", None], "metrics": [["mae"], None]}],
}
"""By name, what a model was compiled with, one time after the other; `several` have two outputs."""


def data(several: bool) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """x, the labels and the weights of six samples."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((6, 3)).astype(np.float32)
    count = 2 if several else 1
    y = [rng.integers(0, 2, (6, 1)).astype(np.float32) for _ in range(count)]
    return x, y, [rng.uniform(0.5, 2.0, 6).astype(np.float32) for _ in range(count)]


def weights(shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    """What the weights of the model are."""
    rng = np.random.default_rng(1)
    return [rng.standard_normal(shape).astype(np.float32) for shape in shapes]


def main() -> None:
    import keras

    def made(given: Any) -> Any:
        if isinstance(given, list):
            return [made(item) for item in given]
        if isinstance(given, dict) and "type" not in given:
            return {name: made(item) for name, item in given.items()}
        if isinstance(given, dict):
            options = dict(given)
            return getattr(keras.metrics, options.pop("type"))(**options)
        return given

    found: dict[str, Any] = {}
    for name, compiles in CASES.items():
        several = name.startswith("several")
        keras.backend.clear_session()
        inputs = keras.Input((3,))
        outputs = [keras.layers.Dense(1, "sigmoid", name=n)(inputs) for n in ("a", "b")[: 1 + several]]
        model = keras.Model(inputs, outputs if several else outputs[0])
        x, y, w = data(several)
        y, w = (y, w) if several else (y[0], w[0])
        found[name] = []
        for given in compiles:
            options = {key: made(value) if "metrics" in key else value for key, value in given.items()}
            model.compile(keras.optimizers.SGD(0.0), **{"loss": "mse", **options})
            model.set_weights(weights([tuple(v.shape) for v in model.weights]))
            history = model.fit(x, y, 6, sample_weight=w, validation_data=(x, y, w), verbose=0).history
            listed = model.evaluate(x, y, sample_weight=w, verbose=0)
            evaluated = model.evaluate(x, y, sample_weight=w, verbose=0, return_dict=True)
            found[name].append({
                "fit": {key: float(values[0]) for key, values in history.items()},
                "evaluate": {key: float(value) for key, value in evaluated.items()},
                "list": list(map(float, listed)) if isinstance(listed, list) else float(listed),
            })  # fmt: skip
    RECORD.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
