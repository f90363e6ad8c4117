"""Initializers: their distributions, by statistics that a wrong one cannot pass, and their names."""

from __future__ import annotations

import math

import numpy as np
import pytest

from modelc import initializers as init
from modelc.errors import ShapeError, SpecError
from modelc.initializers import INITIALIZERS, Initializer
from modelc.initializers.stft import STFT, window

Array = np.ndarray

KERNEL = (3, 5, 200, 120)
FAN_IN, FAN_OUT = 15 * 200, 15 * 120
COUNT = 15 * 200 * 120

_normal = np.vectorize(lambda z: (1 + math.erf(z / math.sqrt(2))) / 2)


def draw(initializer: Initializer, shape: tuple[int, ...] = KERNEL, seed: int = 0) -> Array:
    w = initializer.draw(shape, np.random.default_rng(seed))
    assert w.shape == shape and w.dtype == np.float32
    return w.astype(np.float64)


def distance(w: Array, kind: str, mean: float, stddev: float) -> float:
    """Kolmogorov's: the largest difference between the sample's distribution and the one it should have, times √n."""
    z = (np.sort(w.ravel()) - mean) / stddev
    if kind == "uniform":
        cdf = np.clip((z / math.sqrt(3) + 1) / 2, 0, 1)
    elif kind == "normal":
        cdf = _normal(z)
    else:
        # A standard normal cut at ±2, scaled to the standard deviation 1.
        low, cut = _normal(-2.0), 0.8796256610342398
        cdf = np.clip((_normal(z * cut) - low) / (1 - 2 * low), 0, 1)
    steps = np.arange(z.size + 1) / z.size
    return max(np.max(np.abs(cdf - steps[1:])), np.max(np.abs(cdf - steps[:-1]))) * math.sqrt(z.size)


# Beyond 2.2 with a probability of 1e-4.
LIMIT = 2.2


def uniform_stddev(low: float, high: float) -> float:
    return (high - low) / math.sqrt(12)


@pytest.mark.parametrize(
    ("initializer", "kind", "mean", "variance"),
    [
        (init.RandomNormal(), "normal", 0, 0.05**2),
        (init.RandomNormal(mean=2, stddev=3), "normal", 2, 9),
        (init.RandomUniform(), "uniform", 0, uniform_stddev(-0.05, 0.05) ** 2),
        (init.RandomUniform(1, 4), "uniform", 2.5, 0.75),
        (init.TruncatedNormal(), "truncated", 0, (0.05 * 0.8796256610342398) ** 2),
        (init.TruncatedNormal(-1, 2), "truncated", -1, (2 * 0.8796256610342398) ** 2),
        (init.VarianceScaling(), "truncated", 0, 1 / FAN_IN),
        (init.VarianceScaling(3, "fan_out", "untruncated_normal"), "normal", 0, 3 / FAN_OUT),
        (init.VarianceScaling(0.5, "fan_avg", "uniform"), "uniform", 0, 1 / (FAN_IN + FAN_OUT)),
        (init.VarianceScaling(distribution="normal"), "truncated", 0, 1 / FAN_IN),  # type: ignore[arg-type]
        (init.GlorotUniform(), "uniform", 0, 2 / (FAN_IN + FAN_OUT)),
        (init.GlorotNormal(), "truncated", 0, 2 / (FAN_IN + FAN_OUT)),
        (init.HeUniform(), "uniform", 0, 2 / FAN_IN),
        (init.HeNormal(), "truncated", 0, 2 / FAN_IN),
        (init.LecunUniform(), "uniform", 0, 1 / FAN_IN),
        (init.LecunNormal(), "truncated", 0, 1 / FAN_IN),
        (init.HeNormal(input_axes=[0, 2], output_axes=[3]), "truncated", 0, 2 / 600),
        (init.GlorotUniform(input_axes=[1], output_axes=[-1]), "uniform", 0, 2 / (5 + 120)),
    ],
)
def test_distribution(initializer: Initializer, kind: str, mean: float, variance: float) -> None:
    w = draw(initializer)
    stddev = math.sqrt(variance)
    assert distance(w, kind, mean, stddev) < LIMIT
    # Each is five standard errors; the fourth moments are at most that of the normal distribution.
    assert abs(w.mean() - mean) < 5 * stddev / math.sqrt(COUNT)
    assert abs(w.var() / variance - 1) < 5 * math.sqrt(2 / COUNT)
    if kind != "normal":
        widest = math.sqrt(3) * stddev if kind == "uniform" else 2 * stddev / 0.8796256610342398
        assert 0.99 * widest < np.abs(w - mean).max() <= widest * (1 + 1e-6)


def test_the_statistic_can_tell_the_distributions_apart() -> None:
    """What `test_distribution` stands on: each sample is far from the two other distributions of its variance."""
    for initializer, kind in ((init.HeUniform(), "uniform"), (init.HeNormal(), "truncated")):
        w = draw(initializer)
        for other in {"uniform", "truncated", "normal"} - {kind}:
            assert distance(w, other, 0, math.sqrt(2 / FAN_IN)) > 4
        assert distance(w, kind, 0, 1.03 * math.sqrt(2 / FAN_IN)) > 4


@pytest.mark.parametrize(
    ("shape", "fan_in", "fan_out"),
    [((400, 300), 400, 300), ((5, 80, 300), 400, 1500), ((2, 3, 4, 50, 60), 1200, 1440), ((5000,), 5000, 5000)],
)
def test_fans(shape: tuple[int, ...], fan_in: int, fan_out: int) -> None:
    for mode, n in (("fan_in", fan_in), ("fan_out", fan_out), ("fan_avg", (fan_in + fan_out) / 2)):
        w = draw(init.VarianceScaling(1.0, mode, "uniform"), shape)  # type: ignore[arg-type]
        limit = math.sqrt(3 / n)
        assert 0.99 * limit < np.abs(w).max() <= limit * (1 + 1e-6)


def test_fixed_values() -> None:
    np.testing.assert_array_equal(draw(init.Zeros(), (2, 3)), 0)
    np.testing.assert_array_equal(draw(init.Ones(), (2, 3)), 1)
    np.testing.assert_array_equal(draw(init.Constant(), (2, 3)), 0)
    np.testing.assert_array_equal(draw(init.Constant(-1.5), (2, 3)), -1.5)
    np.testing.assert_array_equal(draw(init.Identity(), (2, 2)), [[1, 0], [0, 1]])
    np.testing.assert_array_equal(draw(init.Identity(2), (2, 3)), [[2, 0, 0], [0, 2, 0]])


@pytest.mark.parametrize("shape", [(40, 40), (60, 25), (25, 60), (3, 3, 4, 20), (2, 2, 30)])
def test_orthogonal(shape: tuple[int, ...]) -> None:
    w = draw(init.Orthogonal(1.5), shape).reshape(-1, shape[-1])
    gram = w.T @ w if w.shape[0] >= w.shape[1] else w @ w.T
    np.testing.assert_allclose(gram, 2.25 * np.eye(len(gram)), atol=1e-5)


def test_orthogonal_is_uniform() -> None:
    """Of a uniform orthogonal 2×2 matrix, the first entry is the cosine of a uniform angle, the determinant ±1."""
    generator = np.random.default_rng(0)
    matrices = [init.Orthogonal().draw((2, 2), generator) for _ in range(2000)]
    angles = np.arccos(np.clip([m[0, 0] for m in matrices], -1, 1)) / math.pi
    assert np.max(np.abs(np.sort(angles) - np.arange(2000) / 2000)) * math.sqrt(2000) < LIMIT
    positive = sum(np.linalg.det(m) > 0 for m in matrices)
    assert abs(positive - 1000) < 5 * math.sqrt(500)


@pytest.mark.parametrize(
    ("initializer", "shape", "message"),
    [
        (init.Orthogonal(), (5,), "the initializer Orthogonal needs two axes or more, found the shape (5,)"),
        (init.Identity(), (2, 2, 2), "the initializer Identity fills matrices, found the shape (2, 2, 2)"),
        (
            init.HeNormal(input_axes=[0], output_axes=[2]),
            (4, 4),
            "a weight of the shape (4, 4) has no axis 2 for its fans",
        ),
        (
            init.Orthogonal(),
            (20_000, 20_000),
            "the initializer Orthogonal fills matrices of at most 16384 rows or columns, found 20000 by 20000",
        ),
        (
            STFT("real"),
            (8, 2, 5),
            "the initializer STFT fills the shape (frame length, 1, frequencies), found (8, 2, 5)",
        ),
        (STFT("real", window=[1, 2]), (8, 1, 5), "`window` has 2 values, the frame length is 8"),
    ],
)
def test_shapes_that_cannot_be_filled(initializer: Initializer, shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(ShapeError) as error:
        initializer.draw(shape, np.random.default_rng(0))
    assert error.value.message == message


RANDOM = [
    "RandomNormal RandomUniform TruncatedNormal VarianceScaling GlorotUniform GlorotNormal HeUniform HeNormal "
    "LecunUniform LecunNormal Orthogonal"
][0].split()


@pytest.mark.parametrize("name", RANDOM)
def test_a_seed_of_its_own_fixes_a_draw(name: str) -> None:
    seeded, other, free = (INITIALIZERS.coerce({"type": name, "seed": seed}) for seed in (7, 8, None))
    shape = (6, 4)
    np.testing.assert_array_equal(draw(seeded, shape, seed=0), draw(seeded, shape, seed=1))
    assert not np.array_equal(draw(seeded, shape), draw(other, shape))
    assert not np.array_equal(draw(free, shape, seed=0), draw(free, shape, seed=1))
    np.testing.assert_array_equal(draw(free, shape, seed=3), draw(free, shape, seed=3))
    generator = np.random.default_rng(0)
    assert not np.array_equal(free.draw(shape, generator), free.draw(shape, generator))


def test_every_initializer_of_keras_has_its_names() -> None:
    snake = {
        "Zeros": "zeros", "Ones": "ones", "Constant": "constant", "Identity": "identity", "STFT": "stft",
        "RandomNormal": "random_normal", "RandomUniform": "random_uniform", "TruncatedNormal": "truncated_normal",
        "VarianceScaling": "variance_scaling", "GlorotUniform": "glorot_uniform", "GlorotNormal": "glorot_normal",
        "HeUniform": "he_uniform", "HeNormal": "he_normal", "LecunUniform": "lecun_uniform",
        "LecunNormal": "lecun_normal", "Orthogonal": "orthogonal",
    }  # fmt: skip
    more = {
        "zero": "Zeros", "one": "Ones", "normal": "RandomNormal", "uniform": "RandomUniform",
        "IdentityInitializer": "Identity", "OrthogonalInitializer": "Orthogonal", "STFTInitializer": "STFT",
    }  # fmt: skip
    assert set(INITIALIZERS.names) == set(snake)
    aliases = {**{alias: name for name, alias in snake.items()}, **more}
    assert {alias: INITIALIZERS[alias].__name__ for alias in INITIALIZERS.aliases} == aliases


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("VarianceScaling", {"scale": 0.0}, "`scale` must be greater than 0.0, found 0.0"),
        ("VarianceScaling", {"mode": "fan_inn"}, '`mode` cannot be "fan_inn"'),
        ("RandomUniform", {"minval": 2.0, "maxval": 1.0}, "`minval` (=2.0) must be at most `maxval` (=1.0)"),
        ("RandomNormal", {"stddev": -1.0}, "`stddev` must be at least 0.0, found -1.0"),
        ("HeNormal", {"seed": "1"}, '`seed` must be an integer, found the text "1"'),
        ("HeNormal", {"input_axes": [0, 0]}, "`input_axes`: expected 1 to 8 different axes, found [0, 0]"),
        ("HeNormal", {"input_axes": "0"}, '`input_axes`: expected a list of axes, found the text "0"'),
        ("STFT", {"side": "real", "window": "hanm"}, "`window`: unknown window `hanm`"),
    ],
)
def test_wrong_options(name: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(SpecError) as error:
        INITIALIZERS[name](**options)
    assert [d.message for d in error.value.diagnostics] == [message]


@pytest.mark.parametrize(
    "config",
    [
        "glorot_uniform",
        {"type": "STFT", "side": "imag", "window": [1.0, 2.0]},
        {"type": "HeNormal", "input_axes": [0, 1], "output_axes": [2], "seed": 5},
    ],
)
def test_round_trip(config: object) -> None:
    initializer = INITIALIZERS.coerce(config)
    assert INITIALIZERS.coerce(initializer.plain()) == initializer


def test_stft_is_the_discrete_fourier_transform() -> None:
    frame = np.random.default_rng(0).standard_normal(16)
    spectrum = np.fft.rfft(frame * np.hanning(16))
    for side, part in (("real", spectrum.real), ("imag", spectrum.imag)):
        kernel = draw(STFT(side, scaling=None), (16, 1, 9))  # type: ignore[arg-type]
        np.testing.assert_allclose(frame @ kernel[:, 0], part, atol=1e-5)
    unscaled, density, spectral = (
        draw(STFT("real", scaling=scaling), (16, 1, 9)) for scaling in (None, "density", "spectrum")
    )  # fmt: skip
    np.testing.assert_allclose(density * math.sqrt(sum(np.hanning(16) ** 2)), unscaled, atol=1e-6)
    np.testing.assert_allclose(spectral * sum(np.hanning(16)), unscaled, atol=1e-6)
    plain = draw(STFT("real", window=None), (16, 1, 9))
    np.testing.assert_allclose(plain[3, 0, 2], math.cos(2 * math.pi * 3 * 2 / 16), atol=1e-6)


def test_windows() -> None:
    for name, numpy in (
        ("hann", np.hanning),
        ("hamming", np.hamming),
        ("blackman", np.blackman),
        ("bartlett", np.bartlett),
    ):
        for length in (1, 2, 7, 8):
            np.testing.assert_allclose(window(name, length), numpy(length), atol=1e-12)  # type: ignore[arg-type]
            np.testing.assert_allclose(window(name, length, periodic=True), numpy(length + 1)[:-1], atol=1e-12)  # type: ignore[arg-type]
    # The middle of an odd window is its peak, 1; the ends are the values that their definitions are known for.
    ends = {
        "boxcar": 1.0,
        "nuttall": 0.0003628,
        "blackmanharris": 6e-5,
        "flattop": -0.000421051,
        "triang": 0.2,
        "cosine": math.sin(math.pi / 18),
    }
    for name, end in ends.items():
        w = window(name, 9)  # type: ignore[arg-type]
        np.testing.assert_allclose([w[4], w[0], w[-1]], [1, end, end], atol=2e-6)
        np.testing.assert_allclose(w, w[::-1], atol=1e-12)
