"""The table of published weights against the source of Keras, and files as Keras publishes them in our models."""

from __future__ import annotations

import hashlib
import inspect
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import modelc
from modelc import applications, zoo
from modelc.applications.checks import SIZES
from modelc.applications.variants import ALPHAS
from modelc.language.published import needs_top
from modelc.model.weight_files import read_weights
from modelc.zoo.imagenet import class_names, synsets
from modelc.zoo.pretrained import WeightFile, pretrained_names, weight_file
from tests.live_keras import live_keras
from tests.zoo.families import others_slow

FILES = [weight_file(name, top=top) for name in pretrained_names() for top in (True, False)]


@pytest.mark.parametrize("name", others_slow(zoo.names()))
def test_every_architecture_has_published_weights_and_says_which(name: str) -> None:
    spec = modelc.load_spec(f"zoo:{name}")
    assert spec.pretrained == name
    assert sum(w.size for w in spec.graph.stored) == weight_file(name, top=True).parameters
    assert needs_top(spec)


def test_paths_digests_and_names_of_the_table() -> None:
    for file in FILES:
        assert re.fullmatch(r"[\w.-]+\.h5", file.file) and file.path.endswith(".h5") and ".." not in file.path
        assert (file.digest is None) == (file.name.startswith("mobilenet") and "v3" not in file.name)
        assert file.algorithm in ("md5", "sha256", None)
    assert len({file.url for file in FILES}) == len({file.file for file in FILES}) == len(FILES)


def test_the_table_says_what_keras_says() -> None:
    """Each digest and each part of a file's path stand in the source of the module of Keras that downloads it."""
    live_keras()
    modules = (
        "convnext", "densenet", "efficientnet", "efficientnet_v2", "inception_resnet_v2", "inception_v3", "mobilenet",
        "mobilenet_v2", "mobilenet_v3", "nasnet", "resnet", "resnet_v2", "vgg16", "vgg19", "xception",
    )  # fmt: skip
    sources = "\n".join(inspect.getsource(import_module(f"keras.src.applications.{module}")) for module in modules)
    for file in FILES:
        assert file.digest is None or f'"{file.digest}"' in sources
        folder = file.path.rpartition("/")[0]
        assert folder.rpartition("/")[2] in sources
    digests = set(re.findall(r'"([0-9a-f]{32}|[0-9a-f]{64})"', sources))
    # Architectures that are no functions of keras.applications.
    others = re.findall(r'"resnext\d+":\s*\(\s*"(\w+)",\s*"(\w+)"', sources)
    assert len(others) == 2
    assert digests - {file.digest for file in FILES} == {digest for pair in others for digest in pair}


def test_the_classes_are_those_of_keras() -> None:
    """The JSON file that Keras downloads, made of ours, has the digest that Keras states."""
    index = {str(i): list(pair) for i, pair in enumerate(synsets())}
    assert hashlib.md5(json.dumps(index).encode()).hexdigest() == "c2c37ea517e94d9795004a39431a14cb"
    assert len(class_names()) == 1000 and class_names()[281] == "tabby"


# --- files as Keras publishes them

_ARRAYS = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras on NumPy


@pytest.fixture(name="keras", scope="module")
def _keras() -> Any:
    return live_keras()


def published(keras: Any, model: Any, path: Path) -> list[Any]:
    """Give a model of Keras random weights and save them in the format of the published files; the weights."""
    rng = np.random.default_rng(0)
    for weight in model.weights:
        weight.assign(rng.random(weight.shape, np.float32))
    save_as_published(model, path)
    return [np.asarray(weight) for weight in model.weights]


def save_as_published(model: Any, path: Path) -> None:
    """Save the weights of a model of Keras in the format of the published files."""
    saving = import_module("keras.src.legacy.saving.legacy_h5_format")
    with h5py.File(path, "w") as file:
        saving.save_weights_to_hdf5_group(file, model)


def loaded(spec: Any, path: Path) -> list[Any]:
    arrays = read_weights(path, lambda: spec, spec.graph.stored, "the model")
    return [arrays[weight.path] for weight in spec.graph.stored]


_QUICK = ("MobileNet", "MobileNetV3Small")
_SIZES = {"NASNetLarge": (331, 331, 3)}
"""Keras compares sizes where it builds a NASNet, and takes all that are None for equal: at (None, None, 3) it makes
another network than the published one, which was trained at this size."""
_HUGE = ("ConvNeXtLarge", "ConvNeXtXLarge")
"""Files of 800 MB and more, of the layers of ConvNeXtTiny."""


def _every() -> Iterator[Any]:
    for name in applications.NAMES:
        if name not in _HUGE:
            yield pytest.param(name, marks=[] if name in _QUICK else [pytest.mark.slow])


@pytest.mark.sampled(2)
@_ARRAYS
@pytest.mark.parametrize("top", [True, False])
@pytest.mark.parametrize("name", list(_every()))
def test_published_files_load(keras: Any, tmp_path: Path, name: str, top: bool) -> None:
    """By the structure of the file alone: names of layers depend on what else was built when it was saved."""
    keras.layers.Conv2D(1, 1), keras.layers.BatchNormalization()  # so that automatic names have other numbers
    theirs = getattr(keras.applications, name)(weights=None, include_top=top, input_shape=_SIZES.get(name))
    expected = published(keras, theirs, tmp_path / "published.h5")
    spec = applications.application_spec(applications.NAMES[name], top)
    assert sum(w.size for w in expected) == weight_file(applications.NAMES[name], top=top).parameters
    for mine, array in zip(loaded(spec, tmp_path / "published.h5"), expected, strict=True):
        np.testing.assert_array_equal(mine, array)
    keras.backend.clear_session()


@_ARRAYS
@pytest.mark.parametrize("top", [True, False])
def test_a_truncated_spec_takes_either_file(keras: Any, tmp_path: Path, top: bool) -> None:
    theirs = keras.applications.MobileNet(weights=None, include_top=top, alpha=0.25, input_shape=(128, 128, 3))
    expected = published(keras, theirs, tmp_path / "published.h5")
    spec = modelc.load_spec(
        "modelc: 1\nextends: zoo:mobilenet\n"
        "vars: {width1: 8, width2: 16, width3: 32, width4: 64, width5: 128, width6: 256,\n"
        "       pretrained: mobilenet_0.25_128}\n"
        "truncate: conv_pw_13_relu\n"
    )
    assert not needs_top(spec)
    for mine, array in zip(loaded(spec, tmp_path / "published.h5"), expected, strict=not top):
        np.testing.assert_array_equal(mine, array)


@pytest.mark.parametrize("architecture", ["mobilenet", "mobilenet_v2"])
def test_every_width_and_size_has_a_name_in_the_table(architecture: str) -> None:
    from modelc.applications.variants import variant_of

    counts: dict[float, set[int]] = {}
    for alpha in ALPHAS[architecture]:
        for size in SIZES[architecture]:
            shape = (size, size, 3)
            variant = variant_of(architecture, shape, pretrained=True, alpha=alpha)
            files: list[WeightFile] = [weight_file(variant.pretrained, top=top) for top in (True, False)]
            assert all(str(size) in file.file for file in files)
            counts.setdefault(alpha, set()).add(files[0].parameters)
        spec = applications.application_spec(architecture, True, None, classes=1000, **variant.variables)
        assert {sum(w.size for w in spec.graph.stored)} == counts[alpha]
