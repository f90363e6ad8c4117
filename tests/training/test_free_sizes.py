"""Training on samples of different sizes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.errors import InputError, ResourceError
from modelc.model.model import Model

TAGGER = """
modelc: 1
input: {shape: [time], dtype: int32}
sizes: {time: {max: 64, multiple_of: 4}}
layers:
  - {type: Embedding, input_dim: 20, output_dim: 6}
  - {type: LSTM, units: 5, return_sequences: true}
  - {type: Dense, units: 3, activation: softmax}
"""
PICTURES = """
modelc: 1
input: {shape: [null, null, 3]}
layers:
  - {type: Conv2D, filters: 4, kernel_size: 3, strides: 2, padding: same, activation: relu}
  - {type: BatchNormalization}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 2}
"""
LENGTHS = (3, 7, 5, 12, 4, 9, 8)
RNG = np.random.default_rng(5)
WORDS = [RNG.integers(1, 20, n).astype(np.int32) for n in LENGTHS]
TAGS = [RNG.integers(0, 3, n).astype(np.int32) for n in LENGTHS]


def tagger(backend: Any) -> Model:
    made = modelc.load_spec(TAGGER).build(seed=1, backend=backend)
    made.compile(optimizer="adam", loss="sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    return made


class Padded:
    """The same batches, padded by hand; with these weights means over all positions are those over the samples' own."""

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, len(WORDS), 3):
            words, tags = WORDS[start : start + 3], TAGS[start : start + 3]
            steps = -(-max(map(len, words)) // 4) * 4
            x, y, weight = (np.zeros((len(words), steps), dtype) for dtype in (np.int32, np.int32, np.float32))
            for i, (word, tag) in enumerate(zip(words, tags, strict=True)):
                x[i, : len(word)], y[i, : len(tag)], weight[i, : len(word)] = word, tag, 1
            yield x, y, weight / weight.mean()


@pytest.mark.parametrize("backend", ["native", "reference"])
def test_what_is_padded_does_not_count(backend: Any) -> None:
    ragged, padded = tagger(backend), tagger(backend)
    got = ragged.fit(WORDS, TAGS, batch_size=3, epochs=2, shuffle=False, verbose=0).history
    want = padded.fit(Padded(), epochs=2, verbose=0).history
    assert got["loss"] == pytest.approx(want["loss"], rel=1e-6)
    for a, b in zip(ragged.get_weights(), padded.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6)


def test_a_sample_that_is_too_long_is_named() -> None:
    made = tagger("native")
    with pytest.raises(InputError, match="a sample of 70 along axis 1, and `time` is at most 64"):
        made.fit([*WORDS, np.ones(70, np.int32)], [*TAGS, np.ones(70, np.int32)], batch_size=8, verbose=0)


def test_a_step_on_any_size_is_the_step_of_the_model_of_that_size() -> None:
    free = modelc.load_spec(PICTURES).build(seed=1)
    free.compile(optimizer="sgd", loss="mse")
    rng = np.random.default_rng(0)
    for height, width in ((20, 18), (27, 21), (33, 40)):
        x, y = rng.random((4, height, width, 3), np.float32), rng.random((4, 2), np.float32)
        fixed = free.to_spec().with_input_shape((height, width, 3)).build()
        fixed.set_weights(free.get_weights())
        fixed.compile(optimizer="sgd", loss="mse")
        assert free.train_on_batch(x, y) == pytest.approx(fixed.train_on_batch(x, y), abs=1e-6)
        for got, want in zip(free.get_weights(), fixed.get_weights(), strict=True):
            np.testing.assert_allclose(got, want, atol=1e-6)


def test_one_step_is_traced_for_all_sizes() -> None:
    free = modelc.load_spec(PICTURES).build(seed=1)
    free.compile(optimizer="adam", loss="mse")
    rng = np.random.default_rng(0)
    for size in range(16, 40, 3):
        free.train_on_batch(rng.random((2, size, size + 1, 3), np.float32), rng.random((2, 2), np.float32))
    engine: Any = free.trainer.engine
    ((_, program),) = engine._steps.values()
    assert len(program._plans._graph._made) == 1


DEEP = """
modelc: 1
input: {shape: [null, null, 3]}
layers:
  - repeat: 3
    layers: [{type: Conv2D, filters: 16, kernel_size: 3, activation: relu}]
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 2}
"""


def trained(limit: int | None) -> Model:
    made = modelc.load_spec(DEEP).build(seed=1)
    made.compile(optimizer="adam", loss="mse", memory_limit=limit)
    rng = np.random.default_rng(0)
    for size in (20, 64, 30):
        made.train_on_batch(rng.random((4, size, size + 3, 3), np.float32), rng.random((4, 2), np.float32))
    return made


def test_a_memory_limit_holds_at_the_largest_size_and_changes_no_bit() -> None:
    limit = 4_000_000
    free, limited = trained(None), trained(limit)
    most, memory = free.trainer.engine.memory, limited.trainer.engine.memory
    assert most is not None and most.bytes > limit
    assert memory is not None and memory.bytes <= limit and memory.extra_work > 0
    for a, b in zip(free.get_weights(), limited.get_weights(), strict=True):
        assert a.tobytes() == b.tobytes()
    with pytest.raises(ResourceError, match="needs at least"):
        trained(1_000_000)


def test_a_model_is_measured_without_padding() -> None:
    """Zeros around a picture would change its average: each is measured as if it were alone."""
    rng = np.random.default_rng(0)
    pictures = [rng.random((h, w, 3), np.float32) for h, w in ((9, 12), (20, 7), (9, 12), (11, 11), (20, 7))]
    labels = rng.random((5, 2), np.float32)
    made = modelc.load_spec(PICTURES).build(seed=1)
    made.compile(optimizer="sgd", loss="mse")
    alone = [made.evaluate(p[None], y[None], verbose=0) for p, y in zip(pictures, labels, strict=True)]
    assert made.evaluate(pictures, labels, batch_size=4, verbose=0) == pytest.approx(np.mean(alone), rel=1e-5)
    history = made.fit(
        pictures, labels, batch_size=2, verbose=0, validation_data=(pictures[3:], labels[3:]), shuffle=False
    ).history
    again = [made.evaluate(p[None], y[None], verbose=0) for p, y in zip(pictures[3:], labels[3:], strict=True)]
    assert history["val_loss"] == [pytest.approx(np.mean(again), rel=1e-5)]
