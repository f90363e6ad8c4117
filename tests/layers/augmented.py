"""Running one augmentation layer in training, and its draws by themselves."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelc.layers import LAYERS
from modelc.layers.base import Layer
from modelc.ops.random import Random, random_key

Array = np.ndarray[Any, Any]

COLOURED: dict[str, dict[str, Any]] = {
    "RandomBrightness": {"factor": 0.2},
    "RandomContrast": {"factor": 0.4},
    "RandomInvert": {},
    "Solarization": {"addition_factor": 0.3, "threshold_factor": 0.5},
    "RandomPosterization": {"factor": [2, 6]},
    "RandomGrayscale": {},
    "RandomColorDegeneration": {"factor": 0.4},
    "RandomSaturation": {"factor": [0.3, 0.6]},
    "RandomHue": {"factor": 0.4},
    "RandomColorJitter": {
        "brightness_factor": 0.1,
        "contrast_factor": 0.3,
        "saturation_factor": 0.4,
        "hue_factor": 0.2,
    },
    "RandomSharpness": {"factor": 0.8},
    "RandomGaussianBlur": {"kernel_size": [5, 3]},
    "RandomErasing": {},
    "Equalization": {"bins": 64},
}
MOVED: dict[str, dict[str, Any]] = {
    "RandomFlip": {},
    "RandomCrop": {"height": 5, "width": 4},
    "RandomRotation": {"factor": 0.3},
    "RandomTranslation": {"height_factor": 0.3, "width_factor": 0.4},
    "RandomZoom": {"height_factor": 0.3},
    "RandomShear": {"x_factor": 0.4, "y_factor": 0.2},
    "RandomPerspective": {},
    "RandomElasticTransform": {"scale": [0.5, 1.0]},
}
MIXED: dict[str, dict[str, Any]] = {
    "CutMix": {},
    "MixUp": {},
    "RandAugment": {},
    "AugMix": {"num_chains": 2, "chain_depth": 2},
}
ALL = {**COLOURED, **MOVED, **MIXED}
"""Every augmentation layer, with options with which it changes images."""


def pictures(samples: int = 6, height: int = 9, width: int = 7, channels: int = 3, high: float = 255.0) -> Array:
    """Smooth images in the value range, as photographs are, with some noise."""
    rng = np.random.default_rng(samples + height)
    i, j = np.mgrid[:height, :width]
    phase = rng.uniform(0, 6, (samples, 1, 1, channels))
    waves = 0.5 + 0.35 * np.sin(0.5 * i[..., None] + phase) * np.cos(0.4 * j[..., None] - phase)
    return ((waves + rng.uniform(-0.1, 0.1, waves.shape)) * high).astype(np.float32)


def make(name: str, **options: Any) -> Layer:
    """The layer of this name."""
    return LAYERS[name](**options)


def drawn(number: int, *shape: int, kind: Any = "uniform", step: int = 0, low: float = 0.0, high: float = 1.0) -> Array:
    """The draw of this number of a layer at `layer` of the seed 0, by the generator alone."""
    words = Random(kind, shape, random_key(0, f"layer/{number}")).compute(np.array(step, np.int32))
    return (low + (high - low) * words).astype(np.float32)
