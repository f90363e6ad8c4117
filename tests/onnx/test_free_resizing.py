"""Pictures of free sizes that are resized, in ONNX Runtime: one file for all sizes, equal to the definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import modelc
from tests.onnx.runtime import assert_equal, called, exported, session

METHODS = "nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area", "gaussian", "mitchellcubic"
SIZES = (9, 12), (4, 4), (17, 3), (3, 31), (64, 50)
RANDOM = np.random.default_rng(0)


def require_same(layer: dict[str, Any], **options: Any) -> None:
    model = modelc.load_spec(
        {"modelc": 1, "input": {"shape": [None, None, 3]}, "layers": [layer], **options}
    ).build(backend="reference")  # fmt: skip
    runtime = session(exported(model.graph, model.arrays))
    for height, width in SIZES:
        x = RANDOM.normal(size=(2, height, width, 3)).astype(np.float32)
        assert_equal(called(runtime, [x]), [model(x)])


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_to_a_fixed_size(method: str, antialias: bool) -> None:
    layer = {"type": "Resizing", "height": 8, "width": 5, "interpolation": method, "antialias": antialias}
    if method in ("nearest", "area") and antialias:
        pytest.skip("it has no kernel")
    require_same(layer)


@pytest.mark.parametrize("method", METHODS)
def test_to_a_multiple(method: str) -> None:
    require_same({"type": "UpSampling2D", "size": [2, 3], "interpolation": method})


def test_the_table_of_tensorflow() -> None:
    require_same(
        {"type": "Resizing", "height": 8, "width": 5, "interpolation": "bicubic"}, semantics="keras2"
    )  # fmt: skip
