"""One row or more per optimizer: its name and its options; and the weights and gradients that all are tried on."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

STEPS = 50

SHAPES = {
    "dense/kernel": (4, 3),
    "dense/bias": (3,),
    "conv2d/kernel": (2, 2, 3, 2),
    "embedding/embeddings": (6, 2),
    "tall/kernel": (7, 2),
}

CONSTRAINTS: dict[str, dict[str, Any]] = {
    "dense/kernel": {"type": "MaxNorm", "max_value": 1.5},
    "dense/bias": {"type": "NonNeg"},
    "conv2d/kernel": {"type": "MinMaxNorm", "min_value": 0.5, "max_value": 1.0, "rate": 0.3, "axis": (0, 1, 2)},
    "tall/kernel": {"type": "UnitNorm"},
}


@dataclass(frozen=True)
class OptimizerCase:
    name: str
    options: dict[str, Any] = field(default_factory=dict)
    constrained: bool = False
    tolerance: float = 1e-5
    """The largest difference of a weight, as a share of the largest of its array."""

    @property
    def id(self) -> str:
        words = [f"{k}={v['type'] if isinstance(v, dict) else v}" for k, v in self.options.items()]
        return "-".join([self.name, *words, *["constrained"] * self.constrained])

    def generator(self) -> np.random.Generator:
        return np.random.default_rng(zlib.crc32(self.id.encode()))


def start(rng: np.random.Generator) -> dict[str, Array]:
    return {path: rng.standard_normal(shape, np.float32) for path, shape in SHAPES.items()}


def gradients(rng: np.random.Generator) -> dict[str, Array]:
    """Of different sizes, with zeros, and some that are zero throughout."""
    size = np.float32(rng.choice([0.1, 1.0, 20.0]))
    made = {path: size * rng.standard_normal(shape, np.float32) for path, shape in SHAPES.items()}
    made["embedding/embeddings"][rng.integers(0, 6, 3)] = 0
    if rng.random() < 0.1:
        made["dense/bias"][:] = 0
    return made


def _options(name: str, *many: dict[str, Any]) -> list[OptimizerCase]:
    return [OptimizerCase(name, options) for options in ({}, *many)]


_COSINE = {
    "type": "CosineDecay",
    "initial_learning_rate": 0.01,
    "decay_steps": 30,
    "warmup_target": 0.05,
    "warmup_steps": 7,
}
_STAIRS = {
    "type": "ExponentialDecay",
    "initial_learning_rate": 0.05,
    "decay_steps": 9,
    "decay_rate": 0.5,
    "staircase": True,
}

_RULES = [
    *_options("SGD", {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}, {"learning_rate": 0.1}),
    *_options("Lion", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95}),
    *_options("Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.0, "epsilon": 1e-4}),
    *_options("Adadelta", {"learning_rate": 1.0, "rho": 0.8, "epsilon": 1e-5}),
    *_options(
        "RMSprop",
        {"learning_rate": 0.01, "momentum": 0.8},
        {"learning_rate": 0.01, "rho": 0.8, "centered": True, "epsilon": 1e-3},
        {"learning_rate": 0.01, "momentum": 0.5, "centered": True, "epsilon": 1e-3},
    ),
    *_options(
        "Ftrl",
        {"learning_rate": 0.1, "l1_regularization_strength": 0.05, "l2_regularization_strength": 0.1},
        {"learning_rate": 0.1, "l2_shrinkage_regularization_strength": 0.1, "beta": 0.3},
        {"learning_rate": 0.1, "learning_rate_power": -0.3, "initial_accumulator_value": 0.5},
        {"learning_rate": 0.1, "learning_rate_power": 0.0},
    ),
    *_options("Adam", {"learning_rate": 0.01, "amsgrad": True}, {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}),
    *_options("AdamW", {"learning_rate": 0.05, "weight_decay": 0.1, "amsgrad": True}),
    *_options("Adamax", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.9}),
    *_options("Nadam", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.9}),
    *_options("Lamb", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-5}),
    *_options(
        "Adafactor",
        {"learning_rate": 0.5},
        {"learning_rate": 0.1, "beta_2_decay": -0.6, "epsilon_2": 0.1, "clip_threshold": 0.5},
        {"learning_rate": 0.1, "relative_step": False},
    ),
    *_options(
        "Muon",
        {"learning_rate": 0.02, "nesterov": False, "ns_steps": 2, "momentum": 0.8},
        {"learning_rate": 0.02, "rms_rate": None, "exclude_embeddings": False},
        {"exclude_layers": ["tall"], "adam_lr_ratio": 2.0, "weight_decay": None, "adam_weight_decay": 0.1},
    ),
    *_options("ScheduleFreeAdamW", {"learning_rate": 0.05, "beta_1": 0.8, "warmup_steps": 10, "epsilon": 1e-5}),
]  # fmt: skip

_COMMON: list[dict[str, Any]] = [
    {"weight_decay": 0.1},
    {"weight_decay": 0.1, "exclude_from_weight_decay": ["bias", "embed"]},
    {"clipnorm": 1.0},
    {"clipvalue": 0.5},
    {"global_clipnorm": 2.0},
    {"use_ema": True},
    {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 3},
    {"gradient_accumulation_steps": 4},
    {
        "gradient_accumulation_steps": 3, "use_ema": True, "ema_momentum": 0.7, "ema_overwrite_frequency": 2,
        "weight_decay": 0.2,
    },
    {"learning_rate": _COSINE},
    {"learning_rate": _STAIRS, "gradient_accumulation_steps": 2, "clipnorm": 0.7},
]  # fmt: skip

OPTIMIZER_CASES = [
    *_RULES,
    *(OptimizerCase(name, options) for name in ("SGD", "Adam") for options in _COMMON),
    OptimizerCase("Nadam", {"gradient_accumulation_steps": 2, "weight_decay": 0.1}),
    OptimizerCase("Adafactor", {"learning_rate": _COSINE}),
    OptimizerCase("Muon", {"global_clipnorm": 1.0, "exclude_from_weight_decay": ["kernel"]}),
    *(
        OptimizerCase("SGD", {"learning_rate": 0.1, **options}, constrained=True)
        for options in (
            {"momentum": 0.9},
            {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 4},
            {"gradient_accumulation_steps": 3, "weight_decay": 0.1},
        )
    ),
]
