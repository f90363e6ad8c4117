"""Layers that move the pixels of images in training: mirrored, turned, shifted, enlarged, sheared, cut, distorted."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any, Literal, cast

from pydantic import PositiveInt, field_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import Rate
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.augmentation.base import (
    Augmentation,
    OptionalSigned,
    Share,
    Signed,
    WithChance,
    WithFillMode,
    WithFillValue,
    WithFormat,
    WithInterpolation,
    WithSeed,
    WithSignedFactor,
    WithValueRange,
    limits,
)
from modelc.layers.augmentation.draws import PER_BATCH, Draws, Grid, extents
from modelc.layers.image.blur import blur, gaussian
from modelc.layers.image.resizing import Resizing
from modelc.ops.resample import Resample
from modelc.ops.shape import Slice
from modelc.ops.warp import FillMode, Warp
from modelc.semantics import CropAtInference

_EACH = (None, 1, 1)
"""A number for each image, to be computed with rows and columns."""
_LEAST_SIGMA = 1e-6


class _Mode(Augmentation, ABC):
    mode: Literal["horizontal", "vertical", "horizontal_and_vertical"] = "horizontal_and_vertical"
    """The flip direction: left-right (`horizontal`), top-bottom (`vertical`), or both."""


class RandomFlip(WithFormat, WithSeed, _Mode):
    """Randomly flips images in training.

    In training, half of the images are flipped, along both axes at once if `mode` names both; else ``y = x``.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        height, width, _ = extents(x)
        chosen, grid = Draws.of(self, g, x).uniform(shape=_EACH).less_equal(0.5), Grid.of(g, height, width)
        rows, columns = grid.rows, grid.columns
        if self.mode != "horizontal":
            rows = (height - 1 - rows).where(chosen, rows)
        if self.mode != "vertical":
            columns = (width - 1 - columns).where(chosen, columns)
        return x.emit(Warp("nearest", "nearest"), rows, columns)


class _Size(Augmentation, ABC):
    height: PositiveInt
    """The height of the crop in pixels."""
    width: PositiveInt
    """The width of the crop in pixels."""


class RandomCrop(WithFormat, WithSeed, _Size):
    """Crops images at a random position in training.

    In training, the same random position is used for all images of a batch; else ``y = x``, as Keras computes it.

    Images that are not larger than the crop along both axes are resized instead. Since training and inference give
    different sizes, the following layers must accept both, as convolutions and global pooling do. Keras's own summary
    shows the crop size regardless.
    """

    def call(self, g: Builder, x: Tensor) -> Tensor:
        if g.training or g.semantics.crop_at_inference is CropAtInference.LEFT_ALONE:
            return super().call(g, x)
        middle = Resizing(self.height, self.width, crop_to_aspect_ratio=True, data_format=self.data_format)
        return middle.call(g, x.as_float())

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        height, width, _ = extents(x)
        if height > self.height and width > self.width:
            draws, grid = Draws.of(self, g, x), Grid.of(g, self.height, self.width)
            rows = grid.rows + draws.integer(height - self.height + 1, PER_BATCH)
            columns = grid.columns + draws.integer(width - self.width + 1, PER_BATCH)
            return x.emit(Warp("nearest", "nearest"), rows, columns)
        # Keras starts where a part of the wanted aspect ratio would lie in the middle, takes as much of the wanted
        # size as there is from there on, and resizes that.
        top = (height - max(1, min(height, width * self.height // self.width))) // 2
        left = (width - max(1, min(width, height * self.width // self.height))) // 2
        stops = (None, min(height, top + self.height), min(width, left + self.width), None)
        x = x.emit(Slice((0, top, left, 0), stops, (1,) * 4))
        for axis, size in ((1, self.height), (2, self.width)):
            if x.shape[axis] != size:
                x = x.emit(Resample(axis, size, "bilinear"))
        return x


class Displacement(Augmentation, ABC):
    """Base of layers that read each image at coordinates: ``y[i, j] = x[rows(i, j), columns(i, j)]``."""

    @abstractmethod
    def coordinates(self, draws: Draws, grid: Grid) -> tuple[Tensor, Tensor]:
        """The rows and columns of the input that those of the output come from."""

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        height, width, _ = extents(x)
        return self.read(x, *self.coordinates(Draws.of(self, g, x), Grid.of(g, height, width)))

    def read(self, x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
        """The images at these coordinates."""
        options = cast("Any", self)
        fill_mode: FillMode = getattr(self, "fill_mode", "constant")
        return x.emit(Warp(options.interpolation, fill_mode, options.fill_value), rows, columns)


class RandomRotation(
    Displacement, WithFormat, WithFillValue, WithSeed, WithInterpolation, WithFillMode, WithSignedFactor
):
    """Randomly rotates images in training.

    In training, images are rotated about their centres by `factor` of a full turn; else ``y = x``.

    With the angle t, ``rows = sin(t)·j + cos(t)·i`` and ``columns = cos(t)·j - sin(t)·i`` from the centre.
    """

    def coordinates(self, draws: Draws, grid: Grid) -> tuple[Tensor, Tensor]:
        angle = draws.uniform(limits(self.factor), _EACH) * (2 * math.pi)
        sine, cosine = angle.sin(), angle.cos()
        middle_row, middle_column = (grid.height - 1) / 2, (grid.width - 1) / 2
        rows, columns = grid.rows - middle_row, grid.columns - middle_column
        return columns * sine + rows * cosine + middle_row, columns * cosine - rows * sine + middle_column


class _Factors(Augmentation, ABC):
    height_factor: Signed
    """The range of the factor along the height, `[low, high]`, as a fraction of the height; a single number f stands
    for `[-f, f]`."""
    width_factor: Signed
    """The range of the factor along the width, `[low, high]`, as a fraction of the width; a single number f stands for
    `[-f, f]`."""


class RandomTranslation(Displacement, WithFormat, WithFillValue, WithSeed, WithInterpolation, WithFillMode, _Factors):
    """Randomly shifts images in training.

    In training, images are shifted down and to the right by these fractions of their size; else ``y = x``.
    """

    def coordinates(self, draws: Draws, grid: Grid) -> tuple[Tensor, Tensor]:
        down = draws.uniform(limits(self.height_factor), _EACH) * grid.height
        right = draws.uniform(limits(self.width_factor), _EACH) * grid.width
        return grid.rows - down, grid.columns - right


class RandomZoom(Displacement, WithFormat, WithFillValue, WithSeed, WithInterpolation, WithFillMode, _Factors):
    """Randomly zooms images in training.

    In training, images are zoomed out (factors above 0) or in (below 0) about their centres; else ``y = x``.

    Coordinates relative to the centre are multiplied by ``1 + factor``.
    """

    width_factor: OptionalSigned = None
    """The range of the factor along the width; null uses the factor drawn for the height, which keeps the aspect
    ratio."""

    @field_validator("height_factor", "width_factor")
    @classmethod
    def _leaves_an_image(cls, value: Any) -> Any:
        if value is not None and limits(value)[0] == -1 and value != 1.0:
            raise PydanticCustomError("value", "expected numbers above -1, at which nothing is left of an image")
        return value

    def coordinates(self, draws: Draws, grid: Grid) -> tuple[Tensor, Tensor]:
        rows_by = draws.uniform(limits(self.height_factor), _EACH) + 1
        columns_by = rows_by if self.width_factor is None else draws.uniform(limits(self.width_factor), _EACH) + 1
        middle_row, middle_column = (grid.height - 1) / 2, (grid.width - 1) / 2
        rows = (grid.rows - middle_row) * rows_by + middle_row
        return rows, (grid.columns - middle_column) * columns_by + middle_column


class _Shear(Augmentation, ABC):
    x_factor: Share = 0.0
    """The range of the shear along the width."""
    y_factor: Share = 0.0
    """The range of the shear along the height."""


class RandomShear(Displacement, WithSeed, WithFormat, WithFillValue, WithFillMode, WithInterpolation, _Shear):
    """Randomly shears images in training.

    In training, images are sheared in either direction: ``rows = i + y·j``, ``columns = j + x·i``; else ``y = x``.
    """

    def coordinates(self, draws: Draws, grid: Grid) -> tuple[Tensor, Tensor]:
        sign = draws.sign(_EACH)
        y, x = (draws.uniform(limits(factor), _EACH) * sign for factor in (self.y_factor, self.x_factor))
        return grid.columns * y + grid.rows, grid.rows * x + grid.columns


class _Perspective(WithChance, ABC):
    scale: Rate = 1.0
    """The strength of the distortion: how far the corners move, as a fraction of the image size."""


class RandomPerspective(Displacement, WithFormat, WithSeed, WithFillValue, WithInterpolation, _Perspective):
    """Randomly distorts the perspective of images in training.

    In training, three corners of each image are displaced; else ``y = x``.

    The corners (0, 1), (1, 0) and (1, 1), in rows and columns, move to (0, a), (b, 0) and (d, c), each number drawn
    from ``1 ± scale/2``. The inverse projection, with ``k = a·d + b·c - a·b`` and i, j from 0 to 1, is ``rows = k·i /
    (a·b·d·D)`` and ``columns = k·j / (a·b·c·D)``, ``D = 1 - (b - d)/(b·c)·j - (a - c)/(a·d)·i``.
    """

    def coordinates(self, draws: Draws, grid: Grid) -> tuple[Tensor, Tensor]:
        chosen = _for_grid(draws.chance(limits(self.factor, 0.0)))
        reach = 1 - self.scale / 2, 1 + self.scale / 2
        a, b, c, d = (draws.uniform(reach, _EACH) for _ in range(4))
        i, j = grid.rows / max(1, grid.height - 1), grid.columns / max(1, grid.width - 1)
        k = a * d + b * c - a * b
        depth = 1 - j * ((b - d) / (b * c)) - i * ((a - c) / (a * d))
        rows, columns = grid.rows * (k / (a * b * d)) / depth, grid.columns * (k / (a * b * c)) / depth
        return rows.where(chosen, grid.rows), columns.where(chosen, grid.columns)


class _Elastic(WithChance, ABC):
    scale: Share = 1.0
    """The strength of the distortion: how far pixels move."""


class RandomElasticTransform(
    Displacement, WithFormat, WithSeed, WithValueRange, WithFillValue, WithFillMode, WithInterpolation, _Elastic
):
    """Randomly applies an elastic distortion to images in training.

    In training, pixels are moved by smooth random displacements (Simard et al., 2003); else ``y = x``.

    With s drawn from `scale` once per batch, each pixel is displaced along each axis by ``0.1·s·max(height, width)``
    times normal random numbers of standard deviation ``σ = 0.05·s·min(height, width)``, blurred by a Gaussian of the
    same σ, truncated at 3·σ. Keras on JAX and TensorFlow draws the same numbers for both axes; on other backends, as
    here, they are independent.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        if limits(self.scale)[1] == 0 or limits(self.factor)[1] == 0:
            return x
        return super().augment(g, x).clip(*self.value_range)

    def coordinates(self, draws: Draws, grid: Grid) -> tuple[Tensor, Tensor]:
        g, shorter, longer = draws.g, min(grid.height, grid.width), max(grid.height, grid.width)
        chosen = _for_grid(draws.chance(limits(self.factor, 0.0)))
        low, high = limits(self.scale, 0.0)
        scale = draws.uniform((low, high), PER_BATCH)
        sigma = (scale * (0.05 * shorter)).maximum(_LEAST_SIGMA)
        noise = draws.normal((None, grid.height, grid.width, 2)) * sigma
        weights = gaussian(g, math.floor(3 * 0.05 * shorter * high), sigma, cut=3.0)
        noise = blur(noise, weights, weights) * (scale * (0.1 * longer))
        down, right = (noise.part(3, axis, axis + 1).under((None, grid.height, grid.width)) for axis in range(2))
        return (down + grid.rows).where(chosen, grid.rows), (right + grid.columns).where(chosen, grid.columns)


def _for_grid(x: Tensor) -> Tensor:
    """A number for each image, to be computed with rows and columns."""
    return x.under(_EACH)
