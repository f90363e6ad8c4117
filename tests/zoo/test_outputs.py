"""The zoo's models give what Keras's do, with the same weights: against recorded outputs (`record_outputs.py`).

The weights follow a rule (`rule.py`). `python -m tests.zoo.compare_with_keras` compares all architectures, not one of
every family, with Keras itself.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from modelc import load_spec
from tests.zoo.outputs import CASES, RECORD, SMALL, TRANSFER, Case, stored
from tests.zoo.rule import Array, pictures, weight


@pytest.fixture(scope="module")
def recorded() -> Mapping[str, Array]:
    with np.load(RECORD) as file:
        return dict(file)


def close(found: Array, expected: Array, tolerance: float) -> None:
    assert found.shape == expected.shape
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * float(np.abs(expected).max()))


LARGE = {"inception_resnet_v2", "nasnet_mobile", "resnet50_v2", "vgg16"}
"""Those that take the most time."""


@pytest.mark.parametrize(
    "name",
    [
        name if case.size == SMALL and name not in LARGE else pytest.param(name, marks=pytest.mark.slow)
        for name, case in CASES.items()
    ],
)
def test_outputs(name: str, recorded: Mapping[str, Array]) -> None:
    case = CASES[name]
    features, logits = case.run(case.pictures())[0]
    close(stored(features), recorded[f"{name}/features"], case.tolerance)
    close(stored(logits), recorded[f"{name}/logits"], case.tolerance)


def test_a_classifier_on_frozen_features(recorded: Mapping[str, Array]) -> None:
    spec = load_spec(TRANSFER)
    weights = [weight(i, w.name, w.shape) for i, w in enumerate(spec.graph.weights)]
    model = spec.build(weights=[array for array in weights if array is not None])
    assert [v.shape for v in model.trainable_weights] == [(2048, 1000), (1000,)]
    close(model(pictures((1, 128, 128, 3), 0.5)).ravel(), recorded["transfer"], 2e-4)


def test_every_case_is_recorded(recorded: Mapping[str, Array]) -> None:
    assert set(recorded) == {f"{name}/{what}" for name in CASES for what in ("features", "logits")} | {"transfer"}


def test_other_weights_give_other_outputs(recorded: Mapping[str, Array]) -> None:
    """A comparison that would pass for anything is worth nothing."""
    case = Case("mobilenet")
    features, _ = case.run(case.pictures(seed=1))[0]
    with pytest.raises(AssertionError):
        close(stored(features), recorded["mobilenet/features"], 0.05)
