"""Spectrograms against NumPy's Fourier transform, and AutoContrast against its definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from one import run, trace

from modelc.errors import SpecError
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers import AutoContrast, MelSpectrogram, Pipeline, STFTSpectrogram
from modelc.native.engine.program import NativeProgram
from modelc.weights.variable import Variable

RNG = np.random.default_rng(0)
SOUND = RNG.standard_normal((2, 300, 2)).astype(np.float32)


def _hann(length: int) -> Any:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)


def _frames(x: Any, length: int, step: int, window: Any, transform: int) -> Any:
    """(…, frames, transform / 2 + 1), complex."""
    starts = range(0, x.shape[-1] - length + 1, step)
    return np.stack([np.fft.rfft(x[..., s : s + length] * window, transform) for s in starts], -2)


def _both(layer: Any, x: Any) -> list[Any]:
    """The layer's result with its initial weights, by definition and compiled."""
    graph = trace(layer, TensorType((None, *x.shape[1:])))
    weights = {w.path: w.initializer.draw(w.shape, RNG) for w in graph.weights}
    native = NativeProgram(graph, {path: Variable(path, value) for path, value in weights.items()})
    return [interpret(graph, [x], weights)[0], native.run([x])[0]]


@pytest.mark.parametrize(
    ("mode", "of"),
    [
        ("real", np.real),
        ("imag", np.imag),
        ("magnitude", lambda s: np.sqrt(np.maximum(np.abs(s) ** 2, 1e-7))),
        ("log", lambda s: np.log(np.sqrt(np.maximum(np.abs(s) ** 2, 1e-7)))),
        ("psd", lambda s: np.abs(s) ** 2 * ([1] + [2] * (s.shape[-1] - 2) + [1])),
        ("stft", lambda s: np.concatenate([s.real, s.imag], -1)),
    ],
)
def test_stft_is_numpys_transform_of_windowed_frames(mode: Any, of: Any) -> None:
    window = _hann(50)
    s = of(_frames(np.moveaxis(SOUND, 2, 1).astype(float), 50, 20, window / np.sqrt((window**2).sum()), 64))
    layer = STFTSpectrogram(mode, 50, 20, periodic=True)  # (N, channels, frames, frequencies)
    flat = np.moveaxis(s, 1, 2).reshape(2, s.shape[2], -1)
    for y in _both(layer, SOUND):
        np.testing.assert_allclose(y, flat, rtol=1e-4, atol=2e-5)
    apart = layer.model_copy(update={"expand_dims": True})
    np.testing.assert_allclose(_both(apart, SOUND)[0], s.transpose(0, 2, 3, 1), rtol=1e-4, atol=2e-5)
    first = np.ascontiguousarray(np.moveaxis(SOUND, 2, 1))
    moved = layer.model_copy(update={"data_format": "channels_first"})
    np.testing.assert_allclose(_both(moved, first)[0], np.moveaxis(flat, 1, 2), rtol=1e-4, atol=2e-5)


def test_the_angle_is_that_of_the_transform() -> None:
    s = _frames(np.moveaxis(SOUND, 2, 1).astype(float), 32, 16, 1.0, 32)
    flat = np.moveaxis(s, 1, 2).reshape(2, s.shape[2], -1)
    clear = np.abs(flat.real * flat.imag) > 1e-2
    for y in _both(STFTSpectrogram("angle", 32, window=None, scaling=None), SOUND):
        np.testing.assert_allclose(np.where(clear, y, 0), np.where(clear, np.angle(flat), 0), atol=1e-4)


def _mel(hertz: Any) -> Any:
    return 2595 * np.log10(1 + np.asarray(hertz) / 700)


def _filter(frequency: float, edges: Any) -> list[float]:
    """The triangle of each band at one frequency."""
    mel = _mel(frequency)
    return [
        max(0.0, min((mel - a) / (b - a), (c - mel) / (c - b)))
        for a, b, c in zip(edges, edges[1:], edges[2:], strict=False)
    ]


@pytest.mark.parametrize("decibels", [False, True])
def test_mel_spectrogram(decibels: bool) -> None:
    x = np.ascontiguousarray(SOUND[..., 0])
    window = np.pad(0.54 - 0.46 * np.cos(2 * np.pi * np.arange(40) / 40), 12)
    reflected = np.pad(x.astype(float), [(0, 0), (32, 32)], mode="reflect")
    power = np.abs(_frames(reflected, 64, 25, window, 64)) ** 2
    edges = np.linspace(_mel(100), _mel(3000), 8)
    filters = np.array([_filter(f, edges) if f else [0.0] * 6 for f in np.linspace(0, 4000, 33)])
    mel = np.moveaxis(power @ filters, 1, 2)
    if decibels:
        mel = 10 * np.log10(np.maximum(mel, 1e-10) / 2)
        mel = np.maximum(mel, mel.max() - 15)
    layer = MelSpectrogram(64, 25, 40, "hamming", 8000, 6, 100, 3000, decibels, top_db=15, ref_power=2)
    for y in _both(layer, x):
        np.testing.assert_allclose(y, mel, rtol=2e-4, atol=1e-4)


def test_auto_contrast_stretches_what_varies() -> None:
    x = RNG.uniform(20, 90, (2, 4, 5, 3))
    x[0, :, :, 1] = 7
    y, _ = run(AutoContrast([0, 1]), x)
    low, high = x.min((1, 2), keepdims=True), x.max((1, 2), keepdims=True)
    want = (x - low) / np.where(high > low, high - low, 1)
    want[0, :, :, 1] = 7
    np.testing.assert_allclose(y, want, rtol=1e-12)


def test_pipeline_applies_its_layers_in_order() -> None:
    layer = Pipeline([{"type": "Rescaling", "scale": 2}, {"type": "Rescaling", "scale": 1, "offset": -3}])
    np.testing.assert_allclose(run(layer, SOUND)[0], 2 * SOUND - 3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: STFTSpectrogram(frame_length=8, frame_step=9), "`frame_step` is larger"),
        (lambda: STFTSpectrogram(frame_length=8, fft_length=4), "`fft_length` is smaller"),
        (lambda: MelSpectrogram(64, sequence_length=65), "`sequence_length` is larger"),
        (lambda: MelSpectrogram(64, window=[1.0]), "`window` does not have"),
        (lambda: MelSpectrogram(2**20), "fft_length"),
        (lambda: MelSpectrogram(min_freq=9000), "`max_freq` is not above"),
        (lambda: Pipeline([]), "a list of 1 to"),
        (lambda: AutoContrast([1, 0]), "the lower first"),
    ],
)
def test_refused_options(make: Any, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        make()
