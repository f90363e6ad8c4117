"""One row or more per learning-rate schedule, as a spec writes them."""

from __future__ import annotations

from typing import Any

SCHEDULE_CASES: list[dict[str, Any]] = [
    {"type": "ExponentialDecay", "initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.9},
    {"type": "ExponentialDecay", "initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.9, "staircase": True},
    {"type": "InverseTimeDecay", "initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5},
    {"type": "InverseTimeDecay", "initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
    {"type": "PiecewiseConstantDecay", "boundaries": [10, 25, 90], "values": [0.5, 0.1, 0.2, 0.01]},
    {"type": "PiecewiseConstantDecay", "boundaries": [10], "values": [0.5, 0.1]},
    {"type": "PolynomialDecay", "initial_learning_rate": 0.1, "decay_steps": 50},
    {
        "type": "PolynomialDecay", "initial_learning_rate": 0.1, "decay_steps": 50, "end_learning_rate": 0.02,
        "power": 2.5,
    },
    {"type": "PolynomialDecay", "initial_learning_rate": 0.1, "decay_steps": 13, "power": 0.5, "cycle": True},
    {"type": "CosineDecay", "initial_learning_rate": 0.1, "decay_steps": 60},
    {"type": "CosineDecay", "initial_learning_rate": 0.1, "decay_steps": 60, "alpha": 0.1},
    {
        "type": "CosineDecay", "initial_learning_rate": 0.01, "decay_steps": 40, "alpha": 0.2, "warmup_target": 0.3,
        "warmup_steps": 15,
    },
    {"type": "CosineDecay", "initial_learning_rate": 0.01, "decay_steps": 40, "warmup_target": 0.3},
    {"type": "CosineDecayRestarts", "initial_learning_rate": 0.1, "first_decay_steps": 9},
    {"type": "CosineDecayRestarts", "initial_learning_rate": 0.1, "first_decay_steps": 9, "t_mul": 1.0, "m_mul": 0.9},
    {
        "type": "CosineDecayRestarts", "initial_learning_rate": 0.1, "first_decay_steps": 9, "t_mul": 1.7, "m_mul": 0.8,
        "alpha": 0.05,
    },
]  # fmt: skip

STEPS = [*range(130), 500, 1000, 12345]
