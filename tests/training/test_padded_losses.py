"""Every loss, and metrics, on batches of samples of different sizes: what is padded weighs 0.

The models compute each step by itself, so that a padded batch is the same positions as its samples one behind the
other; of these Keras's losses and metrics are taken, without any padding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.losses import LOSSES
from modelc.model.model import Model
from tests.live_keras import live_keras

LENGTHS = (3, 7, 5)
CLASSES = 4
RNG = np.random.default_rng(3)
SAMPLES = [RNG.normal(size=(n, 3)).astype(np.float32) for n in LENGTHS]

KINDS = {
    **dict.fromkeys(["BinaryCrossentropy", "BinaryFocalCrossentropy", "Dice", "Tversky"], "several"),
    **dict.fromkeys(["CategoricalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalHinge"], "one"),
    **dict.fromkeys(["SparseCategoricalCrossentropy", "CategoricalGeneralizedCrossEntropy"], "number"),
    **dict.fromkeys(["Hinge", "SquaredHinge"], "sign"),
}
"""What labels the losses take; numbers, unless said."""
ENDS = {"several": "sigmoid", "one": "softmax", "number": "softmax", "sign": "tanh", "value": "softplus"}
APART = ("CTC", "Circle")
"""CTC has labels of other lengths, Circle one vector for each sample."""

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras on NumPy


def labels(kind: str) -> list[Any]:
    rng = np.random.default_rng(7)
    made: dict[str, Callable[[int], Any]] = {
        "several": lambda n: rng.integers(0, 2, (n, CLASSES)).astype(np.float32),
        "one": lambda n: np.eye(CLASSES, dtype=np.float32)[rng.integers(0, CLASSES, n)],
        "number": lambda n: rng.integers(0, CLASSES, n).astype(np.int32),
        "sign": lambda n: (rng.integers(0, 2, (n, CLASSES)) * 2 - 1).astype(np.float32),
        "value": lambda n: rng.random((n, CLASSES), np.float32) + np.float32(0.1),
    }
    return [made[kind](n) for n in LENGTHS]


def built(end: str, backend: Any, rate: float = 0.0, **compiled: Any) -> Model:
    text = f"modelc: 1\ninput: {{shape: [time, 3]}}\nlayers: [{{type: Dense, units: {CLASSES}, activation: {end}}}]\n"
    made = modelc.load_spec(text).build(seed=1, backend=backend)
    made.compile(optimizer={"type": "SGD", "learning_rate": rate}, **compiled)
    return made


def joined(arrays: list[Any]) -> Any:
    """One sample of all positions."""
    return np.concatenate(arrays)[None]


def fit(model: Model, y: list[Any], **options: Any) -> dict[str, Any]:
    return model.fit(SAMPLES, y, batch_size=len(SAMPLES), shuffle=False, verbose=0, **options).history


@pytest.mark.parametrize("backend", ["native", "reference"])
@pytest.mark.parametrize("name", [name for name in LOSSES.names if name not in APART])
def test_a_loss_is_that_of_the_positions_which_samples_have(name: str, backend: Any) -> None:
    keras = live_keras()
    kind = KINDS.get(name, "value")
    y = labels(kind)
    model = built(ENDS[kind], backend, loss={"type": name})
    predicted = np.concatenate([np.asarray(model(x[None])) for x in SAMPLES], axis=1)
    expected = float(np.asarray(getattr(keras.losses, name)()(joined(y), predicted)))
    assert fit(model, y)["loss"] == [pytest.approx(expected, rel=1e-5)]


@pytest.mark.parametrize("name", [name for name in LOSSES.names if name not in APART])
def test_a_step_is_that_of_the_positions_which_samples_have(name: str) -> None:
    kind = KINDS.get(name, "value")
    y = labels(kind)
    padded, plain = (built(ENDS[kind], "native", 0.1, loss={"type": name}) for _ in range(2))
    before = padded.get_weights()
    fit(padded, y)
    plain.train_on_batch(joined(SAMPLES), joined(y))
    for start, got, want in zip(before, padded.get_weights(), plain.get_weights(), strict=True):
        assert np.abs(want - start).max() > 1e-4
        np.testing.assert_allclose(got, want, rtol=0, atol=2e-6)


@pytest.mark.parametrize("lists", [True, False])
def test_ctc_goes_through_the_steps_that_samples_have(lists: bool) -> None:
    """Each sample as if it were alone, in its value and its gradient; labels are lists, or padded with 0."""
    keras = live_keras()
    y: Any = [np.array([1, 2]), np.array([3, 1, 2]), np.array([2])]
    if not lists:
        y = np.array([[1, 2, 0], [3, 1, 2], [2, 0, 0]])
    model = built("linear", "native", 0.1, loss="ctc")
    start, moved, losses = model.get_weights(), list[list[Any]](), list[float]()
    for x, own in zip(SAMPLES, y, strict=True):
        own = own[None, own > 0]
        losses.append(float(np.asarray(keras.losses.CTC()(own, np.asarray(model(x[None]))))))
        alone = built("linear", "native", 0.1, loss="ctc")
        alone.train_on_batch(x[None], own)
        moved.append([new - old for new, old in zip(alone.get_weights(), start, strict=True)])
    assert fit(model, y)["loss"] == [pytest.approx(np.mean(losses), rel=1e-5)]
    for old, new, steps in zip(start, model.get_weights(), zip(*moved, strict=True), strict=True):
        np.testing.assert_allclose(new - old, np.mean(steps, axis=0), rtol=0, atol=2e-6)


@pytest.mark.parametrize(
    ("reduction", "expected"),
    [("sum", np.sum), ("mean_with_sample_weight", None), ("sum_over_batch_size", np.mean)],
)
def test_weights_of_samples_and_of_steps(reduction: str, expected: Any) -> None:
    """By the definitions, over the positions that samples have."""
    y = labels("value")
    rng = np.random.default_rng(0)
    of_samples = np.array([1.0, 0.5, 3.0], np.float32)
    of_steps = [rng.random(n, np.float32) for n in LENGTHS]
    model = built("softplus", "native", loss={"type": "MeanAbsoluteError", "reduction": reduction})
    errors = np.concatenate(
        [np.abs(np.asarray(model(x[None]))[0] - t).mean(-1) for x, t in zip(SAMPLES, y, strict=True)]
    )
    given: list[tuple[Any, Any]] = [(of_samples, np.repeat(of_samples, LENGTHS)), (of_steps, np.concatenate(of_steps))]
    for weights, each in given:
        got = fit(model, y, sample_weight=weights)["loss"]
        wanted = np.average(errors, weights=each) if expected is None else expected(errors * each)
        assert got == [pytest.approx(wanted, rel=1e-5)]


def test_class_weights_are_for_one_class_a_sample() -> None:
    model = built("softmax", "native", loss="sparse_categorical_crossentropy")
    with pytest.raises(modelc.InputError, match=r"one class for each sample, found labels of shape \(None, None\)"):
        fit(model, labels("number"), class_weight={1: 2.0})


METRICS: list[tuple[str, str, dict[str, Any]]] = [
    ("sign", "Hinge", {}), ("sign", "SquaredHinge", {}), ("number", "SparseCategoricalAccuracy", {}),
    ("number", "SparseTopKCategoricalAccuracy", {"k": 2}), ("number", "SparseCategoricalCrossentropy", {}),
    ("one", "CategoricalAccuracy", {}), ("one", "TopKCategoricalAccuracy", {"k": 2}), ("one", "CategoricalHinge", {}),
    ("one", "CategoricalCrossentropy", {}), ("one", "KLDivergence", {}), ("several", "AUC", {}),
    ("several", "BinaryAccuracy", {}), ("several", "BinaryCrossentropy", {}), ("several", "Precision", {}),
    ("several", "Recall", {}), ("several", "TruePositives", {}), ("several", "FalseNegatives", {}),
    ("several", "PrecisionAtRecall", {"recall": 0.5}), ("several", "BinaryIoU", {}),
    ("one", "OneHotMeanIoU", {"num_classes": CLASSES}), ("value", "MeanSquaredError", {}),
    ("value", "MeanAbsoluteError", {}), ("value", "MeanAbsolutePercentageError", {}), ("value", "LogCoshError", {}),
    ("value", "RootMeanSquaredError", {}), ("value", "CosineSimilarity", {}), ("value", "Poisson", {}),
    ("value", "PearsonCorrelation", {}), ("value", "ConcordanceCorrelation", {}),
]  # fmt: skip


OF_ELEMENTS = ("BinaryIoU", "OneHotMeanIoU")
"""Metrics whose weights are those of elements."""


@pytest.mark.filterwarnings("ignore:invalid value encountered in divide:RuntimeWarning")  # of Keras on NumPy
@pytest.mark.parametrize(("kind", "name", "options"), METRICS, ids=[name for _, name, _ in METRICS])
def test_a_metric_is_that_of_the_positions_which_samples_have(kind: str, name: str, options: dict[str, Any]) -> None:
    """With weights and without: `metrics` leave out what was added as `weighted_metrics` do."""
    keras = live_keras()
    y = labels(kind)
    weights = np.array([1.0, 0.5, 3.0], np.float32)
    metric = {"type": name, **options}
    loss = "sparse_categorical_crossentropy" if kind == "number" else "mse"
    further = [] if name in OF_ELEMENTS else [{**metric, "name": "b"}]
    model = built(ENDS[kind], "native", loss=loss, metrics=[{**metric, "name": "a"}], weighted_metrics=further)
    predicted = np.concatenate([np.asarray(model(x[None])) for x in SAMPLES], axis=1)
    plain, weighted = (getattr(keras.metrics, name)(**options) for _ in range(2))
    plain.update_state(joined(y)[0], predicted[0])
    history = fit(model, y, sample_weight=weights)
    assert history["a"] == [pytest.approx(float(np.asarray(plain.result())), rel=1e-4, abs=1e-6)]
    if further:
        weighted.update_state(joined(y)[0], predicted[0], np.repeat(weights, LENGTHS))
        assert history["b"] == [pytest.approx(float(np.asarray(weighted.result())), rel=1e-4, abs=1e-6)]


PICTURES = [RNG.random((h, w, 1), np.float32) for h, w in ((9, 12), (14, 7), (10, 10))]


def test_maps_that_are_smaller_than_their_pictures() -> None:
    """Labels of half the size: of each picture the positions count that follow from its own size."""
    text = (
        "modelc: 1\ninput: {shape: [null, null, 1]}\nlayers:\n"
        "  - {type: Conv2D, filters: 2, kernel_size: 1, strides: 2, padding: same}\n"
    )
    rng = np.random.default_rng(1)
    halves = [rng.random((-(-p.shape[0] // 2), -(-p.shape[1] // 2), 2), np.float32) for p in PICTURES]
    model = modelc.load_spec(text).build(seed=1)
    model.compile(optimizer={"type": "SGD", "learning_rate": 0.0}, loss="mae", metrics=["mse"])
    errors = [np.asarray(model(p[None]))[0] - y for p, y in zip(PICTURES, halves, strict=True)]
    flat = np.concatenate([e.reshape(-1, 2) for e in errors])
    history = model.fit(PICTURES, halves, batch_size=3, shuffle=False, verbose=0).history
    assert history["loss"] == [pytest.approx(np.abs(flat).mean(), rel=1e-5)]
    assert history["mse"] == [pytest.approx(np.square(flat).mean(), rel=1e-5)]


def test_a_free_size_without_channels() -> None:
    """The mean over the last axis, which is the free one: of the elements that samples have."""
    text = (
        "modelc: 1\ninput: {shape: [time, 3]}\nlayers:\n"
        "  - {type: Dense, units: 1}\n  - {type: Reshape, target_shape: [-1]}\n"
    )
    y = [RNG.random(n, np.float32) for n in LENGTHS]
    model = modelc.load_spec(text).build(seed=1)
    for loss, error in (("mae", np.abs), ("mse", np.square)):
        model.compile(optimizer={"type": "SGD", "learning_rate": 0.0}, loss=loss)
        errors = np.concatenate([np.asarray(model(x[None]))[0] - t for x, t in zip(SAMPLES, y, strict=True)])
        assert fit(model, y)["loss"] == [pytest.approx(error(errors).mean(), rel=1e-5)]
    model.compile(optimizer="sgd", loss="cosine_similarity")
    with pytest.raises(modelc.ModelcError, match="some of which were added to samples"):
        fit(model, y)
