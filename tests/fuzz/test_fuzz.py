"""A few hundred specs and files of the fuzzers; `python -m tests.fuzz --minutes 60` runs them for as long."""

from __future__ import annotations

from pathlib import Path

import fuzz_files
import fuzz_specs
import pytest


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("hundred", range(4))
def test_specs(hundred: int) -> None:
    became = [fuzz_specs.run(number) for number in range(100 * hundred, 100 * hundred + 100)]
    assert {"refused", "run"} <= set(became)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("hundred", range(10))
def test_files(hundred: int, tmp_path: Path) -> None:
    became = [fuzz_files.run(number, tmp_path) for number in range(100 * hundred, 100 * hundred + 100)]
    assert any(one.endswith("refused") for one in became)
    assert any(one.endswith("read") for one in became)
