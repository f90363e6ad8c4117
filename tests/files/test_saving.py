"""The suffix says what a model is saved as, or is refused; what a file holds says how it is read."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

import modelc
from modelc.errors import FileFormatError, InputError
from modelc.files.kinds import Kind, kind_of
from tests.live_keras import live_keras

X = np.arange(8, dtype=np.float32).reshape(2, 4)


@pytest.fixture
def model() -> modelc.Model:
    spec = "modelc: 1\nname: m\ninput: {shape: [4]}\nlayers: [{type: Dense, units: 3, name: d}]\n"
    return modelc.load_spec(spec).build(backend="reference", seed=3)


@pytest.mark.parametrize(("suffix", "kind"), [(".modelc", Kind.MODEL), (".keras", Kind.KERAS), (".MODELC", Kind.MODEL)])
def test_models(tmp_path: Path, model: modelc.Model, suffix: str, kind: Kind) -> None:
    path = tmp_path / f"m{suffix}"
    model.save(path)
    assert kind_of(path) is kind
    again = modelc.load(path, backend="reference")
    assert again.name == "m"
    np.testing.assert_array_equal(again(X), model(X))
    np.testing.assert_array_equal(modelc.load(str(path), backend="reference")(X), model(X))


def test_onnx(tmp_path: Path, model: modelc.Model) -> None:
    model.save(tmp_path / "m.onnx")
    assert kind_of(tmp_path / "m.onnx") is Kind.ONNX
    session = onnxruntime.InferenceSession(tmp_path / "m.onnx", providers=["CPUExecutionProvider"])
    np.testing.assert_allclose(session.run(None, {"input": X})[0], model(X), rtol=1e-6, atol=1e-6)


def test_keras_opens_what_save_writes(tmp_path: Path, model: modelc.Model) -> None:
    keras: Any = live_keras()
    model.save(tmp_path / "m.keras")
    opened = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_allclose(np.asarray(opened(X)), model(X), rtol=1e-6)
    model.save_weights(tmp_path / "w.weights.h5")
    for variable in opened.weights:
        variable.assign(np.zeros(variable.shape, np.float32))
    opened.load_weights(tmp_path / "w.weights.h5")
    np.testing.assert_allclose(np.asarray(opened(X)), model(X), rtol=1e-6)


@pytest.mark.parametrize("name", ["w.safetensors", "w.weights.h5"])
def test_weights(tmp_path: Path, model: modelc.Model, name: str) -> None:
    model.save_weights(tmp_path / name)
    other = model.spec.build(backend="reference", seed=4)
    assert not np.array_equal(other(X), model(X))
    other.load_weights(tmp_path / name)
    np.testing.assert_array_equal(other(X), model(X))


@pytest.mark.parametrize("name", ["m.modelc", "m.keras"])
def test_weights_of_whole_models(tmp_path: Path, model: modelc.Model, name: str) -> None:
    model.save(tmp_path / name)
    other = model.spec.build(backend="reference", seed=4)
    other.load_weights(tmp_path / name)
    np.testing.assert_array_equal(other(X), model(X))


REFUSED = {
    "m.h5": r"\.h5 file\n  help: .*name it \.keras",
    "m.hdf5": r"\.hdf5 file\n  help: .*name it \.keras",
    "m.weights.h5": r"help: `save_weights` writes weights alone",
    "m.safetensors": r"help: `save_weights` writes weights alone",
    "m.yaml": r"to_yaml",
    "m.json": r"to_yaml",
    "m.npz": r"\.npz file\n  help: name it \.modelc, \.keras for Keras, or \.onnx",
    "m.pt": r"\.pt file",
    "m.Keras": r"\.Keras file\n  help: name it \.modelc, \.keras for Keras, or \.onnx",
    "m": r"a file without a suffix\n  help: name it \.modelc",
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_suffixes_of_models(tmp_path: Path, model: modelc.Model, name: str) -> None:
    with pytest.raises(InputError, match=REFUSED[name]) as error:
        model.save(tmp_path / name)
    assert len(str(error.value).splitlines()) == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "name", ["w.modelc", "w.keras", "w.h5", "w.npz", "w.npy", "w.yaml", "w.pt", "w", "w.Weights.H5"]
)
def test_other_suffixes_of_weights(tmp_path: Path, model: modelc.Model, name: str) -> None:
    with pytest.raises(InputError, match=r"name it \.safetensors, or \.weights\.h5 for Keras"):
        model.save_weights(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_what_is_no_model(tmp_path: Path, model: modelc.Model) -> None:
    (tmp_path / "s.yaml").write_text(model.spec.to_yaml())
    model.save_weights(tmp_path / "w.safetensors")
    model.save_weights(tmp_path / "w.weights.h5")
    np.save(tmp_path / "x.npy", X)
    for name, message in (
        ("s.yaml", r"is not a \.modelc file: it is a spec\n  help: .*load_spec"),
        ("w.safetensors", r"it holds weights alone\n  help: .*build\(weights"),
        ("w.weights.h5", r"it holds weights alone\n  help: .*build\(weights"),
        ("x.npy", r"is not a \.modelc file"),
        ("none.modelc", "cannot be read"),
        ("none.keras", "cannot be read"),
    ):
        with pytest.raises(FileFormatError, match=message):
            modelc.load(tmp_path / name)
    with pytest.raises(FileFormatError, match="not a safetensors file"):
        model.load_weights(tmp_path / "s.yaml")


def test_weights_are_loaded_into_what_a_spec_cannot_name(tmp_path: Path) -> None:
    """Only files of Keras are read by the structure of the model."""
    spec = modelc.load_spec({"modelc": 1, "input": {"shape": [3]}, "layers": [{"type": "Dense", "units": 2}]})
    base, other = (spec.build(backend="reference", seed=seed) for seed in (0, 1))
    part = modelc.Model(other.inputs, [*other.outputs, *other.outputs])
    with pytest.raises(modelc.SpecError, match="cannot name the outputs"):
        part.to_spec()
    base.save_weights(tmp_path / "base.safetensors")
    part.load_weights(tmp_path / "base.safetensors")
    for found, expected in zip(part.get_weights(), base.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["w.safetensors", "w.weights.h5"])
def test_weights_that_are_read_are_not_copied(name: str, tmp_path: Path) -> None:
    """Of a large model's weights there are those before and those of the file, and no third."""
    model = modelc.load_spec(
        {"modelc": 1, "input": {"shape": [1000]}, "layers": [{"type": "Dense", "units": 2000}]}
    ).build(seed=1, backend="reference")
    model.save_weights(tmp_path / name)
    model.load_weights(tmp_path / name)  # what is imported for it is there
    tracemalloc.start()
    try:
        model.load_weights(tmp_path / name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.2 * sum(array.nbytes for array in model.arrays.values())
