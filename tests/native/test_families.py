"""The kernels of this folder as the library compiles them: closed objects, on every instruction set."""

from __future__ import annotations

from importlib import import_module

import pytest

from modelc.native.compiler.catalog import FAMILIES, Family, family_of
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


def test_what_a_dense_layer_is_trained_by_needs_no_depthwise_kernels() -> None:
    """A family is compiled as a whole: the first fit of a model waits for all kernels of each."""
    assert FAMILIES["conv_gradient"].kernels == ("conv_gradient",)
    assert family_of("depthwise_gradient") == "depthwise_gradient"
