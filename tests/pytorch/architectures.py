"""The sizes of the architectures that `torch_models.py` defines with PyTorch and `specs.py` as specs."""

from __future__ import annotations

MOBILE = ((1, 8, 1, 1), (6, 12, 2, 2), (6, 16, 3, 2), (6, 24, 2, 1))
"""Expansion, channels, blocks and stride of each stage of a MobileNetV2."""
VGG_LAYERS = (8, "M", 16, "M", 16, 16, "M", 24, 24, "M", 24, 24)
"""torchvision's configuration `A` without its last pooling, so that several places are left to flatten."""
DENSE = (3, 11, 4)
"""Layers in each block of a DenseNet; more than nine, so that numbers are not in the order of letters."""
