"""Learning-rate schedules against Keras, and against recorded values, at many steps."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from modelc.errors import SpecError
from modelc.optimizers.schedules import SCHEDULES
from tests.live_keras import live_keras
from tests.training.recorded import RECORDED
from tests.training.schedule_cases import SCHEDULE_CASES, STEPS

Array = np.ndarray[Any, Any]


FEWER = [*STEPS[:128:16], STEPS[-1]]
"""Keras takes milliseconds for a step; at all of them it was asked once, for the recorded ones."""


def rates(config: dict[str, Any], steps: list[int]) -> Array:
    schedule = SCHEDULES.coerce(config)
    return np.array([schedule(step) for step in steps])


def close(config: dict[str, Any], steps: list[int], expected: Array) -> None:
    """Equal but for float32. At the very step of a restart Keras may still be at the end of the cosine before."""
    found = rates(config, steps)
    wrong = ~np.isclose(found, expected, rtol=2e-5, atol=2e-6)
    if config["type"] == "CosineDecayRestarts":
        starts, length = {0.0}, float(config["first_decay_steps"])
        while max(starts) < steps[-1]:
            starts.add(max(starts) + length)
            length *= config.get("t_mul", 2.0)
        wrong &= [not any(abs(step - start) < 1e-3 for start in starts) for step in steps]
    assert not wrong.any(), np.array(steps)[wrong]


@pytest.mark.parametrize("number", range(len(SCHEDULE_CASES)))
def test_schedules_of_keras(number: int) -> None:
    live_keras()
    from tests.training import by_keras

    close(SCHEDULE_CASES[number], FEWER, by_keras.rates(SCHEDULE_CASES[number], FEWER))


@pytest.mark.parametrize("number", range(len(SCHEDULE_CASES)))
def test_recorded_rates(number: int) -> None:
    close(SCHEDULE_CASES[number], STEPS, RECORDED[f"schedule/{number}"])


def test_restarts_begin_at_the_top() -> None:
    """Where logarithms in float32 would be off by one: 3⁵ = 243."""
    schedule = SCHEDULES["CosineDecayRestarts"](1.0, 10, t_mul=3.0, m_mul=0.5)
    assert [schedule(10 * start) for start in (0, 1, 4, 13, 40, 121)] == [0.5**i for i in range(6)]
    assert schedule(10 * 121 - 1) < 1e-3


def test_every_schedule_has_a_case() -> None:
    assert {case["type"] for case in SCHEDULE_CASES} == set(SCHEDULES.names)


def test_names_and_options_of_keras() -> None:
    keras: Any = live_keras()
    module = keras.optimizers.schedules
    exported = {n for n in dir(module) if inspect.isclass(getattr(module, n))}
    assert exported == {*SCHEDULES.names, "LearningRateSchedule"}  # the base class: the vocabulary is closed
    for name in SCHEDULES.names:
        theirs = list(inspect.signature(getattr(module, name).__init__).parameters.values())[1:]
        ours = {
            n: inspect.Parameter.empty if f.is_required() else f.default
            for n, f in SCHEDULES[name].model_fields.items()
        }
        assert list(ours.items()) == [(p.name, p.default) for p in theirs]


def test_round_trip() -> None:
    for case in SCHEDULE_CASES:
        made = SCHEDULES.coerce(case)
        assert SCHEDULES.coerce(made.plain()) == made


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        (
            "CosineDecay",
            {"initial_learning_rate": 0.1, "decay_steps": 0},
            "`decay_steps` must be greater than 0, found 0",
        ),
        ("CosineDecay", {"initial_learning_rate": 0.1}, "CosineDecay needs `decay_steps`"),
        (
            "PiecewiseConstantDecay",
            {"boundaries": [1, 2], "values": [0.1, 0.2]},
            "`values` must be one more than `boundaries`, found 2 and 2",
        ),
        (
            "PiecewiseConstantDecay",
            {"boundaries": [2, 1], "values": [0.1, 0.2, 0.3]},
            "`PiecewiseConstantDecay`: `boundaries` must ascend, found [2.0, 1.0]",
        ),
        (
            "CosineDecayRestarts",
            {"initial_learning_rate": 0.1, "first_decay_steps": 1, "t_mul": 0.5},
            "`t_mul` must be at least 1.0, found 0.5",
        ),
    ],
)
def test_wrong_options(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError) as error:
        SCHEDULES[name](**options)
    assert [d.message for d in error.value.diagnostics] == [message]
