"""Metrics over several batches, against Keras where it is installed, and against recorded results."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from modelc.errors import InputError, SpecError
from modelc.metrics import METRICS
from modelc.metrics.by_labels import metric_for
from tests.live_keras import live_keras
from tests.training.metric_cases import METRIC_CASES, MetricCase, batches
from tests.training.recorded import RECORDED

Array = np.ndarray[Any, Any]

# JAX's, about the int64 that Keras asks for.
pytestmark = pytest.mark.filterwarnings("ignore:Explicitly requested dtype int64:UserWarning")


def results(case: MetricCase, weighted: bool) -> Array:
    """The result after each of the batches; and after a reset, of the first one again."""
    state = METRICS[case.name](**case.options).start()
    found: list[Any] = []
    for y, p, weight in batches(case, weighted):
        state.update(y, p, weight)
        found.append(state.result())
    state.reset()
    state.update(*batches(case, weighted)[0])
    return np.array([*found, state.result()])


def close(found: Array, expected: Array) -> None:
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=2e-6)


@pytest.mark.jax
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("case", METRIC_CASES, ids=lambda c: c.id)
def test_metrics_of_keras(case: MetricCase, weighted: bool) -> None:
    live_keras()
    from tests.training import by_keras

    close(results(case, weighted), by_keras.results(case, weighted))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("case", METRIC_CASES, ids=lambda c: c.id)
def test_recorded_results(case: MetricCase, weighted: bool) -> None:
    close(results(case, weighted), RECORDED[f"metric/{case.id}/{'weighted' if weighted else 'plain'}"])


def test_masks_leave_samples_out() -> None:
    """A mask is a weight of 0 or 1, whatever the metric."""
    rng = np.random.default_rng(0)
    for case in METRIC_CASES:
        y, p, weight = batches(case, True)[0]
        assert weight is not None
        mask = rng.random(weight.shape) < 0.6
        masked, weighted = (METRICS[case.name](**case.options).start() for _ in range(2))
        masked.update(y, p, weight, mask)
        weighted.update(y, p, weight * mask)
        np.testing.assert_array_equal(masked.result(), weighted.result())


def test_before_the_first_batch() -> None:
    """Nothing is divided by nothing; an F-score or R² of no batch has no classes yet."""
    for case in METRIC_CASES:
        found = METRICS[case.name](**case.options).start().result()
        if case.name == "R2Score":
            assert np.isnan(found).all()
        elif case.options.get("curve") != "PRGAIN":
            assert np.all(np.asarray(found) == 0), case.id


def test_every_metric_has_a_case() -> None:
    assert {case.name for case in METRIC_CASES} == set(METRICS.names)
    assert len({case.id for case in METRIC_CASES}) == len(METRIC_CASES)


LEFT_OUT = {
    "Metric": "the base class: the vocabulary is closed",
    "MeanMetricWrapper": "wraps a function, and a spec names none: a loss that Keras has a metric of is a metric here",
}


EXTRA = {"log_cosh": "Keras has a function of that name"}


def test_names_and_options_of_keras() -> None:
    keras: Any = live_keras()
    exported = {n for n in dir(keras.metrics) if inspect.isclass(getattr(keras.metrics, n))}
    assert exported == set(METRICS.names) | set(LEFT_OUT)
    for name in METRICS.names:
        theirs = list(inspect.signature(getattr(keras.metrics, name).__init__).parameters.values())[1:]
        fields = METRICS[name].model_fields
        ours = {n: inspect.Parameter.empty if f.is_required() else f.default for n, f in fields.items()}
        assert list(ours.items()) == [(p.name, p.default) for p in theirs], name
    known = keras.src.metrics.ALL_OBJECTS_DICT
    assert {alias: kind.__name__ for alias, kind in known.items() if kind.__name__ not in LEFT_OUT} == {
        alias: METRICS[alias].__name__ for alias in [*METRICS.aliases, *METRICS.names] if alias not in EXTRA
    }


@pytest.mark.parametrize(
    ("y_true", "y_pred", "expected"),
    [
        ((4, 1), (4, 1), "BinaryAccuracy"),
        ((4,), (4, 1), "BinaryAccuracy"),
        ((4,), (4, 3), "SparseCategoricalAccuracy"),
        ((4, 1), (4, 3), "SparseCategoricalAccuracy"),
        ((4, 3), (4, 3), "CategoricalAccuracy"),
        ((4, 5), (4, 5, 3), "SparseCategoricalAccuracy"),
    ],
)
def test_accuracy_is_what_the_shapes_say(y_true: tuple[int, ...], y_pred: tuple[int, ...], expected: str) -> None:
    for word in ("accuracy", "acc", "ACC"):
        metric = metric_for(word, y_true, y_pred)
        assert (type(metric).__name__, metric.label) == (expected, word)
    assert type(metric_for("ce", y_true, y_pred)).__name__ == expected.replace("Accuracy", "Crossentropy")
    assert metric_for("mae", y_true, y_pred).label == "mae"


def test_automatic_names() -> None:
    found = {
        name: METRICS[name].model_construct(name=METRICS[name].model_fields["name"].default).label
        for name in METRICS.names
    }
    assert (
        found["AUC"] == "auc"
        and found["MeanIoU"] == "mean_io_u"
        and found["PrecisionAtRecall"] == "precision_at_recall"
    )
    assert found["LogCoshError"] == "logcosh"


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("AUC", {"num_labels": 3}, "`num_labels` goes with `multi_label` only"),
        ("AUC", {"curve": "DET"}, '`curve` cannot be "DET"'),
        (
            "IoU",
            {"num_classes": 2, "target_class_ids": [0, 2]},
            "`target_class_ids` (=[0, 2]) must be below `num_classes` (=2)",
        ),
        ("BinaryIoU", {"target_class_ids": [2]}, "`target_class_ids` (=[2]) must be below `num_classes` (=2)"),
        ("PrecisionAtRecall", {"recall": 1.5}, "`recall` must be at most 1.0, found 1.5"),
    ],
)
def test_wrong_options(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError) as error:
        METRICS[name](**options)
    assert [d.message for d in error.value.diagnostics] == [message]


def test_arrays_that_do_not_fit() -> None:
    for name, y, p in (("Precision", (4, 2), (4, 3)), ("F1Score", (4,), (4, 3)), ("R2Score", (4, 3), (4, 2))):
        with pytest.raises(InputError, match=r"the metric `\w+` cannot take labels and predictions of the shapes"):
            METRICS[name]().start().update(np.zeros(y), np.zeros(p))


def test_scores_that_are_not_numbers_are_never_positive() -> None:
    for thresholds in ([0.5], [0.1, 0.7], [0.0, 0.5, 1.0]):
        state = METRICS["TruePositives"](thresholds=thresholds).start()
        state.update(np.ones(2), np.array([np.nan, 0.9]))
        expected = [float(t < 0.9) for t in thresholds]
        np.testing.assert_array_equal(state.result(), expected if len(thresholds) > 1 else expected[0])


def test_round_trip() -> None:
    for case in METRIC_CASES:
        made = METRICS[case.name](**case.options)
        assert METRICS.coerce(made.plain()) == made
