"""One row or more per loss: its name, its options, and the labels and predictions that it is tried on."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Draw = Callable[[np.random.Generator], tuple[Array, Array]]


@dataclass(frozen=True)
class LossCase:
    name: str
    draw: Draw
    options: dict[str, Any] = field(default_factory=dict)
    tolerance: float = 1e-5
    """Relative, and absolute for losses of the order of 1."""
    fixed: bool = False
    """Whether the batch size must be known."""

    @property
    def id(self) -> str:
        return "-".join([self.name, *(f"{k}={v}" for k, v in self.options.items()), self.draw.__name__])

    def arrays(self, seed: int) -> tuple[Array, Array]:
        return self.draw(np.random.default_rng([seed, zlib.crc32(self.id.encode())]))


def numbers(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.standard_normal((6, 5), np.float32), rng.standard_normal((6, 5), np.float32)


def maps(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.standard_normal((4, 3, 5), np.float32), rng.standard_normal((4, 3, 5), np.float32)


def column(rng: np.random.Generator) -> tuple[Array, Array]:
    """Labels without the axis of 1 that predictions have."""
    return rng.standard_normal(7, np.float32), rng.standard_normal((7, 1), np.float32)


def spare_axis(rng: np.random.Generator) -> tuple[Array, Array]:
    """Labels with an axis of 1 that predictions have not."""
    return rng.standard_normal((4, 3, 1), np.float32), rng.standard_normal((4, 3), np.float32)


def far(rng: np.random.Generator) -> tuple[Array, Array]:
    return 30 * rng.standard_normal((6, 5), np.float32), 30 * rng.standard_normal((6, 5), np.float32)


def positive(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.uniform(0, 4, (6, 5)).astype(np.float32), rng.uniform(0, 4, (6, 5)).astype(np.float32)


def signs(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.choice([-1.0, 1.0], (6, 5)).astype(np.float32), rng.standard_normal((6, 5), np.float32)


def bits(rng: np.random.Generator) -> tuple[Array, Array]:
    """Zeros and ones, and probabilities that reach both ends."""
    p = rng.uniform(0, 1, (6, 5)).astype(np.float32)
    p[0, :3] = 0, 1, 0.5
    return rng.integers(0, 2, (6, 5)).astype(np.int32), p


def one_bit(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.integers(0, 2, (8,)).astype(np.int32), rng.uniform(0, 1, (8, 1)).astype(np.float32)


def bit_logits(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.integers(0, 2, (6, 5)).astype(np.int32), 5 * rng.standard_normal((6, 5), np.float32)


def one_hot(rng: np.random.Generator) -> tuple[Array, Array]:
    labels = np.eye(5, dtype=np.float32)[rng.integers(0, 5, 6)]
    return labels, rng.dirichlet(np.ones(5), 6).astype(np.float32)


def one_hot_logits(rng: np.random.Generator) -> tuple[Array, Array]:
    return np.eye(5, dtype=np.float32)[rng.integers(0, 5, 6)], 5 * rng.standard_normal((6, 5), np.float32)


def one_hot_maps(rng: np.random.Generator) -> tuple[Array, Array]:
    """Classes along axis 1 or 2, of which there are as many."""
    labels = np.eye(4, dtype=np.float32)[rng.integers(0, 4, (3, 4))]
    return labels, rng.uniform(0.01, 1, (3, 4, 4)).astype(np.float32)


def classes(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.integers(0, 5, 6).astype(np.int32), rng.dirichlet(np.ones(5), 6).astype(np.float32)


def class_column(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.integers(0, 5, (6, 1)).astype(np.int32), rng.dirichlet(np.ones(5), 6).astype(np.float32)


def class_steps(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.integers(0, 5, (6, 3)).astype(np.int32), rng.dirichlet(np.ones(5), (6, 3)).astype(np.float32)


def class_logits(rng: np.random.Generator) -> tuple[Array, Array]:
    labels = rng.integers(0, 5, (6, 3)).astype(np.int32)
    labels[0, 0] = 7  # the number of no class
    return labels, 5 * rng.standard_normal((6, 3, 5), np.float32)


def float_classes(rng: np.random.Generator) -> tuple[Array, Array]:
    y, p = classes(rng)
    return y.astype(np.float32), p


def regions(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.integers(0, 2, (3, 4, 4, 2)).astype(np.float32), rng.uniform(0, 1, (3, 4, 4, 2)).astype(np.float32)


def embeddings(rng: np.random.Generator) -> tuple[Array, Array]:
    p = rng.standard_normal((9, 4), np.float32)
    return rng.integers(0, 3, 9).astype(np.int32), p / np.linalg.norm(p, axis=1, keepdims=True)


def sequences(rng: np.random.Generator) -> tuple[Array, Array]:
    """Labels of 1 to 4 of 5 classes, some repeated, filled up with zeros; 9 steps of logits."""
    labels = rng.integers(1, 5, (5, 4)).astype(np.int32)
    labels[0, :2] = 3
    labels[1, 2:] = 0
    labels[2, 1:] = 0
    return labels, 2 * rng.standard_normal((5, 9, 5), np.float32)


LOSS_CASES = [
    *(
        LossCase(name, draw)
        for name in ("MeanSquaredError", "MeanAbsoluteError", "Huber", "LogCosh")
        for draw in (numbers, maps, column, spare_axis, far)
    ),
    LossCase("Huber", far, {"delta": 7.5}),
    LossCase("MeanAbsolutePercentageError", numbers),
    LossCase("MeanAbsolutePercentageError", bits),
    LossCase("MeanSquaredLogarithmicError", positive),
    LossCase("MeanSquaredLogarithmicError", numbers),
    LossCase("CosineSimilarity", numbers),
    LossCase("CosineSimilarity", maps, {"axis": 1}),
    LossCase("CosineSimilarity", maps, {"axis": -1}),
    *(LossCase(name, draw) for name in ("Hinge", "SquaredHinge") for draw in (signs, bits, numbers, one_bit)),
    LossCase("CategoricalHinge", one_hot),
    LossCase("CategoricalHinge", one_hot_logits),
    LossCase("KLDivergence", one_hot),
    LossCase("KLDivergence", bits),
    LossCase("Poisson", positive),
    LossCase("BinaryCrossentropy", bits),
    LossCase("BinaryCrossentropy", one_bit),
    LossCase("BinaryCrossentropy", bits, {"label_smoothing": 0.2}),
    LossCase("BinaryCrossentropy", bit_logits, {"from_logits": True}),
    LossCase("BinaryCrossentropy", regions, {"axis": 1}),
    LossCase("CategoricalCrossentropy", one_hot),
    LossCase("CategoricalCrossentropy", positive),
    LossCase("CategoricalCrossentropy", one_hot_logits, {"from_logits": True}),
    LossCase("CategoricalCrossentropy", one_hot_logits, {"from_logits": True, "label_smoothing": 0.1}),
    LossCase("CategoricalCrossentropy", one_hot_maps, {"axis": 1}),
    LossCase("SparseCategoricalCrossentropy", classes),
    LossCase("SparseCategoricalCrossentropy", float_classes),
    LossCase("SparseCategoricalCrossentropy", class_column),
    LossCase("SparseCategoricalCrossentropy", class_steps),
    LossCase("SparseCategoricalCrossentropy", class_logits, {"from_logits": True}),
    LossCase("SparseCategoricalCrossentropy", class_steps, {"ignore_class": 2}),
    LossCase("SparseCategoricalCrossentropy", class_logits, {"from_logits": True, "ignore_class": 0}),
    LossCase("CategoricalGeneralizedCrossEntropy", classes),
    LossCase("CategoricalGeneralizedCrossEntropy", class_steps, {"q": 0.7}),
    LossCase("BinaryFocalCrossentropy", bits),
    LossCase("BinaryFocalCrossentropy", bits, {"apply_class_balancing": True, "alpha": 0.3, "gamma": 1.5}),
    LossCase("BinaryFocalCrossentropy", bit_logits, {"from_logits": True, "gamma": 3.0}),
    LossCase("BinaryFocalCrossentropy", regions, {"axis": 1, "label_smoothing": 0.1, "gamma": 0.0}),
    LossCase("CategoricalFocalCrossentropy", one_hot),
    LossCase("CategoricalFocalCrossentropy", one_hot, {"alpha": 0.4, "gamma": 1.5, "label_smoothing": 0.1}),
    LossCase("CategoricalFocalCrossentropy", one_hot_logits, {"from_logits": True, "gamma": 1.0}),
    LossCase("CategoricalFocalCrossentropy", one_hot_maps, {"axis": 1}),
    LossCase("Dice", regions),
    LossCase("Dice", regions, {"axis": (1, 2, 3)}),
    LossCase("Dice", regions, {"axis": -1}),
    LossCase("Tversky", regions),
    LossCase("Tversky", regions, {"alpha": 0.3, "beta": 0.9, "axis": (1, 2)}),
    # Its sums of exponentials are of numbers up to gamma times 2: ten times the rounding.
    LossCase("Circle", embeddings, fixed=True, tolerance=1e-4),
    LossCase("Circle", embeddings, {"gamma": 8.0, "margin": 0.25, "remove_diagonal": False}, 1e-4, fixed=True),
    LossCase("CTC", sequences),
]  # fmt: skip
