# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The initializers, by Keras's names."""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from modelc.initializers.classes import Initializer as Initializer
from modelc.initializers.classes import INITIALIZERS as INITIALIZERS
from modelc.initializers.classes import MAX_ORTHOGONAL as MAX_ORTHOGONAL
from modelc.initializers.classes import InitializerField as InitializerField

_Window: TypeAlias = Literal['boxcar', 'hann', 'hamming', 'blackman', 'nuttall', 'blackmanharris', 'flattop', 'bartlett', 'triang', 'cosine', None]

class Zeros(Initializer):
    r"""All zeros.
    """

    def __init__(
        self,
    ) -> None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class Ones(Initializer):
    r"""All ones.
    """

    def __init__(
        self,
    ) -> None: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class Constant(Initializer):
    r"""All the same value.

    Args:
        value: The value of every element.
    """

    def __init__(
        self,
        value: float = 0.0,
    ) -> None: ...
    @property
    def value(self) -> float: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class Identity(Initializer):
    r"""A multiple of the identity matrix.

    Args:
        gain: The value on the diagonal; all others are 0.
    """

    def __init__(
        self,
        gain: float = 1.0,
    ) -> None: ...
    @property
    def gain(self) -> float: ...
    def draw(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomNormal(Initializer):
    r"""Random numbers of a normal distribution.

    ``w ~ N(mean, stddev²)``.

    Args:
        mean: The mean of the distribution.
        stddev: The standard deviation of the distribution.
        seed: A seed for this weight alone: it gets the same numbers whatever the seed of the model is. By default
            the model's seed decides.
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
    r"""Random numbers that are evenly distributed between two bounds.

    ``w ~ U[minval, maxval)``.

    Args:
        minval: The lower bound, which may occur.
        maxval: The upper bound, which does not occur.
        seed: A seed for this weight alone: it gets the same numbers whatever the seed of the model is. By default
            the model's seed decides.
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

class TruncatedNormal(Initializer):
    r"""Random numbers of a normal distribution without its far ends.

    ``w ~ N(mean, stddev²)``, drawn again where it is further than 2·stddev from the mean.

    Args:
        mean: The mean of the distribution.
        stddev: The standard deviation of the distribution before its ends are cut off.
        seed: A seed for this weight alone: it gets the same numbers whatever the seed of the model is. By default
            the model's seed decides.
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
    r"""Random numbers whose variance goes down with the number of inputs or outputs of the layer.

    Variance ``scale / n``, n the fan-in, the fan-out or their mean.

    The fans of a kernel (*window, inputs, outputs) are window·inputs and window·outputs; of a vector, its length.
    `input_axes` and `output_axes`, given together, name the axes whose product is the fan instead.

    Args:
        scale: The factor of the variance.
        mode: The number that the variance is divided by: that of the inputs (`fan_in`), of the outputs
            (`fan_out`), or their mean (`fan_avg`).
        distribution: The distribution of the numbers; all have the same variance.
        seed: A seed for this weight alone: it gets the same numbers whatever the seed of the model is. By default
            the model's seed decides.
        input_axes: The axes of the kernel whose sizes make the number of inputs; by default all but the last.
        output_axes: The axes of the kernel whose sizes make the number of outputs; by default the last.
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

class GlorotUniform(Initializer):
    r"""Evenly distributed random numbers for layers with tanh, sigmoid or softmax: Keras's default, also called Xavier.

    ``w ~ U(±sqrt(6 / (fan_in + fan_out)))`` (Glorot and Bengio, 2010).

    Args:
        seed: A seed for this weight alone: it gets the same numbers whatever the seed of the model is. By default
            the model's seed decides.
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

class GlorotNormal(Initializer):
    r"""Normally distributed random numbers for layers with tanh, sigmoid or softmax, also called Xavier.

    A truncated normal of variance ``2 / (fan_in + fan_out)`` (Glorot and Bengio, 2010).

    Args:
        seed: A seed for this weight alone: it gets the same numbers whatever the seed of the model is. By default
            the model's seed decides.
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
    r"""Evenly distributed random numbers for layers with relu, also called Kaiming.

    ``w ~ U(±sqrt(6 / fan_in))`` (He et al., 2015).

    Args:
        seed: A seed for this weight alone: it gets the same numbers whatever the seed of the model is. By default
            the model's seed decides.
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
    r"""Normally distributed random numbers for layers with relu, also called Kaiming.

    A truncated normal of variance ``2 / fan_in`` (He et al., 2015).

    Args:
        seed: A seed for this weight alone: it gets the same numbers whatever the seed of the model is. By default
            the model's seed decides.
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
    r"""Evenly distributed random numbers for layers with selu.

    ``w ~ U(±sqrt(3 / fan_in))`` (LeCun et al., 1998).

    Args:
        seed: A seed for this weight alone: it gets the same numbers whatever the seed of the model is. By default
            the model's seed decides.
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

class LecunNormal(Initializer):
    r"""Normally distributed random numbers for layers with selu.

    A truncated normal of variance ``1 / fan_in`` (LeCun et al., 1998).

    Args:
        seed: A seed for this weight alone: it gets the same numbers whatever the seed of the model is. By default
            the model's seed decides.
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

class Orthogonal(Initializer):
    r"""A random orthogonal matrix, the default of recurrent kernels.

    Orthonormal columns, or rows where there are fewer: uniform over such matrices (Saxe et al., 2014).

    A weight of more axes is filled as the matrix (product of all axes but the last, last axis).

    Args:
        gain: The factor of the matrix.
        seed: A seed for this weight alone: it gets the same numbers whatever the seed of the model is. By default
            the model's seed decides.
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

class STFT(Initializer):
    r"""``w[t, 0, f] = window[t]·cos(2π·t·f / n) / norm`` for the real side, ``-sin`` for the imaginary one.

    The shape is (frame length, 1, n/2 + 1), n the length of the transform. The norm is ``sqrt(Σ window²)`` for
    the scaling `density`, ``Σ|window|`` for `spectrum`, and 1 without scaling or without a window.

    Args:
        side: Which part of the complex exponential.
        window: The name of a window function, its values, or null for none.
        scaling: How the window is normalized.
        periodic: Whether a window that is given by name is periodic instead of symmetric.
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
