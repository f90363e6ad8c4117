"""The zoo, layer by layer against what Keras's `keras.applications` was recorded to consist of (`record.py`)."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from modelc import zoo
from modelc.graph.graph import LayerTrace
from modelc.keras.config.layers import layer_from_keras
from modelc.keras.export.correct_pad import with_amounts
from modelc.language.nested import ModelLayer
from modelc.layers import LAYERS
from modelc.layers.base import Layer
from modelc.layers.operations.layer import Operation
from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from tests.zoo.families import others_slow
from tests.zoo.record import EXPECTED, OPTIONS, shapes_digest


@cache
def _recorded(file: Path) -> Any:
    return json.loads(gzip.decompress(file.read_bytes()))


ARCHITECTURES: Mapping[str, Any] = _recorded(EXPECTED)
every_architecture = pytest.mark.parametrize("name", others_slow(ARCHITECTURES))


@cache
def spec_of(name: str) -> Spec:
    return load_spec(f"zoo:{name}")


def test_the_zoo_has_every_architecture() -> None:
    assert zoo.names() == tuple(sorted(ARCHITECTURES))


@every_architecture
def test_layers(name: str) -> None:
    """Names, classes, output shapes, parameters and sources, in order."""
    spec, expected = spec_of(name), ARCHITECTURES[name]["layers"]
    called = _operation_names(spec)
    records = [record for record in spec.graph.layers if record.name not in called]
    assert [record.name for record in records] == [row[0] for row in expected]
    for record, (layer, kind, shape, params, sources) in zip(records, expected, strict=True):
        found = (record.type, _params(record), [called.get(source, source) for source in record.sources])
        assert found == (kind, params, sources), layer
        assert _fits(record.output.type.shape, shape), layer


def _operation_names(spec: Spec) -> dict[str, str]:
    """What Keras calls the operations in a spec. They are none of its `model.layers`, but have names all the same."""
    operations = [layer for layer in spec.layers if isinstance(layer, Operation)]
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for layer in sorted(operations, key=lambda layer: int(re.sub(r"\D", "", str(layer.name)) or 0)):
        count = counts[layer.operation]
        names[str(layer.name)] = layer.operation if count == 0 else f"{layer.operation}_{count}"
        counts[layer.operation] += 1
    return names


def _params(record: LayerTrace) -> int:
    return sum(weight.size for weight in record.weights)


def _fits(shape: Sequence[int | None], recorded: Sequence[int | None]) -> bool:
    """Whether a shape is the recorded one. Keras's MobileNetV3 leaves the size open, and so does what was recorded."""
    return len(shape) == len(recorded) and all(r in (None, s) for s, r in zip(shape, recorded, strict=True))


@every_architecture
def test_totals_and_weights(name: str) -> None:
    spec, expected = spec_of(name), ARCHITECTURES[name]
    summary = spec.summary()
    assert summary.name == expected["name"]
    assert (summary.params, summary.trainable_params) == (expected["total"], expected["trainable"])
    assert shapes_digest(weight.shape for weight in spec.graph.weights) == expected["weights"]


@every_architecture
def test_options(name: str) -> None:
    """Every option of every layer: also those that no shape and no output depends on, such as initializers."""
    recorded = _recorded(OPTIONS)
    layers = dict(_inner(with_amounts(spec_of(name)).layers))
    assert layers.keys() == recorded["layers"][name].keys()
    for path, index in recorded["layers"][name].items():
        config = recorded["configs"][index]
        kind = config["class_name"]
        own = kind in ("LayerScale", "CustomScaleLayer")  # classes that Keras defines beside the architecture
        expected = LAYERS[kind](**config["config"]) if own else layer_from_keras(config)
        assert _options(layers[path]) == _options(expected), path


def _inner(layers: Sequence[Layer], above: str = "") -> Iterator[tuple[str, Layer]]:
    for layer in layers:
        path = f"{above}{layer.name}"
        if isinstance(layer, ModelLayer):
            yield from _inner(layer.layers, f"{path}/")
        elif type(layer).__name__ not in ("InputLayer", "Operation"):
            yield path, layer


def _options(layer: Layer) -> dict[str, Any]:
    """The options of a layer, where Keras and a spec may say the same in two ways in one of them."""
    plain = layer.plain()
    for key in ("name", "inputs"):
        plain.pop(key, None)
    same: dict[str, tuple[Any, ...]] = {
        "data_format": ("channels_last",),
        "axis": (3, [3], [-1]),
        "strides": (plain.get("pool_size", [2, 2]),) if "Pooling" in type(layer).__name__ else (),
        "bias_initializer": ("Constant",),  # which is 0
    }
    for key, values in same.items():
        if plain.get(key) in values:
            del plain[key]
    if "activation" in plain:
        plain["activation"] = plain["activation"].replace("swish", "silu")
    if type(layer).__name__ == "Dropout":  # the rates that grow from block to block are rounded in the specs
        plain["rate"] = pytest.approx(plain["rate"], abs=6e-5)
    return plain


# --- other values


@every_architecture
def test_other_classes_and_another_activation(name: str) -> None:
    spec = load_spec(f"zoo:{name}", settings=["vars.classes=10", "vars.classifier_activation=linear"])
    (output,) = spec.graph.outputs
    assert output.type.shape == (None, 10)
    assert spec.layers[-1].plain().get("activation", "linear") == "linear"
    before = spec_of(name).graph.layers
    assert [record.name for record in spec.graph.layers] == [record.name for record in before]


@every_architecture
def test_another_input_shape(name: str) -> None:
    """Twice the size, and a small one: all that is convolved follows; only VGG's Dense layers grow with the size."""
    size = spec_of(name).graph.inputs[0].type.shape[1]
    assert size is not None
    for other in (2 * size, 96):
        spec = load_spec(f"zoo:{name}", settings=[f"vars.shape=[{other}, {other}, 3]"])
        assert spec.graph.inputs[0].type.shape == (None, other, other, 3)
        assert spec.graph.outputs[0].type.shape == (None, 1000)
        if not name.startswith("vgg"):
            assert spec.summary().params == ARCHITECTURES[name]["total"]


@every_architecture
def test_features(name: str) -> None:
    """What Keras has as `include_top=False, pooling="avg"`: the spec up to its global pooling."""
    spec = spec_of(name)
    if name.startswith("vgg"):
        assert spec.truncate("block5_pool").graph.outputs[0].type.shape == (None, 7, 7, 512)
        return
    pooling = [layer for layer in spec.layers if type(layer).__name__ == "GlobalAveragePooling2D"][-1]
    features = spec.truncate(str(pooling.name))
    pooled = next(record for record in spec.graph.layers if record.name == pooling.name)
    assert features.graph.outputs[0].type.shape[-1] == pooled.input.type.shape[-1]
    assert features.summary().params < spec.summary().params


@pytest.mark.parametrize(
    ("name", "setting", "layer", "expected"),
    [
        ("mobilenet", "dropout=0.5", "dropout", {"rate": 0.5}),
        ("mobilenet", "depth_multiplier=2", "conv_dw_1", {"depth_multiplier": 2}),
        ("mobilenet", "width6=512", "conv_pw_13", {"filters": 512}),
        ("efficientnet_b3", "dropout=0.1", "top_dropout", {"rate": 0.1}),
        ("efficientnet_v2_l", "dropout=0.1", "top_dropout", {"rate": 0.1}),
        ("efficientnet_v2_b0", "top=640", "top_conv", {"filters": 640}),
        ("densenet121", "conv5=2", "conv5_block2_2_conv", {"filters": 32}),
        ("convnext_small", "model=mine", "mine_stage_2_block_26_layer_scale", {"projection_dim": 384}),
        ("convnext_tiny", "layer_scale=0.1", "convnext_tiny_stage_0_block_0_layer_scale", {"init_values": 0.1}),
        ("vgg16", "convs=4", "block5_conv4", {"filters": 512}),
        ("resnet50", "conv4_rest=22", "conv4_block23_3_conv", {"filters": 1024}),
    ],
)
def test_variables(name: str, setting: str, layer: str, expected: dict[str, Any]) -> None:
    spec = load_spec(f"zoo:{name}", settings=[f"vars.{setting}"])
    assert spec.get_layer(layer).plain().items() >= expected.items()
    assert spec.graph.outputs[0].type.shape == (None, 1000)


def test_vgg19_is_vgg16_with_more_convolutions() -> None:
    """`extends` says nothing else than the settings would."""
    longer = load_spec("zoo:vgg16", settings=["vars.convs=4", "name=vgg19", "pretrained=vgg19"])
    assert longer.to_dict() == spec_of("vgg19").to_dict()


@every_architecture
def test_the_canonical_form_is_the_same_model(name: str) -> None:
    spec = spec_of(name)
    again = load_spec(spec.to_dict())
    assert again == spec
    assert [r.name for r in again.graph.layers] == [r.name for r in spec.graph.layers]
