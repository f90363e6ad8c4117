"""Records `training.npz`: what Keras makes of the cases of tests/training. Run once, with Keras 3.15.1 on JAX.

PYTHONPATH=. KERAS_BACKEND=jax python tests/data/record_training.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.training import by_keras
from tests.training.loss_cases import LOSS_CASES
from tests.training.metric_cases import METRIC_CASES
from tests.training.optimizer_cases import OPTIMIZER_CASES
from tests.training.schedule_cases import SCHEDULE_CASES, STEPS


def main() -> None:
    found: dict[str, Any] = {}
    for case in LOSS_CASES:
        found[f"loss/{case.id}"] = by_keras.loss(case, 0, "none", None)
        found[f"gradient/{case.id}"] = by_keras.gradient(case, 0)
    for number, config in enumerate(SCHEDULE_CASES):
        found[f"schedule/{number}"] = by_keras.rates(config, STEPS)
    for case in METRIC_CASES:
        for weighted, kind in ((False, "plain"), (True, "weighted")):
            found[f"metric/{case.id}/{kind}"] = by_keras.results(case, weighted)
    for case in OPTIMIZER_CASES:
        for path, weight in by_keras.trained(case).items():
            found[f"optimizer/{case.id}/{path}"] = weight
    np.savez_compressed(Path(__file__).with_name("training.npz"), **found)


if __name__ == "__main__":
    main()
