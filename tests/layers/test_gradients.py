"""The gradients of every layer of the table, against central differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from one import batch_of, trace
from row import Row
from test_table import every_variant, samples, traced, values

from modelc.layers.normalization.batch_normalization import BatchNormalization
from tests.passes.slopes import check_slopes


@pytest.mark.sampled(3)
@every_variant
def test_gradient_is_the_slope(row: Row, config: Mapping[str, Any]) -> None:
    graph = traced(row, config)
    check_slopes(graph, samples(graph), values(graph))


@pytest.mark.parametrize("options", [{}, {"center": False, "scale": False}, {"axis": 1}, {"renorm": True}], ids=str)
@pytest.mark.parametrize("masked", [False, True])
def test_batch_statistics_are_differentiated(options: dict[str, Any], masked: bool) -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((4, 5, 3), np.float32)
    masks = [(rng.random((4, 5)) < 0.7).astype(np.int32)] if masked and "axis" not in options else []
    graph = trace(BatchNormalization(**options), batch_of(x), *map(batch_of, masks), training=True)
    check_slopes(graph, [x, *masks], values(graph))
