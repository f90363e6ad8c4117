"""What scikit-learn does with data, as functions that have types: its own have none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import numpy as np
import sklearn.model_selection
import sklearn.utils
import sklearn.utils.class_weight
import sklearn.utils.metaestimators
import sklearn.utils.multiclass
import sklearn.utils.validation
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
Array = NDArray[Any]

_selection = cast("Any", sklearn.model_selection)
_utils = cast("Any", sklearn.utils)
_validation = cast("Any", sklearn.utils.validation)
_multiclass = cast("Any", sklearn.utils.multiclass)


def available_if(holds: Callable[[Any], bool]) -> Callable[[F], F]:
    """Decorates a method that an estimator has only if this holds for it."""
    return cast("Any", sklearn.utils.metaestimators).available_if(holds)


def samples(estimator: Any, given: Any) -> Array:
    """The samples for a trained estimator, pictures among them. Raises `ValueError` for others than it was trained on,
    `NotFittedError` for an estimator that is not trained."""
    _validation.check_is_fitted(estimator, "model_")
    return _validation.validate_data(estimator, given, reset=False, allow_nd=True)


def samples_and_labels(estimator: Any, x: Any, y: Any, *, anew: bool, **labels: bool) -> tuple[Array, Array]:
    """Samples and labels to train on, of which an estimator notes the features if it begins `anew`.

    Raises `ValueError` for what is none.
    """
    return _validation.validate_data(estimator, x, y, reset=anew, allow_nd=True, **labels)


def require_classes(y: Array) -> None:
    """Raise `ValueError` for labels that are measurements."""
    _multiclass.check_classification_targets(y)


def classes_in(labels: Any) -> Array:
    """The classes among labels, in order."""
    return _multiclass.unique_labels(labels)


def weights_of_classes(given: Mapping[Any, float] | str, classes: Array, y: Array) -> list[float]:
    """The weight of each class. Raises `ValueError` for what is none."""
    own = dict(given) if isinstance(given, Mapping) else given
    compute = cast("Any", sklearn.utils.class_weight).compute_class_weight
    return [float(weight) for weight in compute(own, classes=classes, y=y)]


def weights_of_samples(given: Any, x: Array) -> Array:
    """A weight for each sample. Raises `ValueError` for what is none."""
    return _validation._check_sample_weight(given, x, dtype=np.float32)


def floats(x: Array) -> Array:
    """Samples as float32. Raises `ValueError` for numbers that are too large."""
    with np.errstate(over="ignore"):
        return _utils.check_array(x, dtype=np.float32, allow_nd=True, input_name="X")


def drawn_seed(state: Any) -> int:
    """A seed from a generator. Raises `ValueError` for what is none."""
    return int(_utils.check_random_state(state).randint(2**31 - 1))


def split(parts: Sequence[Array], held_out: int, seed: int, strata: Array | None) -> tuple[list[Array], list[Array]]:
    """What is left of some arrays, and the samples that are held out, as frequent by `strata` as among all."""
    made: list[Array] = _selection.train_test_split(
        *parts, test_size=held_out, random_state=seed % 2**32, stratify=strata
    )
    return made[::2], made[1::2]
