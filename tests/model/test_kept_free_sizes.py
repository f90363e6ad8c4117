"""Models with free sizes whose plan is in the cache: what it serves has the bits of a build, the rest is built."""

from __future__ import annotations

import gc
import os
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.graph.size_data import shape_data, shape_of_data, sizes_data, sizes_of_data
from tests.model.own_cache import cache_of_its_own

pytestmark = pytest.mark.skipif(not hasattr(os, "preadv"), reason="files of models are held open by POSIX")

PICTURES = """
modelc: 1
input: {shape: [h, w, 3]}
sizes: {h: {min: 6, max: 640}, w: {multiple_of: 2}}
layers:
  - {type: Conv2D, filters: 5, kernel_size: 3, strides: 2, padding: same}
  - {type: BatchNormalization}
  - {type: DepthwiseConv2D, kernel_size: 3, padding: same, activation: relu}
  - {type: MaxPooling2D}
"""
TEXTS = """
modelc: 1
input: {shape: [time], dtype: int32}
layers:
  - {type: Embedding, input_dim: 50, output_dim: 8}
  - {type: LSTM, units: 8, return_sequences: true}
  - {type: Dense, units: 3}
"""
LATE = """
modelc: 1
input: {shape: [time, 8]}
layers:
  - {type: MultiHeadAttention, num_heads: 2, key_dim: 4, use_causal_mask: true, inputs: [input, input]}
"""


def picture(h: int, w: int, n: int = 2) -> Any:
    return np.random.default_rng(h * w).standard_normal((n, h, w, 3)).astype(np.float32)


def text(time: int, n: int = 2) -> Any:
    return np.random.default_rng(time).integers(0, 50, (n, time), np.int32)


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[modelc.Model]:
    """A model that was built, and the same one from its plan."""
    spec = modelc.load_spec(request.param)
    built = spec.build(seed=3)
    built.save(tmp_path / "m.modelc")
    cache_of_its_own(tmp_path / "cache", monkeypatch)
    assert modelc.load(tmp_path / "m.modelc")._kept is None
    return [built, modelc.load(tmp_path / "m.modelc")]


def is_built(model: modelc.Model) -> bool:
    return "_traced" in vars(model)


@pytest.mark.parametrize("pair", [PICTURES], indirect=True)
def test_pictures(pair: list[modelc.Model]) -> None:
    built, kept = pair
    for h, w in [(64, 64), (65, 48), (31, 200), (640, 30), (64, 64)]:
        np.testing.assert_array_equal(kept(picture(h, w)), built(picture(h, w)))
    assert kept._kept is not None and not is_built(kept)
    assert (kept.input_shape, kept.output_shape) == (built.input_shape, built.output_shape)
    some = [picture(40, 30, 1)[0], picture(64, 64, 1)[0], picture(40, 30, 1)[0]]
    for one, other in zip(kept.predict(some), built.predict(some), strict=True):
        np.testing.assert_array_equal(one, other)
    assert not is_built(kept)
    assert kept.to_spec() == built.to_spec()


@pytest.mark.parametrize("pair", [PICTURES], indirect=True)
def test_sizes_that_cannot_be_are_told_as_by_a_built_model(pair: list[modelc.Model]) -> None:
    built, kept = pair
    for wrong in (picture(5, 8), picture(641, 8), picture(8, 9), picture(8, 8)[..., :2]):
        told: list[str] = []
        for model in (kept, built):
            with pytest.raises(modelc.InputError) as error:
                model(wrong)
            told.append(str(error.value))
        assert told[0] == told[1]
    np.testing.assert_array_equal(kept(picture(8, 8)), built(picture(8, 8)))


@pytest.mark.parametrize("pair", [TEXTS], indirect=True)
def test_texts_and_weights_that_change(pair: list[modelc.Model]) -> None:
    built, kept = pair
    for time in (5, 2, 300, 5):
        np.testing.assert_array_equal(kept(text(time)), built(text(time)))
    assert not is_built(kept)
    other = modelc.load_spec(TEXTS).build(seed=9)
    kept.set_weights(other.get_weights())
    np.testing.assert_array_equal(kept(text(7)), other(text(7)))


@pytest.mark.parametrize("pair", [PICTURES], indirect=True)
def test_sizes_that_the_plan_does_not_serve_are_built_for(
    pair: list[modelc.Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    built, kept = pair
    program: Any = kept.program
    at = program._open.at
    monkeypatch.setattr(program._open, "at", lambda key: None if key == (30, 30) else at(key))
    np.testing.assert_array_equal(kept(picture(40, 40)), built(picture(40, 40)))
    assert not is_built(kept)
    for h, w in ((30, 30), (40, 40), (31, 32), (30, 30)):
        np.testing.assert_array_equal(kept(picture(h, w)), built(picture(h, w)))
    assert is_built(kept)


@pytest.mark.parametrize("pair", [TEXTS], indirect=True)
def test_a_model_is_gone_when_nothing_holds_it(pair: list[modelc.Model]) -> None:
    gc.disable()
    try:
        pair[1](text(4))
        gone = weakref.ref(pair.pop())
        assert gone() is None
    finally:
        gc.enable()


def test_plans_whose_constants_depend_on_the_sizes_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = modelc.load_spec(LATE).build(seed=3)
    built.save(tmp_path / "m.modelc")
    cache_of_its_own(tmp_path / "cache", monkeypatch)
    x = np.random.default_rng(0).standard_normal((2, 9, 8)).astype(np.float32)
    for _ in range(2):
        model = modelc.load(tmp_path / "m.modelc")
        assert model._kept is None
        np.testing.assert_array_equal(model(x), built(x))


def test_sizes_as_data() -> None:
    graph = modelc.load_spec(PICTURES).graph
    sizes = graph.free_sizes
    assert sizes is not None
    again = sizes_of_data(sizes_data(sizes))
    assert again.symbols == sizes.symbols and again.hints == sizes.hints
    for value in (*graph.inputs, *graph.outputs, *(node.output for node in graph.nodes)):
        shape = shape_of_data(shape_data(value.type.shape), again)
        for one, other in zip(shape, value.type.shape, strict=True):
            assert getattr(one, "expression", one) == getattr(other, "expression", other)
    with pytest.raises(ValueError, match="no free sizes"):
        shape_of_data([None, [[1, ["h"]]]], None)
