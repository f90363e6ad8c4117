"""Variants of the architectures against Keras's functions: widths, minimalistic forms, who scales pixels, what weights
need."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import Input, applications
from modelc.applications.variants import variant_of
from modelc.layers.operations.layer import Operation
from modelc.zoo.pretrained import weight_file
from tests.live_keras import live_keras
from tests.zoo.test_published import save_as_published

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras on NumPy


@pytest.fixture(name="keras", scope="module")
def _keras() -> Any:
    return live_keras()


def _row(name: str, /, slow: bool = False, **options: Any) -> Any:
    shown = ",".join(f"{key}={value}" for key, value in options.items())
    return pytest.param(name, options, id=f"{name}-{shown}", marks=[pytest.mark.slow] if slow else [])


ROWS = [
    _row("MobileNetV3Small", alpha=0.35),  # so narrow that a block keeps its channels
    _row("MobileNetV3Small", alpha=0.75),
    _row("MobileNetV3Small", alpha=1.5, slow=True),
    _row("MobileNetV3Small", minimalistic=True, dropout_rate=0.0, include_preprocessing=False),
    _row("MobileNetV3Large", alpha=0.5),
    _row("MobileNetV3Large", alpha=0.75, slow=True),
    _row("MobileNetV3Large", alpha=1.25, slow=True),
    _row("MobileNetV3Large", minimalistic=True, alpha=0.75, include_top=False, pooling="max"),
    _row("MobileNetV2", alpha=0.1, input_shape=(96, 96, 3)),
    _row("MobileNetV2", alpha=0.27, input_shape=(96, 96, 3), slow=True),
    _row("MobileNetV2", alpha=1.4, input_shape=(96, 96, 3), slow=True),
    _row("MobileNet", alpha=0.25, depth_multiplier=2, dropout=0.5),
    _row("EfficientNetV2B0", include_preprocessing=False),
    _row("EfficientNetV2B0", input_shape=(64, 64, 1), slow=True),
    _row("EfficientNetV2S", include_preprocessing=False, include_top=False, slow=True),
    _row("ConvNeXtTiny", include_preprocessing=False, name="mine"),
    _row("ConvNeXtTiny", input_shape=(64, 64, 1), include_top=False, slow=True),
    _row("MobileNetV2", name="mine", classes=7, classifier_activation=None),
]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("name", "options"), ROWS)
def test_layers_and_weights(keras: Any, name: str, options: dict[str, Any]) -> None:
    keras.backend.clear_session()
    theirs = getattr(keras.applications, name)(weights=None, **options)
    mine = getattr(applications, name)(weights=None, backend="reference", **options)
    layers = [layer for layer in mine.layers if not isinstance(layer, Operation)]
    assert mine.name == theirs.name
    assert [layer.name for layer in layers] == [layer.name for layer in theirs.layers]
    assert [w.shape for w in mine.weights] == [tuple(w.shape) for w in theirs.weights]
    assert (mine.input_shape, mine.output_shape) == (theirs.input_shape, theirs.output_shape)
    assert mine.count_params() == theirs.count_params()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        _row("MobileNetV3Small", alpha=0.35),
        _row("MobileNetV3Small", minimalistic=True, include_preprocessing=False),
        _row("MobileNetV3Large", alpha=0.5, slow=True),
        _row("MobileNetV2", alpha=0.1, input_shape=(96, 96, 3), slow=True),
        _row("EfficientNetV2B0", include_preprocessing=False, input_shape=(96, 96, 3), slow=True),
    ],
)
def test_outputs_for_the_same_weights(keras: Any, name: str, options: dict[str, Any]) -> None:
    options = {**options, "classes": 20, "classifier_activation": None, "weights": None}
    theirs = getattr(keras.applications, name)(**options)
    import_module("tests.zoo.keras_side").assign(theirs)
    mine = getattr(applications, name)(**options)
    mine.set_weights([np.asarray(w) for w in theirs.weights])
    scale = 1 if options.get("include_preprocessing") is False else 255
    x = np.random.default_rng(0).random((2, 96, 96, 3), np.float32) * scale
    expected = np.asarray(theirs(x, training=False))
    assert np.ptp(expected, axis=1).min() > 0.01
    np.testing.assert_allclose(mine(x), expected, rtol=0, atol=1e-3 * float(np.abs(expected).max()))


def test_arguments_in_the_order_of_keras(keras: Any) -> None:
    """With Keras's defaults, apart from names, which are those of the specs."""
    for name in applications.NAMES:
        theirs = inspect.signature(getattr(keras.applications, name)).parameters
        mine = inspect.signature(getattr(applications, name)).parameters
        assert [n for n, p in mine.items() if p.kind is not p.KEYWORD_ONLY] == list(theirs)
        for key, parameter in theirs.items():
            assert key == "name" or mine[key].default == parameter.default, (name, key)


def test_arguments_without_names() -> None:
    model = applications.MobileNetV2((96, 96, 3), 0.35, True, None, backend="reference")
    assert (model.name, model.input_shape) == ("mobilenetv2_0.35_96", (None, 96, 96, 3))
    with pytest.raises(modelc.SpecError, match="`alpha` is given twice"):
        applications.MobileNetV2((96, 96, 3), 0.35, alpha=0.5)
    with pytest.raises(modelc.SpecError, match="takes at most 8 arguments without a name, found 9"):
        applications.VGG16(*[None] * 9)


def test_an_input_tensor(keras: Any) -> None:
    given = Input((64, 48, 3), batch_size=2, name="picture")
    mine = applications.MobileNetV2(input_tensor=given, weights=None, include_top=False, backend="reference")
    theirs = keras.applications.MobileNetV2(
        input_tensor=keras.Input((64, 48, 3), batch_size=2, name="picture"), weights=None, include_top=False
    )
    assert (mine.graph.batch_size, *mine.input_shape[1:]) == theirs.input_shape
    assert mine.input_names == ("picture",) and mine.layers[0].name == theirs.layers[0].name
    assert mine(np.ones((2, 64, 48, 3), np.float32)).shape == theirs.output_shape
    with pytest.raises(modelc.InputError, match="batch"):
        mine(np.ones((1, 64, 48, 3), np.float32))
    for wrong, message in (
        (mine.outputs[0], "`input_tensor` must be an `Input`, found the symbolic tensor of a model"),
        (np.ones((2, 64, 48, 3)), "`input_tensor` must be an `Input`, found"),
    ):
        with pytest.raises(modelc.SpecError) as error:
            applications.MobileNetV2(input_tensor=wrong, weights=None)
        assert message in str(error.value) and "Sequential([first, second])" in str(error.value)
    with pytest.raises(modelc.SpecError, match=r"and `input_tensor` has the shape \(64, 48, 3\)"):
        applications.MobileNetV2((96, 96, 3), input_tensor=given, weights=None)


def test_who_scales_pictures_from_files() -> None:
    """Pixels arrive in the same form, whether the model scales them or its `preprocessing` does."""
    pixels = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 3)).astype(np.float32)
    for name in ("MobileNetV3Small", "EfficientNetV2B0", "ConvNeXtTiny"):
        options: dict[str, Any] = {"weights": None, "include_top": False, "backend": "reference", "name": "m"}
        inside = getattr(applications, name)(**options)
        outside = getattr(applications, name)(include_preprocessing=False, **options)
        outside.set_weights([w.value for w in inside.weights])
        expected = inside(inside.preprocessing.of_pixels(pixels))
        found = outside(outside.preprocessing.of_pixels(pixels))
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4 * float(np.abs(expected).max()))


@pytest.mark.parametrize("kind", ["small", "large"])
def test_published_variants_of_mobilenet_v3(kind: str) -> None:
    """The parameters that Keras counts for each file are those of the variant."""
    name = f"mobilenet_v3_{kind}"
    rows: list[tuple[Any, str]] = [({"alpha": 0.75}, "_0.75"), ({"minimalistic": True}, "_minimalistic"), ({}, "")]
    for options, expected in rows:
        variant = variant_of(name, None, pretrained=True, **options)
        assert variant.pretrained == f"{name}{expected}"
        for top in (True, False):
            spec = applications.application_spec(name, top, None, **variant.variables)
            assert sum(w.size for w in spec.graph.stored) == weight_file(variant.pretrained, top=top).parameters
        assert spec.pretrained == variant.pretrained


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": 0.5, "weights": "imagenet"}, "no weights for alpha=0.5\n  help: one of: 0.75, 1.0; or give"),
        ({"alpha": 0.75, "minimalistic": True, "weights": "imagenet"}, "for alpha=0.75 of the minimalistic network"),
        ({"minimalistic": 1}, "`minimalistic` must be true or false, found"),
        ({"include_preprocessing": "no"}, "`include_preprocessing` must be true or false, found"),
        ({"dropout_rate": 2}, "`dropout_rate` must be a number from 0 to 1, found 2"),
        ({"dropout": 0.2}, "unknown option `dropout` of mobilenet_v3_small\n  help: did you mean `dropout_rate`"),
    ],
)  # fmt: skip
def test_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(modelc.SpecError) as error:
        applications.MobileNetV3Small(**{"weights": None, **options})
    assert message in str(error.value)


# --- the second scale of EfficientNet's published weights


@pytest.fixture(name="fetched")
def _fetched(keras: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in the place of the published one of EfficientNetB0 without its top, with random weights.

    Keras has made another Normalization before in its process: the file's is `normalization_1`.
    """
    keras.backend.clear_session()
    keras.layers.Normalization()
    monkeypatch.setenv("MODELC_WEIGHTS_DIR", str(tmp_path / "cache"))
    file = weight_file("efficientnet_b0", top=False)
    file.cached.parent.mkdir()
    theirs = keras.applications.EfficientNetB0(weights=None, include_top=False)
    import_module("tests.zoo.keras_side").assign(theirs)
    for variable, value in zip(theirs.layers[2].weights, ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), strict=False):
        variable.assign(value)
    save_as_published(theirs, file.cached)

    def passes(*_: Any) -> None:
        """Takes any digest."""

    def get_file(*_: Any, **__: Any) -> str:
        return str(file.cached)

    for module in ("modelc.zoo.download", "modelc.zoo.pretrained"):
        monkeypatch.setattr(f"{module}.problem_of", passes)
    monkeypatch.setattr(import_module("keras.src.utils.file_utils"), "get_file", get_file)
    return file.cached


@pytest.mark.usefixtures("fetched")
def test_efficientnet_scales_colours_once_more_for_published_weights(keras: Any, tmp_path: Path) -> None:
    """By a layer where Keras's function is called, by its normalization in a spec: the outputs are Keras's."""
    keras.backend.clear_session()
    theirs = keras.applications.EfficientNetB0(include_top=False, weights="imagenet")
    mine = applications.EfficientNetB0(include_top=False, weights="imagenet", backend="reference")
    assert [layer.name for layer in mine.layers] == [layer.name for layer in theirs.layers]
    stem = "modelc: 1\nextends: zoo:efficientnet_b0\nvars: {shape: [64, 64, 3]}\ntruncate: stem_bn\n"
    (tmp_path / "base.yaml").write_text(stem.partition("truncate")[0])
    (tmp_path / "nested.yaml").write_text(
        "modelc: 1\ninput: {shape: [64, 64, 3]}\nlayers:\n"
        "  - {type: Model, spec: base.yaml, truncate: stem_bn, weights: imagenet}\n"
    )
    with_layer = modelc.load_spec(stem, settings=["vars.rescale=true"])
    models = {
        "application": mine.extract("stem_bn"),
        "spec": modelc.load_spec(stem).build(weights="imagenet", backend="reference"),
        "spec with the layer": with_layer.build(weights="imagenet", backend="reference"),
        "nested": modelc.load_spec(tmp_path / "nested.yaml").build(backend="reference"),
    }
    x = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3)).astype(np.float32)
    expected = np.asarray(keras.Model(theirs.inputs, theirs.get_layer("stem_bn").output)(x, training=False))
    for name, model in models.items():
        np.testing.assert_allclose(model(x), expected, rtol=0, atol=1e-4, err_msg=name)
