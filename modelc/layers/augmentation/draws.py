"""The random draws of augmentation layers, and what images are drawn on."""

from __future__ import annotations

from dataclasses import dataclass

from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import Shape
from modelc.layers.augmentation.base import Augmentation, Limits
from modelc.layers.regularization.draws import draw
from modelc.ops.constant import Constant, Range
from modelc.ops.gather import Gather
from modelc.ops.random import RandomKind
from modelc.ops.reduce import ReduceKind

PER_IMAGE: Shape = (None, 1, 1, 1)
"""One number for each image, to be computed with (N, height, width, C)."""
PER_BATCH: Shape = ()
"""One number for all images."""

_TINY = 2.0**-24
"""The step between uniform numbers, which are multiples of it from 0 on."""
_TRIES = 8
_LEAST_ALPHA = 1e-6


@dataclass(frozen=True)
class Draws:
    """The draws of one use of a layer: new ones in every step and for every call of a method."""

    g: Builder
    images: Tensor
    seed: int | None

    @classmethod
    def of(cls, layer: Augmentation, g: Builder, images: Tensor) -> Draws:
        """Those of a layer on these images."""
        return cls(g, images, layer.own_seed)

    def uniform(self, limits: Limits = (0.0, 1.0), shape: Shape = PER_IMAGE) -> Tensor:
        """``low + (high - low)·u`` with u uniform, 0 ≤ u < 1."""
        low, high = limits
        return self._draw("uniform", shape) * (high - low) + low

    def normal(self, shape: Shape) -> Tensor:
        """Mean 0, variance 1."""
        return self._draw("normal", shape)

    def integer(self, count: int, shape: Shape = PER_IMAGE) -> Tensor:
        """0, 1, …, count - 1, equally likely: u < 1 is so far from 1 that ``count·u`` is not rounded to count."""
        return (self._draw("uniform", shape) * count).floor()

    def chance(self, limits: Limits) -> Tensor:
        """1 with a probability that is drawn for each image as well, else 0."""
        probability = self.uniform(limits)
        return self.uniform().less(probability)

    def sign(self, shape: Shape = PER_IMAGE) -> Tensor:
        """1 or -1."""
        return self._draw("uniform", shape).less_equal(0.5) * 2 - 1

    def beta(self, alpha: Tensor | float, shape: Shape = PER_IMAGE) -> Tensor:
        """Beta(alpha, alpha): ``a / (a + b)`` of two numbers of the gamma distribution, by their logarithms."""
        return (self.log_gamma(alpha, shape) - self.log_gamma(alpha, shape)).sigmoid()

    def dirichlet(self, alpha: float, count: int) -> Tensor:
        """Numbers of the gamma distribution over their sum: (1, count)."""
        return self.log_gamma(alpha, (1, count)).softmax(1)

    def log_gamma(self, alpha: Tensor | float, shape: Shape) -> Tensor:
        """The logarithms of numbers of Gamma(alpha, 1), alpha > 0, after Marsaglia and Tsang (2000).

        With ``d = alpha + 2/3``, x normal, u uniform and ``v = (1 + x / sqrt(9·d))³``, the number ``d·v`` is one of
        Gamma(alpha + 1, 1) if v > 0 and ``log u < x²/2 + d·(1 - v + log v)``. Times ``u^(1/alpha)`` it is one of
        Gamma(alpha, 1). The first of eight tries that is so counts: more than 95 of 100 are, so that all fail less than
        once in 10¹⁰.
        """
        alpha = alpha.maximum(_LEAST_ALPHA) if isinstance(alpha, Tensor) else max(alpha, _LEAST_ALPHA)
        axis = len(shape)
        x, u = self.normal((*shape, _TRIES)), self.uniform(shape=(*shape, _TRIES)) + _TINY
        d = alpha + 2 / 3
        width = (d * 9).rsqrt() if isinstance(d, Tensor) else (9 * d) ** -0.5
        root = 1 + x * width
        v = root * root.square()
        positive = v.maximum(_TINY)
        bound = x.square() * 0.5 + (1 - v + positive.log()) * d
        accepted = u.log().less(bound).gate(v)
        rank = (_TRIES - self.g.emit(Range(_TRIES))).gate(accepted)
        first = rank.equal(self._reduce("max", rank, axis))
        number = self._reduce("sum", positive.gate(first), axis)
        number = number.under(shape)
        boost = (self.uniform(shape=shape) + _TINY).log()
        # The numbers themselves may be smaller than any float: that of alpha = 0.01 is often below 1e-45.
        return (number * d).log() + boost / alpha

    def lookup(self, table: tuple[float, ...], index: Tensor) -> Tensor:
        """``table[index]`` for each image."""
        whole = index.under((None,)).cast("int32")
        rows = self.g.emit(Constant(table, (len(table), 1)))
        return whole.emit(Gather(), rows).under(PER_IMAGE)

    def _draw(self, kind: RandomKind, shape: Shape) -> Tensor:
        return draw(self.g, kind, shape, self.images, self.seed)

    def _reduce(self, kind: ReduceKind, x: Tensor, axis: int) -> Tensor:
        return x.reduce(kind, (axis,), keepdims=True)


@dataclass(frozen=True)
class Grid:
    """The rows and columns of images, as numbers along an axis of their own."""

    rows: Tensor
    columns: Tensor
    height: int
    width: int

    @classmethod
    def of(cls, g: Builder, height: int, width: int, after: int = 0) -> Grid:
        """(1, height, 1) and (1, 1, width), with `after` more axes of 1."""
        rows = g.emit(Range(height)).under((1, height, 1, *(1,) * after))
        columns = g.emit(Range(width)).under((1, 1, width, *(1,) * after))
        return cls(rows, columns, height, width)


def extents(x: Tensor) -> tuple[int, int, int]:
    """Height, width and channels of images."""
    height, width, channels = x.dims
    return height, width, channels


def rectangle(draws: Draws, grid: Grid, height: Tensor, width: Tensor) -> Tensor:
    """1 in a rectangle of these shares of the height and the width, at a random place, else 0.

    A pixel is in it where its coordinates are: ``start ≤ i < start + length``.
    """
    columns = _interval(draws, grid.columns, grid.width, width)
    return columns * _interval(draws, grid.rows, grid.height, height)


def _interval(draws: Draws, places: Tensor, length: int, share: Tensor) -> Tensor:
    size = share * length
    start = draws.uniform() * (length - size)
    return places.greater_equal(start) * places.less(start + size)
