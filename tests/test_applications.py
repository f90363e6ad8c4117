"""`modelc.applications` against Keras's: the same functions, with and without their tops."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import applications
from modelc.zoo import names
from tests.live_keras import live_keras
from tests.zoo.families import others_slow
from tests.zoo.server import serving
from tests.zoo.test_published import published


def test_every_architecture_of_keras_has_its_function() -> None:
    assert sorted(applications.NAMES.values()) == sorted(names())
    keras = live_keras()
    functions = {name for name, value in vars(keras.applications).items() if callable(value)}
    assert functions == set(applications.NAMES)


@pytest.mark.parametrize(
    ("name", "size", "pooling"),
    [
        ("MobileNetV2", 64, "max"), ("MobileNetV3Small", 64, "avg"), ("VGG16", 32, None),
        pytest.param("ConvNeXtTiny", 32, "avg", marks=pytest.mark.jax),
    ],
)  # fmt: skip
def test_without_the_top(name: str, size: int, pooling: Any) -> None:
    keras = live_keras()
    shape = (size, size, 3)
    theirs = getattr(keras.applications, name)(weights=None, include_top=False, input_shape=shape, pooling=pooling)
    spec = applications.application_spec(applications.NAMES[name], False, shape, pooling)
    assert spec.graph.outputs[0].type.shape == theirs.output_shape
    assert spec.summary().params == theirs.count_params()
    assert [w.shape for w in spec.graph.weights] == [tuple(w.shape) for w in theirs.weights]


def test_options_of_the_top() -> None:
    model = applications.MobileNetV2(
        input_shape=(32, 32, 3), classes=7, classifier_activation=None, backend="reference", name="mine", weights=None
    )
    y = model(np.random.default_rng(0).random((2, 32, 32, 3)))
    assert model.name == "mine" and y.shape == (2, 7)
    assert not np.allclose(y.sum(axis=1), 1), "logits do not add up to 1"


@pytest.mark.parametrize("name", ["VGG16", "MobileNet", "NASNetMobile"])
def test_without_the_top_pictures_of_any_size_are_taken_where_keras_does(name: str) -> None:
    keras = live_keras()
    theirs = getattr(keras.applications, name)(weights=None, include_top=False, pooling="avg")
    mine = getattr(applications, name)(include_top=False, pooling="avg", backend="reference", weights=None)
    assert (mine.input_shape, mine.output_shape) == (theirs.input_shape, theirs.output_shape)


def test_weights_by_path(tmp_path: Path) -> None:
    shape = (32, 32, 3)
    base = applications.VGG16(weights=None, include_top=False, input_shape=shape, seed=3, backend="reference")
    base.save_weights(tmp_path / "vgg.safetensors")
    again = applications.VGG16(
        include_top=False, input_shape=shape, weights=tmp_path / "vgg.safetensors", backend="reference"
    )
    for mine, theirs in zip(again.get_weights(), base.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


REFUSED = {
    "classes": (
        {"weights": "imagenet", "classes": 10},
        "the weights of imagenet have 1000 classes, and `classes` is 10",
    ),
    "no file": ({"weights": "none.h5"}, "`weights` is 'none.h5', and there is no such file"),
    "weights": ({"weights": 3}, "`weights` must be a path, 'imagenet' or None, found the number 3"),
    "small": ({"include_top": False, "input_shape": (64, 64, 3)}, "pictures must have at least 71 × 71 pixels"),
    "rank": ({"input_shape": (299, 299)}, "`input_shape` is height, width and channels, found 2 numbers"),
    "channels": ({"weights": "imagenet", "include_top": False, "input_shape": (99, 99, 1)}, "pictures of 3 channels"),
    "shape": ({"weights": "imagenet", "input_shape": (199, 199, 3)}, "it takes (299, 299, 3), found (199, 199, 3)"),
    "activation": ({"weights": "imagenet", "classifier_activation": "relu"}, "activation softmax or none, found"),
    "top": ({"include_top": 1}, "`include_top` must be true or false"),
    "pooling": ({"include_top": False, "pooling": "mean"}, "`pooling` cannot be 'mean'"),
    "kind of classes": ({"classes": "ten"}, "`classes` must be a number of classes"),
    "alpha": ({"alpha": 0.5}, "unknown option `alpha` of xception"),
}


@pytest.mark.parametrize(("options", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(modelc.SpecError) as error:
        applications.Xception(**options)
    assert message in str(error.value)


@pytest.mark.parametrize("options", [
    {"classes": 10}, {"input_shape": (64, 64, 3), "include_top": False}, {"input_shape": (199, 199, 3)},
    {"input_shape": (99, 99, 1), "include_top": False}, {"classifier_activation": "relu"}, {"weights": "none.h5"},
], ids=str)  # fmt: skip
def test_keras_refuses_the_same(options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    keras = live_keras()
    with pytest.raises(ValueError):
        keras.applications.Xception(**{"weights": "imagenet", **options})


def test_options_of_mobilenets() -> None:
    for options, message in (
        (
            {"alpha": 0.3, "weights": "imagenet"},
            "there are no weights for alpha=0.3\n  help: one of: 0.25, 0.5, 0.75, 1.0; or give weights=None",
        ),
        ({"depth_multiplier": 2}, "weights for depth_multiplier=1 only"),
        ({"alpha": "wide"}, "`alpha` must be a positive number"),
        ({"beta": 1}, "unknown option `beta` of mobilenet"),
    ):
        with pytest.raises(modelc.SpecError) as error:
            applications.MobileNet(**options)
        assert message in str(error.value)
    with pytest.raises(AttributeError, match="did you mean `ResNet50`"):
        _ = applications.Resnet50


@pytest.mark.parametrize(("name", "alpha"), [("MobileNet", 0.25), ("MobileNetV2", 0.35), ("MobileNetV2", 1.3)])
def test_widths(name: str, alpha: float) -> None:
    keras = live_keras()
    options = {"alpha": alpha, "input_shape": (96, 96, 3)}
    theirs = getattr(keras.applications, name)(weights=None, **options)
    mine = getattr(applications, name)(backend="reference", weights=None, **options)
    assert mine.name == theirs.name
    assert [w.shape for w in mine.weights] == [tuple(w.shape) for w in theirs.weights]


# --- pretrained weights, from a server on this machine


@pytest.fixture(name="server")
def _server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("MODELC_WEIGHTS_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving() as server:
        monkeypatch.setenv("MODELC_MIRROR", server.url)
        yield server


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_imagenet_weights_are_downloaded_once_and_are_those_of_the_file(server: Any, tmp_path: Path) -> None:
    keras = live_keras()
    theirs = keras.applications.MobileNet(weights=None, include_top=False, alpha=0.25, input_shape=(128, 128, 3))
    expected = published(keras, theirs, tmp_path / "w.h5")
    server.files["mobilenet_2_5_128_tf_no_top.h5"] = (tmp_path / "w.h5").read_bytes()
    options: Any = {"weights": "imagenet", "include_top": False, "alpha": 0.25, "backend": "reference"}
    for _ in range(2):
        mine = applications.MobileNet(input_shape=(128, 128, 3), pooling="avg", **options)
        for array, theirs_ in zip(mine.get_weights(), expected, strict=True):
            np.testing.assert_array_equal(array, theirs_)
    assert [path for path, _ in server.asked] == [
        "/tensorflow/keras-applications/mobilenet/mobilenet_2_5_128_tf_no_top.h5"
    ]
    server.files["mobilenet_2_5_224_tf_no_top.h5"] = (tmp_path / "w.h5").read_bytes()
    with pytest.warns(UserWarning, match="those for 224 are taken for"):
        applications.MobileNet(input_shape=(96, 96, 3), **options)


def test_offline(server: Any) -> None:
    """Published weights are the default, as in Keras; the error says what to do without a network."""
    with pytest.raises(modelc.DownloadError, match=r"the server answers 404 Not Found") as error:
        applications.MobileNetV3Small()
    help = str(error.value.help)
    for part in ("put the file of https://storage.googleapis.com/", "MD5 8768d4c2e7dee89b9d02b2d03d65d862",
                 "weights=None are random ones"):  # fmt: skip
        assert part in help


# --- the modules of Keras


def test_keras_modules_hold_the_same_functions() -> None:
    keras = live_keras()
    for name in applications.MODULES:
        theirs = getattr(keras.applications, name, None)
        if theirs is None:
            continue
        public = {key for key in vars(theirs) if not key.startswith("_")}
        assert public <= set(vars(import_module(f"modelc.applications.{name}"))), name


PICTURES = np.random.default_rng(0).integers(0, 256, (2, 5, 4, 3)).astype(np.float32)


@pytest.mark.parametrize("module", [name for name in applications.MODULES if name != "imagenet_utils"])
def test_preprocess_input_is_that_of_keras(module: str) -> None:
    keras = live_keras()
    theirs = getattr(keras.applications, module, None) or import_module(f"keras.src.applications.{module}")
    mine = import_module(f"modelc.applications.{module}")
    for x in (PICTURES, PICTURES[0], PICTURES.astype(np.uint8)):
        before = x.copy()
        np.testing.assert_array_equal(mine.preprocess_input(x), theirs.preprocess_input(x.copy()))
        np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("mode", ["tf", "caffe", "torch"])
def test_modes_and_formats(mode: Any) -> None:
    keras = live_keras()
    theirs = keras.applications.imagenet_utils.preprocess_input
    mine = applications.imagenet_utils.preprocess_input
    for x in (PICTURES, PICTURES[0]):
        first = np.moveaxis(x, -1, -3)
        np.testing.assert_array_equal(mine(x, mode=mode), theirs(x.copy(), mode=mode))
        expected = theirs(first.copy(), mode=mode, data_format="channels_first")
        np.testing.assert_array_equal(mine(first, mode=mode, data_format="channels_first"), expected)
    with pytest.raises(modelc.SpecError, match="data_format"):
        mine(PICTURES, data_format="first")
    with pytest.raises(modelc.SpecError, match="mode"):
        mine(PICTURES, mode="keras")


@pytest.mark.parametrize("mode", ["caffe", "torch"])
def test_pictures_need_three_colours(mode: Any) -> None:
    with pytest.raises(modelc.InputError, match=r"for pictures of three colours, found the shape"):
        applications.imagenet_utils.preprocess_input(PICTURES[..., :1], mode=mode)


@pytest.mark.parametrize("architecture", others_slow(applications.NAMES.values()))
def test_the_zoo_says_the_mode_of_keras(architecture: str) -> None:
    """Each spec's `preprocessing` does to pixels what `preprocess_input` of its module in Keras does."""
    live_keras()
    (function,) = (name for name, one in applications.NAMES.items() if one == architecture)
    home = import_module(getattr(import_module("keras.applications"), function).__module__)
    spec = modelc.load_spec(f"zoo:{architecture}")
    assert spec.preprocessing is not None
    expected = home.preprocess_input(PICTURES.copy())
    np.testing.assert_array_equal(spec.preprocessing.of_pixels(PICTURES), expected)


def test_decode_predictions() -> None:
    scores = np.zeros((2, 1000), np.float32)
    scores[0, [281, 282, 285]] = 0.5, 0.3, 0.2
    scores[1, 1] = 1
    first, second = applications.xception.decode_predictions(scores, top=2)
    assert [tuple(p)[:2] for p in first] == [("n02123045", "tabby"), ("n02123159", "tiger_cat")]
    assert first[0].score == 0.5 and first[0].class_description == "tabby"
    assert second[0].class_description == "goldfish" and len(second) == 2
    for wrong in (scores[:, :10], scores[0], np.array(["a"])):
        with pytest.raises(modelc.InputError, match=r"shape \(samples, 1000\)"):
            applications.xception.decode_predictions(wrong)
