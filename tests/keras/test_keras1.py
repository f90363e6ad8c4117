"""Files that Keras 1.2.2 saved, against what it computed; and what it alone could say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import ModelcError, UnsupportedError
from modelc.keras.keras1.weights import converted
from modelc.keras.weights.tree import LayerNode
from modelc.model.loading import load_spec
from tests.keras.recorded import Recorded

h5py: Any = pytest.importorskip("h5py")

Array = np.ndarray[Any, Any]

FILES = Path(__file__).parent / "keras1_files"
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


NEVER_USED = {"by_sample": 2 * (6 + 4 + 4)}
"""The running statistics that Keras 1 keeps for `mode: 1` of BatchNormalization, which has none."""


def test_numbers_of_parameters() -> None:
    for name in NAMES:
        with np.load(FILES / f"{name}.npz") as stored:
            expected = int(stored["params"]) - NEVER_USED.get(name, 0)
            assert load_spec(FILES / f"{name}.h5").summary().params == expected, name


@pytest.mark.parametrize("name", ["images", "branches", "wrapped"])
def test_compiled(name: str) -> None:
    assert_computes(load_spec(FILES / f"{name}.h5").build(), name)


def test_json_and_weights_apart(tmp_path: Path) -> None:
    """As `model.to_json()` and `model.save_weights` write them: the arrays are at the top, and no version is noted."""
    with h5py.File(FILES / "nested.h5") as saved, h5py.File(tmp_path / "weights.h5", "w") as apart:
        text = saved.attrs["model_config"]
        apart.attrs["layer_names"] = saved["model_weights"].attrs["layer_names"]
        for name in saved["model_weights"]:
            saved.copy(f"model_weights/{name}", apart)
    (tmp_path / "model.json").write_text(text if isinstance(text, str) else text.decode())
    spec = load_spec(tmp_path / "model.json")
    assert_computes(spec.build(backend="reference", weights=tmp_path / "weights.h5"), "nested")


def by_theano(source: Path, target: Path) -> None:
    """A file with the names that variables have on Theano."""
    with h5py.File(source) as saved, h5py.File(target, "w") as made:
        for key, value in saved.attrs.items():
            made.attrs[key] = value
        saved.copy("model_weights", made)
        for group in made["model_weights"].values():
            names = [n if isinstance(n, str) else n.decode() for n in group.attrs["weight_names"].tolist()]
            for name in names:
                group.move(name, name.removesuffix(":0"))
            group.attrs["weight_names"] = [name.removesuffix(":0").encode() for name in names]


def test_theano_flips_kernels(tmp_path: Path) -> None:
    by_theano(FILES / "images_th.h5", tmp_path / "theano.h5")
    straight = load_spec(FILES / "images_th.h5").build(backend="reference")
    flipped = load_spec(tmp_path / "theano.h5").build(backend="reference")
    for a, b in zip(straight.weights, flipped.weights, strict=True):
        kernel = a.name == "kernel" and a.value.ndim == 4
        np.testing.assert_array_equal(b.value, a.value[::-1, ::-1] if kernel else a.value)


def layer(class_name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": class_name, "config": {"name": class_name.lower(), "trainable": True, **config}}


def sequential(*entries: dict[str, Any], shape: tuple[int, ...] = (4,)) -> dict[str, Any]:
    entries[0]["config"]["batch_input_shape"] = [None, *shape]
    return {"class_name": "Sequential", "config": list(entries), "keras_version": "1.2.2"}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (layer("Lambda"), "`Lambda` .* contains code"),
        (layer("Mine"), "`Mine` .* no layer of Keras 1's own"),
        (layer("Deconvolution2D", nb_filter=1, nb_row=1, nb_col=1, border_mode="full"), "`border_mode: full`"),
        (layer("Highway"), "does not say how many features"),
        (layer("Merge", mode="<lambda>", mode_type="function"), "its mode is a function"),
        (layer("Merge", mode="less", mode_type="raw"), "the mode `less`"),
        (layer("Dense", output_dim=2, W_constraint={"name": "Mine"}), "the constraint `Mine`"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(entry: dict[str, Any], message: str) -> None:
    with pytest.raises(UnsupportedError, match=f"saved by Keras 1.x: .*{message}"):
        load_spec(sequential(entry))


@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        ([1, 2], (None, 6, 8, 1)),
        ([1, 0, 2, 1], (None, 5, 7, 1)),
        ({"top_pad": 2, "left_pad": 1}, (None, 6, 5, 1)),
    ],
    ids=str,
)
def test_forms_of_padding(padding: Any, expected: tuple[int | None, ...]) -> None:
    spec = load_spec(sequential(layer("ZeroPadding2D", padding=padding), shape=(4, 4, 1)))
    assert spec.graph.outputs[0].type.shape == expected


def test_layers_that_do_not_say_where_channels_are_follow_the_others() -> None:
    conv = layer("Convolution2D", nb_filter=2, nb_row=1, nb_col=1, dim_ordering="th", border_mode="valid")
    spec = load_spec(sequential(conv, layer("UpSampling2D", size=[2, 3]), shape=(3, 4, 5)))
    assert spec.graph.outputs[0].type.shape == (None, 2, 8, 15)


@pytest.mark.parametrize("old", [False, True])
def test_both_layouts_of_kernels_over_steps(old: bool) -> None:
    kernel = np.arange(2 * 3 * 4.0).reshape(2, 1, 3, 4)
    stored = kernel.transpose(3, 2, 0, 1) if old else kernel
    made = converted(LayerNode("c", "Conv1D"), {"W": stored}, {"kernel": (2, 3, 4)})
    np.testing.assert_array_equal(made["kernel"], kernel[:, 0])


def test_arrays_of_another_layer_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelcError, match=r"saved by Keras 1\.x|does not match the model"):
        load_spec(FILES / "mlp.h5").build(backend="reference", weights=FILES / "recurrent.h5")


@pytest.mark.parametrize(
    "model",
    [
        sequential(layer("TimeDistributed", layer=3)),
        sequential(layer("ZeroPadding2D", padding="x"), shape=(3, 3, 1)),
        sequential(layer("Merge", mode=["x"])),
        sequential(layer("Merge", mode="sum", layers=[{}])),
        sequential(layer("MaxoutDense", output_dim=3, nb_feature=10**12)),
        {"class_name": "Sequential", "config": [], "keras_version": "1.2.2"},
        {"class_name": "Model", "config": 3, "keras_version": "1.0"},
        {"class_name": "Model", "config": {"layers": [{}], "output_layers": 3}, "keras_version": "1.0"},
    ],
    ids=lambda model: str(model)[:60],
)
def test_malformed_models_are_told(model: dict[str, Any]) -> None:
    with pytest.raises(ModelcError):
        load_spec(model).build()


def test_a_layer_that_does_not_say_how_it_is_drawn() -> None:
    spec = load_spec(sequential(layer("Dense", output_dim=2), layer("MaxoutDense", output_dim=3, nb_feature=2)))
    assert spec.graph.outputs[0].type.shape == (None, 3)


def saved_by_keras_1(path: Path, entry: dict[str, Any], arrays: dict[str, Array]) -> Path:
    """A Sequential model of one layer, as Keras 1 on Theano writes it."""
    name = entry["config"]["name"]
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = b"1.2.2"
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": [entry]}).encode()
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [name.encode()]
        own = group.create_group(name)
        own.attrs["weight_names"] = [f"{name}_{part}".encode() for part in arrays]
        for part, array in arrays.items():
            own[f"{name}_{part}"] = array
    return path


def test_a_convolution_over_all_positions_that_meet_the_input(tmp_path: Path) -> None:
    """`border_mode: full`, which Theano alone had: Σ_c x_c * W_c, the full convolution of signal processing."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2, 4, 5, 3), np.float32)  # channels first: 4 channels of 5 × 3
    kernel, bias = rng.standard_normal((2, 4, 3, 2), np.float32), rng.standard_normal(2, np.float32)
    config = {
        "name": "conv", "nb_filter": 2, "nb_row": 3, "nb_col": 2, "border_mode": "full", "dim_ordering": "th",
        "batch_input_shape": [None, 4, 5, 3], "activation": "linear", "subsample": [1, 1], "bias": True,
    }  # fmt: skip
    path = saved_by_keras_1(
        tmp_path / "full.h5", {"class_name": "Convolution2D", "config": config}, {"W": kernel, "b": bias}
    )
    wanted = np.zeros((2, 2, 7, 4)) + bias[:, None, None]
    for i in range(5):
        for j in range(3):
            wanted[:, :, i : i + 3, j : j + 2] += np.einsum("nc,fcab->nfab", x[:, :, i, j], kernel)
    found = load_spec(path).build(backend="reference")(x)
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)


def test_steps_over_all_positions_that_meet_the_input(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x, kernel = rng.standard_normal((1, 6, 1), np.float32), rng.standard_normal((3, 1, 1, 1), np.float32)
    config = {
        "name": "conv", "nb_filter": 1, "filter_length": 3, "border_mode": "full", "activation": "linear",
        "batch_input_shape": [None, 6, 1], "subsample_length": 1, "bias": False,
    }  # fmt: skip
    path = saved_by_keras_1(tmp_path / "full.h5", {"class_name": "Convolution1D", "config": config}, {"W": kernel})
    found = load_spec(path).build(backend="reference")(x)
    np.testing.assert_allclose(
        found[0, :, 0], np.convolve(x[0, :, 0], kernel[:, 0, 0, 0], "full"), rtol=1e-5, atol=1e-6
    )
