"""Fifty steps of every optimizer, against Keras where it is installed, and against recorded weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc.constraints import CONSTRAINTS as CONSTRAINT_NAMES
from modelc.errors import SpecError
from modelc.optimizers import OPTIMIZERS
from tests.live_keras import live_keras
from tests.training.optimizer_cases import CONSTRAINTS, OPTIMIZER_CASES, STEPS, OptimizerCase, gradients, start
from tests.training.recorded import RECORDED
from tests.training.stepper import Stepper

Array = np.ndarray[Any, Any]


def trained(case: OptimizerCase) -> dict[str, Array]:
    rng = case.generator()
    constraints = {path: CONSTRAINT_NAMES.coerce(c) for path, c in CONSTRAINTS.items()} if case.constrained else {}
    stepper = Stepper(OPTIMIZERS[case.name](**case.options), start(rng), constraints)
    for _ in range(STEPS):
        stepper.step(gradients(rng))
    return stepper.weights()


def close(found: dict[str, Array], expected: dict[str, Array], tolerance: float) -> None:
    assert list(found) == list(expected)
    for path, array in expected.items():
        assert found[path].dtype == np.float32
        difference = np.abs(found[path] - array).max() / np.abs(array).max()
        assert difference <= tolerance, (path, difference)


@pytest.mark.jax
@pytest.mark.parametrize("case", OPTIMIZER_CASES, ids=lambda c: c.id)
def test_optimizers_of_keras(case: OptimizerCase) -> None:
    live_keras()
    from tests.training import by_keras

    close(trained(case), by_keras.trained(case), case.tolerance)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("case", OPTIMIZER_CASES, ids=lambda c: c.id)
def test_recorded_weights(case: OptimizerCase) -> None:
    prefix = f"optimizer/{case.id}/"
    expected = {key.removeprefix(prefix): array for key, array in RECORDED.items() if key.startswith(prefix)}
    close(trained(case), expected, case.tolerance)


def test_every_optimizer_has_a_case() -> None:
    assert {case.name for case in OPTIMIZER_CASES} == set(OPTIMIZERS.names)
    assert len({case.id for case in OPTIMIZER_CASES}) == len(OPTIMIZER_CASES)


LEFT_OUT = {
    "Optimizer": "the base class: the vocabulary is closed",
    "LossScaleOptimizer": "scaling the loss is for half precision, which is not used",
    "MultiOptimizer": "one optimizer trains all weights",
    "OptimizerMap": "one optimizer trains all weights",
    "legacy": "a namespace",
    "schedules": "a namespace",
}


def test_names_and_options_of_keras() -> None:
    import inspect

    keras: Any = live_keras()
    exported = {n for n in dir(keras.optimizers) if n[0] != "_"} - {"get", "serialize", "deserialize"}
    assert exported == set(OPTIMIZERS.names) | set(LEFT_OUT)
    for name in OPTIMIZERS.names:
        theirs = list(inspect.signature(getattr(keras.optimizers, name).__init__).parameters.values())[1:-1]
        ours = {n: f.default for n, f in OPTIMIZERS[name].model_fields.items()}
        assert ours.pop("exclude_from_weight_decay") == ()
        assert list(ours.items()) == [(p.name, p.default) for p in theirs], name
        assert OPTIMIZERS[name]().label == str(getattr(keras.optimizers, name)().name).rstrip("_0123456789")
    for name in OPTIMIZERS.names:
        assert OPTIMIZERS[name.lower()] is OPTIMIZERS[name]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("SGD", {"clipnorm": 1.0, "clipvalue": 1.0}, "`clipnorm` and `clipvalue` exclude each other"),
        ("SGD", {"momentum": 1.5}, "`momentum` must be at most 1.0, found 1.5"),
        ("SGD", {"learning_rate": "fast"}, "`learning_rate`: unknown learning-rate schedule `fast`"),
        ("SGD", {"learning_rate": -1.0}, "`learning_rate`: must be a finite number and at least 0, found -1.0"),
        (
            "Adam",
            {"loss_scale_factor": 2.0},
            "`loss_scale_factor`: scaling the loss is for half precision, found the number 2.0",
        ),
        ("Adam", {"gradient_accumulation_steps": 1}, "`gradient_accumulation_steps` must be at least 2, found 1"),
        ("AdamW", {"weight_decay": None}, "`weight_decay`: AdamW decays weights, found null"),
        ("ScheduleFreeAdamW", {"beta_1": 0.0}, "`beta_1` must be greater than 0.0, found 0.0"),
    ],
)
def test_wrong_options(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError) as error:
        OPTIMIZERS[name](**options)
    assert [d.message for d in error.value.diagnostics] == [message]


def test_round_trip() -> None:
    for case in OPTIMIZER_CASES:
        made = OPTIMIZERS[case.name](**case.options)
        assert OPTIMIZERS.coerce(made.plain()) == made


def test_gradients_that_are_not_finite_do_not_pass_the_clipping_by_global_norm() -> None:
    weights = {"a": np.ones(2, np.float32), "b": np.ones(3, np.float32)}
    stepper = Stepper(OPTIMIZERS["SGD"](global_clipnorm=1.0), weights)
    stepper.step({"a": np.array([1, np.inf], np.float32), "b": np.ones(3, np.float32)})
    assert all(np.isnan(w).all() for w in stepper.weights().values())


def test_a_frozen_step_of_zeros_changes_nothing_without_decay() -> None:
    for name in set(OPTIMIZERS.names) - {"Ftrl", "ScheduleFreeAdamW"}:  # these make the weight anew
        options = {"weight_decay": None, "adam_weight_decay": None} if name == "Muon" else {}
        made = OPTIMIZERS[name](**({"weight_decay": 0.0} if name == "AdamW" else options))
        rng = np.random.default_rng(0)
        stepper = Stepper(made, start(rng))
        stepper.step({path: np.zeros_like(w) for path, w in stepper.weights().items()})
        for path, weight in start(np.random.default_rng(0)).items():
            np.testing.assert_array_equal(stepper.weights()[path], weight)
