"""`ModelcEstimator`: what classifiers and regressors have in common: their parameters, training, and data."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from math import ceil
from numbers import Integral
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from modelc.callbacks.callback import Callback, ConfigCallback
from modelc.config.arguments import kind_of, require_count
from modelc.config.paths import with_paths_from
from modelc.errors import InputError, ModelcError
from modelc.graph.types import format_shape
from modelc.model.model import Model
from modelc.model.spec import Spec
from modelc.optimizers.adagrad import RMSprop
from modelc.sklearn.checks import drawn_seed, floats, samples, split, weights_of_samples
from modelc.sklearn.specs import require_variables, spec_for

if TYPE_CHECKING:
    from modelc.language.training import Training
    from modelc.optimizers.optimizer import Optimizer

Array = NDArray[Any]
_VARIABLE = "vars__"
"""What the name of a parameter begins with that is the value of a variable."""


@contextmanager
def value_errors() -> Generator[None]:
    """Errors of modelc inside become `ValueError`, which scikit-learn expects, with the same text."""
    try:
        yield
    except ModelcError as error:
        raise ValueError(str(error)) from error


class ModelcEstimator(BaseEstimator):
    """Base of the estimators: a spec with the parameters of its training.

    `spec` is a path, a text, a mapping or what `modelc.load_spec` returns; without one the model has a hidden layer. A
    spec without `input` takes samples of the shape that `X` has, and its variables `n_features`, and `n_classes` or
    `n_outputs`, get their values from the data. `vars` are values of other variables, each of which is a parameter as
    well: `vars__width`.

    The others come before what `training` of the spec says, with its defaults. `epochs`, `batch_size`, `optimizer`,
    `loss`, `metrics` and `verbose` are those of `compile` and `fit`. `validation_fraction` is the part of the samples
    that is held out, drawn at random, and measured after each epoch. `callbacks` are objects of `modelc.callbacks`,
    which begin anew in each `fit`, or of classes of your own. `random_state` is the seed of the weights, of shuffling
    and of random layers: None for that of the spec, 0 by default. With `warm_start`, `fit` goes on with the model that
    there is, whatever was set since.
    """

    model_: Model
    """The trained model."""
    spec_: Spec
    """Its spec, with the sizes of the data."""
    history_: dict[str, list[float]]
    """The loss and the metrics of each epoch, and with the prefix `val_` those on the validation data."""
    n_features_in_: int

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
        validation_fraction: float | None = None,
        callbacks: Sequence[Callback] | Callback | None = None,
        random_state: int | np.random.RandomState | None = None,
        warm_start: bool = False,
        verbose: int = 0,
    ) -> None:
        self.spec = spec
        self.vars = vars
        self.epochs = epochs
        self.batch_size = batch_size
        self.optimizer = optimizer
        self.loss = loss
        self.metrics = metrics
        self.validation_fraction = validation_fraction
        self.callbacks = callbacks
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose

    # --- parameters

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters by name; with `deep` each variable of `vars` as well: `vars__width`."""
        params: dict[str, Any] = cast("Any", super()).get_params(deep=deep)
        if deep and isinstance(self.vars, Mapping):
            params |= {f"{_VARIABLE}{name}": value for name, value in self.vars.items()}
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters, of which `vars__width` sets the variable `width` and keeps the others."""
        variables = {name: value for name, value in params.items() if name.startswith(_VARIABLE)}
        cast("Any", super()).set_params(**{name: value for name, value in params.items() if name not in variables})
        if variables:
            with value_errors():
                before = {} if self.vars is None else require_variables(self.vars)
            self.vars = {**before, **{name.removeprefix(_VARIABLE): value for name, value in variables.items()}}
        return self

    @property
    def loss_curve_(self) -> list[float]:
        """The loss of each epoch."""
        return self.history_["loss"]

    def __sklearn_tags__(self) -> Any:
        tags: Any = super().__sklearn_tags__()  # what is not set here is so by default: no sparse or missing values
        tags.input_tags.three_d_array = True
        return tags

    # --- what classifiers and regressors say

    @property
    @abstractmethod
    def _usual_spec(self) -> str:
        """The text of the spec that is used where none is given."""

    @abstractmethod
    def _require_outputs(self, shape: tuple[int, ...]) -> None:
        """Raise `InputError` unless a sample has outputs of a shape that fits the labels."""

    @abstractmethod
    def _usual_loss(self, model: Model) -> Any:
        """The loss where neither the parameters nor the spec say one."""

    @abstractmethod
    def _labels(self, y: Array) -> Array:
        """Labels as the loss takes them."""

    @property
    def _class_weights(self) -> Mapping[int, float] | None:
        """The weights of classes, by their numbers."""
        return None

    def _strata(self, y: Array, held_out: int) -> Array | None:
        """What of `y` is to be as frequent among the samples that are held out as among all; None for nothing."""
        return None

    # --- training

    def _train(
        self, x: Array, y: Array, sample_weight: Any, sizes: Mapping[str, int], epochs: int | None, *, anew: bool
    ) -> None:
        """Train for so many epochs, by default as many as the parameters or the spec say: `anew`, or going on."""
        weights = self._weights(sample_weight, x)
        if anew:
            self._build(x, sizes)
        elif not self.model_.compiled:
            self._go_on()
        model, training = self.model_, self._training
        x = self._as_inputs(x)
        kept, held_out = self._split(x, y, weights)
        before = len(self.history_["loss"]) if self.history_ else 0
        count = self._epochs() if epochs is None else epochs
        history = model.fit(
            *kept[:2],
            sample_weight=kept[2],
            batch_size=self._batch_size(),
            epochs=before + count,
            initial_epoch=before,
            shuffle=True if training is None else training.shuffle,
            class_weight=self._class_weights,
            steps_per_epoch=None if training is None else training.steps_per_epoch,
            validation_data=held_out,
            validation_freq=1 if training is None else training.validation_freq,
            callbacks=self._callbacks(),
            verbose=self.verbose,
        ).history
        for name, values in history.items():
            self.history_.setdefault(name, []).extend(values)

    def _build(self, x: Array, sizes: Mapping[str, int]) -> None:
        if x.ndim == 2:
            sizes = {"n_features": x.shape[1], **sizes}
        given = self._usual_spec if self.spec is None else self.spec
        self.spec_ = spec_for(given, self.vars, sizes, x.shape[1:])
        if len(self.spec_.graph.inputs) != 1 or len(self.spec_.graph.outputs) != 1:
            raise InputError("an estimator is a model with one input and one output")
        self._require_outputs(self.spec_.graph.outputs[0].type.dims)
        self._seed, self._state = self._drawn_seed(), None
        self.model_ = self.spec_.build(seed=self._seed)
        self.history_ = {}
        self._compile()

    def _compile(self) -> None:
        training = self._training
        optimizer: Any = self.optimizer or (RMSprop() if training is None else training.optimizer)
        metrics = self.metrics if self.metrics is not None or training is None else training.metrics
        weighted = None if training is None else training.weighted_metrics
        self.model_.compile(optimizer, self._loss, metrics=metrics, weighted_metrics=weighted, seed=self._seed)
        self.model_.trainer.engine.stop_where_not_finite = True

    def _go_on(self) -> None:
        """Go on with a model that was in a pickle, where its optimizer was."""
        self._compile()
        if self._state is not None:
            self.model_.restore_training_state(*self._state)
            self._state = None

    _state: tuple[dict[str, Array], dict[str, Any]] | None = None
    """How far training was, of a model that was in a pickle."""

    def __getstate__(self) -> Any:
        state: dict[str, Any] = dict(cast("Any", super()).__getstate__())
        model: Model | None = state.get("model_")
        if model is not None and model.compiled:
            state["_state"] = model.training_state() if self.warm_start or self._trained_in_parts else None
        return state

    _trained_in_parts = False
    """Whether `partial_fit` was called, so that it will be again."""

    @property
    def _training(self) -> Training | None:
        return self.spec_.training

    @property
    def _loss(self) -> Any:
        if self.loss is not None:
            return self.loss
        return self._usual_loss(self.model_) if self._training is None else self._training.loss

    def _epochs(self) -> int:
        if self.epochs is not None:
            require_count("epochs", self.epochs)
            return int(self.epochs)
        return 1 if self._training is None else self._training.epochs

    def _batch_size(self) -> int | None:
        if self.batch_size is not None or self._training is None:
            return self.batch_size
        return self._training.batch_size

    def _drawn_seed(self) -> int:
        given = self.random_state
        if given is None:
            return 0 if self._training is None else self._training.seed
        return int(given) if isinstance(given, Integral) else drawn_seed(given)

    def _callbacks(self) -> list[Any]:
        """Callbacks as they are given; those of a spec, and others that are configs, as new ones for each run."""
        if self.callbacks is not None:
            given: list[Any] = list(self.callbacks) if isinstance(self.callbacks, list | tuple) else [self.callbacks]
            return [one.fresh() if isinstance(one, ConfigCallback) else one for one in given]
        folder = self.spec_.folder
        own: list[Any] = [] if self._training is None else [one.fresh() for one in self._training.callbacks]
        return own if folder is None else [with_paths_from(folder, one) for one in own]

    # --- data

    def _split(self, x: Array, y: Array, weights: Array | None) -> tuple[list[Any], tuple[Any, ...] | None]:
        """What is trained on, and what is held out for validation, with labels as the loss takes them."""
        fraction = self._validation_fraction()
        if not fraction:
            return [x, self._labels(y), weights], None
        parts = [x, y] if weights is None else [x, y, weights]
        count = ceil(fraction * len(x))
        if count >= len(x):
            raise InputError(f"`validation_fraction={fraction}` of {len(x)} samples leaves none to train on")
        kept, held_out = split(parts, count, self._seed, self._strata(y, count))
        kept[1], held_out[1] = self._labels(kept[1]), self._labels(held_out[1])
        return [*kept, None][:3], tuple(held_out)

    def _validation_fraction(self) -> float | None:
        fraction: Any = self.validation_fraction
        if fraction is None:
            said = None if self._training is None else self._training.validation
            return said if isinstance(said, float) else None
        if isinstance(fraction, bool) or not isinstance(fraction, int | float | np.number) or not 0 <= fraction < 1:
            raise InputError(f"`validation_fraction` must be from 0 to below 1, found {kind_of(fraction)}")
        return float(cast("float", fraction))

    def _weights(self, given: Any, x: Array) -> Array | None:
        if given is None:
            return None
        weights = weights_of_samples(given, x)
        if not weights.any():
            raise InputError("the weights of all samples are zero")
        return weights

    def _as_inputs(self, x: Array) -> Array:
        """Arrays of the type that the model takes. Raises `ValueError` for numbers that are too large for float32."""
        return floats(x) if self.model_.graph.input_dtypes[0] == "float32" else x

    def _outputs(self, X: Any) -> Array:  # noqa: N803 as in scikit-learn
        """The outputs of the model for samples."""
        x = samples(self, X)
        with value_errors():
            return self.model_.predict(self._as_inputs(x), batch_size=self._batch_size())


def not_these(shape: tuple[int, ...], expected: str, help: str | None = None) -> InputError:
    """The error for a model whose outputs do not fit the labels."""
    return InputError(f"the model gives {format_shape(shape)} for each sample, expected {expected}", help)
