"""Every family of kernels on narrower instruction sets than this machine has.

What compares kernels with their definitions is run again, in a process that may use no more than such a set.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from modelc.native.compiler.catalog import FAMILIES
from modelc.native.compiler.object_names import object_name
from modelc.native.target import Target, host, this_machine

NATIVE = Path(__file__).parents[1]
FILES = [path for folder in ("code", "families", "engine") for path in sorted((NATIVE / folder).glob("test_*.py"))]


def _limited(isa: str, monkeypatch: pytest.MonkeyPatch) -> Target:
    """This machine within the instruction set. The test is skipped where that is no limit."""
    widest = host()
    monkeypatch.setenv("MODELC_MAX_ISA", isa)
    target = this_machine.__wrapped__()
    if target == widest:
        pytest.skip(f"this machine has nothing beyond {isa}")
    return target


@pytest.mark.slow
@pytest.mark.parametrize("isa", ["avx2", "baseline"])
def test_kernels_are_their_definitions(isa: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = _limited(isa, monkeypatch)
    monkeypatch.setenv("MODELC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider"]
    chosen = ["--slow", "also", "-m", "not slow and not jax"]  # the quick tests, with all of their examples
    command = [*command, *chosen, *map(str, FILES)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    # The cache began empty: it holds the families that were run, compiled for the target, and nothing else.
    compiled = {path.name for path in (tmp_path / "cache").iterdir()}
    assert compiled == {object_name(family, target) for family in FAMILIES.values()}
