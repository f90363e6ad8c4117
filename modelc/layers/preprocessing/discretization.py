"""Discretization."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BeforeValidator, PositiveFloat, PositiveInt, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import FiniteFloat
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer
from modelc.layers.preprocessing.encode import Encoding, encode
from modelc.ops.constant import Constant

_MAX_BOUNDARIES = 1 << 16


def _bounded(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return value
    boundaries = tuple(cast("list[Any]", value))
    if len(boundaries) > _MAX_BOUNDARIES:
        raise PydanticCustomError("value", "expected at most {most} boundaries", {"most": _MAX_BOUNDARIES})
    return boundaries


_Boundaries = Annotated[
    tuple[FiniteFloat, ...] | None,
    BeforeValidator(_bounded),
    WithJsonSchema({"type": ["array", "null"], "items": {"type": "number"}, "maxItems": _MAX_BOUNDARIES}),
]


class Discretization(Layer):
    """Replaces numbers by the index of their bin.

    ``y = number of boundaries b ≤ x``: bin i holds boundaries[i - 1] ≤ x < boundaries[i].

    `int` gives the bin indices; the other modes encode them as vectors of length `len(bin_boundaries) + 1`, as
    CategoryEncoding does.
    """

    keras_renamed = (("bins", "bin_boundaries"),)

    bin_boundaries: _Boundaries = None
    """The bin boundaries in ascending order: n boundaries make n + 1 bins."""
    num_bins: PositiveInt | None = None
    """The number of bins that Keras's `adapt` computes boundaries for."""
    epsilon: PositiveFloat = 0.01
    """The approximation error that Keras's `adapt` allows for quantiles."""
    output_mode: Literal["int"] | Encoding = "int"
    """The encoding: the bin index (`int`), a vector per number (`one_hot`), a vector per sample with 1 for each bin
    present (`multi_hot`), or with the number of occurrences (`count`)."""
    sparse: Literal[False] = False
    """Must be false: modelc has no sparse tensors."""

    @classmethod
    def keras_options(cls, saved_as: str, options: Mapping[str, Any]) -> dict[str, Any]:
        made = super().keras_options(saved_as, options)
        return {**made, "output_mode": "multi_hot"} if made.get("output_mode") == "binary" else made

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.bin_boundaries is None:
            help = "a layer with `num_bins` alone must be adapted to data in Keras first"
            raise PydanticCustomError("value", "`bin_boundaries` is needed", {"help": help})
        if any(a > b for a, b in pairwise(self.bin_boundaries)):
            raise PydanticCustomError("value", "`bin_boundaries` must ascend")
        return self

    def call(self, g: Builder, x: Tensor) -> Tensor:
        boundaries = self.bin_boundaries or ()
        bins = self._bins(g, x.as_float(), boundaries)
        if self.output_mode == "int":
            return bins.cast("int32")
        return encode(bins, self.output_mode, len(boundaries) + 1)

    def _bins(self, g: Builder, x: Tensor, boundaries: tuple[float, ...]) -> Tensor:
        if not boundaries:
            return abs(x).greater(math.inf)  # 0 for NaN, too
        column = x.reshape((*x.shape, 1))
        # Counting those above puts NaN into the last bin, as NumPy's digitize does.
        above = column.less(g.emit(Constant(boundaries, (len(boundaries),))))
        return float(len(boundaries)) - above.sum((x.rank,))
