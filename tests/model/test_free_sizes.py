"""Models whose sizes stay free: any sizes at every call, as the model of those sizes computes them."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.errors import InputError
from modelc.model.model import Model

PICTURES = """
modelc: 1
input: {shape: [null, null, 3]}
layers:
  - {type: Conv2D, filters: 8, kernel_size: 3, strides: 2, padding: same, activation: relu}
  - {type: BatchNormalization}
  - {type: MaxPooling2D}
  - {type: Conv2D, filters: 12, kernel_size: 3}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 5}
"""
TAGGER = """
modelc: 1
input: {shape: [time, 4]}
sizes: {time: {min: 2, max: 64}}
layers:
  - {type: Bidirectional, layer: {type: LSTM, units: 5, return_sequences: true}}
  - {type: Dense, units: 3, activation: softmax}
"""
TWO = """
modelc: 1
inputs: {left: {shape: [time, 4]}, right: {shape: [time, 4]}, page: {shape: [null, null, 1]}}
layers:
  - {type: Add, inputs: [left, right], name: both}
  - {type: GlobalMaxPooling1D, inputs: both, name: text}
  - {type: Conv2D, filters: 4, kernel_size: 2, inputs: page}
  - {type: GlobalMaxPooling2D, name: seen}
  - {type: Concatenate, inputs: [text, seen]}
"""
SEGMENTS = """
modelc: 1
input: {shape: [null, null, 3]}
layers:
  - {type: Conv2D, filters: 4, kernel_size: 3, strides: 2, padding: same}
  - {type: UpSampling2D}
"""


def model(text: str, backend: Any = "native") -> Model:
    return modelc.load_spec(text).build(seed=3, backend=backend)


def fixed(free: Model, *shape: int) -> Model:
    """The model of one size, with the same weights."""
    made = free.to_spec().with_input_shape(shape).build()
    made.set_weights(free.get_weights())
    return made


def noise(*shape: int) -> Any:
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("backend", ["native", "reference"])
def test_any_size_is_computed_as_the_model_of_that_size(backend: Any) -> None:
    free = model(PICTURES, backend)
    for height, width in ((32, 32), (33, 47), (64, 15), (11, 12), (32, 32)):
        x = noise(2, height, width, 3)
        np.testing.assert_allclose(free(x), fixed(free, height, width, 3)(x), atol=2e-6)


def test_shapes_are_none_as_in_keras() -> None:
    free = model(SEGMENTS)
    assert free.input_shape == (None, None, None, 3) and free.output_shape == (None, None, None, 4)
    assert free.layers[0].output.shape == (None, None, None, 4)  # type: ignore[union-attr]


def test_one_graph_serves_all_sizes_and_weights_are_packed_once() -> None:
    free = model(PICTURES)
    program: Any = free.program
    free(noise(1, 40, 40, 3))
    packed = program._shared.bytes
    for size in range(24, 60):
        free(noise(1, size, 100 - size, 3))
    assert len(program._plans._graph._made) == 1, "no size was traced again"
    assert program._shared.bytes == packed
    assert len(program._plans._plans) == 37


def test_plans_are_bounded() -> None:
    free = model("modelc: 1\ninput: {shape: [null, 2]}\nlayers: [{type: Dense, units: 1}]")
    program: Any = free.program
    for size in range(1, 100):
        assert free(noise(1, size, 2)).shape == (1, size, 1)
    assert len(program._plans._plans) == 64
    np.testing.assert_allclose(free(noise(1, 1, 2)), fixed(free, 1, 2)(noise(1, 1, 2)), atol=1e-6)


def test_new_weights_take_effect_at_every_size() -> None:
    free = model(PICTURES)
    small, large = noise(1, 24, 24, 3), noise(1, 50, 40, 3)
    before = free(small), free(large)
    free.set_weights([w + 0.1 for w in free.get_weights()])
    for x, old in zip((small, large), before, strict=True):
        assert not np.allclose(free(x), old)
        np.testing.assert_allclose(free(x), fixed(free, *x.shape[1:])(x), atol=2e-5)


def test_threads_may_bring_new_sizes_at_once() -> None:
    free = model(PICTURES)
    xs = [noise(1, 20 + i, 60 - i, 3) for i in range(24)]
    want = [free(x) for x in xs]
    fresh = model(PICTURES)
    got: list[Any] = [None] * len(xs)

    def work(start: int) -> None:
        for i in range(start, len(xs), 4):
            got[i] = fresh(xs[i])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for a, b in zip(got, want, strict=True):
        assert a.tobytes() == b.tobytes()


def test_a_size_that_is_too_small_names_the_least_one() -> None:
    with pytest.raises(InputError) as caught:
        model(PICTURES)(noise(1, 5, 40, 3))
    error = caught.value
    assert str(error).startswith(
        "the model does not take the sizes h=5, w=40: `conv2d_1` (Conv2D) cannot take (None, 1,"
    )
    assert error.help == "`h` must be at least 11"
    assert model(PICTURES)(noise(1, 11, 40, 3)).shape == (1, 5)
    with pytest.raises(InputError):
        model(PICTURES)(noise(1, 10, 40, 3))


@pytest.mark.parametrize("steps", [0, 1, 65])
def test_sizes_keep_to_their_bounds(steps: int) -> None:
    with pytest.raises(InputError, match=f"the size `time` is {steps}, and must be from 2 to 64"):
        model(TAGGER)(noise(1, steps, 4))


def test_a_multiple_is_asked_for() -> None:
    text = TAGGER.replace("min: 2, max: 64", "max: 64, multiple_of: 8")
    assert model(text)(noise(1, 16, 4)).shape == (1, 16, 3)
    with pytest.raises(InputError, match="must be from 8 to 64, a multiple of 8"):
        model(text)(noise(1, 12, 4))


def test_equal_names_are_equal_sizes() -> None:
    free = model(TWO)
    left, right, page = noise(2, 6, 4), noise(2, 6, 4) * 2, noise(2, 9, 5, 1)
    got = free({"left": left, "right": right, "page": page})
    np.testing.assert_allclose(got[:, :4], (left + right).max(axis=1), atol=1e-6)
    with pytest.raises(InputError, match=r"`right` has the shape \(2, 7, 4\): along axis 1 6 were expected"):
        free({"left": left, "right": noise(2, 7, 4), "page": page})


def test_samples_of_different_sizes_come_back_in_order() -> None:
    free = model(PICTURES)
    pictures = [noise(h, w, 3) for h, w in ((20, 30), (33, 12), (20, 30), (40, 40))]
    got = free.predict(pictures)
    assert isinstance(got, np.ndarray) and got.shape == (4, 5)
    np.testing.assert_allclose(got, np.concatenate([free(p[None]) for p in pictures]), atol=1e-6)
    segments = model(SEGMENTS)
    parts = segments.predict(pictures)
    assert [part.shape for part in parts] == [(20, 30, 4), (34, 12, 4), (20, 30, 4), (40, 40, 4)]
    for part, picture in zip(parts, pictures, strict=True):
        np.testing.assert_allclose(part, segments(picture[None])[0], atol=1e-6)


def test_samples_of_several_inputs() -> None:
    free = model(TWO)
    left = [noise(n, 4) for n in (3, 5, 3)]
    pages = noise(3, 4, 4, 1)
    got = free.predict({"left": left, "right": left, "page": pages})
    for row, text, page in zip(got, left, pages, strict=True):
        np.testing.assert_allclose(
            row, free({"left": text[None], "right": text[None], "page": page[None]})[0], atol=1e-6
        )
    with pytest.raises(InputError, match="different numbers of samples"):
        free.predict({"left": left, "right": left[:2], "page": pages})


def test_parts_and_copies_of_a_model_keep_their_sizes_free() -> None:
    free = model(PICTURES)
    part = free.extract("max_pooling2d")
    for size in (24, 31):
        x = noise(1, size, size + 3, 3)
        np.testing.assert_allclose(part(x), fixed(free, size, size + 3, 3).extract("max_pooling2d")(x), atol=1e-6)
    again = modelc.load_spec(free.to_spec().to_yaml())
    assert again == free.to_spec() and again.input is not None and again.input.shape == (None, None, 3)


def test_a_sequential_that_grows_keeps_its_sizes_free() -> None:
    grown = modelc.Sequential([modelc.Input((None, 6)), modelc.layers.LSTM(4, return_sequences=True)])
    for steps in (3, 8):
        assert grown(noise(2, steps, 6)).shape == (2, steps, 4)
    grown.add(modelc.layers.GlobalAveragePooling1D())
    for steps in (8, 5):
        assert grown(noise(2, steps, 6)).shape == (2, 4)


def test_an_artifact_keeps_its_sizes_free(tmp_path: Any) -> None:
    free = model(TAGGER)
    free.save(tmp_path / "tagger.modelc")
    loaded = modelc.load(tmp_path / "tagger.modelc")
    for steps in (2, 17):
        x = noise(2, steps, 4)
        assert loaded(x).tobytes() == free(x).tobytes()
