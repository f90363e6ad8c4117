"""What Keras makes of the cases: imported only where it is installed."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

os.environ.setdefault("KERAS_BACKEND", "jax")

import jax
import keras

from tests.training.loss_cases import LossCase
from tests.training.metric_cases import MetricCase, batches
from tests.training.optimizer_cases import CONSTRAINTS, SHAPES, STEPS, OptimizerCase, gradients, start

Array = np.ndarray[Any, Any]


def schedule(config: dict[str, Any]) -> Any:
    options = dict(config)
    return getattr(keras.optimizers.schedules, options.pop("type"))(**options)


def optimizer(case: OptimizerCase) -> Any:
    options = {k: schedule(v) if isinstance(v, dict) else v for k, v in case.options.items()}
    excluded = options.pop("exclude_from_weight_decay", None)
    made = getattr(keras.optimizers, case.name)(**options)
    if excluded:
        made.exclude_from_weight_decay(var_names=excluded)
    return made


def constraint(config: dict[str, Any]) -> Any:
    options = dict(config)
    return getattr(keras.constraints, options.pop("type"))(**options)


def trained(case: OptimizerCase) -> dict[str, Array]:
    """The weights after `STEPS` steps."""
    rng = case.generator()
    variables: list[Any] = []
    for path, array in start(rng).items():
        scope, name = path.split("/")
        with keras.name_scope(scope):
            variables.append(keras.Variable(array, name=name))
        assert variables[-1].path == path
        if case.constrained and path in CONSTRAINTS:
            variables[-1].constraint = constraint(CONSTRAINTS[path])
    made = optimizer(case)
    made.build(variables)
    # Compiled, since each of some fifty operations a step takes Keras longer than all of the arithmetic.
    step = jax.jit(made.stateless_apply)
    weights, state = [v.value for v in variables], [v.value for v in made.variables]
    for _ in range(STEPS):
        drawn = gradients(rng)
        weights, state = step(state, [drawn[path] for path in SHAPES], weights)
    return {path: np.asarray(w) for path, w in zip(SHAPES, weights, strict=True)}


def rates(config: dict[str, Any], steps: list[int]) -> Array:
    """The learning rates at these steps."""
    made = schedule(config)
    # Not compiled, where XLA's division makes the periods of a polynomial begin a step too late.
    return np.array([float(made(step)) for step in steps])


def results(case: MetricCase, weighted: bool) -> Array:
    """The result after each of the batches; and after a reset, of the first one again."""
    made = getattr(keras.metrics, case.name)(**case.options)
    values_only = case.name in ("Mean", "Sum")
    given = batches(case, weighted)
    found: list[Any] = []
    for y, p, weight in given:
        arguments = (p,) if values_only else (y, p)
        made.update_state(*arguments, sample_weight=weight)
        found.append(np.asarray(made.result()))
    made.reset_state()
    made.update_state(*((given[0][1],) if values_only else given[0][:2]), sample_weight=given[0][2])
    return np.array([*found, np.asarray(made.result())])


def loss(case: LossCase, seed: int, reduction: str | None, weights: Array | None) -> Array:
    """The loss of the case's labels and predictions."""
    y, p = case.arrays(seed)
    made = getattr(keras.losses, case.name)(**case.options, reduction=reduction)
    return np.asarray(made(y, p, sample_weight=weights))


def gradient(case: LossCase, seed: int) -> Array:
    """The gradient of the loss, reduced to a mean, by the case's predictions: JAX's."""
    y, p = case.arrays(seed)
    made = getattr(keras.losses, case.name)(**case.options)
    return np.asarray(jax.grad(lambda predictions: made(y, predictions))(jax.numpy.array(p)))
