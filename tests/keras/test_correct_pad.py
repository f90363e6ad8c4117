"""`ZeroPadding2D(correct_pad=…)`: what Keras's `imagenet_utils.correct_pad` gives, and what is exported for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.errors import SpecError, UnsupportedError
from modelc.keras.export.correct_pad import padded_as_even
from modelc.keras.export.export import model_config

Margins = list[list[int]]


def by_keras(size: Sequence[int | None], window: Sequence[int]) -> Margins:
    """The formula of `keras/src/applications/imagenet_utils.py`."""
    adjust = (1, 1) if size[0] is None else (1 - int(size[0]) % 2, 1 - int(size[1] or 0) % 2)
    correct = (window[0] // 2, window[1] // 2)
    return [[correct[0] - adjust[0], correct[0]], [correct[1] - adjust[1], correct[1]]]


def one(shape: Sequence[Any], layer: Any, **more: Any) -> Any:
    return load_spec({"modelc": 1, "input": {"shape": list(shape)}, "layers": [layer], **more})


def exported(spec: Any) -> list[Any]:
    """The amounts of all layers that pad, in a Keras file."""

    def padding(layers: Any) -> list[Any]:
        found: list[Any] = []
        for layer in layers:
            config = layer["config"]
            inside = config.get("layer", layer)
            if inside["class_name"] == "ZeroPadding2D":
                assert "correct_pad" not in inside["config"]
                found.append(inside["config"]["padding"])
            found += padding(inside["config"].get("layers", ()))
        return found

    return padding(model_config(spec)["config"]["layers"])


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("window", [(3, 3), (5, 5), (7, 3)])
@pytest.mark.parametrize("size", [(8, 8), (9, 9), (8, 9), (1, 2), (31, 2)])
def test_amounts_are_those_of_keras(size: tuple[int, int], window: tuple[int, int], data_format: str) -> None:
    last = data_format == "channels_last"
    layer = {"type": "ZeroPadding2D", "correct_pad": list(window), "data_format": data_format}
    spec = one((*size, 2) if last else (2, *size), layer)
    assert exported(spec) == [by_keras(size, window)]
    x = np.random.default_rng(0).standard_normal((1, *size, 2)).astype(np.float32)
    got = spec.build(backend="reference")(x if last else np.moveaxis(x, -1, 1))
    want = np.pad(x, [(0, 0), *by_keras(size, window), (0, 0)])
    np.testing.assert_array_equal(got if last else np.moveaxis(got, 1, -1), want)


def test_free_sizes_are_padded_by_what_they_are() -> None:
    spec = one((None, None, 1), {"type": "ZeroPadding2D", "correct_pad": 5})
    model = spec.build(backend="reference")
    assert not spec.graph.free_sizes.facts
    for size in [(4, 4), (5, 4), (1, 1), (6, 7)]:
        x = np.ones((2, *size, 1), np.float32)
        np.testing.assert_array_equal(model(x), np.pad(x, [(0, 0), *by_keras(size, (5, 5)), (0, 0)]))


def test_keras_gets_the_amounts_of_an_even_size_where_it_is_free() -> None:
    layer = {"type": "ZeroPadding2D", "correct_pad": 3}
    assert exported(one((None, None, 1), layer)) == [by_keras((None, None), (3, 3))]
    assert exported(one((None, 7, 1), layer)) == [[[0, 1], [1, 1]]]
    assert padded_as_even(one((None, 7, 1), layer)) == ["zero_padding2d"]
    assert padded_as_even(one((8, 7, 1), layer)) == []
    known = {"h": {"multiple_of": 4}, "w": {"multiple_of": 4}}
    assert exported(one(("h", "w", 1), layer, sizes=known)) == [by_keras((4, 4), (3, 3))]


def test_inside_of_other_layers() -> None:
    pad = {"type": "ZeroPadding2D", "correct_pad": 3}
    assert exported(one((2, 5, 4, 1), {"type": "TimeDistributed", "layer": pad})) == [by_keras((5, 4), (3, 3))]
    inner = {"modelc": 1, "input": {"shape": [8, 8, 1]}, "layers": [{"type": "MaxPooling2D"}, pad]}
    assert exported(one((10, 9, 1), {"type": "Model", "spec": inner})) == [by_keras((5, 4), (3, 3))]


def test_one_layer_for_even_and_odd_sizes_is_no_layer_of_keras() -> None:
    inputs = {"a": {"shape": [4, 4, 1]}, "b": {"shape": [5, 5, 1]}}
    shared = {"type": "ZeroPadding2D", "correct_pad": 3, "name": "pad", "inputs": "a"}
    layers = [shared, {"use": "pad", "inputs": "b"}]
    spec = load_spec({"modelc": 1, "inputs": inputs, "layers": layers, "outputs": ["pad", "pad@1"]})
    with pytest.raises(UnsupportedError, match="`pad` pads by `correct_pad`"):
        model_config(spec)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"correct_pad": 4}, "`correct_pad`: must be odd, found 4"),
        ({"correct_pad": 1}, "`correct_pad`: must be at least 3, found 1"),
        ({"correct_pad": 3, "padding": 2}, "`correct_pad` takes the place of `padding`"),
    ],
)
def test_mistakes(options: Any, message: str) -> None:
    with pytest.raises(SpecError) as error:
        one((4, 4, 1), {"type": "ZeroPadding2D", **options})
    assert [d.message for d in error.value.diagnostics] == [message]
