"""Batches of other libraries: PyTorch and TensorFlow themselves where they are installed, and what stands in for them.

The tests that need them are skipped elsewhere: what stands in for them has the methods that modelc calls, and shows no
more than that these are called.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.errors import InputError

torch: Any = importlib.import_module("torch") if importlib.util.find_spec("torch") else None
with_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")
with_tensorflow = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None, reason="TensorFlow is not installed"
)

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(20, 3)).astype(np.float32)
Y = RANDOM.integers(0, 2, 20)
W = RANDOM.uniform(size=20).astype(np.float32)


def _model() -> Any:
    layers = modelc.layers
    model = modelc.Sequential([modelc.Input((3,)), layers.Dense(2, "softmax")], backend="reference")
    model.compile("sgd", "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    return model


def _fitted(data: Any, **options: Any) -> Any:
    model = _model()
    model.history = model.fit(data, verbose=0, epochs=2, **options).history
    return model


def _same_as_arrays(data: Any, *, weights: bool = False, **options: Any) -> None:
    """Fit, evaluate and predict do with the batches what they do with arrays, four samples at a time."""
    plain = _model()
    arrays = {"sample_weight": W} if weights else {}
    history = plain.fit(X, Y, 4, epochs=2, verbose=0, shuffle=False, **arrays).history
    model = _fitted(data, **options)
    assert model.history["loss"] == pytest.approx(history["loss"], rel=1e-6)
    for ours, theirs in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    steps = {"steps": 5} if options else {}
    assert model.evaluate(data, verbose=0, **steps) == pytest.approx(plain.evaluate(X, Y, 4, verbose=0, **arrays))
    np.testing.assert_array_equal(model.predict(data, **steps), plain.predict(X, 4))


class _Tensor:
    """An array behind the methods that tensors of PyTorch have."""

    def __init__(self, array: Any, refused: type[Exception] | None = None, ready: bool = False) -> None:
        self.array, self._refused, self._ready = array, refused, ready
        self.dtype, self.shape = array.dtype, array.shape

    def detach(self) -> _Tensor:
        return _Tensor(self.array, self._refused, True)

    def cpu(self) -> _Tensor:
        return self

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if self._refused is not None or not self._ready:
            raise (self._refused or RuntimeError)("cannot be read")
        return self.array


class _Loader:
    """Batches again and again; its length may be unknown, as that of a dataset of tf.data."""

    def __init__(self, make: Callable[[slice], Any], length: int | None = None) -> None:
        self._make, self._length = make, length

    def __iter__(self) -> Iterator[Any]:
        return (self._make(slice(i, i + 4)) for i in range(0, 20, 4))

    def __len__(self) -> int:
        if self._length is None:
            raise TypeError("the length is unknown")
        return self._length


def test_tensors_and_unknown_lengths() -> None:
    _same_as_arrays(_Loader(lambda s: [_Tensor(X[s]), _Tensor(Y[s])], 5))
    _same_as_arrays(_Loader(lambda s: (_Tensor(X[s]), _Tensor(Y[s]), _Tensor(W[s]))), weights=True)
    _same_as_arrays(_Loader(lambda s: ({"input": _Tensor(X[s])}, Y[s])))


def test_a_generator_and_steps() -> None:
    def endless() -> Iterator[Any]:
        while True:
            yield from _Loader(lambda s: (X[s], Y[s]))

    assert (
        _fitted(endless(), steps_per_epoch=5).history["loss"]
        == _fitted(_Loader(lambda s: (X[s], Y[s]))).history["loss"]
    )


def test_validation_on_batches() -> None:
    data = _Loader(lambda s: (X[s], Y[s]))
    model = _fitted(data, validation_data=data, validation_steps=2)
    assert model.history["val_loss"][-1] == pytest.approx(
        model.evaluate(X[:8], Y[:8], verbose=0, return_dict=True)["loss"]
    )


def test_what_never_ends_needs_steps() -> None:
    class Endless(_Loader):
        def cardinality(self) -> int:
            return -1

        def __iter__(self) -> Iterator[Any]:
            while True:
                yield from super().__iter__()

    data = Endless(lambda s: (X[s], Y[s]))
    with pytest.raises(InputError, match="repeats itself without end"):
        _fitted(data)
    with pytest.raises(InputError, match="repeats itself without end"):
        _model().predict(data)
    assert len(_fitted(data, steps_per_epoch=3).history["loss"]) == 2


@pytest.mark.parametrize("refused", [TypeError, RuntimeError, ValueError])
def test_tensors_that_are_no_arrays_are_refused_by_batch(refused: type[Exception]) -> None:
    with pytest.raises(InputError, match=r"batch 0 of the data: .*is not an array: cannot be read"):
        _fitted(_Loader(lambda s: (_Tensor(X[s], refused), Y[s])))


def test_types_that_numpy_does_not_have() -> None:
    types = pytest.importorskip("ml_dtypes")
    for call in (_model(), _model().predict, lambda x: _fitted(_Loader(lambda s: (x[s], Y[s])))):
        with pytest.raises(InputError, match="bfloat16, expected numbers") as error:
            call(X.astype(types.bfloat16))
        assert error.value.diagnostics[0].help == "convert it to float32 first"


@with_torch
def test_torch_loaders() -> None:
    x, y, w = torch.tensor(X), torch.tensor(Y), torch.tensor(W)
    data = torch.utils.data
    _same_as_arrays(data.DataLoader(data.TensorDataset(x, y), 4))
    _same_as_arrays(data.DataLoader(data.TensorDataset(x, y, w), 4), weights=True)
    named = [({"input": a}, b) for a, b in zip(x, y, strict=True)]
    _same_as_arrays(data.DataLoader(named, 4))

    class Stream(data.IterableDataset):
        def __iter__(self) -> Iterator[Any]:
            return iter([(a, b) for a, b in zip(x, y, strict=True)])

    _same_as_arrays(data.DataLoader(Stream(), 4))


@with_torch
def test_torch_tensors() -> None:
    x = torch.tensor(X, requires_grad=True)
    model, plain = _model(), _model()
    np.testing.assert_array_equal(model(x), plain(X))
    np.testing.assert_array_equal(model.predict(x), plain.predict(X))
    model.fit(x, torch.tensor(Y), 4, verbose=0)
    plain.fit(X, Y, 4, verbose=0)
    np.testing.assert_array_equal(model.get_weights()[0], plain.get_weights()[0])
    with pytest.raises(InputError, match="is not an array") as error:
        model(x.bfloat16())
    assert "x.float()" in str(error.value)


@with_tensorflow
def test_tf_data() -> None:
    tf = importlib.import_module("tensorflow")
    make = tf.data.Dataset.from_tensor_slices
    _same_as_arrays(make((X, Y)).batch(4))
    _same_as_arrays(make((X, Y, W)).batch(4), weights=True)
    _same_as_arrays(make(({"input": X}, Y)).batch(4).prefetch(1))
    _same_as_arrays(make((X, Y)).batch(4).filter(lambda x, y: True))  # whose length is not known
    _same_as_arrays(make((X, Y)).batch(4).repeat(), steps_per_epoch=5)
    with pytest.raises(InputError, match="repeats itself without end"):
        _fitted(make((X, Y)).batch(4).repeat())
    with pytest.raises(InputError, match="bfloat16"):
        _fitted(make((tf.cast(X, tf.bfloat16), Y)).batch(4))
