"""Fewer multiplications do not show: the zoo's outputs are those of the definitions, to 1e-4 of the largest."""

from __future__ import annotations

import numpy as np
import pytest

from modelc import zoo
from tests.zoo.families import others_slow
from tests.zoo.outputs import Case

_WITHOUT = ("convnext", "efficientnet_b", "mobilenet", "nasnet")
"""Families that have no such convolutions: theirs are depthwise, or have no window."""

QUICK = {"densenet121", "inception_v3", "resnet50"}
"""Those whose definitions take the least time."""

NAMES = [name for name in zoo.names() if not name.startswith(_WITHOUT)]


@pytest.mark.parametrize("name", others_slow(NAMES, QUICK))
def test_outputs_are_those_of_the_definitions(name: str) -> None:
    case = Case(name)
    x = case.pictures()
    fast, defined = case.run(x)[0], case.run(x, backend="reference")[0]
    for found, expected in zip(fast, defined, strict=True):
        assert np.abs(expected).max() > 1e-3
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4 * float(np.abs(expected).max()))
