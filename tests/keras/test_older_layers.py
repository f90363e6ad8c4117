"""Layers that Keras 3 left out or keeps otherwise, from files that Keras 2 saved, against what it computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import ShapeError, SpecError, UnsupportedError
from modelc.graph.builder import Builder
from modelc.graph.types import TensorType
from modelc.keras.config.layers import layer_from_keras
from modelc.keras.export.export import export_keras, export_keras_weights
from modelc.layers import LAYERS
from modelc.layers.base import Layer
from modelc.model.loading import load_spec
from modelc.ops.resample import Resample
from tests.keras.recorded import Recorded

pytest.importorskip("h5py")

Array = np.ndarray[Any, Any]

FILES = Path(__file__).parent / "older_layers"
RECORDED = Recorded(FILES)
NAMES = RECORDED.names
arrays_of, assert_computes = RECORDED.arrays_of, RECORDED.assert_computes


def test_none_is_lost() -> None:
    RECORDED.assert_none_is_lost()


@pytest.mark.parametrize("name", NAMES)
def test_computes_what_keras_did(name: str) -> None:
    assert_computes(load_spec(FILES / f"{name}.h5").build(backend="reference"), name)


@pytest.mark.parametrize("name", NAMES)
def test_the_written_spec_computes_the_same(name: str, tmp_path: Path) -> None:
    RECORDED.assert_the_written_spec_computes_the_same(name, tmp_path)


@pytest.mark.parametrize("name", ["local_1d_sparse", "local_2d_first", "local_2d_dense", "samples_attend"])
def test_compiled(name: str) -> None:
    assert_computes(load_spec(FILES / f"{name}.h5").build(), name)


@pytest.mark.parametrize("write", [export_keras, export_keras_weights])
def test_keras_3_has_no_local_layers(write: Any, tmp_path: Path) -> None:
    spec = load_spec(FILES / "local_2d.h5")
    with pytest.raises(UnsupportedError, match="Keras 3 has no LocallyConnected2D"):
        write(tmp_path / "out.h5", spec, {})
    assert not list(tmp_path.iterdir())


def local(type: str, **options: Any) -> Layer:
    return LAYERS.coerce({"type": type, "filters": 2, **options})


def test_padding_needs_another_form() -> None:
    with pytest.raises(SpecError, match="`padding: same` needs `implementation: 2` or `3`"):
        local("LocallyConnected1D", kernel_size=3, padding="same")


@pytest.mark.parametrize("size", [10**5, 10**9])
@pytest.mark.parametrize("form", [2, 3])
def test_windows_are_bounded_before_any_work(size: int, form: int) -> None:
    g = Builder()
    x = g.input(TensorType((None, 8, 8, 3)))
    with g.layer("layer"), pytest.raises(ShapeError, match="at most 65,536"):
        local("LocallyConnected2D", kernel_size=size, padding="same", implementation=form).apply(g, x)


@pytest.mark.parametrize("form", [1, 2, 3])
def test_tables_are_bounded_before_any_work(form: int) -> None:
    g = Builder()
    x = g.input(TensorType((None, 10**5, 10**5, 3)))
    with g.layer("layer"), pytest.raises(ShapeError, match="at most 4,194,304"):
        local("LocallyConnected2D", kernel_size=3, implementation=form).apply(g, x)


def read_layer(class_name: str, **config: Any) -> Layer:
    return layer_from_keras({"class_name": class_name, "config": {"name": "one", **config}})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            ("CategoryEncoding", {"max_tokens": 5, "output_mode": "binary"}),
            {"num_tokens": 5, "output_mode": "multi_hot"},
        ),
        (("CategoryEncoding", {"max_tokens": 5, "output_mode": "count"}), {"num_tokens": 5, "output_mode": "count"}),
        (("Discretization", {"bins": [0.0, 1.0]}), {"bin_boundaries": (0.0, 1.0)}),
        (("CuDNNLSTM", {"units": 2}), {"recurrent_activation": "sigmoid", "activation": "tanh"}),
        (("CuDNNGRU", {"units": 2}), {"recurrent_activation": "sigmoid", "reset_after": True}),
    ],
    ids=str,
)
def test_options_of_older_versions(given: tuple[str, dict[str, Any]], expected: dict[str, Any]) -> None:
    layer = read_layer(given[0], **given[1])
    assert {key: getattr(layer, key) for key in expected} == expected


@pytest.mark.parametrize("method", ["area", "gaussian", "mitchellcubic"])
def test_keras_3_interpolates_otherwise(method: str, tmp_path: Path) -> None:
    entry = {"type": "Resizing", "height": 2, "width": 2, "interpolation": method}
    spec = load_spec({"modelc": 1, "input": {"shape": [4, 4, 1]}, "layers": [entry]})
    with pytest.raises(UnsupportedError, match=f"Keras 3 has no `interpolation: {method}`"):
        export_keras(tmp_path / "out.keras", spec, {})


def test_an_area_is_the_mean_of_what_it_covers() -> None:
    x = np.arange(6.0, dtype=np.float32)
    y = Resample(0, 4, "area").compute(x)
    np.testing.assert_allclose(y, [1 / 3, 5 / 3, 10 / 3, 14 / 3], rtol=1e-6)
