"""`ModelcRegressor`: a spec as a regressor of scikit-learn."""

from __future__ import annotations

from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin

from modelc.model.model import Model
from modelc.sklearn.checks import samples_and_labels
from modelc.sklearn.estimator import ModelcEstimator, not_these, value_errors

Array = NDArray[Any]

USUAL = """
modelc: 1
name: regressor
vars: {width: 64, n_outputs: 1}
layers:
  - {type: Dense, units: "${width}", activation: relu}
  - {type: Dense, units: "${n_outputs}"}
training:
  loss: mse
  optimizer: {type: Adam, learning_rate: 0.01}
  epochs: 100
"""
"""The spec of an estimator that is given none."""


class ModelcRegressor(RegressorMixin, ModelcEstimator):
    """A spec as a regressor, for one number for each sample or for several; its parameters are those of
    `ModelcEstimator`.

    The loss is `mse` where neither a parameter nor the spec says one. Predictions are float32.
    """

    n_outputs_: int
    """The numbers of a sample."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803 as in scikit-learn
        """Train on samples `X` and numbers `y`, (N,) or (N, n). Raises `ValueError` for what does not fit."""
        return self._fit(X, y, sample_weight, None, anew=not (self.warm_start and hasattr(self, "model_")))

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803
        """Train for one epoch on these samples, going on from before."""
        self._trained_in_parts = True
        return self._fit(X, y, sample_weight, 1, anew=not hasattr(self, "model_"))

    def _fit(self, X: Any, y: Any, weights: Any, epochs: int | None, *, anew: bool) -> Self:  # noqa: N803
        x, y = samples_and_labels(self, X, y, anew=anew, multi_output=True, y_numeric=True)
        numbers: Array = y.astype(np.float32).reshape(len(y), -1)
        with value_errors():
            if not anew and numbers.shape[1] != self.n_outputs_:
                raise ValueError(f"y has {numbers.shape[1]} outputs, and had {self.n_outputs_} before")
            self.n_outputs_, self._is_flat = numbers.shape[1], y.ndim == 1
            self._train(x, numbers, weights, {"n_outputs": self.n_outputs_}, epochs, anew=anew)
        return self

    def predict(self, X: Any) -> Array:  # noqa: N803
        """The numbers for each sample: (N,), or (N, n) where `y` had that shape."""
        outputs = self._outputs(X)
        return outputs[:, 0] if self._is_flat else outputs

    def __sklearn_tags__(self) -> Any:
        tags: Any = cast("Any", super()).__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    @property
    def _usual_spec(self) -> str:
        return USUAL

    def _require_outputs(self, shape: tuple[int, ...]) -> None:
        if shape != (self.n_outputs_,):
            raise not_these(
                shape,
                f"{self.n_outputs_}: as many as y has",
                "write `units: ${n_outputs}` in the last layer, and `vars: {n_outputs: 1}`",
            )

    def _usual_loss(self, model: Model) -> Any:
        return "mse"

    def _labels(self, y: Array) -> Array:
        return y
