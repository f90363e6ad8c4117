"""The estimators pass scikit-learn's own checks of estimators."""

from __future__ import annotations

from typing import Any

import pytest
from sklearn.base import is_regressor
from sklearn.utils.estimator_checks import parametrize_with_checks

from modelc.sklearn import ModelcClassifier, ModelcRegressor

WEIGHTS = (
    "batches are made of samples, and the loss is divided by their number, as in Keras: a sample that is there twice "
    "is in two places of two batches, one of weight 2 in one"
)


FLOATS = (
    "predictions are float32, in which models compute; the check wants float64 where there are several outputs, which "
    "check_methods_subset_invariance then holds to 1e-7"
)


def known(estimator: Any) -> dict[str, str]:
    """The checks that an estimator does not pass, with the reason."""
    several = {"check_regressor_multioutput": FLOATS} if is_regressor(estimator) else {}
    return {"check_sample_weight_equivalence_on_dense_data": WEIGHTS, **several}


ESTIMATORS = [ModelcClassifier(vars={"width": 24}, epochs=40), ModelcRegressor(vars={"width": 24}, epochs=40)]


@pytest.mark.sampled(3)
@pytest.mark.filterwarnings("default")
@parametrize_with_checks(ESTIMATORS, expected_failed_checks=known)
def test_checks_of_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)
