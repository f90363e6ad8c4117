"""The matrices of spectrograms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from modelc.graph.types import TensorType
from modelc.ops.base import Array, Op


@dataclass(frozen=True)
class Fourier(Op):
    """``y[t, f] = window[t]·cos(2π·t·f / n)`` for the real side, ``-sin`` for the imaginary one; 0 ≤ f ≤ n/2.

    n is the length of the window. No operands, so it is evaluated once, like a weight.
    """

    side: Literal["real", "imag"]
    window: tuple[float, ...]

    def infer(self, *operands: TensorType) -> TensorType:
        """(n, n // 2 + 1), float32."""
        n = len(self.window)
        return TensorType((n, n // 2 + 1))

    def compute(self, *operands: Array) -> Array:
        """In float64, rounded."""
        n = len(self.window)
        angle = 2 * np.pi / n * (np.outer(np.arange(n), np.arange(n // 2 + 1)) % n)
        basis = np.cos(angle) if self.side == "real" else -np.sin(angle)
        return (basis * np.array(self.window)[:, None]).astype(np.float32)


@dataclass(frozen=True)
class MelScale(Op):
    """The triangular filters that bring frequencies to the mel scale, ``mel(f) = 1127·log(1 + f/700)`` (HTK).

    ``y[i, m] = max(0, min((mel_i - e_m) / (e_{m+1} - e_m), (e_{m+2} - mel_i) / (e_{m+2} - e_{m+1})))`` for the mel_i
    of frequency i of `frequencies` from 0 to half the sampling rate, and the edges e, `bins + 2` evenly spaced mels
    from `low` to `high` hertz. Frequency 0 has no weight. No operands, as for `Fourier`.
    """

    frequencies: int
    bins: int
    sampling_rate: float
    low: float
    high: float

    def infer(self, *operands: TensorType) -> TensorType:
        """(frequencies, bins), float32."""
        return TensorType((self.frequencies, self.bins))

    def compute(self, *operands: Array) -> Array:
        """In float64, rounded."""
        mels = _mel(np.linspace(0, self.sampling_rate / 2, self.frequencies))[:, None]
        edges = np.linspace(_mel(self.low), _mel(self.high), self.bins + 2)
        rising = (mels - edges[:-2]) / (edges[1:-1] - edges[:-2])
        falling = (edges[2:] - mels) / (edges[2:] - edges[1:-1])
        weights = np.maximum(0, np.minimum(rising, falling))
        weights[0] = 0
        return weights.astype(np.float32)


def _mel(hertz: Array | float) -> Array:
    return 1127 * np.log1p(np.asarray(hertz) / 700)
