"""The kernels of this folder as the library compiles them: closed objects, on every instruction set."""

from __future__ import annotations

from importlib import import_module

import pytest

from modelc.native.compiler.catalog import FAMILIES, Family
from modelc.native.compiler.compile import compile_family
from modelc.native.target import host

MODULES = (
    "activations",
    "chain",
    "elementwise",
    "pool",
    "pool_gradient",
    "extremes_gradient",
    "random",
    "scatter",
    "reduce",
    "normalize",
    "softmax",
    "move",
    "gather",
    "resample",
    "select",
)


@pytest.mark.parametrize("isa", ["avx2", "baseline"])
@pytest.mark.parametrize("module", MODULES)
def test_needs_nothing_from_outside(module: str, isa: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELC_MAX_ISA", isa)
    path = FAMILIES[module].module
    names = tuple(f.__name__ for f in import_module(path).KERNELS)
    assert len(compile_family(Family(module, path, names), host.__wrapped__())) > 0
