"""Files that other exporters wrote (tests/onnx/exported), read as specs and held to ONNX Runtime."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np
import onnx
import pytest

import modelc
from modelc.layers.operations.layer import Operation
from modelc.layers.reshaping.shape import Permute
from modelc.model.build import build
from modelc.onnx.read import model as reader
from modelc.onnx.read.model import OnnxModel, read_onnx
from modelc.weights.assign import OwnArrays
from tests.onnx.runtime import session

_FOLDER = Path(__file__).parent / "exported"
_FILES = sorted(path.stem for path in _FOLDER.glob("*.onnx"))
_STEPS_FIRST = ("torchscript_time_major", "dynamo_time_major")


def _feeds(runtime: Any, batch: int) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(batch)
    made: dict[str, np.ndarray] = {}
    for one in runtime.get_inputs():
        free = [i for i, size in enumerate(one.shape) if not isinstance(size, int)]
        shape = [batch if i == (free[0] if free else 0) else size for i, size in enumerate(one.shape)]
        if "float" in one.type:
            made[one.name] = generator.normal(size=shape).astype(np.float32)
        else:
            made[one.name] = generator.integers(0, 20, shape).astype(np.int64 if "64" in one.type else np.int32)
    return made


def _outputs(made: OnnxModel, x: np.ndarray, backend: Any = "native") -> list[np.ndarray]:
    model = build(made.spec, weights=OwnArrays(made.arrays), backend=backend)
    given = model.predict(x)
    if isinstance(given, dict):
        return list(given.values())
    return list(given) if isinstance(given, list | tuple) else [given]


def _arrays(expected: list[Any]) -> list[np.ndarray]:
    """What ONNX Runtime gives as arrays: text left out, and mappings of classes to numbers as rows."""
    rows = [np.array([list(row.values()) for row in one]) if isinstance(one, list) else one for one in expected]
    return [one for one in rows if one.dtype.kind in "fi"]


def _close(found: np.ndarray, expected: np.ndarray) -> None:
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= 1e-5 * max(np.abs(expected).max(), 1e-3)


@pytest.mark.parametrize("name", _FILES)
def test_gives_what_onnx_runtime_gives(name: str) -> None:
    path = _FOLDER / f"{name}.onnx"
    runtime = session(str(path))
    made = read_onnx(path, keep_layout=True)
    for batch in (1,) if name == "torchscript_one_picture" else (1, 3):
        feeds = _feeds(runtime, batch)
        expected = runtime.run(None, feeds)
        (x,) = feeds.values()
        found = _outputs(made, x.T if name in _STEPS_FIRST else x, "native" if batch == 3 else "reference")
        for one, other in zip(found, _arrays(expected), strict=True):
            _close(one, other)


@pytest.mark.parametrize("name", [name for name in _FILES if "unet" in name or "resnet" in name or "vgg" in name])
def test_channels_are_last_unless_the_layout_is_kept(name: str) -> None:
    path = _FOLDER / f"{name}.onnx"
    runtime = session(str(path))
    feeds = _feeds(runtime, 2)
    expected = runtime.run(None, feeds)
    made = read_onnx(path)
    assert any("channels last" in note for note in made.notes)
    found = _outputs(made, feeds["x"].transpose(0, 2, 3, 1))
    for one, other in zip(found, expected, strict=True):
        _close(one.transpose(0, 3, 1, 2) if one.ndim == 4 else one, other)


_NOTHING_MOVES = [
    "torchscript_resnet", "dynamo_resnet", "torchscript_vgg", "dynamo_vgg", "torchscript_unet", "dynamo_unet",
    "torchscript_excited", "dynamo_excited", "tf2onnx_compact", "tf2onnx_flat", "keras_compact", "keras_flat",
]  # fmt: skip


@pytest.mark.parametrize("name", _NOTHING_MOVES)
def test_no_transposes_are_left(name: str) -> None:
    assert not [layer for layer in read_onnx(_FOLDER / f"{name}.onnx").spec.layers if isinstance(layer, Permute)]


@pytest.mark.parametrize("name", ["tf2onnx_compact", "keras_compact", "tf2onnx_flat", "keras_flat"])
def test_constants_per_channel_are_part_of_the_layer_before(name: str) -> None:
    """Biases behind transposes, and the sums and products that normalizations became."""
    spec = read_onnx(_FOLDER / f"{name}.onnx").spec
    assert not [layer for layer in spec.layers if isinstance(layer, Operation)]


def test_a_residual_network_is_what_a_person_would_write() -> None:
    spec = read_onnx(_FOLDER / "torchscript_resnet.onnx").spec
    assert [layer.type_name() for layer in spec.layers] == [
        "InputLayer", "ZeroPadding2D", "Conv2D", "ZeroPadding2D", "MaxPooling2D",
        "Conv2D", "Conv2D", "Add", "ReLU",
        "ZeroPadding2D", "Conv2D", "Conv2D", "Conv2D", "Add", "ReLU",
        "GlobalAveragePooling2D", "Dense",
    ]  # fmt: skip
    names = [layer.name for layer in spec.layers]
    assert {"conv1", "pool", "layer1/0/conv1", "layer1/0/add", "layer2/0/conv2", "fc"} <= set(names)
    assert spec.get_layer("layer1/0/conv1").activation == "relu"  # pyright: ignore[reportAttributeAccessIssue]
    assert spec.get_layer("layer1/0/conv1").padding == "same"  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("name", ["torchscript_recurrent", "torchscript_time_major"])
def test_recurrent_layers_are_keras_s(name: str) -> None:
    spec = read_onnx(_FOLDER / f"{name}.onnx").spec
    kinds = [layer.type_name() for layer in spec.layers]
    assert [kind for kind in kinds if kind not in ("Reshape", "Operation")] == [
        "InputLayer", "Embedding", "Bidirectional", "Bidirectional", "GRU", "SimpleRNN", "Dense",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["torchscript_transformer", "dynamo_transformer", "keras_attention"])
def test_transformers_keep_their_layers(name: str) -> None:
    """Attention of PyTorch makes the batch part of the heads' axis: products of axes are followed."""
    spec = read_onnx(_FOLDER / f"{name}.onnx").spec
    kinds = [layer.type_name() for layer in spec.layers]
    assert kinds.count("LayerNormalization") == 2
    assert kinds.count("Dense") >= 4
    operations = [layer.operation for layer in spec.layers if isinstance(layer, Operation)]
    assert operations.count("einsum") + operations.count("matmul") == 2
    assert not {"erf", "divide", "reciprocal"} & set(operations)


def test_what_a_spec_names_is_read_again(tmp_path: Path) -> None:
    """`load_spec` names the ONNX file as that of the weights; it is built, trained on, saved and loaded."""
    path = _FOLDER / "torchscript_vgg.onnx"
    spec = modelc.load_spec(path)
    assert spec.weights == "torchscript_vgg.onnx"
    x = np.random.default_rng(0).normal(size=(3, 16, 16, 3)).astype(np.float32)
    model = spec.build()
    expected = np.asarray(modelc.load(path).predict(x))
    np.testing.assert_array_equal(model.predict(x), expected)
    assert spec.truncate("features/0").build().predict(x).shape == (3, 16, 16, 4)
    frozen = spec.freeze("*", "!classifier/3")
    assert [v.path for v in frozen.build().trainable_weights] == ["classifier/3/kernel", "classifier/3/bias"]
    model.save(tmp_path / "m.modelc")
    np.testing.assert_array_equal(modelc.load(tmp_path / "m.modelc").predict(x), expected)


def test_a_file_is_read_once_for_its_spec_and_a_model_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model takes the weights that were read with the spec; another one, or one of a file that has changed since,
    reads them."""
    path, x = tmp_path / "m.onnx", np.random.default_rng(0).normal(size=(3, 16, 16, 3)).astype(np.float32)
    copyfile(_FOLDER / "torchscript_vgg.onnx", path)
    expected = np.asarray(modelc.load(path).predict(x))
    reads: list[str] = []
    once = reader.read_graph

    def counted(name: str, readings: Any) -> Any:
        reads.append(name)
        return once(name, readings)

    monkeypatch.setattr(reader, "read_graph", counted)
    spec = modelc.load_spec(path)
    model = spec.freeze("features/0").build()
    assert len(reads) == 1
    np.testing.assert_array_equal(model.predict(x), expected)
    model.set_weights([0 * array for array in model.get_weights()])  # those of others are not these
    np.testing.assert_array_equal(spec.build().predict(x), expected)
    assert len(reads) == 2
    spec = modelc.load_spec(path)
    other = onnx.load(path)
    for tensor in other.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            tensor.CopyFrom(onnx.numpy_helper.from_array(2 * onnx.numpy_helper.to_array(tensor), tensor.name))
    onnx.save(other, path)
    changed = np.asarray(spec.build().predict(x))
    assert len(reads) == 4
    np.testing.assert_array_equal(changed, modelc.load(path).predict(x))
    assert not np.array_equal(changed, expected)


@pytest.mark.parametrize("name", ["torchscript_resnet", "torchscript_recurrent", "torchscript_vit"])
def test_goes_out_as_onnx_again(name: str, tmp_path: Path) -> None:
    made = read_onnx(_FOLDER / f"{name}.onnx", keep_layout=True)
    model = build(made.spec, weights=OwnArrays(made.arrays))
    model.save(tmp_path / "again.onnx")
    first, again = session(str(_FOLDER / f"{name}.onnx")), session(str(tmp_path / "again.onnx"))
    feeds = _feeds(first, 2)
    (x,) = feeds.values()
    other = {one.name: x.astype(np.float32 if "float" in one.type else np.int64) for one in again.get_inputs()}
    for a, b in zip(again.run(None, other), first.run(None, feeds), strict=True):
        _close(a, b)


def test_free_sizes_stay_free() -> None:
    made = read_onnx(_FOLDER / "torchscript_one_picture.onnx")
    assert made.spec.layers[0].shape == (16, 16, 3)  # pyright: ignore[reportAttributeAccessIssue]
    x = np.random.default_rng(0).normal(size=(4, 16, 16, 3)).astype(np.float32)
    assert _outputs(made, x)[0].shape == (4, 5), "the batch of one that the file fixes is free"


def test_names_of_classes_become_labels() -> None:
    """scikit-learn's classifiers give names, and probabilities as one mapping for each sample."""
    made = read_onnx(_FOLDER / "sklearn_named.onnx")
    assert made.spec.labels == ("bird", "cat", "dog")
    assert any("is left out: it is text" in note for note in made.notes)
    numbers = read_onnx(_FOLDER / "sklearn_logistic.onnx")
    assert set(numbers.spec.returns) == {"label", "probabilities"}  # pyright: ignore
    x = np.random.default_rng(1).normal(size=(20, 4)).astype(np.float32)
    assert set(np.unique(_outputs(numbers, x)[0])) <= {5, 6, 7}
