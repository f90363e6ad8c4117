# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The initializers, by Keras's names."""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from modelc.config.registry import Registry as Registry
from modelc.initializers.classes import Initializer as Initializer
from modelc.initializers.classes import MAX_ORTHOGONAL as MAX_ORTHOGONAL
from modelc.initializers.classes import InitializerField as InitializerField

INITIALIZERS: Registry[Initializer]

_Window: TypeAlias = Literal['boxcar', 'hann', 'hamming', 'blackman', 'nuttall', 'blackmanharris', 'flattop', 'bartlett', 'triang', 'cosine', None]

class Constant(Initializer):
    r"""All elements equal to one value.

    Args:
        value: The value of all elements.
    """

    def __init__(
        self,
        value: float = 0.0,
    ) -> None: ...
    @property
    def value(self) -> float: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class GlorotNormal(Initializer):
    r"""Glorot (Xavier) normal initializer.

    A truncated normal of variance ``2 / (fan_in + fan_out)`` (Glorot and Bengio, 2010).

    Args:
        seed: The seed of this weight's random values; by default they follow from the model's seed.
        input_axes: The axes of the kernel whose sizes make the number of inputs; by default all but the last.
        output_axes: The axes of the kernel whose sizes make the number of outputs; by default the last.
    """

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def input_axes(self) -> tuple[int, ...] | None: ...
    @property
    def output_axes(self) -> tuple[int, ...] | None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class GlorotUniform(Initializer):
    r"""Glorot (Xavier) uniform initializer, Keras's default for kernels.

    ``w ~ U(±sqrt(6 / (fan_in + fan_out)))`` (Glorot and Bengio, 2010).

    Args:
        seed: The seed of this weight's random values; by default they follow from the model's seed.
        input_axes: The axes of the kernel whose sizes make the number of inputs; by default all but the last.
        output_axes: The axes of the kernel whose sizes make the number of outputs; by default the last.
    """

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def input_axes(self) -> tuple[int, ...] | None: ...
    @property
    def output_axes(self) -> tuple[int, ...] | None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class HeNormal(Initializer):
    r"""He (Kaiming) normal initializer, for layers with relu.

    A truncated normal of variance ``2 / fan_in`` (He et al., 2015).

    Args:
        seed: The seed of this weight's random values; by default they follow from the model's seed.
        input_axes: The axes of the kernel whose sizes make the number of inputs; by default all but the last.
        output_axes: The axes of the kernel whose sizes make the number of outputs; by default the last.
    """

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def input_axes(self) -> tuple[int, ...] | None: ...
    @property
    def output_axes(self) -> tuple[int, ...] | None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class HeUniform(Initializer):
    r"""He (Kaiming) uniform initializer, for layers with relu.

    ``w ~ U(±sqrt(6 / fan_in))`` (He et al., 2015).

    Args:
        seed: The seed of this weight's random values; by default they follow from the model's seed.
        input_axes: The axes of the kernel whose sizes make the number of inputs; by default all but the last.
        output_axes: The axes of the kernel whose sizes make the number of outputs; by default the last.
    """

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def input_axes(self) -> tuple[int, ...] | None: ...
    @property
    def output_axes(self) -> tuple[int, ...] | None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class Identity(Initializer):
    r"""A multiple of the identity matrix.

    Args:
        gain: The value on the diagonal; all other elements are 0.
    """

    def __init__(
        self,
        gain: float = 1.0,
    ) -> None: ...
    @property
    def gain(self) -> float: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class LecunNormal(Initializer):
    r"""LeCun normal initializer, for layers with selu.

    A truncated normal of variance ``1 / fan_in`` (LeCun et al., 1998).

    Args:
        seed: The seed of this weight's random values; by default they follow from the model's seed.
        input_axes: The axes of the kernel whose sizes make the number of inputs; by default all but the last.
        output_axes: The axes of the kernel whose sizes make the number of outputs; by default the last.
    """

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def input_axes(self) -> tuple[int, ...] | None: ...
    @property
    def output_axes(self) -> tuple[int, ...] | None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class LecunUniform(Initializer):
    r"""LeCun uniform initializer.

    ``w ~ U(±sqrt(3 / fan_in))`` (LeCun et al., 1998).

    Args:
        seed: The seed of this weight's random values; by default they follow from the model's seed.
        input_axes: The axes of the kernel whose sizes make the number of inputs; by default all but the last.
        output_axes: The axes of the kernel whose sizes make the number of outputs; by default the last.
    """

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def input_axes(self) -> tuple[int, ...] | None: ...
    @property
    def output_axes(self) -> tuple[int, ...] | None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class Ones(Initializer):
    r"""All ones.
    """

    def __init__(
        self,
    ) -> None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class Orthogonal(Initializer):
    r"""A random orthogonal matrix, the default of recurrent kernels.

    Orthonormal columns, or rows if there are fewer rows, uniformly distributed (Saxe et al., 2014). A weight of more
    axes is filled as the matrix (product of all axes but the last, last axis).

    Args:
        gain: The factor of the matrix.
        seed: The seed of this weight's random values; by default they follow from the model's seed.
    """

    def __init__(
        self,
        gain: float = 1.0,
        seed: int | None = None,
    ) -> None: ...
    @property
    def gain(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomNormal(Initializer):
    r"""Random values from a normal distribution.

    ``w ~ N(mean, stddev²)``.

    Args:
        mean: The mean of the distribution.
        stddev: The standard deviation of the distribution.
        seed: The seed of this weight's random values; by default they follow from the model's seed.
    """

    def __init__(
        self,
        mean: float = 0.0,
        stddev: float = 0.05,
        seed: int | None = None,
    ) -> None: ...
    @property
    def mean(self) -> float: ...
    @property
    def stddev(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomUniform(Initializer):
    r"""Random values from a uniform distribution.

    ``w ~ U[minval, maxval)``.

    Args:
        minval: The lower bound (inclusive).
        maxval: The upper bound (exclusive).
        seed: The seed of this weight's random values; by default they follow from the model's seed.
    """

    def __init__(
        self,
        minval: float = -0.05,
        maxval: float = 0.05,
        seed: int | None = None,
    ) -> None: ...
    @property
    def minval(self) -> float: ...
    @property
    def maxval(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class STFT(Initializer):
    r"""Kernel of a short-time Fourier transform: ``w[t, 0, f] = window[t]·cos(2π·t·f / n) / norm`` for the real side,
    ``-sin`` for the imaginary one.

    The shape is (frame length, 1, n/2 + 1), n the length of the transform. The norm is ``sqrt(Σ window²)`` for the
    scaling `density`, ``Σ|window|`` for `spectrum`, and 1 without scaling or without a window.

    Args:
        side: The part of the complex exponential: real or imaginary.
        window: The window function: its name, a list of values, or null for none.
        scaling: The normalization of the window: `density` by its energy, `spectrum` by its sum, null for none.
        periodic: Whether a named window is periodic instead of symmetric.
    """

    def __init__(
        self,
        side: Literal['real', 'imag'],
        window: _Window | Sequence[float] = 'hann',
        scaling: Literal['density', 'spectrum'] | None = 'density',
        periodic: bool = False,
    ) -> None: ...
    @property
    def side(self) -> Literal['real', 'imag']: ...
    @property
    def window(self) -> Literal['boxcar', 'hann', 'hamming', 'blackman', 'nuttall', 'blackmanharris', 'flattop', 'bartlett', 'triang', 'cosine'] | tuple[float, ...] | None: ...
    @property
    def scaling(self) -> Literal['density', 'spectrum'] | None: ...
    @property
    def periodic(self) -> bool: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class TruncatedNormal(Initializer):
    r"""Random values from a truncated normal distribution.

    ``w ~ N(mean, stddev²)``, where values farther than 2·stddev from the mean are redrawn.

    Args:
        mean: The mean of the distribution.
        stddev: The standard deviation of the distribution before truncation.
        seed: The seed of this weight's random values; by default they follow from the model's seed.
    """

    def __init__(
        self,
        mean: float = 0.0,
        stddev: float = 0.05,
        seed: int | None = None,
    ) -> None: ...
    @property
    def mean(self) -> float: ...
    @property
    def stddev(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class VarianceScaling(Initializer):
    r"""Random values whose variance depends on the number of inputs or outputs of the layer.

    Variance ``scale / n``, with n the fan-in, the fan-out or their mean.

    The fan-in and fan-out of a kernel (*window, inputs, outputs) are window·inputs and window·outputs; of a vector, its
    length. `input_axes` and `output_axes`, given together, are the axes whose product is the fan instead.

    Args:
        scale: The factor of the variance.
        mode: The divisor of the variance: the number of inputs (`fan_in`), of outputs (`fan_out`), or their mean
            (`fan_avg`).
        distribution: The distribution of the values; all have the same variance.
        seed: The seed of this weight's random values; by default they follow from the model's seed.
        input_axes: The kernel axes whose product is the fan-in; by default all but the last.
        output_axes: The kernel axes whose product is the fan-out; by default the last.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: Literal['fan_in', 'fan_out', 'fan_avg'] = 'fan_in',
        distribution: Literal['truncated_normal', 'untruncated_normal', 'uniform'] = 'truncated_normal',
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None: ...
    @property
    def scale(self) -> float: ...
    @property
    def mode(self) -> Literal['fan_in', 'fan_out', 'fan_avg']: ...
    @property
    def distribution(self) -> Literal['truncated_normal', 'untruncated_normal', 'uniform']: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def input_axes(self) -> tuple[int, ...] | None: ...
    @property
    def output_axes(self) -> tuple[int, ...] | None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class Zeros(Initializer):
    r"""All zeros.
    """

    def __init__(
        self,
    ) -> None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...
