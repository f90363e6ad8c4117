"""Runs of training that Keras and modelc do alike: the models, the data, the weights they begin with, and the options.

Nothing here is drawn by either library, so that both begin with the same bytes: data and weights follow from a case's
name and the number of the batch.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.training.parity_models import MODELS, ParityModel

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class ParityCase:
    """One run: a model, how it is compiled, and for how many batches it is trained."""

    model: str
    optimizer: str
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    loss: Any = None
    """A name, or a list of such for each output; None: the model's own."""
    loss_weights: tuple[float, ...] | None = None
    weighted: bool = False
    """Whether samples have weights."""
    class_weight: Mapping[int, float] | None = None
    steps: int = 50

    @property
    def id(self) -> str:
        words = [f"{k}={v['type'] if isinstance(v, dict) else v}" for k, v in self.options.items()]
        words += [self.loss if isinstance(self.loss, str) else "+".join(self.loss)] if self.loss else []
        words += [f"loss_weights={self.loss_weights}"] if self.loss_weights else []
        words += ["sample_weight"] * self.weighted + ["class_weight"] * bool(self.class_weight)
        return "-".join([self.model, self.optimizer, *words])

    @property
    def made(self) -> ParityModel:
        return MODELS[self.model]

    @property
    def losses(self) -> list[str]:
        """Of every output."""
        given = self.loss or self.made.loss
        return [given] if isinstance(given, str) else list(given)

    @property
    def spec(self) -> str:
        """The model as a spec; JSON is YAML."""
        return json.dumps(self.made.spec)

    def batch(self, step: int) -> tuple[list[Array], list[Array], list[Array] | None]:
        """The inputs, the labels of every output and their weights, of the batch of that number."""
        rng = np.random.default_rng([zlib.crc32(self.model.encode()), step])
        x = self.made.samples(rng)
        y = [_labels(rng, loss, x[0], width) for loss, width in zip(self.losses, self.made.widths, strict=True)]
        if not self.weighted:
            return x, y, None
        # One for each sample; where outputs are sequences, one for each step, since Keras fits no other to a mask.
        return x, y, [rng.uniform(0, 2, (len(x[0]), *shape[:-1])).astype(np.float32) for shape in self.made.widths]


def of_losses(case: ParityCase, losses: Array) -> Array:
    """What differences of losses are a share of: each loss itself; of one that changes its sign, the largest."""
    sizes = np.abs(losses)
    return np.full_like(sizes, sizes.max()) if "cosine_similarity" in case.losses else sizes


def _labels(rng: np.random.Generator, loss: str, x: Array, shape: tuple[int, ...]) -> Array:
    """Labels that can be learnt in part: they follow from sums over the input, and from noise."""
    *steps, width = shape
    flat = x.astype(np.float32).reshape(len(x), *steps, -1)
    scores = np.tanh(flat @ np.random.default_rng(7).standard_normal((flat.shape[-1], width), np.float32))
    scores += 0.3 * rng.standard_normal(scores.shape, np.float32)
    if loss == "sparse_categorical_crossentropy":
        return scores.argmax(-1).astype(np.int32)
    if loss == "categorical_crossentropy":
        return np.eye(width, dtype=np.float32)[scores.argmax(-1)]
    if loss in ("binary_crossentropy", "hinge"):
        return (scores > 0).astype(np.float32)
    if loss == "poisson":
        return np.floor(np.exp(scores)).astype(np.float32)
    return scores.astype(np.float32)


def initial(names: Sequence[str], shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """The weights in order: of a size that keeps that of activations; scales and variances near 1."""
    rng = np.random.default_rng(11)
    drawn: list[Array] = []
    for name, shape in zip(names, shapes, strict=True):
        noise = rng.standard_normal(shape, np.float32)
        if name.endswith("variance"):
            drawn.append(np.exp(0.3 * noise).astype(np.float32))
        elif name.endswith("gamma"):
            drawn.append(np.float32(1) + np.float32(0.1) * noise)
        elif len(shape) > 1:
            drawn.append(noise / np.float32(np.sqrt(np.prod(shape[:-1]))))
        else:
            drawn.append(np.float32(0.1) * noise)
    return drawn


_SCHEDULE = {
    "type": "CosineDecay", "initial_learning_rate": 0.02, "decay_steps": 12, "warmup_target": 0.1, "warmup_steps": 4,
}  # fmt: skip

OPTIMIZERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("SGD", {}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.9}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    ("RMSprop", {}),
    ("RMSprop", {"momentum": 0.8, "centered": True, "epsilon": 1e-3}),
    ("Adam", {}),
    ("Adam", {"learning_rate": 0.01, "amsgrad": True}),
    ("AdamW", {}),
    ("AdamW", {"learning_rate": 0.01, "weight_decay": 0.1}),
    ("Nadam", {}),
    ("Adamax", {}),
    ("Adagrad", {}),
    ("Adagrad", {"learning_rate": 0.1}),
    ("Adadelta", {}),
    ("Adadelta", {"learning_rate": 1.0}),
    ("Adafactor", {}),
    ("Adafactor", {"learning_rate": 0.05, "relative_step": False}),
    ("Ftrl", {}),
    ("Ftrl", {"learning_rate": 0.1, "l1_regularization_strength": 0.001, "l2_regularization_strength": 0.01}),
    ("Lion", {}),
    ("Lion", {"learning_rate": 0.01, "beta_1": 0.8}),
    ("Lamb", {}),
    ("Lamb", {"learning_rate": 0.01}),
    ("Muon", {}),
    ("Muon", {"learning_rate": 0.02, "nesterov": False}),
    ("ScheduleFreeAdamW", {}),
    ("ScheduleFreeAdamW", {"learning_rate": 0.01, "warmup_steps": 10}),
)

_SHORT: tuple[ParityCase, ...] = (
    *(
        ParityCase("mlp", "SGD", {"learning_rate": 0.05, "momentum": 0.9, **options}, steps=20)
        for options in (
            {"clipnorm": 0.05},
            {"global_clipnorm": 0.1},
            {"clipvalue": 0.01},
            {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 5},
            {"gradient_accumulation_steps": 3, "weight_decay": 0.01},
            {"learning_rate": _SCHEDULE},
        )
    ),
    ParityCase(
        "mlp", "Adam", {"learning_rate": _SCHEDULE, "gradient_accumulation_steps": 2, "clipnorm": 0.1}, steps=20
    ),
    ParityCase("mlp", "SGD", {"learning_rate": 0.1}, weighted=True, steps=20),
    ParityCase("mlp", "SGD", {"learning_rate": 0.1}, class_weight={0: 0.2, 1: 1.0, 2: 3.0, 3: 0.5}, steps=20),
    *(
        ParityCase("regression", "SGD", {"learning_rate": 0.05}, loss=loss, weighted=weighted, steps=20)
        for loss in ("mean_squared_error", "mean_absolute_error", "huber", "log_cosh", "cosine_similarity", "hinge")
        for weighted in (False, True)
    ),
    ParityCase("counts", "Adam", steps=20),
    ParityCase("penalties", "SGD", {"learning_rate": 0.1, "momentum": 0.5}, steps=20),
    ParityCase("constraints", "SGD", {"learning_rate": 0.1, "momentum": 0.5}, steps=20),
    ParityCase("two outputs", "SGD", {"learning_rate": 0.05, "momentum": 0.9}, steps=20),
    ParityCase("two outputs", "Adam", loss_weights=(0.3, 2.0), steps=20),
    ParityCase("two outputs", "SGD", {"learning_rate": 0.05}, loss_weights=(0.3, 2.0), weighted=True, steps=20),
    ParityCase("masked lstm", "SGD", {"learning_rate": 0.2, "momentum": 0.9}, steps=20),
    ParityCase("masked steps", "SGD", {"learning_rate": 0.2, "momentum": 0.9}, steps=20),
    ParityCase("masked steps", "RMSprop", weighted=True, steps=20),
    ParityCase("gru", "Adam", steps=20),
    ParityCase("attention", "SGD", {"learning_rate": 0.1}, steps=20),
    ParityCase("relu convnet", "SGD", {"learning_rate": 0.05, "momentum": 0.9}, steps=20),
    ParityCase("relu convnet", "RMSprop", steps=20),
    ParityCase("separable", "SGD", {"learning_rate": 0.05, "momentum": 0.9}, steps=20),
)

CHAOTIC = {"convnet-Ftrl", "convnet-Lion-learning_rate=0.01-beta_1=0.8"}
"""Runs that are left out, since a change of 1e-6 at the start grows beyond the tolerance in 50 steps of Keras itself,
to 1.9e-4 (Ftrl) and 0.24 (Lion) of the weights: to agree would be chance, and so would not to. When they were recorded,
both backends agreed with Keras all the same, within 3e-5 and 4e-7. Other options of both rules are compared."""

_LONG = (ParityCase(model, *rule) for model in ("mlp", "convnet") for rule in OPTIMIZERS)

PARITY_CASES = (*(case for case in _LONG if case.id not in CHAOTIC), *_SHORT)
