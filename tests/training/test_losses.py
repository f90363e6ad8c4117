"""Losses against Keras, where it is installed, and against what it made once (tests/data/training.npz)."""

from __future__ import annotations

import contextlib
import itertools
from typing import Any

import numpy as np
import pytest

from modelc.errors import ShapeError, SpecError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.graph.types import TensorType
from modelc.losses import LOSSES
from modelc.losses.by_labels import crossentropy_for
from modelc.losses.loss import Loss, weighted_reduction
from tests.live_keras import live_keras
from tests.training.evaluate import evaluate
from tests.training.loss_cases import LOSS_CASES, LossCase, column, maps, numbers
from tests.training.recorded import RECORDED

Array = np.ndarray[Any, Any]
REDUCTIONS = ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none", None)

pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")  # Keras's, about one class


def made(case: LossCase, **options: Any) -> Loss:
    return LOSSES[case.name](**case.options, **options)


def computed(loss: Loss, arrays: dict[str, Array | None], fixed: bool = False) -> Array:
    given = {name: array for name, array in arrays.items() if array is not None}

    def recipe(g: Builder, x: dict[str, Value]) -> dict[str, Value]:
        if "mask" in x:
            g.masks.set(x["y_pred"], x["mask"])
        return {"loss": loss.emit(g, x["y_true"], x["y_pred"], x.get("sample_weight"))}

    return evaluate(recipe, given, size=len(given["y_pred"]) if fixed else None)["loss"]


def close(found: Array, expected: Any, tolerance: float) -> None:
    expected = np.asarray(expected)
    assert found.shape == expected.shape and found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def of_ours(case: LossCase, seed: int, reduction: Any, weights: Array | None) -> Array:
    y, p = case.arrays(seed)
    return computed(made(case, reduction=reduction), {"y_true": y, "y_pred": p, "sample_weight": weights}, case.fixed)


@pytest.mark.jax
@pytest.mark.parametrize("case", LOSS_CASES, ids=lambda c: c.id)
def test_losses_of_keras(case: LossCase) -> None:
    live_keras()
    from tests.training import by_keras

    for seed in range(3):
        values = by_keras.loss(case, seed, "none", None)
        close(of_ours(case, seed, "none", None), values, case.tolerance)
        for reduction in ("sum_over_batch_size", "mean_with_sample_weight"):
            drawn = np.random.default_rng(seed).uniform(0, 3, values.shape).astype(np.float32)
            weights = None if values.ndim == 0 else drawn
            close(
                of_ours(case, seed, reduction, weights), by_keras.loss(case, seed, reduction, weights), case.tolerance
            )


@pytest.mark.parametrize("case", LOSS_CASES, ids=lambda c: c.id)
def test_recorded_losses(case: LossCase) -> None:
    close(of_ours(case, 0, "none", None), RECORDED[f"loss/{case.id}"], case.tolerance)


@pytest.mark.jax
@pytest.mark.parametrize("draw", [numbers, maps, column])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_weights_and_reductions_of_keras(draw: Any, reduction: Any) -> None:
    """Weights as Keras takes them: none, one for each loss, for each sample, one with an axis of 1, and zeros."""
    live_keras()
    from tests.training import by_keras

    case = LossCase("MeanSquaredError", draw)
    rng = np.random.default_rng(7)
    shape = by_keras.loss(case, 0, "none", None).shape
    each = rng.uniform(0, 3, shape).astype(np.float32)
    rows = rng.uniform(0, 3, (shape[0], 1)).astype(np.float32)
    for weights in (None, each, rows, np.zeros_like(each)):
        close(of_ours(case, 0, reduction, weights), by_keras.loss(case, 0, reduction, weights), 1e-5)


@pytest.mark.jax
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", ["", "steps", "samples"])
@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_masks_of_keras(reduction: Any, weighted: str, share: float) -> None:
    keras: Any = live_keras()
    rng = np.random.default_rng(3)
    y, p = rng.standard_normal((2, 5, 4, 3), np.float32)
    mask = rng.random((5, 4)) < share
    weights = {"": None, "steps": rng.random((5, 4)), "samples": rng.random((5, 1))}[weighted]
    weights = None if weights is None else weights.astype(np.float32)
    predictions = keras.ops.convert_to_tensor(p)
    keras.src.backend.set_keras_mask(predictions, keras.ops.convert_to_tensor(mask))
    expected = keras.losses.MeanSquaredError(reduction=reduction)(y, predictions, sample_weight=weights)
    given = {"y_true": y, "y_pred": p, "mask": mask, "sample_weight": weights}
    close(computed(LOSSES["mse"](reduction=reduction), given), expected, 1e-5)


@pytest.mark.jax
def test_a_mask_and_an_ignored_class_both_count() -> None:
    keras: Any = live_keras()
    rng = np.random.default_rng(4)
    y, p = rng.integers(0, 3, (5, 4)).astype(np.int32), rng.dirichlet(np.ones(3), (5, 4)).astype(np.float32)
    mask = rng.random((5, 4)) < 0.6
    predictions = keras.ops.convert_to_tensor(p)
    keras.src.backend.set_keras_mask(predictions, keras.ops.convert_to_tensor(mask))
    expected = keras.losses.SparseCategoricalCrossentropy(ignore_class=1)(y, predictions)
    found = computed(LOSSES["SparseCategoricalCrossentropy"](ignore_class=1), {"y_true": y, "y_pred": p, "mask": mask})
    close(found, expected, 1e-5)


def test_a_weight_per_sample_counts_for_all_of_its_steps() -> None:
    """Keras takes (N, 1) only for losses of (N, steps); (N,) means the same here."""
    rng = np.random.default_rng(5)
    y, p = rng.standard_normal((2, 5, 4, 3), np.float32)
    weights = rng.random(5).astype(np.float32)
    for reduction in REDUCTIONS:
        loss = LOSSES["mse"](reduction=reduction)
        flat, column = (
            computed(loss, {"y_true": y, "y_pred": p, "sample_weight": w}) for w in (weights, weights[:, None])
        )
        np.testing.assert_array_equal(flat, column)


def test_means_by_hand() -> None:
    values, weight = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32), np.array([[1.0, 0.0], [2.0, 1.0]], np.float32)
    mask = np.array([[1, 1], [1, 0]])

    def recipe(reduction: Any) -> Any:
        return lambda g, x: {"y": weighted_reduction(x["values"], reduction, x["weight"], x["mask"])}

    arrays = {"values": values, "weight": weight, "mask": mask}
    for reduction, expected in {
        "sum": 1 + 6, "mean": (1 + 6) / 3, "mean_with_sample_weight": (1 + 6) / 3, "none": [[1, 0], [6, 0]],
    }.items():  # fmt: skip
        np.testing.assert_allclose(evaluate(recipe(reduction), arrays)["y"], expected, rtol=1e-6)


def test_other_axes_of_classes() -> None:
    rng = np.random.default_rng(6)
    y, p = rng.integers(0, 4, (3, 5)).astype(np.int32), rng.dirichlet(np.ones(4), (3, 5)).astype(np.float32)
    for options in ({}, {"ignore_class": 1}):
        last = computed(LOSSES["SparseCategoricalCrossentropy"](**options), {"y_true": y, "y_pred": p})
        moved = {"y_true": y, "y_pred": np.ascontiguousarray(p.swapaxes(1, 2))}
        np.testing.assert_array_equal(computed(LOSSES["SparseCategoricalCrossentropy"](axis=1, **options), moved), last)


SHAPES = ((), (None,), (None, 1), (None, 3), (None, 2, 3), (None, 2, 1))


@pytest.mark.parametrize("name", LOSSES.names)
@pytest.mark.parametrize("options", [{}, {"label_smoothing": 0.1}, {"axis": -2}, {"from_logits": True}])
def test_shapes_of_all_ranks_are_taken_or_told(name: str, options: dict[str, Any]) -> None:
    if not options.keys() <= LOSSES[name].model_fields.keys():
        return
    loss = LOSSES[name](**options)
    for labels, predictions, dtype in itertools.product(SHAPES[1:], SHAPES, ("float32", "int32")):
        g = Builder()
        with contextlib.suppress(ShapeError):
            loss.emit(g, g.input(TensorType(labels, dtype)), g.input(TensorType(predictions)))


def test_what_does_not_fit_is_refused() -> None:
    g = Builder()
    wide, flat = g.input(TensorType((None, 5))), g.input(TensorType((None, 4)))
    with pytest.raises(ShapeError, match=r"takes labels and predictions of one shape"):
        LOSSES["bce"]().per_sample(g, flat, wide)
    with pytest.raises(ShapeError, match=r"shape \(None,\), found \(None, 5\)\n.*there is CategoricalCrossentropy"):
        LOSSES["SparseCategoricalCrossentropy"]().per_sample(g, wide, wide)
    with pytest.raises(ShapeError, match="do not broadcast"):
        LOSSES["mse"]().per_sample(g, flat, wide)
    with pytest.raises(ShapeError, match=r"no fixed size\n  help: fix the batch size"):
        LOSSES["circle"]().per_sample(g, g.input(TensorType((None,), "int32")), wide)
    with pytest.raises(ShapeError, match="CTC takes labels"):
        LOSSES["ctc"]().per_sample(g, flat, wide)
    with pytest.raises(SpecError, match=r"`q` must be less than 1\.0"):
        LOSSES["CategoricalGeneralizedCrossEntropy"](q=1.0)
    with pytest.raises(SpecError, match='`reduction` cannot be "median"'):
        LOSSES["mse"](reduction="median")


def test_every_loss_has_a_case() -> None:
    assert {case.name for case in LOSS_CASES} == set(LOSSES.names)


LEFT_OUT = {"Loss": "the base class: the vocabulary is closed"}


def test_names_and_options_of_keras() -> None:
    import inspect

    keras: Any = live_keras()
    exported = {n for n in dir(keras.losses) if inspect.isclass(getattr(keras.losses, n))}
    assert exported == set(LOSSES.names) | set(LEFT_OUT)
    for name in LOSSES.names:
        theirs = list(inspect.signature(getattr(keras.losses, name).__init__).parameters.values())[1:]
        ours = LOSSES[name].model_fields
        assert [(p.name, p.default) for p in theirs] == [(n, f.default) for n, f in ours.items()], name
    for alias in LOSSES.aliases:
        found = keras.losses.get(alias) if alias != "categorical_generalized_cross_entropy" else None
        if found is not None:
            assert LOSSES[alias]().name in (found.__name__, "huber_loss")
    functions = {n for n in dir(keras.losses) if callable(getattr(keras.losses, n)) and n[0].islower()}
    assert functions - {"get", "serialize", "deserialize"} <= set(LOSSES.aliases)


def test_crossentropy_by_the_shapes() -> None:
    assert crossentropy_for((None, 1), (None, 1)) == "BinaryCrossentropy"
    assert crossentropy_for((None,), (None, 3)) == crossentropy_for((None, 1), (None, 3))
    assert crossentropy_for((None,), (None, 3)) == "SparseCategoricalCrossentropy"
    assert crossentropy_for((None, 3), (None, 3)) == "CategoricalCrossentropy"


def test_round_trip() -> None:
    for case in LOSS_CASES:
        loss = made(case, reduction="sum")
        assert LOSSES.coerce(loss.plain()) == loss
