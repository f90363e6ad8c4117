"""Spectrograms of sound: STFTSpectrogram and MelSpectrogram."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import (
    BeforeValidator,
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from modelc.config.options import FiniteFloat, as_tuple
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.initializers.stft import MAX_WINDOW, STFT, WindowName, window
from modelc.layers.base import Layer, require_rank
from modelc.layers.convolution.geometry import channels_last, require_spatial, window_padding
from modelc.layers.operations.elementwise import TABLE
from modelc.layers.options.fields import DataFormat, Padding
from modelc.ops.conv import Conv
from modelc.ops.fourier import Fourier, MelScale
from modelc.ops.places import Extended
from modelc.ops.shape import Pad, Slice
from modelc.ops.take import Take, require_few

_TINY = 1e-7
"""`keras.config.epsilon()`."""

_MAX_TRANSFORM = 8192
"""The longest transform that is done as a product with its matrix."""


Samples = Annotated[
    tuple[FiniteFloat, ...],
    BeforeValidator(as_tuple),
    WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": MAX_WINDOW}),
]


class STFTSpectrogram(Layer):
    """Short-time Fourier transform of each channel.

    ``s[k, f] = Σ_t x[k·frame_step + t]·kernel[t, f]`` with the kernels ``window[t]·exp(-2πi·t·f / fft_length)``, real
    and imaginary parts separately.

    x: (N, steps, C) → (N, frames, C·F), with F = fft_length / 2 + 1 frequencies, or (N, frames, F, C) with
    `expand_dims`. `magnitude` is |s|, `log` its logarithm, `psd` |s|², doubled between the first and the last
    frequency, `stft` the real parts followed by the imaginary parts. Weights: real_kernel and imag_kernel, each
    (frame_length, 1, F), as the mode needs them.
    """

    mode: Literal["log", "magnitude", "psd", "real", "imag", "angle", "stft"] = "log"
    """The output: the complex spectrum (`stft`, `real`, `imag`), its magnitude, angle or logarithm, or the power
    spectral density (`psd`)."""
    frame_length: PositiveInt = 256
    """The length of a frame in samples."""
    frame_step: PositiveInt | None = None
    """The distance between the starts of adjacent frames in samples; by default half of `frame_length`."""
    fft_length: PositiveInt | None = None
    """The length of the Fourier transform; null stands for the smallest power of 2 not below `frame_length`."""
    window: WindowName | Samples | None = "hann"
    """The window function applied to each frame: its name, a list of values, or null for none."""
    periodic: bool = False
    """Whether a named window is periodic instead of symmetric."""
    scaling: Literal["density", "spectrum"] | None = "density"
    """The normalization of the window: `density` by its energy, `spectrum` by its sum, null for none."""
    padding: Padding = "valid"
    """`valid` uses only frames inside the input; `same` gives ceil(steps / frame_step) frames."""
    expand_dims: bool = False
    """Whether frequencies and channels are separate axes."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.frame_step is not None and self.frame_step > self.frame_length:
            raise PydanticCustomError("conflict", "`frame_step` is larger than `frame_length`")
        if self.fft_length is not None and self.fft_length < self.frame_length:
            raise PydanticCustomError("conflict", "`fft_length` is smaller than `frame_length`")
        return self

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_spatial(x, 1, "STFTSpectrogram", self.data_format)
        x = channels_last(self.data_format, x.as_float())
        steps, channels = x.dims
        # A row of one channel each: (N, C, steps, 1).
        rows = x.transpose((0, 2, 1)).reshape((None, channels, steps, 1))
        real = None if self.mode == "imag" else self._side(g, rows, "real")
        imag = None if self.mode == "real" else self._side(g, rows, "imag")
        return self._arranged(self._of(g, real, imag))

    def _side(self, g: Builder, rows: Tensor, side: Literal["real", "imag"]) -> Tensor:
        """(N, C, steps, 1) → (N, C, frames, F)."""
        transform = self.fft_length or 2 ** math.ceil(math.log2(self.frame_length))
        frame, frequencies = self.frame_length, transform // 2 + 1
        initializer = STFT(side=side, window=self.window, scaling=self.scaling, periodic=self.periodic)
        kernel = g.weight(f"{side}_kernel", (frame, 1, frequencies), initializer)
        strides = (1, self.frame_step or max(1, frame // 2))
        padding = window_padding(self.padding, rows.dims[:2], (1, frame), strides, (1, 1))
        flat = kernel.reshape((1, frame, 1, frequencies))
        return rows.emit(Conv(strides, padding, (1, 1)), flat)

    def _of(self, g: Builder, real: Tensor | None, imag: Tensor | None) -> Tensor:
        if real is None or imag is None:
            one = imag if real is None else real
            assert one is not None
            return one
        if self.mode == "stft":
            return real.concat(imag, axis=3)
        if self.mode == "angle":
            angle = TABLE["arctan2"].emit(g, imag, real)
            assert isinstance(angle, Tensor)
            return angle
        power = real.square() + imag.square()
        if self.mode == "psd":
            return self._one_sided(power)
        magnitude = power.maximum(_TINY).sqrt()
        if self.mode == "magnitude":
            return magnitude
        return magnitude.maximum(_TINY).log()

    def _one_sided(self, power: Tensor) -> Tensor:
        """The power, with that of the negative frequencies added."""
        _, channels, frames, frequencies = power.shape
        if frequencies is None or frequencies <= 2:
            return power
        inner = Slice((0, 0, 0, 1), (None, channels, frames, frequencies - 1), (1, 1, 1, 1))
        mirrored = power.emit(inner).emit(Pad(((0, 0), (0, 0), (0, 0), (1, 1))))
        return power + mirrored

    def _arranged(self, y: Tensor) -> Tensor:
        """(N, C, frames, F) in the order of axes that the options say."""
        _, channels, frames, frequencies = y.shape
        assert channels is not None
        assert frequencies is not None
        first = self.data_format == "channels_first"
        if self.expand_dims:
            return y if first else y.transpose((0, 2, 3, 1))
        if first:
            y = y.transpose((0, 1, 3, 2))
            return y.reshape((None, channels * frequencies, frames))
        return y.transpose((0, 2, 1, 3)).reshape((None, frames, channels * frequencies))


class MelSpectrogram(Layer):
    """Mel spectrogram of audio: (N, steps) → (N, num_mel_bins, frames).

    Frames of `fft_length` samples around every `sequence_stride`-th sample, with reflected ends, are windowed and
    transformed; ``m = |s|^mag_exp @ filters`` with the filters of `modelc.ops.fourier.MelScale`; with `power_to_db`
    ``10·log10(max(m, min_power) / max(ref_power, min_power))``, cut at `top_db` below the maximum of the batch.
    """

    fft_length: Annotated[int, Field(ge=1, le=_MAX_TRANSFORM)] = 2048
    """The length of the Fourier transform."""
    sequence_stride: PositiveInt = 512
    """The distance between adjacent frames in samples."""
    sequence_length: PositiveInt | None = None
    """The length of the window in samples; by default `fft_length`."""
    window: Literal["hann", "hamming"] | Samples | None = "hann"
    """The function that fades frames out at their ends: its name, its values, or null for none."""
    sampling_rate: PositiveFloat = 16000
    """The sampling rate of the audio in hertz."""
    num_mel_bins: PositiveInt = 128
    """The number of mel bands."""
    min_freq: NonNegativeFloat = 20.0
    """The lowest frequency of the mel bands in hertz."""
    max_freq: PositiveFloat | None = None
    """The highest frequency of the mel bands in hertz; null stands for half the sampling rate."""
    power_to_db: bool = True
    """Whether to convert the power to decibels."""
    top_db: FiniteFloat = 80.0
    """The dynamic range in decibels: smaller values are cut at the maximum minus `top_db`."""
    mag_exp: FiniteFloat = 2.0
    """The exponent of the magnitude spectrum: 1 for magnitudes, 2 for power."""
    min_power: PositiveFloat = 1e-10
    """The smallest power: lower values are raised to it."""
    ref_power: FiniteFloat = 1.0
    """The reference power, which corresponds to 0 decibels."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.sequence_length is not None and self.sequence_length > self.fft_length:
            raise PydanticCustomError("conflict", "`sequence_length` is larger than `fft_length`")
        if not isinstance(self.window, str | None) and len(self.window) != (self.sequence_length or self.fft_length):
            raise PydanticCustomError("conflict", "`window` does not have `sequence_length` values")
        if self._highest <= self.min_freq:
            raise PydanticCustomError("conflict", "`max_freq` is not above `min_freq`")
        return self

    @property
    def _highest(self) -> float:
        return float(int(self.sampling_rate / 2)) if self.max_freq is None else self.max_freq

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_rank(x, 2, "(batch, steps)", "MelSpectrogram")
        half, (steps,) = self.fft_length // 2, x.dims
        if half and steps < 2:
            shape = format_shape(x.shape)
            raise ShapeError(f"MelSpectrogram reflects the ends of its input, and {shape} is too short")
        require_few(steps + self.fft_length)
        padded = Extended(steps, half, half, "reflect")
        x = x.as_float().emit(Take(1, padded))
        x = x.reshape((None, padded.count, 1))
        samples = self._samples()
        real, imaginary = (self._side(g, x, side, samples) for side in ("real", "imag"))
        power = real.square() + imaginary.square()
        energy = TABLE["power"].emit(g, power, self.mag_exp / 2)
        assert isinstance(energy, Tensor)
        frequencies = self.fft_length // 2 + 1
        scale = MelScale(frequencies, self.num_mel_bins, self.sampling_rate, self.min_freq, self._highest)
        mel = energy @ g.emit(scale)
        return (self._decibels(mel) if self.power_to_db else mel).transpose((0, 2, 1))

    def _samples(self) -> tuple[float, ...]:
        """The window in the middle of the transform."""
        length = self.sequence_length or self.fft_length
        if self.window is None:
            return (1.0,) * self.fft_length
        values = window(self.window, length, periodic=True) if isinstance(self.window, str) else np.array(self.window)
        before = (self.fft_length - length) // 2
        return tuple(np.pad(values, (before, self.fft_length - length - before)).tolist())

    def _side(self, g: Builder, x: Tensor, side: Literal["real", "imag"], samples: tuple[float, ...]) -> Tensor:
        """(N, steps, 1) → (N, frames, F)."""
        basis = g.emit(Fourier(side, samples))
        kernel = basis.reshape((len(samples), 1, basis.dims[1]))
        return x.emit(Conv((self.sequence_stride,), ((0, 0),), (1,)), kernel)

    def _decibels(self, mel: Tensor) -> Tensor:
        reference = 10 * math.log10(max(abs(self.ref_power), self.min_power))
        powers = mel.maximum(self.min_power)
        decibels = powers.log() * (10 / math.log(10)) - reference
        largest = decibels.max((0, 1, 2), keepdims=True)
        return decibels.maximum(largest - self.top_db)
