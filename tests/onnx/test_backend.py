"""The tests that ship with the package onnx: what is read computes what they expect, all else is refused as told.

`backend_results.txt` says of each which; `python tests/onnx/backend_cases.py` writes it anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.onnx import backend_cases

_EXPECTED = backend_cases.expected()
_REAL = [key for key in _EXPECTED if key.startswith("real/")]


@pytest.mark.sampled(16)
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("key", [key for key in _EXPECTED if key not in _REAL])
def test_of_the_package(key: str, tmp_path: Path) -> None:
    if key not in backend_cases.cases():
        pytest.skip("this version of onnx has no such test")
    assert str(backend_cases.outcome(key, tmp_path)) == _EXPECTED[key]


@pytest.mark.slow
@pytest.mark.parametrize("key", _REAL)
def test_of_a_whole_model(key: str, tmp_path: Path) -> None:
    assert str(backend_cases.outcome(key, tmp_path)) == _EXPECTED[key]
