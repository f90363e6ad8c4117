"""Layers that mix images with each other, or changes with each other, in training."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import Any, cast

from modelc.config.options import NonNegativeFloat, SmallCount
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.augmentation.base import (
    Augmentation,
    Share,
    WithFormat,
    WithInterpolation,
    WithSeed,
    WithValueRange,
    limits,
)
from modelc.layers.augmentation.colour import (
    RandomBrightness,
    RandomColorDegeneration,
    RandomContrast,
    RandomPosterization,
    Solarization,
)
from modelc.layers.augmentation.draws import PER_BATCH, Draws, Grid, extents, rectangle
from modelc.layers.augmentation.filters import Equalization, RandomSharpness
from modelc.layers.augmentation.geometry import Displacement, RandomRotation, RandomShear, RandomTranslation
from modelc.layers.base import Layer
from modelc.layers.image.contrast import AutoContrast
from modelc.ops.shuffle import Shuffle


def _shuffled(draws: Draws) -> Tensor:
    """The images in a random order."""
    return draws.images.emit(Shuffle(), draws.uniform(shape=(None,)))


class _CutOptions(Augmentation, ABC):
    factor: Share = 1.0
    """The parameter of the Beta distribution from which the size of the rectangle is drawn."""


class CutMix(WithFormat, WithSeed, _CutOptions):
    """Replaces a rectangle of each image by that of another image of the batch in training.

    In training, as in Yun et al., 2019; else ``y = x``.

    The rectangle's fraction of the image area is 1 - w with w ~ Beta(a, a) and a drawn from `factor` once per batch.
    Labels are not mixed, since a layer of a model does not receive them; the same holds in Keras.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        draws = Draws.of(self, g, x)
        height, width, _ = extents(x)
        alpha = draws.uniform(limits(self.factor, 0.0), PER_BATCH) + 1e-6
        share = (1 - draws.beta(alpha)).sqrt()
        mask = rectangle(draws, Grid.of(g, height, width, after=1), share, share)
        return _shuffled(draws).where(mask, x)


class _Alpha(Augmentation, ABC):
    alpha: NonNegativeFloat = 0.2
    """The parameter of the Beta distribution from which the mixing weights are drawn; small values mix little."""


class MixUp(WithSeed, WithFormat, _Alpha):
    """Mixes each image with another image of the batch in training.

    In training, ``y = w·x + (1 - w)·x'``, x' another image of the batch and w ~ Beta(alpha, alpha) (Zhang et al.,
    2018); else ``y = x``.

    Labels are not mixed, since a layer of a model does not receive them; the same holds in Keras.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        draws = Draws.of(self, g, x)
        weight = draws.beta(self.alpha)
        return x * weight + _shuffled(draws) * (1 - weight)


class Mixture(Augmentation, ABC):
    """Base of layers that apply randomly chosen operations of a fixed set."""

    def changes(self, *, all_ops: bool = True) -> tuple[Layer, ...]:
        """The changes, as layers."""
        mine = cast("Any", self)
        low, high = limits(mine.factor, 0.0)
        factor, seed, value_range = (low, high), self.own_seed, mine.value_range
        images: dict[str, Any] = {"interpolation": mine.interpolation, "seed": seed}
        colours: dict[str, Any] = {"value_range": value_range, "seed": seed}
        some = (
            RandomShear(x_factor=factor, y_factor=factor, **images),
            RandomTranslation(height_factor=factor, width_factor=factor, **images),
            RandomRotation(factor=factor, **images),
            RandomPosterization(factor=max(1, int(8 * high)), **colours),
            Solarization(addition_factor=factor, threshold_factor=factor, **colours),
            AutoContrast(value_range=value_range),
            Equalization(value_range=value_range),
        )
        if not all_ops:
            return some
        others = RandomBrightness, RandomColorDegeneration, RandomContrast, RandomSharpness
        return (*some, *(layer(factor=factor, **colours) for layer in others))

    def one_of(self, g: Builder, x: Tensor, layers: Sequence[Layer], index: Tensor) -> Tensor:
        """x changed by the layer of this number; x itself beyond the last one.

        All changes are computed, but for those of coordinates, which are drawn first, so that images are read once.
        """
        height, width, _ = extents(x)
        draws, grid = Draws.of(self, g, x), Grid.of(g, height, width)
        rows, columns = grid.rows, grid.columns
        moved: Displacement | None = None
        for number, layer in enumerate(layers):
            if isinstance(layer, Displacement):
                chosen, moved = index.equal(float(number)), layer
                down, right = layer.coordinates(draws, grid)
                rows, columns = down.where(chosen, rows), right.where(chosen, columns)
        result = x
        if moved is not None:
            result = moved.read(x, rows, columns)
        for number, layer in enumerate(layers):
            if not isinstance(layer, Displacement):
                changed = layer.augment(g, x) if isinstance(layer, Augmentation) else layer.call(g, x)
                assert isinstance(changed, Tensor)
                result = changed.where(index.equal(float(number)), result)
        return result


class _Ops(Augmentation, ABC):
    num_ops: SmallCount = 2
    """The number of operations applied to each image."""
    factor: Share = 0.5
    """The strength of the operations, from 0 to 1."""


class RandAugment(WithFormat, Mixture, WithSeed, WithInterpolation, _Ops, WithValueRange):
    """Applies randomly chosen augmentation operations to images in training.

    In training, some operations of a fixed set are applied (Cubuk et al., 2020); else ``y = x``.

    The operations are chosen once per batch, their strengths drawn per image: shear, translation, rotation, brightness,
    colour degeneration, contrast, sharpness, posterization, solarization, auto-contrast and equalization, computed as
    the layers of these names do with this `factor`.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        self.require_colours(x, 1, 3)
        changes = self.changes()
        for _ in range(self.num_ops):
            x = self.one_of(g, x, changes, Draws.of(self, g, x).integer(len(changes), PER_BATCH))
        return x


class _Chains(Augmentation, ABC):
    num_chains: SmallCount = 3
    """The number of augmentation chains whose results are mixed."""
    chain_depth: SmallCount = 3
    """The maximum number of operations in a chain."""
    factor: Share = 0.3
    """The strength of the changes, from 0 to 1."""
    alpha: NonNegativeFloat = 1.0
    """The parameter of the Dirichlet and Beta distributions from which the mixing weights are drawn."""
    all_ops: bool = True
    """Whether the operations include brightness, colour degeneration, contrast and sharpness."""


class AugMix(WithFormat, Mixture, WithSeed, WithInterpolation, _Chains, WithValueRange):
    """Mixes images with augmented versions of themselves in training.

    In training, ``y = clip(m·x + (1 - m)·Σ w·chain(x))`` (Hendrycks et al., 2020); else ``y = x``.

    A chain is up to `chain_depth` operations of RandAugment; without `all_ops`, brightness, colour degeneration,
    contrast and sharpness are excluded. The operations, w ~ Dirichlet(alpha, …) and m ~ Beta(alpha, alpha) are drawn
    once per batch, the strengths of the operations per image.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        draws, image = Draws.of(self, g, x), x
        if self.all_ops:
            self.require_colours(x, 1, 3)
        changes = self.changes(all_ops=self.all_ops)
        weights = draws.dirichlet(self.alpha, self.num_chains)
        kept = draws.beta(self.alpha, PER_BATCH)
        mixed: Tensor | None = None
        for number in range(self.num_chains):
            chain = x
            for _ in range(self.chain_depth):
                # One more than there are: nothing is done.
                chain = self.one_of(g, chain, changes, draws.integer(len(changes) + 1, PER_BATCH))
            weight = weights.part(1, number, number + 1).under(())
            mixed = chain * weight if mixed is None else mixed + chain * weight
        assert mixed is not None
        return (image * kept + mixed * (1 - kept)).clip(*self.value_range)
