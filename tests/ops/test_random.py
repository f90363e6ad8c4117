"""The counter-based generator: published test vectors, the moments of its distributions, and what it depends on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc.errors import ShapeError
from modelc.graph.types import TensorType
from modelc.ops.random import Random, philox, random_key

Array = np.ndarray[Any, Any]

# From the file kat_vectors of Random123, the authors' implementation: counter, key, result.
PUBLISHED = [
    ([0, 0, 0, 0], (0, 0), [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([0xFFFFFFFF] * 4, (0xFFFFFFFF, 0xFFFFFFFF), [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        (0xA4093822, 0x299F31D0),
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
]


@pytest.mark.parametrize(("counter", "key", "want"), PUBLISHED)
def test_philox_gives_the_published_words(counter: list[int], key: tuple[int, int], want: list[int]) -> None:
    np.testing.assert_array_equal(philox(np.array(counter, np.uint32), key), np.array(want, np.uint32))


def draw(kind: Any, shape: tuple[int | None, ...], step: int = 0, *, key: int = 7, batch: int = 1) -> Array:
    op = Random(kind, shape, key)
    step_value = np.array(step, np.int32)
    return op.compute(step_value, np.zeros((batch, 1), np.float32)) if None in shape else op.compute(step_value)


def test_uniform_moments() -> None:
    x = draw("uniform", (None, 100), batch=10_000).astype(np.float64)
    deviation = 1 / np.sqrt(12 * x.size)  # of the mean
    assert abs(x.mean() - 0.5) < 4 * deviation
    np.testing.assert_allclose(x.var(), 1 / 12, rtol=5e-3)
    assert x.min() >= 0
    assert x.max() < 1
    counts, _ = np.histogram(x, 64, (0, 1))
    expected = x.size / 64
    chi_square = float(np.sum((counts - expected) ** 2) / expected)
    assert chi_square < 63 + 5 * np.sqrt(2 * 63)


def test_normal_moments() -> None:
    x = draw("normal", (None, 100), batch=10_000).astype(np.float64)
    assert abs(x.mean()) < 4 / np.sqrt(x.size)
    assert abs(x.var() - 1) < 4 * np.sqrt(2 / x.size)
    assert abs((x**3).mean()) < 4 * np.sqrt(15 / x.size)
    assert abs((x**4).mean() - 3) < 4 * np.sqrt(96 / x.size)
    np.testing.assert_allclose(np.mean(x < 1), 0.841345, atol=2e-3)
    assert abs(np.mean(x[:, ::2] * x[:, 1::2])) < 4 / np.sqrt(x.size / 2)  # the two of a pair


@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_a_draw_depends_on_key_step_and_place_alone(kind: Any) -> None:
    x = draw(kind, (None, 3), 5, batch=7)
    assert x.dtype == np.float32
    np.testing.assert_array_equal(draw(kind, (None, 3), 5, batch=7), x)
    # More samples leave the first ones as they are, and so does another shape of as many elements.
    np.testing.assert_array_equal(draw(kind, (None, 3), 5, batch=9)[:7], x)
    np.testing.assert_array_equal(draw(kind, (21,), 5).reshape(7, 3), x)
    for other in (draw(kind, (None, 3), 6, batch=7), draw(kind, (None, 3), 5, key=8, batch=7)):
        assert not np.any(other == x)


@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_steps_do_not_overlap(kind: Any) -> None:
    steps = np.concatenate([draw(kind, (64,), step) for step in range(64)])
    assert len(np.unique(steps)) > steps.size - 3  # of 24 bits a few may meet


def test_the_definition_follows_the_dtype() -> None:
    step = np.array(3, np.int32)
    for kind in ("uniform", "normal"):
        single, double = (Random(kind, (None, 9), 1).compute(step, np.zeros((4, 1), t)) for t in (np.float32, float))
        assert double.dtype == np.float64
        np.testing.assert_allclose(single, double, rtol=2e-6, atol=2e-6)


def test_keys_differ() -> None:
    keys = {random_key(seed, stream) for seed in range(50) for stream in ("dropout/0", "dropout/1", "dropout_1/0")}
    assert len(keys) == 150
    assert all(0 <= key < 2**64 for key in keys)


def test_a_batch_needs_a_batch() -> None:
    step = TensorType((), "int32")
    assert Random("uniform", (3, 2), 1).infer(step) == TensorType((3, 2))
    assert Random("uniform", (None, 2), 1).infer(step, TensorType((None, 5))) == TensorType((None, 2))
    with pytest.raises(ShapeError, match="takes the step, a scalar, and the batch"):
        Random("uniform", (None, 2), 1).infer(step)
