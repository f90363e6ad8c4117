"""`padding: same` in files that Keras saved while it computed with Theano: by the definition of Theano's ops.

As `keras/backend/theano_backend.py` of Keras 2.3.1 calls them: `border_mode="half"` pads an axis with half of the
dilated kernel, rounded down, on both sides, and the result is cut to ceil(in / stride) where the kernel is even;
pooling pads both sides with `pool_size - 1`, or with `pool_size - 2` where that size is odd and more than 2.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc

h5py = pytest.importorskip("h5py")

Array = np.ndarray[Any, Any]
CONVOLUTIONS = [(k, s, d, n) for k in (1, 2, 3, 4, 5) for s, d in ((1, 1), (2, 1), (3, 1), (1, 2)) for n in (7, 8, 9)]


def saved(path: Path, layer: dict[str, Any], shape: tuple[int, ...], weights: dict[str, Array], backend: str) -> Path:
    """The file of a Sequential model of one layer, as Keras 2.2.4 writes it."""
    layer["config"] |= {"name": "one", "batch_input_shape": [None, *shape], "dtype": "float32"}
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(
            {"class_name": "Sequential", "config": {"name": "m", "layers": [layer]}}
        )
        groups = file.create_group("model_weights")
        for place in (file, groups):
            place.attrs["keras_version"], place.attrs["backend"] = "2.2.4", backend
        groups.attrs["layer_names"] = [b"one"]
        group = groups.create_group("one")
        group.attrs["weight_names"] = [f"one/{name}".encode() for name in weights]
        for name, array in weights.items():
            group[f"one/{name}"] = array
    return path


def half_convolution(x: Array, kernel: Array, stride: int, dilation: int) -> Array:
    """``T.nnet.conv2d(…, border_mode="half", subsample, filter_dilation)`` along one axis: it flips the kernel."""
    size, reach = len(kernel), (len(kernel) - 1) * dilation + 1
    padded = np.pad(x, reach // 2)
    whole = [
        sum(padded[o + t * dilation] * kernel[size - 1 - t] for t in range(size))
        for o in range(0, len(padded) - reach + 1, stride)
    ]
    return np.array(whole[: -(-len(x) // stride)] if size % 2 == 0 else whole)


@pytest.mark.parametrize(("size", "stride", "dilation", "length"), CONVOLUTIONS)
def test_convolutions(tmp_path: Path, size: int, stride: int, dilation: int, length: int) -> None:
    rng = np.random.default_rng(size)
    kernel, x = rng.standard_normal((size, 1, 1)).astype("f4"), rng.standard_normal((2, length, 1)).astype("f4")
    config = {
        "filters": 1, "kernel_size": [size], "strides": [stride], "dilation_rate": [dilation], "padding": "same",
        "use_bias": False,
    }  # fmt: skip
    path = saved(
        tmp_path / "m.h5", {"class_name": "Conv1D", "config": config}, (length, 1), {"kernel:0": kernel}, "theano"
    )
    spec = modelc.load_spec(path)
    assert spec.semantics == "keras2-theano"
    y = spec.build(weights=path, backend="reference")(x)
    for sample, found in zip(x, y, strict=True):
        expected = half_convolution(sample[:, 0].astype("f8"), kernel[:, 0, 0].astype("f8"), stride, dilation)
        np.testing.assert_allclose(found[:, 0], expected, rtol=1e-4, atol=1e-5)
    again = modelc.load_spec(spec.to_yaml()).build(weights=path, backend="native")
    np.testing.assert_allclose(again(x), y, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", ["MaxPooling1D", "AveragePooling1D"])
@pytest.mark.parametrize(("size", "stride"), [(2, 1), (2, 2), (3, 1), (3, 2), (4, 2), (5, 1), (5, 3)])
@pytest.mark.parametrize("length", [7, 8])
def test_pooling(tmp_path: Path, kind: str, size: int, stride: int, length: int) -> None:
    x = np.random.default_rng(size).standard_normal((2, length, 1)).astype("f4")
    config = {"pool_size": [size], "strides": [stride], "padding": "same"}
    path = saved(tmp_path / "m.h5", {"class_name": kind, "config": config}, (length, 1), {}, "theano")
    spec = modelc.load_spec(path)
    pad = size - 2 if size > 2 and size % 2 else size - 1
    padded = np.pad(x[:, :, 0], ((0, 0), (pad, pad)), constant_values=np.nan)
    reduce = np.nanmax if kind.startswith("Max") else np.nanmean  # ignore_border, "average_exc_pad"
    windows = [reduce(padded[:, o : o + size], axis=1) for o in range(0, length + 2 * pad - size + 1, stride)]
    expected = np.stack(windows[: -(-length // stride)], axis=1)
    for backend in ("reference", "native"):
        np.testing.assert_allclose(spec.build(backend=backend)(x)[:, :, 0], expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("size", "stride"), [(1, 1), (3, 1), (3, 2), (5, 2), (5, 3), (3, 3)])
def test_transposed_convolutions(tmp_path: Path, size: int, stride: int) -> None:
    """The gradient of the padded convolution by its input (`AbstractConv2d_gradInputs`); odd kernels only, as there."""
    length = 4
    rng = np.random.default_rng(size)
    kernel = rng.standard_normal((size, size, 1, 1)).astype("f4")
    x = rng.standard_normal((1, length, length, 1)).astype("f4")
    config = {"filters": 1, "kernel_size": [size] * 2, "strides": [stride] * 2, "padding": "same", "use_bias": False}
    layer = {"class_name": "Conv2DTranspose", "config": config}
    path = saved(tmp_path / "m.h5", layer, (length, length, 1), {"kernel:0": kernel}, "theano")
    y = modelc.load_spec(path).build(weights=path, backend="reference")(x)[0, :, :, 0]
    extent = length * stride
    expected = np.zeros((extent, extent))
    flipped = kernel[::-1, ::-1, 0, 0]  # a convolution flips: output o reads input o·stride - half + t with it
    for i, j, s, t in np.ndindex(length, length, size, size):
        a, b = i * stride - size // 2 + s, j * stride - size // 2 + t
        if 0 <= a < extent and 0 <= b < extent:
            expected[a, b] += x[0, i, j, 0] * flipped[s, t]
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)


def test_tensorflow_and_what_has_no_same_padding_say_nothing(tmp_path: Path) -> None:
    kernel = {"kernel:0": np.ones((2, 1, 1), "f4")}
    for padding, backend in (("same", "tensorflow"), ("valid", "theano")):
        config = {"filters": 1, "kernel_size": [2], "padding": padding, "use_bias": False}
        layer = {"class_name": "Conv1D", "config": config}
        assert modelc.load_spec(saved(tmp_path / "m.h5", layer, (5, 1), kernel, backend)).semantics == "keras3"


def test_it_is_not_exported_where_keras_3_pads_otherwise(tmp_path: Path) -> None:
    for size, fits in ((2, False), (3, True)):
        kernel = {"kernel:0": np.ones((size, 1, 1), "f4")}
        layer = {
            "class_name": "Conv1D",
            "config": {"filters": 1, "kernel_size": [size], "padding": "same", "use_bias": False},
        }
        path = saved(tmp_path / "m.h5", layer, (5, 1), kernel, "theano")
        model = modelc.load_spec(path).build(weights=path, backend="reference")
        if fits:
            model.save(tmp_path / "m.keras")
            continue
        with pytest.raises(modelc.ModelcError, match="by the rules of Keras 3"):
            model.save(tmp_path / "m.keras")
