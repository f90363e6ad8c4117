"""The initializer of short-time Fourier transform kernels, and its window functions."""

from __future__ import annotations

import math
from typing import Annotated, Literal, cast, get_args

import numpy as np
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.errors import ShapeError
from modelc.graph.types import format_shape
from modelc.initializers.classes import Initializer
from modelc.ops.base import Array
from modelc.text.unknown import unknown

WindowName = Literal[
    "boxcar", "hann", "hamming", "blackman", "nuttall", "blackmanharris", "flattop", "bartlett", "triang", "cosine"
]

MAX_WINDOW = 1 << 20
"""The most values that a window may list."""

_COSINE_SUMS: dict[str, tuple[float, ...]] = {
    "boxcar": (1.0,),
    "hann": (0.5, 0.5),
    "hamming": (0.54, 0.46),
    "blackman": (0.42, 0.5, 0.08),
    "nuttall": (0.3635819, 0.4891775, 0.1365995, 0.0106411),
    "blackmanharris": (0.35875, 0.48829, 0.14128, 0.01168),
    "flattop": (0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
}
"""Windows of the form ``Σ_k (-1)^k·a_k·cos(2πk·n / (length - 1))``."""


def window(name: WindowName, length: int, *, periodic: bool = False) -> Array:
    """The window of that name as `scipy.signal.windows` defines it, float64.

    A periodic window is the symmetric one of `length + 1` points without its last.
    """
    points = length + 1 if periodic else length
    if points == 1:
        return np.ones(1)
    n = np.arange(points)
    if name in _COSINE_SUMS:
        w = sum((-1) ** k * a * np.cos(2 * math.pi * k * n / (points - 1)) for k, a in enumerate(_COSINE_SUMS[name]))
    elif name == "bartlett":
        w = 1 - np.abs(2 * n / (points - 1) - 1)
    elif name == "triang":
        w = 1 - np.abs(2 * n - (points - 1)) / (points + points % 2)
    else:
        w = np.sin(math.pi * (n + 0.5) / points)
    return np.asarray(w)[:length]


_WINDOW_NAMES = get_args(WindowName)


def _window(value: object) -> object:
    if value is None:
        return None
    if isinstance(value, str):
        if value not in _WINDOW_NAMES:
            message, help = unknown("window", value, _WINDOW_NAMES)
            raise PydanticCustomError("value", "{text}", {"text": message, "help": help})
        return value
    values = tuple(cast("list[object]", value)) if isinstance(value, list | tuple) else (None,)
    if not all(map(_is_number, values)):
        raise PydanticCustomError("value_type", "expected the name of a window, a list of numbers or null")
    if not 0 < len(values) <= MAX_WINDOW:
        raise PydanticCustomError("value", "expected 1 to {most} values", {"most": MAX_WINDOW})
    return values


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


class STFT(Initializer):
    """Kernel of a short-time Fourier transform: ``w[t, 0, f] = window[t]·cos(2π·t·f / n) / norm`` for the real side,
    ``-sin`` for the imaginary one.

    The shape is (frame length, 1, n/2 + 1), n the length of the transform. The norm is ``sqrt(Σ window²)`` for the
    scaling `density`, ``Σ|window|`` for `spectrum`, and 1 without scaling or without a window.
    """

    aliases = ("STFTInitializer",)

    side: Literal["real", "imag"]
    """The part of the complex exponential: real or imaginary."""
    window: Annotated[
        WindowName | tuple[float, ...] | None,
        BeforeValidator(_window),
        WithJsonSchema(
            {
                "anyOf": [
                    {"enum": [*_WINDOW_NAMES, None]},
                    {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": MAX_WINDOW},
                ]
            }
        ),
    ] = "hann"
    """The window function: its name, a list of values, or null for none."""
    scaling: Literal["density", "spectrum"] | None = "density"
    """The normalization of the window: `density` by its energy, `spectrum` by its sum, null for none."""
    periodic: bool = False
    """Whether a named window is periodic instead of symmetric."""

    def require(self, shape: tuple[int, ...]) -> None:
        """(frame length, 1, frequencies), the frame as long as a window that is given by its values."""
        if len(shape) != 3 or shape[1] != 1:
            raise ShapeError(
                f"the initializer STFT fills the shape (frame length, 1, frequencies), found {format_shape(shape)}"
            )
        if isinstance(self.window, tuple) and len(self.window) != shape[0]:
            raise ShapeError(f"`window` has {len(self.window)} values, the frame length is {shape[0]}")

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        """The kernel: nothing in it is random."""
        self.require(shape)
        frame, _, frequencies = shape
        transform = max(1, 2 * (frequencies - 1))
        angle = 2 * math.pi * np.arange(frame)[:, None, None] * np.arange(frequencies) / transform
        kernel = np.cos(angle) if self.side == "real" else -np.sin(angle)
        return (kernel * self._weights(frame)[:, None, None]).astype(np.float32)

    def _weights(self, frame: int) -> Array:
        if self.window is None:
            return np.ones(frame)
        if isinstance(self.window, str):
            values = window(self.window, frame, periodic=self.periodic)
        else:
            values = np.array(self.window)
        if self.scaling is None:
            return values
        return values / (np.sqrt(np.sum(values**2)) if self.scaling == "density" else np.sum(np.abs(values)))
