"""BatchNormalization: a scale and a shift per channel at inference, batch statistics in training."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, cast

import numpy as np
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.config.options import AxisOrAxes, Rate
from modelc.errors import ShapeError
from modelc.graph.axes import dims_of, sample_axes
from modelc.graph.builder import Builder
from modelc.graph.formulas import along, moments, whole_moments
from modelc.graph.tensor import Tensor, constant
from modelc.initializers.classes import Initializer, InitializerField, Ones, Zeros
from modelc.layers.base import Layer
from modelc.layers.normalization.gamma_and_beta import GammaAndBeta, GammaAndBetaPenalties
from modelc.ops.base import Array
from modelc.ops.shape import Reshape
from modelc.text.unknown import unknown

_MASK_EPSILON = 1e-7
"""`keras.config.epsilon()`: keeps the mean of a wholly masked batch finite."""

_CLIPS = ("rmax", "rmin", "dmax")


def _clipping(value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise PydanticCustomError("value_type", "expected a mapping of {keys}", {"keys": ", ".join(_CLIPS)})
    limits = cast("Mapping[Any, Any]", value)
    for key, limit in limits.items():
        if key not in _CLIPS:
            message, help = unknown("limit", str(key), _CLIPS)
            raise PydanticCustomError("value", "{text}", {"text": message, "help": help})
        if isinstance(limit, bool) or not isinstance(limit, int | float | None) or (limit is not None and limit < 0):
            raise PydanticCustomError("value", "`{key}` must be a number of at least 0 or null", {"key": key})
    found = {key: float(limits[key]) for key in _CLIPS if limits.get(key) is not None}
    if found.get("rmin", 0.0) > found.get("rmax", math.inf):
        both: dict[str, Any] = {**found}
        raise PydanticCustomError("value", "`rmin` (={rmin}) must be at most `rmax` (={rmax})", both)
    return found


Clipping = Annotated[
    dict[str, float] | None,
    BeforeValidator(_clipping),
    WithJsonSchema(
        {
            "type": ["object", "null"],
            "properties": {key: {"type": ["number", "null"], "minimum": 0} for key in _CLIPS},
            "additionalProperties": False,
        }
    ),
]


class _SquareRoot(Initializer):
    """The square root of another initializer's draw: a standard deviation that belongs to a variance."""

    of: InitializerField

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        return np.sqrt(self.of.draw(shape, generator))


class _AxisAndMomentum(Layer):
    axis: AxisOrAxes = -1
    """The channel axis, or several axes (as in Keras 2), each position of which has its own statistics; -1 is the
    last."""
    momentum: Rate = 0.99
    """The momentum of the moving averages: the fraction of the old value kept in each training step. 0.99 averages over
    about the last 100 batches."""


class _MovingInitializers(Layer):
    moving_mean_initializer: InitializerField = Zeros()
    """The initializer of the moving mean."""
    moving_variance_initializer: InitializerField = Ones()
    """The initializer of the moving variance."""


class BatchNormalization(GammaAndBetaPenalties, _MovingInitializers, GammaAndBeta, _AxisAndMomentum):
    """Normalizes each channel with the statistics of the batch in training and with moving averages at inference.

    ``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta`` per channel (Ioffe and Szegedy, 2015).

    At inference, mean and variance are the moving averages. In training, unless the layer is frozen, they are those of
    the batch (of its unmasked positions if a mask (N, ...), one axis short of x, is given), and the moving averages
    become ``moving·momentum + batch·(1 - momentum)``. Batch renormalization (Ioffe, 2017) corrects the batch statistics
    towards moving averages of its own. Weights: gamma, beta, moving_mean, moving_variance, each (C,) or, if `axis` is a
    list, of the rank of x with size 1 along all other axes; with `renorm` also moving_stddev, renorm_mean,
    renorm_stddev.
    """

    keras_names = ("BatchNormalizationV1", "BatchNormalizationV2", "SyncBatchNormalization")
    keras_ignored = ("fused",)

    differs_in_training = True

    input_names = ("inputs", "mask")
    supports_masking = True

    renorm: bool = False
    """Whether to use batch renormalization, which makes training with small batches more stable."""
    renorm_clipping: Clipping = None
    """The limits of the renormalization correction: `rmin` and `rmax` for the scale, `dmax` for the shift."""
    renorm_momentum: Rate = 0.99
    """The momentum of the moving averages of renormalization."""
    synchronized: bool = False
    """Whether the statistics are those of the whole batch where training splits it into micro-batches, by an exchange
    between all processes that train. Unless it is split they are."""

    @classmethod
    def keras_options(cls, saved_as: str, options: Mapping[str, Any]) -> dict[str, Any]:
        made = super().keras_options(saved_as, options)
        if saved_as == "SyncBatchNormalization":
            made.setdefault("synchronized", True)
        axis = made.get("axis")
        if isinstance(axis, list) and len(cast("list[Any]", axis)) == 1:  # so written by TensorFlow's Keras
            made["axis"] = axis[0]
        return made

    def call(self, g: Builder, x: Tensor, mask: Tensor | None = None) -> Tensor:
        mask = g.masks.of(x) if mask is None else mask
        x = x.as_float()
        if mask is not None and mask.rank != x.rank - 1:
            raise ShapeError(f"the mask {mask.type} must have one axis less than the input {x.type}")
        axes = sample_axes(self.axis, x.rank)
        shape = _shape_of_weights(x, axes)
        gamma = g.weight("gamma", shape, self.gamma_initializer) if self.scale else None
        beta = g.weight("beta", shape, self.beta_initializer) if self.center else None
        mean = g.weight("moving_mean", shape, self.moving_mean_initializer, trainable=False)
        variance = g.weight("moving_variance", shape, self.moving_variance_initializer, trainable=False)
        moving = (mean, variance)
        renorm = self._renorm_weights(g, shape) if self.renorm else ()
        if g.training and not g.frozen:
            mean, variance = self._batch_statistics(g, x, mask, axes)
            if self.renorm:
                gamma, beta = self._renormalize(g, (mean, variance), gamma, beta, moving, renorm)
            else:
                for statistic, batch in zip(moving, (mean, variance), strict=True):
                    g.assign(statistic, _average(statistic, batch, self.momentum))
        factor = (variance + self.epsilon).rsqrt()
        if gamma is not None:
            factor = gamma * factor
        offset = mean * factor
        offset = -offset if beta is None else beta - offset
        if len(axes) == 1:
            factor, offset = (along(w, axes, x.rank) for w in (factor, offset))
        return x * factor + offset

    def _renorm_weights(self, g: Builder, shape: tuple[int, ...]) -> tuple[Tensor, Tensor, Tensor]:
        stddev = _SquareRoot(of=self.moving_variance_initializer)
        return (
            g.weight("moving_stddev", shape, stddev, trainable=False),
            g.weight("renorm_mean", shape, self.moving_mean_initializer, trainable=False),
            g.weight("renorm_stddev", shape, stddev, trainable=False),
        )

    def _batch_statistics(
        self, g: Builder, x: Tensor, mask: Tensor | None, channel_axes: tuple[int, ...]
    ) -> tuple[Tensor, Tensor]:
        axes = tuple(a for a in range(x.rank) if a not in channel_axes)
        if mask is None:
            mean, variance = whole_moments(g, x, axes) if self.synchronized else moments(x, axes)
        else:
            mean, variance = _masked_moments(x, mask, axes, g.over_parts if self.synchronized else _same)
        channels = Reshape(_shape_of_weights(x, channel_axes))
        return mean.emit(channels), variance.emit(channels)

    def _renormalize(
        self,
        g: Builder,
        batch: tuple[Tensor, Tensor],
        gamma: Tensor | None,
        beta: Tensor | None,
        moving: tuple[Tensor, Tensor],
        renorm: Sequence[Tensor],
    ) -> tuple[Tensor, Tensor]:
        """Update all statistics; the gamma and beta that make up for the difference to the moving ones.

        ``gamma' = r·gamma``, ``beta' = d·gamma + beta`` with ``r = σ / σ_renorm``, ``d = (μ - μ_renorm) / σ_renorm``.
        """
        mean, variance = batch
        moving_mean, moving_variance = moving
        moving_stddev, renorm_mean, renorm_stddev = renorm
        stddev = (variance + self.epsilon).sqrt()
        limit = constant(g, math.sqrt(self.epsilon))
        reference = renorm_stddev.maximum(limit)
        r = stddev / reference
        d = (mean - renorm_mean) / reference
        clip = self.renorm_clipping or {}
        if "rmin" in clip:
            r = r.maximum(clip["rmin"])
        if "rmax" in clip:
            r = r.minimum(clip["rmax"])
        if "dmax" in clip:
            d = d.minimum(clip["dmax"]).maximum(-clip["dmax"])
        r, d = g.stop_gradient(r), g.stop_gradient(d)
        g.assign(renorm_mean, _average(renorm_mean, mean, self.renorm_momentum))
        g.assign(renorm_stddev, _average(renorm_stddev, stddev, self.renorm_momentum))
        g.assign(moving_mean, _average(moving_mean, mean, self.momentum))
        new_stddev = _average(moving_stddev, stddev, self.momentum)
        g.assign(moving_stddev, new_stddev)
        new_variance = new_stddev.square() - self.epsilon
        g.assign(moving_variance, new_variance.relu())
        if gamma is not None:
            r, d = r * gamma, d * gamma
        return r, d if beta is None else d + beta


def _shape_of_weights(x: Tensor, axes: tuple[int, ...]) -> tuple[int, ...]:
    """(C,) for one axis of channels; for several the rank of x, with 1 for the others."""
    if len(axes) == 1:
        return dims_of(x, axes)
    return (1, *(d if axis in axes else 1 for axis, d in enumerate(x.dims, 1)))


def _average(moving: Tensor, new: Tensor, momentum: float) -> Tensor:
    """``moving·momentum + new·(1 - momentum)``."""
    kept, added = moving * momentum, new * (1 - momentum)
    return kept + added


def _same(x: Tensor) -> Tensor:
    return x


def _masked_moments(
    x: Tensor, mask: Tensor, axes: tuple[int, ...], over_parts: Callable[[Tensor], Tensor]
) -> tuple[Tensor, Tensor]:
    """The mean and the variance of x where the mask is 1, over the axes, which keep an extent of 1, and `over_parts` of
    a batch."""
    if any(m not in (1, d) for m, d in zip(mask.shape, x.shape, strict=False)) or mask.shape[0] == 1:
        raise ShapeError(f"the mask {mask.type} does not broadcast to the input {x.type}")
    keep = mask.as_float().reshape((*mask.shape, 1))
    # One element of the mask stands for as many of x as it is repeated along the axes.
    repeats = math.prod(d for a, d in enumerate(x.shape) if a in axes and d and keep.shape[a] == 1)
    kept = over_parts(keep.sum(axes, keepdims=True))
    count = kept * float(repeats) + _MASK_EPSILON

    def mean_of(values: Tensor) -> Tensor:
        total = over_parts((values * keep).sum(axes, keepdims=True))
        return total / count

    mean = mean_of(x)
    return mean, mean_of((x - mean).square())
