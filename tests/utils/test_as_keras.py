"""Helpers of `modelc.utils` beside Keras's own, and what they refuse."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.errors import ModelcError
from modelc.utils import normalize, pad_sequences, set_random_seed, timeseries_dataset_from_array, to_categorical
from tests.live_keras import live_keras

SEQUENCES = [[1], [2, 3, 4], [], [5, 6]]
RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("x", "options"),
    [
        ([0, 2, 1], {}), ([[0], [2]], {}), ([[0, 1], [2, 2]], {"num_classes": 5}), ([3.0, 1.0], {}),
        ([[[1]], [[0]]], {"num_classes": 2}), (2, {}),
    ],
)  # fmt: skip
def test_to_categorical(x: Any, options: dict[str, Any]) -> None:
    _same(to_categorical(x, **options), live_keras().utils.to_categorical(x, **options))


def test_to_categorical_of_nothing() -> None:
    assert to_categorical(np.zeros((0, 2), int), num_classes=3).shape == (0, 2, 3)


@pytest.mark.parametrize(
    ("shape", "options"),
    [((3, 4), {}), ((3, 4), {"axis": 1, "order": 1}), ((2, 3, 4), {"axis": 2, "order": 3}), ((5,), {})],
)
def test_normalize(shape: tuple[int, ...], options: dict[str, Any]) -> None:
    x = RANDOM.normal(size=shape)
    x[0] = 0
    if x.ndim > 1:
        _same(normalize(x, **options), live_keras().utils.normalize(x, **options))
    axis, order = options.get("axis", -1), options.get("order", 2)
    norms = (np.abs(x) ** order).sum(axis, keepdims=True) ** (1 / order)
    np.testing.assert_allclose(normalize(x, **options), np.divide(x, norms, where=norms > 0, out=x.copy()), atol=1e-12)


def test_normalize_along_the_first_axis() -> None:
    """By the definition: Keras takes the axis 0 for -1."""
    x = RANDOM.normal(size=(3, 4))
    np.testing.assert_allclose(normalize(x, axis=0), x / np.sqrt((x**2).sum(0)), atol=1e-12)


@pytest.mark.parametrize(
    "options",
    [
        {}, {"padding": "post"}, {"maxlen": 2}, {"maxlen": 2, "truncating": "post"}, {"maxlen": 5, "value": -1},
        {"dtype": "float32", "value": 0.5, "padding": "post", "maxlen": 2}, {"dtype": object, "value": "none"},
    ],
)  # fmt: skip
def test_pad_sequences(options: dict[str, Any]) -> None:
    _same(pad_sequences(SEQUENCES, **options), live_keras().utils.pad_sequences(SEQUENCES, **options))


def test_pad_sequences_of_arrays() -> None:
    sequences = [RANDOM.normal(size=(n, 3)) for n in (2, 4, 1)]
    for how in ({"dtype": "float32"}, {"dtype": "float64", "maxlen": 3, "padding": "post"}):
        _same(pad_sequences(sequences, **how), live_keras().utils.pad_sequences(sequences, **how))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: to_categorical([0, 3], num_classes=3), "expected 0 to 2"),
        (lambda: to_categorical([-1, 3]), "numbers from -1 to 3"),
        (lambda: to_categorical([0.5]), "holds fractions"),
        (lambda: to_categorical([]), "is empty"),
        (lambda: to_categorical(["a"]), "expected numbers"),
        (lambda: normalize([1.0, 2.0], axis=2), "none is number 2"),
        (lambda: pad_sequences([1, 2]), "must be a list of sequences"),
        (lambda: pad_sequences([[1], [[2]]]), "the steps of sequence 1"),
        (lambda: pad_sequences([[1]], padding="left"), "`padding`"),
        (lambda: pad_sequences([[1]], value="x"), "`value` is text"),
        (lambda: pad_sequences([[1]], maxlen=-1), "`maxlen`"),
        (lambda: set_random_seed("a"), "`seed` must be an integer"),
        (lambda: set_random_seed(2**32), "less than 2³²"),
        (lambda: timeseries_dataset_from_array(np.zeros(9), None, 10), "9 steps hold no window of 10"),
        (lambda: timeseries_dataset_from_array(np.zeros(9), None, 3, sampling_rate=9), "`sampling_rate`"),
        (lambda: timeseries_dataset_from_array(np.zeros(9), None, 0), "`sequence_length`"),
        (lambda: timeseries_dataset_from_array(np.zeros(9), None, 2, start_index=8, end_index=4), "from 8 to 4"),
        (lambda: timeseries_dataset_from_array(np.zeros(9), [1], 2, start_index=4), "has one of 1 targets"),
    ],
)
def test_what_is_refused(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ModelcError, match=message):
        call()


def test_a_seed_makes_what_scripts_draw_the_same() -> None:
    drawn = []
    for _ in range(2):
        set_random_seed(7)
        shuffled = timeseries_dataset_from_array(np.arange(50), None, 3, shuffle=True, batch_size=50)
        drawn.append((random.random(), float(np.random.random()), next(iter(shuffled)).tolist()))
    assert drawn[0] == drawn[1]


SERIES = [
    {"sequence_length": 4}, {"sequence_length": 10, "sequence_stride": 3, "sampling_rate": 2},
    {"sequence_length": 3, "batch_size": None}, {"sequence_length": 3, "batch_size": 7, "start_index": 5},
    {"sequence_length": 3, "batch_size": 7, "start_index": 5, "end_index": 31}, {"sequence_length": 40},
]  # fmt: skip


@pytest.mark.parametrize("options", SERIES)
@pytest.mark.parametrize("targets", [False, True])
def test_windows_by_their_definition(options: dict[str, Any], targets: bool) -> None:
    data, wanted = RANDOM.normal(size=(40, 2)), np.arange(40)
    made = timeseries_dataset_from_array(data, wanted if targets else None, **options)
    length, rate = options["sequence_length"], options.get("sampling_rate", 1)
    first, end = options.get("start_index", 0), options.get("end_index", 40)
    starts = range(first, end - (length - 1) * rate, options.get("sequence_stride", 1))
    windows = [data[s : s + (length - 1) * rate + 1 : rate] for s in starts]
    for _ in range(2):
        got = list(made)
        assert len(got) == len(made)
        parts = [x for x, _ in got] if targets else got
        joined = np.stack(parts) if options.get("batch_size", 0) is None else np.concatenate(parts)
        np.testing.assert_array_equal(joined, windows)
        if targets:
            labels = [y for _, y in got]
            np.testing.assert_array_equal(np.hstack(labels), list(starts))
    size = options.get("batch_size", 128)
    assert size is None or max(map(len, parts)) == min(size, len(windows))


def test_shuffled_windows_are_all_there_in_another_order_each_time() -> None:
    made = timeseries_dataset_from_array(np.arange(60), np.arange(60), 4, shuffle=True, seed=3, batch_size=8)
    passes = [np.concatenate([y for _, y in made]) for _ in range(2)]
    for one in passes:
        np.testing.assert_array_equal(np.sort(one), np.arange(57))
    assert (passes[0] != passes[1]).any() and (passes[0] != np.arange(57)).any()
    again = timeseries_dataset_from_array(np.arange(60), np.arange(60), 4, shuffle=True, seed=3, batch_size=8)
    np.testing.assert_array_equal(np.concatenate([y for _, y in again]), passes[0])
    for x, y in made:
        np.testing.assert_array_equal(x, y[:, None] + np.arange(4))


def test_a_model_is_trained_on_windows() -> None:
    series = np.sin(np.arange(200) / 5).astype(np.float32)
    data = timeseries_dataset_from_array(series[:-8, None], series[8:], 8, batch_size=16)
    model = modelc.Sequential(
        [modelc.Input((8, 1)), modelc.layers.Flatten(), modelc.layers.Dense(1)], backend="reference"
    )
    model.compile("adam", "mse")
    losses = model.fit(data, epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0] and model.predict(data).shape == (185, 1)


def _same(ours: Any, theirs: Any) -> None:
    assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
    if ours.dtype == object:
        assert ours.tolist() == theirs.tolist()
    else:
        np.testing.assert_allclose(ours, theirs, atol=1e-12)
