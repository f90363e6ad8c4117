"""Initializers: the initial values of weights.

Names, options and defaults are those of `keras.initializers`. Random number generators are not: the same seed gives the
same weights in every version of modelc, but other weights than in Keras.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Annotated, ClassVar, Self

import numpy as np
from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.base import Config
from modelc.config.options import Axes, FiniteFloat, NonNegativeFloat, NonNegativeInt
from modelc.errors import ShapeError
from modelc.graph.types import format_shape
from modelc.initializers import INITIALIZERS
from modelc.initializers.sampling import Distribution, Mode, fans, normal, scaled, truncated_normal, uniform
from modelc.ops.base import Array
from modelc.system.blas import one_blas_thread
from modelc.text.naming import snake_case

MAX_ORTHOGONAL = 16_384
"""The largest smaller side of a matrix that `Orthogonal` decomposes: the work grows with its square."""


class Initializer(Config):
    """Base of all initializers."""

    @classmethod
    def lower_case_name(cls) -> str:
        """Keras's: `glorot_uniform`."""
        return snake_case(cls.__name__)

    def require(self, shape: tuple[int, ...]) -> None:
        """Raise `ShapeError` where the initializer cannot fill weights of this shape, before anything is drawn."""

    @abstractmethod
    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        """An array of this shape, float32. Raises `ShapeError` where the initializer cannot fill the shape."""


class Zeros(Initializer):
    """All zeros."""

    aliases = ("zero",)

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        """``w = 0``."""
        return np.zeros(shape, np.float32)


class Ones(Initializer):
    """All ones."""

    aliases = ("one",)

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        """``w = 1``."""
        return np.ones(shape, np.float32)


class Constant(Initializer):
    """All elements equal to one value."""

    value: FiniteFloat = 0.0
    """The value of all elements."""

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        """``w = value``."""
        return np.full(shape, self.value, np.float32)


class Identity(Initializer):
    """A multiple of the identity matrix."""

    aliases = ("IdentityInitializer",)

    gain: FiniteFloat = 1.0
    """The value on the diagonal; all other elements are 0."""

    def require(self, shape: tuple[int, ...]) -> None:
        """A matrix."""
        if len(shape) != 2:
            raise ShapeError(f"the initializer Identity fills matrices, found the shape {format_shape(shape)}")

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        """``w[i, j] = gain if i = j else 0``."""
        self.require(shape)
        return np.float32(self.gain) * np.eye(*shape, dtype=np.float32)


class _Random(Initializer):
    """Base of random initializers; `seed` makes the values independent of the model's seed."""

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        seed: int | None = getattr(self, "seed", None)
        return self._sample(shape, generator if seed is None else np.random.default_rng(seed))

    @abstractmethod
    def _sample(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array: ...


class RandomNormal(_Random):
    """Random values from a normal distribution.

    ``w ~ N(mean, stddev²)``.
    """

    aliases = ("normal",)

    mean: FiniteFloat = 0.0
    """The mean of the distribution."""
    stddev: NonNegativeFloat = 0.05
    """The standard deviation of the distribution."""
    seed: NonNegativeInt | None = None
    """The seed of this weight's random values; by default they follow from the model's seed."""

    def _sample(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        return normal(shape, generator, self.mean, self.stddev)


class TruncatedNormal(_Random):
    """Random values from a truncated normal distribution.

    ``w ~ N(mean, stddev²)``, where values farther than 2·stddev from the mean are redrawn.
    """

    mean: FiniteFloat = 0.0
    """The mean of the distribution."""
    stddev: NonNegativeFloat = 0.05
    """The standard deviation of the distribution before truncation."""
    seed: NonNegativeInt | None = None
    """The seed of this weight's random values; by default they follow from the model's seed."""

    def _sample(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        return truncated_normal(shape, generator, self.mean, self.stddev)


class RandomUniform(_Random):
    """Random values from a uniform distribution.

    ``w ~ U[minval, maxval)``.
    """

    aliases = ("uniform",)

    minval: FiniteFloat = -0.05
    """The lower bound (inclusive)."""
    maxval: FiniteFloat = 0.05
    """The upper bound (exclusive)."""
    seed: NonNegativeInt | None = None
    """The seed of this weight's random values; by default they follow from the model's seed."""

    @model_validator(mode="after")
    def _interval(self) -> Self:
        if self.minval > self.maxval:
            raise PydanticCustomError(
                "conflict",
                "`minval` (={low}) must be at most `maxval` (={high})",
                {"low": self.minval, "high": self.maxval},
            )
        return self

    def _sample(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        return uniform(shape, generator, self.minval, self.maxval)


class VarianceScaling(_Random):
    """Random values whose variance depends on the number of inputs or outputs of the layer.

    Variance ``scale / n``, with n the fan-in, the fan-out or their mean.

    The fan-in and fan-out of a kernel (*window, inputs, outputs) are window·inputs and window·outputs; of a vector, its
    length. `input_axes` and `output_axes`, given together, are the axes whose product is the fan instead.
    """

    scale: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    """The factor of the variance."""
    mode: Mode = "fan_in"
    """The divisor of the variance: the number of inputs (`fan_in`), of outputs (`fan_out`), or their mean
    (`fan_avg`)."""
    distribution: Annotated[
        Distribution, BeforeValidator(lambda value: "truncated_normal" if value == "normal" else value)
    ] = "truncated_normal"
    """The distribution of the values; all have the same variance."""
    seed: NonNegativeInt | None = None
    """The seed of this weight's random values; by default they follow from the model's seed."""
    input_axes: Axes | None = None
    """The kernel axes whose product is the fan-in; by default all but the last."""
    output_axes: Axes | None = None
    """The kernel axes whose product is the fan-out; by default the last."""

    def require(self, shape: tuple[int, ...]) -> None:
        """A shape that has the axes of the fans."""
        fans(shape, self.input_axes, self.output_axes)

    def _sample(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        sizes = fans(shape, self.input_axes, self.output_axes)
        return scaled(shape, generator, self.scale, self.mode, self.distribution, sizes)


class _NamedScaling(_Random):
    """A variance scaling with a name of its own."""

    scale: ClassVar[float]
    mode: ClassVar[Mode]
    distribution: ClassVar[Distribution]

    seed: NonNegativeInt | None = None
    """The seed of this weight's random values; by default they follow from the model's seed."""
    input_axes: Axes | None = None
    """The axes of the kernel whose sizes make the number of inputs; by default all but the last."""
    output_axes: Axes | None = None
    """The axes of the kernel whose sizes make the number of outputs; by default the last."""

    def require(self, shape: tuple[int, ...]) -> None:
        """A shape that has the axes of the fans."""
        fans(shape, self.input_axes, self.output_axes)

    def _sample(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        sizes = fans(shape, self.input_axes, self.output_axes)
        return scaled(shape, generator, self.scale, self.mode, self.distribution, sizes)


class GlorotUniform(_NamedScaling):
    """Glorot (Xavier) uniform initializer, Keras's default for kernels.

    ``w ~ U(±sqrt(6 / (fan_in + fan_out)))`` (Glorot and Bengio, 2010).
    """

    scale, mode, distribution = 1.0, "fan_avg", "uniform"


class GlorotNormal(_NamedScaling):
    """Glorot (Xavier) normal initializer.

    A truncated normal of variance ``2 / (fan_in + fan_out)`` (Glorot and Bengio, 2010).
    """

    scale, mode, distribution = 1.0, "fan_avg", "truncated_normal"


class HeUniform(_NamedScaling):
    """He (Kaiming) uniform initializer, for layers with relu.

    ``w ~ U(±sqrt(6 / fan_in))`` (He et al., 2015).
    """

    scale, mode, distribution = 2.0, "fan_in", "uniform"


class HeNormal(_NamedScaling):
    """He (Kaiming) normal initializer, for layers with relu.

    A truncated normal of variance ``2 / fan_in`` (He et al., 2015).
    """

    scale, mode, distribution = 2.0, "fan_in", "truncated_normal"


class LecunUniform(_NamedScaling):
    """LeCun uniform initializer.

    ``w ~ U(±sqrt(3 / fan_in))`` (LeCun et al., 1998).
    """

    scale, mode, distribution = 1.0, "fan_in", "uniform"


class LecunNormal(_NamedScaling):
    """LeCun normal initializer, for layers with selu.

    A truncated normal of variance ``1 / fan_in`` (LeCun et al., 1998).
    """

    scale, mode, distribution = 1.0, "fan_in", "truncated_normal"


class Orthogonal(_Random):
    """A random orthogonal matrix, the default of recurrent kernels.

    Orthonormal columns, or rows if there are fewer rows, uniformly distributed (Saxe et al., 2014). A weight of more
    axes is filled as the matrix (product of all axes but the last, last axis).
    """

    aliases = ("OrthogonalInitializer",)

    gain: FiniteFloat = 1.0
    """The factor of the matrix."""
    seed: NonNegativeInt | None = None
    """The seed of this weight's random values; by default they follow from the model's seed."""

    def require(self, shape: tuple[int, ...]) -> None:
        """Two axes or more."""
        if len(shape) < 2:
            raise ShapeError(
                f"the initializer Orthogonal needs two axes or more, found the shape {format_shape(shape)}"
            )

    def _sample(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        self.require(shape)
        rows, columns = math.prod(shape[:-1]), shape[-1]
        if min(rows, columns) > MAX_ORTHOGONAL:
            raise ShapeError(
                f"the initializer Orthogonal fills matrices of at most {MAX_ORTHOGONAL} rows or columns, "
                f"found {rows} by {columns}",
                "use glorot_normal",
            )
        with one_blas_thread():
            q, r = np.linalg.qr(generator.standard_normal((max(rows, columns), min(rows, columns)), np.float32))
        # The signs of r's diagonal make the distribution uniform (Mezzadri, 2007).
        q = q * np.where(np.diag(r) < 0, np.float32(-1), np.float32(1))
        matrix = q if rows >= columns else q.T
        return (np.float32(self.gain) * matrix).reshape(shape)


InitializerField = Annotated[Initializer, INITIALIZERS.field()]
