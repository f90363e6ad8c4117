"""The families of the zoo, whose members differ in size."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

import pytest

ONE_OF_EACH_FAMILY = {
    "convnext_tiny", "densenet121", "efficientnet_b0", "efficientnet_v2_b0", "inception_resnet_v2", "inception_v3",
    "mobilenet", "mobilenet_v2", "mobilenet_v3_small", "nasnet_mobile", "resnet50", "resnet50_v2", "vgg16", "xception",
}  # fmt: skip


SMALL = {"mobilenet_v2", "mobilenet_v3_small", "vgg16", "xception"}
"""Of different families, and traced in little time."""


def others_slow(names: Iterable[str], quick: Container[str] = ONE_OF_EACH_FAMILY) -> list[Any]:
    """The architectures as parameters, of which all but the quick ones are left to the slow tests."""
    return [name if name in quick else pytest.param(name, marks=pytest.mark.slow) for name in names]
