"""The distributions of what augmentation layers draw, by what they do to images that tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from augmented import make
from drawing import run

from modelc.graph.builder import Builder
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers.augmentation.draws import PER_IMAGE, Draws
from modelc.layers.augmentation.geometry import RandomFlip

Array = np.ndarray[Any, Any]

MANY = 4000


def is_uniform(numbers: Array, low: float, high: float) -> bool:
    """By Kolmogorov and Smirnov: not farther from it than once in ten thousand."""
    share = (np.sort(numbers.ravel()) - low) / (high - low)
    places = np.arange(len(share)) / len(share)
    return bool(np.abs(share - places).max() < 2.23 / np.sqrt(len(share)))


def test_brightness_is_uniform() -> None:
    zeros = np.zeros((MANY, 1, 1, 1), np.float32)
    assert is_uniform(run(make("RandomBrightness", factor=[-0.3, 0.2], value_range=[-1, 1]), zeros), -0.6, 0.4)
    assert is_uniform(run(make("RandomBrightness", factor=0.3, value_range=[-1, 1]), zeros), -0.6, 0.6)


@pytest.mark.parametrize(("factor", "low", "high"), [(0.3, 1.0, 1.3), ([0.2, 0.5], 0.8, 1.5)])
def test_contrast_is_uniform(factor: Any, low: float, high: float) -> None:
    x = np.tile(np.array([-1.0, 1.0], np.float32).reshape(1, 2, 1, 1), (MANY, 1, 1, 1))
    assert is_uniform(run(make("RandomContrast", factor=factor, value_range=[-9, 9]), x)[:, 1], low, high)


def test_shifts_are_uniform_and_independent() -> None:
    """A ramp tells where its middle pixel came from."""
    ramp = np.arange(21, dtype=np.float32)
    x = np.broadcast_to(np.stack(np.meshgrid(ramp, ramp, indexing="ij"), axis=-1), (MANY, 21, 21, 2))
    y = run(make("RandomTranslation", height_factor=0.4, width_factor=[-0.1, 0.3]), np.ascontiguousarray(x))
    down, right = ((10 - y[:, 10, 10, axis]) / 21 for axis in range(2))
    assert is_uniform(down, -0.4, 0.4)
    assert is_uniform(right, -0.1, 0.3)
    assert abs(np.corrcoef(down, right)[0, 1]) < 4 / np.sqrt(MANY)


def test_half_of_the_images_are_flipped() -> None:
    x = np.tile(np.array([0.0, 1.0], np.float32).reshape(1, 1, 2, 1), (MANY, 1, 1, 1))
    assert abs(run(RandomFlip("horizontal"), x)[:, 0, 0, 0].mean() - 0.5) < 4 * 0.5 / np.sqrt(MANY)


@pytest.mark.parametrize(("factor", "mean"), [(1.0, 0.5), (0.4, 0.2), ([0.2, 0.6], 0.4), ([1.0, 1.0], 1.0)])
def test_the_probability_is_drawn_as_well(factor: Any, mean: float) -> None:
    y = run(make("RandomInvert", factor=factor, value_range=[0, 1]), np.zeros((MANY, 1, 1, 1), np.float32))
    assert abs(y.mean() - mean) < 4 * 0.5 / np.sqrt(MANY)


def test_bits_are_drawn_without_the_upper_end() -> None:
    y = run(make("RandomPosterization", factor=[2, 5]), np.full((MANY, 1, 1, 1), 255.0, np.float32))
    values, counts = np.unique(y, return_counts=True)
    np.testing.assert_array_equal(values, [256 - 2 ** (8 - bits) for bits in (2, 3, 4)])
    assert np.abs(counts / MANY - 1 / 3).max() < 0.04


def draws_of(make_draw: Any) -> Array:
    """What `Draws` gives for a batch of many images."""
    g = Builder(training=True)
    x = g.input(TensorType((None, 1, 1, 1)))
    graph = g.graph("one", (make_draw(Draws(g, x, 3)),), ("y",))
    return interpret(graph, [np.zeros((MANY, 1, 1, 1), np.float32)], {})[0]


@pytest.mark.parametrize("alpha", [0.2, 0.7, 1.0, 4.0])
def test_gamma_and_beta_distributions(alpha: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    gamma = np.exp(draws_of(lambda draws: draws.log_gamma(alpha, PER_IMAGE)).astype(np.float64).ravel())
    beta = draws_of(lambda draws: draws.beta(alpha)).astype(np.float64).ravel()
    assert stats.kstest(gamma, "gamma", (alpha,)).pvalue > 1e-3
    assert stats.kstest(beta, "beta", (alpha, alpha)).pvalue > 1e-3


def test_extreme_betas_are_one_of_both() -> None:
    beta = draws_of(lambda draws: draws.beta(0.0))
    assert set(np.unique(np.round(beta, 3))) == {0.0, 1.0}
    assert abs(beta.mean() - 0.5) < 4 * 0.5 / np.sqrt(MANY)


def test_dirichlet() -> None:
    shares = np.concatenate([run_dirichlet(step) for step in range(300)])
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)
    assert np.abs(shares.mean(axis=0) - 1 / 3).max() < 0.06
    np.testing.assert_allclose(shares.var(axis=0), (1 / 3) * (2 / 3) / 4, rtol=0.35)


def run_dirichlet(step: int) -> Array:
    g = Builder(training=True)
    g.count_steps()
    x = g.input(TensorType((None, 1, 1, 1)))
    graph = g.graph("one", (Draws(g, x, 3).dirichlet(1.0, 3),), ("y",))
    return interpret(graph, [np.array(step, np.int32), np.zeros((1, 1, 1, 1), np.float32)], {})[0]
