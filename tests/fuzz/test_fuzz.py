"""A few hundred specs and files of the fuzzers; `python -m tests.fuzz --minutes 60` runs them for as long."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import fuzz_files
import fuzz_specs
import pytest


@pytest.mark.filterwarnings("ignore")
def test_specs() -> None:
    became = Counter(fuzz_specs.run(number) for number in range(400))
    assert became["run"] >= 5  # most of what is made so is refused
    assert became["refused"] >= 100


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("hundred", range(10))
def test_files(hundred: int, tmp_path: Path) -> None:
    became = [fuzz_files.run(number, tmp_path) for number in range(100 * hundred, 100 * hundred + 100)]
    assert any(one.endswith("refused") for one in became)
    assert any(one.endswith("read") for one in became)
