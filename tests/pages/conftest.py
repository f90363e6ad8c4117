"""The browser that tests of pages share, and small models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from tests.pages import browser as browsers

NESTED = """
modelc: 1
name: siamese
inputs:
  left: {shape: [8, 8, 3]}
  right: {shape: [8, 8, 3]}
layers:
  - type: Model
    name: encoder
    inputs: left
    spec:
      modelc: 1
      input: {shape: [8, 8, 3]}
      layers:
        - {type: Conv2D, filters: 4, kernel_size: 3, name: conv}
        - {type: BatchNormalization, name: bn}
        - {type: GlobalAveragePooling2D, name: pool}
  - {use: encoder, inputs: right, name: twin}
  - {type: Subtract, name: difference, inputs: [encoder, twin]}
  - {type: Dense, units: 1, activation: sigmoid, name: same}
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[browsers.Browser]:
    if browsers.PROGRAM is None:
        pytest.skip("no Chromium is installed")
    with browsers.browser() as one:
        yield one


@pytest.fixture
def nested() -> Spec:
    return load_spec(NESTED)


@pytest.fixture
def hostile(tmp_path: Path) -> Spec:
    """A spec whose names are markup, script and syntax of other formats."""
    return load_spec({
        "modelc": 1, "name": '\\"</script><img src=x onerror="window.broken=1">', "input": {"shape": [4]},
        "layers": [
            {"type": "Dense", "units": 2, "name": '<b onclick="broken()">&amp;"]; end %% click n0 "javascript:x"'},
            {"type": "Dense", "units": 2, "name": '"];}--><title><script>window.broken=1<!--&{x}'},
        ],
    })  # fmt: skip
