"""`ModelcClassifier`: a spec as a classifier of scikit-learn."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin

from modelc.model.model import Model
from modelc.model.spec import Spec
from modelc.sklearn.checks import available_if, classes_in, require_classes, samples_and_labels, weights_of_classes
from modelc.sklearn.estimator import ModelcEstimator, not_these, value_errors
from modelc.sklearn.scores import Scores, labels_for, numbers_of_classes, probabilities, scores_of, usual_loss

if TYPE_CHECKING:
    from modelc.callbacks.callback import Callback
    from modelc.optimizers.optimizer import Optimizer

Array = NDArray[Any]

USUAL = """
modelc: 1
name: classifier
vars: {width: 64, n_classes: 2}
layers:
  - {type: Dense, units: "${width}", activation: relu}
  - {type: Dense, units: "${n_classes}", activation: softmax}
training:
  loss: sparse_categorical_crossentropy
  optimizer: {type: Adam, learning_rate: 0.01}
  epochs: 100
"""
"""The spec of an estimator that is given none."""


def _gives_probabilities(estimator: Any) -> bool:
    """Whether the outputs can be made probabilities; before `fit`, that is not known, and taken for granted."""
    return getattr(estimator, "_scores", None) is not Scores.MARGINS


def _gives_scores(estimator: Any) -> bool:
    return getattr(estimator, "_scores", Scores.PROBABILITIES) is not Scores.PROBABILITIES


class ModelcClassifier(ClassifierMixin, ModelcEstimator):
    """A spec as a classifier, for two classes or more, with labels of any type; its parameters are those of
    `ModelcEstimator`.

    The model gives a number for each class, or one for two classes. By the loss and the last activation these are
    probabilities, logits or margins; without a loss, it is the crossentropy that fits the activation. `class_weight`
    are weights of the classes in the loss, by class, or `"balanced"` for such as make all classes count the same.
    """

    classes_: Array
    """The classes, in order: that of the columns of `predict_proba`."""

    def __init__(
        self,
        spec: str | os.PathLike[str] | Mapping[str, Any] | Spec | None = None,
        *,
        vars: Mapping[str, Any] | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        optimizer: str | Mapping[str, Any] | Optimizer | None = None,
        loss: Any = None,
        metrics: Any = None,
        class_weight: Mapping[Any, float] | str | None = None,
        validation_fraction: float | None = None,
        callbacks: Sequence[Callback] | Callback | None = None,
        random_state: int | np.random.RandomState | None = None,
        warm_start: bool = False,
        verbose: int = 0,
    ) -> None:
        super().__init__(
            spec, vars=vars, epochs=epochs, batch_size=batch_size, optimizer=optimizer, loss=loss, metrics=metrics,
            validation_fraction=validation_fraction, callbacks=callbacks, random_state=random_state,
            warm_start=warm_start, verbose=verbose,
        )  # fmt: skip
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803 as in scikit-learn
        """Train on samples `X` of the classes `y`. Raises `ValueError` for what does not fit."""
        anew = not (self.warm_start and hasattr(self, "model_"))
        x, y = self._validated(X, y, anew=anew)
        classes = np.unique(y)
        if not anew and not np.array_equal(classes, self.classes_):
            raise ValueError(f"with `warm_start`, y must have the classes {self.classes_}, found {classes}")
        self.classes_ = classes
        return self._fit(x, y, sample_weight, None, anew=anew)

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:  # noqa: N803
        """Train for one epoch on these samples, going on from before.

        The first call needs all `classes` that there will be.
        """
        anew = not hasattr(self, "model_")
        if anew and classes is None:
            raise ValueError("classes must be passed on the first call to partial_fit")
        given = self.classes_ if classes is None else classes_in(classes)
        if not anew and not np.array_equal(given, self.classes_):
            raise ValueError(f"`classes` must be those of the first call, {self.classes_}, found {given}")
        if isinstance(self.class_weight, str):
            raise ValueError(f"class_weight={self.class_weight!r} needs all samples at once: give a mapping by class")
        x, y = self._validated(X, y, anew=anew)
        self.classes_ = given
        self._trained_in_parts = True
        return self._fit(x, y, sample_weight, 1, anew=anew)

    def _validated(self, X: Any, y: Any, *, anew: bool) -> tuple[Array, Array]:  # noqa: N803
        x, y = samples_and_labels(self, X, y, anew=anew)
        require_classes(y)
        return x, y

    def _fit(self, x: Array, y: Array, weights: Any, epochs: int | None, *, anew: bool) -> Self:
        numbers = np.searchsorted(self.classes_, y).clip(max=len(self.classes_) - 1)
        unknown = np.unique(y[self.classes_[numbers] != y])
        if len(unknown):
            raise ValueError(f"y has labels that are none of the classes {self.classes_}: {unknown}")
        with value_errors():
            self._weights_of_classes = self._weighted(y)
            self._train(x, numbers, weights, {"n_classes": len(self.classes_)}, epochs, anew=anew)
        return self

    def _weighted(self, y: Array) -> dict[int, float] | None:
        """The weights of classes by their numbers; None where those of the spec hold."""
        if self.class_weight is None:
            return None
        return dict(enumerate(weights_of_classes(self.class_weight, self.classes_, y)))

    # --- results

    @available_if(_gives_probabilities)
    def predict_proba(self, X: Any) -> Array:  # noqa: N803
        """The probabilities of the classes of each sample: (N, classes)."""
        outputs = self._outputs(X)
        if len(self.classes_) == 1:
            return np.ones((len(outputs), 1), np.float32)
        return probabilities(outputs, self._scores)

    @available_if(_gives_scores)
    def decision_function(self, X: Any) -> Array:  # noqa: N803
        """What the model gives for each class, (N, classes); for two classes (N,), above 0 for the second.

        Only where these are no probabilities: logits, or margins.
        """
        outputs = self._outputs(X)
        if len(self.classes_) > 2:
            return outputs
        return outputs[:, -1] if outputs.shape[1] == 1 else outputs[:, 1] - outputs[:, 0]

    def predict(self, X: Any) -> Array:  # noqa: N803
        """The class of each sample."""
        outputs = self._outputs(X)
        if len(self.classes_) == 1:
            return np.repeat(self.classes_, len(outputs))
        return self.classes_[numbers_of_classes(outputs, self._scores)]

    # --- what the base asks for

    @property
    def _usual_spec(self) -> str:
        return USUAL

    def _require_outputs(self, shape: tuple[int, ...]) -> None:
        count = len(self.classes_)
        if shape != (count,) and not (shape == (1,) and count == 2):
            help = "write `units: ${n_classes}` in the last layer, and `vars: {n_classes: 2}`"
            raise not_these(shape, f"{count}: one for each class of y", help)

    def _compile(self) -> None:
        super()._compile()
        self._scores = scores_of(self.model_, self._loss)

    def _usual_loss(self, model: Model) -> Any:
        return usual_loss(model)

    def _labels(self, y: Array) -> Array:
        return labels_for(self.model_, self._loss, y)

    @property
    def _class_weights(self) -> Mapping[int, float] | None:
        if self.class_weight is not None:
            return self._weights_of_classes
        return None if self._training is None else self._training.class_weight

    def _strata(self, y: Array, held_out: int) -> Array | None:
        counts = np.unique(y, return_counts=True)[1]
        is_possible = counts.min() > 1 and len(counts) <= min(held_out, len(y) - held_out)
        return y if is_possible else None
