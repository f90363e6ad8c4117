"""Record models that Keras 2.3.1 computes with Theano: the files here.

    pip install theano==1.0.5 keras==2.3.1 "numpy<1.24" scipy "h5py<4"
    python tests/keras/theano_files/record.py [NAME...]

Each case is saved as NAME.h5, its inputs and outputs as NAME.npz. Theano runs without a compiler, by its definitions in
NumPy and SciPy; what it and Keras import by names that others gave up is put where they look for it.
"""

from __future__ import annotations

import collections
import collections.abc
import importlib
import inspect
import os
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
BATCH = 2

Case = Callable[[Any], Any]
CASES: dict[str, Case] = {}


def case(build: Case) -> Case:
    """Register a function from `keras.layers` to the layers of a Sequential model, the first with its `input_shape`."""
    CASES[build.__name__] = build
    return build


@case
def convolutions(k: Any) -> Any:
    return [
        k.Conv2D(3, (2, 3), padding="same", input_shape=(6, 7, 2)),
        k.Conv2D(2, (4, 2), strides=(2, 1), padding="same"), k.Conv2D(2, 3, dilation_rate=2, padding="same"),
        k.Conv2D(2, 2),
    ]  # fmt: skip


@case
def convolutions_first(k: Any) -> Any:
    first = {"data_format": "channels_first", "padding": "same"}
    return [k.Conv2D(3, (2, 3), input_shape=(2, 6, 7), **first), k.Conv2D(2, (3, 4), strides=2, **first)]


@case
def sequences(k: Any) -> Any:
    return [
        k.Conv1D(3, 4, padding="same", input_shape=(9, 2)), k.Conv1D(2, 3, strides=2, padding="same"),
        k.Conv1D(2, 2, padding="causal"),
    ]  # fmt: skip


@case
def volumes(k: Any) -> Any:
    return [k.Conv3D(2, (2, 3, 2), padding="same", input_shape=(4, 3, 5, 1)), k.Conv3D(1, 2)]


@case
def depthwise(k: Any) -> Any:
    return [
        k.DepthwiseConv2D((3, 2), padding="same", depth_multiplier=2, input_shape=(6, 7, 2)),
        k.DepthwiseConv2D(4, padding="same", strides=2), k.DepthwiseConv2D(2),
    ]  # fmt: skip


@case
def depthwise_first(k: Any) -> Any:
    return [k.DepthwiseConv2D((2, 3), padding="same", data_format="channels_first", input_shape=(2, 5, 6))]


@case
def separable(k: Any) -> Any:
    return [
        k.SeparableConv2D(3, (2, 3), padding="same", depth_multiplier=2, input_shape=(5, 6, 2)),
        k.SeparableConv2D(2, 3, strides=2, padding="same", activation="tanh"),
    ]  # fmt: skip


@case
def separable_sequences(k: Any) -> Any:
    return [k.SeparableConv1D(3, 4, padding="same", input_shape=(7, 2)), k.SeparableConv1D(2, 3)]


@case
def recurrent_convolutions(k: Any) -> Any:
    return [
        k.ConvLSTM2D(2, (3, 2), padding="same", return_sequences=True, input_shape=(3, 4, 5, 2)),
        k.ConvLSTM2D(2, (2, 3), padding="same", strides=(2, 1)),
    ]  # fmt: skip


@case
def recurrent_convolutions_valid(k: Any) -> Any:
    return [k.ConvLSTM2D(2, (2, 3), input_shape=(2, 5, 5, 1), recurrent_activation="sigmoid")]


@case
def each_step(k: Any) -> Any:
    inner = k.DepthwiseConv2D((2, 3), padding="same")
    return [k.TimeDistributed(inner, input_shape=(2, 4, 5, 2)), k.TimeDistributed(k.Conv2D(2, 2, padding="same"))]


@case
def transposed(k: Any) -> Any:
    return [
        k.Conv2DTranspose(2, 3, strides=2, padding="same", input_shape=(3, 4, 2)),
        k.Conv2DTranspose(1, (3, 2), strides=(1, 2)),
    ]  # fmt: skip


@case
def transposed_volumes(k: Any) -> Any:
    return [k.Conv3DTranspose(1, (3, 1, 3), strides=(1, 2, 1), padding="same", input_shape=(3, 2, 3, 2))]


@case
def local(k: Any) -> Any:
    return [k.LocallyConnected1D(2, 3, input_shape=(6, 2))]


@case
def mixed(k: Any) -> Any:
    return [
        k.SeparableConv2D(2, (3, 2), dilation_rate=(1, 2), input_shape=(7, 7, 2)),
        k.TimeDistributed(k.Conv1D(2, 2, padding="same")), k.Flatten(), k.Dense(2),
    ]  # fmt: skip


def main() -> None:
    """Record the cases that are named, or all."""
    keras = _keras()
    for name in sys.argv[1:] or CASES:
        model = keras.models.Sequential(CASES[name](keras.layers))
        rng = np.random.RandomState(sum(map(ord, name)))
        model.set_weights([rng.normal(0, 0.5, w.shape) for w in model.get_weights()])
        x = rng.normal(0, 1, (BATCH, *model.input_shape[1:])).astype("float32")
        y = model.predict(x)
        model.save(HERE / f"{name}.h5", include_optimizer=False)
        np.savez_compressed(HERE / f"{name}.npz", x0=x, y0=y)
        print(name, y.shape)


def _keras() -> Any:
    os.environ["KERAS_BACKEND"] = "theano"
    os.environ["THEANO_FLAGS"] = "cxx=,floatX=float32,optimizer=None,blas__ldflags="
    for name in ("Iterable", "Mapping", "MutableMapping", "Sequence", "Callable", "Hashable"):
        setattr(collections, name, getattr(collections.abc, name))
    arguments = collections.namedtuple("arguments", "args varargs keywords defaults")

    def getargspec(function: Any) -> Any:
        found = inspect.getfullargspec(function)
        return arguments(found.args, found.varargs, found.varkw, found.defaults)

    inspect.getargspec = getargspec  # type: ignore[attr-defined]
    libraries: Any = importlib.import_module("numpy.distutils.__config__")
    libraries.blas_opt_info = libraries.lapack_opt_info = {}
    signals, tools = (importlib.import_module(f"scipy.signal.{name}") for name in ("signaltools", "_signaltools"))
    for name in ("_valfrommode", "_bvalfromboundary", "convolve"):
        setattr(signals, name, getattr(tools, name))
    older: Any = types.ModuleType("scipy.signal.sigtools")
    older._convolve2d = importlib.import_module("scipy.signal._sigtools")._convolve2d
    sys.modules["scipy.signal.sigtools"] = older
    return importlib.import_module("keras")


if __name__ == "__main__":
    main()
