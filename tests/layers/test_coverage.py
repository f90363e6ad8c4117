"""Every class of `keras.layers` is in the vocabulary or refused with a reason."""

from __future__ import annotations

import pytest

from modelc.layers.coverage import APPLICATION_LAYERS, KERAS_LAYERS, OLDER_LAYERS, OWN, REFUSED
from modelc.layers.registry import LAYERS


def test_each_class_once() -> None:
    assert len(set(KERAS_LAYERS)) == len(KERAS_LAYERS) == 144


@pytest.mark.parametrize("name", KERAS_LAYERS)
def test_supported_or_refused(name: str) -> None:
    assert (name in LAYERS.names) != (name in REFUSED)


def test_nothing_else_is_named() -> None:
    assert set(REFUSED) <= set(KERAS_LAYERS)
    assert set(LAYERS.names) == (set(KERAS_LAYERS) - set(REFUSED)) | {*APPLICATION_LAYERS, *OLDER_LAYERS} | OWN


def test_the_list_is_that_of_keras() -> None:
    """Where Keras is at hand: all that it exports, one name for each class."""
    keras = pytest.importorskip("keras")
    classes = {name: value for name, value in vars(keras.layers).items() if isinstance(value, type)}
    # A class is told by its own name among its aliases, if Keras exports it under that one.
    exported = {value.__name__ if value.__name__ in classes else name for name, value in classes.items()}
    assert exported == set(KERAS_LAYERS)
