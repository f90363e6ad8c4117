"""A few hundred cases of the fuzzers; `python -m tests.fuzz --minutes 60` runs them for as long."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import fuzz_files
import fuzz_specs
import pytest


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("ten", range(12))
def test_specs(ten: int, tmp_path: Path) -> None:
    became = Counter(fuzz_specs.run(number, tmp_path).split(":")[0] for number in range(10 * ten, 10 * ten + 10))
    assert became["accepted, run"] >= 3
    assert not list(tmp_path.iterdir())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("hundred", range(10))
def test_files(hundred: int, tmp_path: Path) -> None:
    became = [fuzz_files.run(number, tmp_path) for number in range(100 * hundred, 100 * hundred + 100)]
    assert any(": refused" in one for one in became)
    assert any(one.endswith(": read") for one in became)
    assert not list(tmp_path.iterdir())
