"""Linux as if it were a system that has less: objects loaded by LLVM's linker, and a Python without POSIX's parts.

The first users' tests (`tests/installed`) run in a process that is so; with the slow tests, all of `tests/native`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from modelc.native.compiler.load import load
from modelc.system.objects.link import LOADER

TESTS = Path(__file__).parents[1]
_RUN = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider"]


def _passes(arguments: list[str], *first: Path, **environment: str) -> None:
    """Run tests with variables, and with folders that Python looks into first."""
    paths = os.pathsep.join(map(str, (*first, TESTS.parent, *sys.path)))
    done = subprocess.run(
        [*_RUN, *arguments], cwd=TESTS.parent, env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True, text=True, timeout=1500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]


_INSIDE = """
import sys
from modelc.system.objects import link
link.place = None
from modelc.native.compiler.load import load
load("walker")
from modelc.system.objects import llvm_linker
print(len(llvm_linker._engines), "numba" in sys.modules)
"""


def test_llvm_loads_objects() -> None:
    """The variable is followed, or the tests below would show nothing; what is in the cache needs no numba."""
    load("walker")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), LOADER: "llvm"}
    done = subprocess.run(
        [sys.executable, "-c", _INSIDE], env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.stdout == "1 False\n", done.stderr


@pytest.mark.slow
def test_first_use_with_llvms_linker() -> None:
    _passes([str(TESTS / "installed")], **{LOADER: "llvm"})


@pytest.mark.slow
def test_all_of_first_use_with_llvms_linker() -> None:
    _passes(["--slow", "also", str(TESTS / "installed")], **{LOADER: "llvm"})


@pytest.mark.slow
def test_first_use_without_posix() -> None:
    """`bare/sitecustomize.py` takes away what Windows has not, in the tests' process and in those that it starts."""
    _passes(["--slow", "also", str(TESTS / "installed")], Path(__file__).parent / "bare")


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["code", "compiler", "engine", "families", "passes"])
def test_kernels_with_llvms_linker(folder: str) -> None:
    _passes([str(TESTS / "native" / folder)], **{LOADER: "llvm"})
