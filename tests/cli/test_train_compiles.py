"""Training says which kernels it compiles: those of its steps come when the first step is made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.graph.program import OnCompile
from modelc.native.compiler import load as native
from modelc.native.compiler.catalog import FAMILIES
from modelc.native.engine import executor

SPEC = """
modelc: 1
input: {shape: [4]}
layers: [{type: Dense, units: 2, activation: relu}, {type: Dense, units: 1}]
training: {loss: mse, data: d.npz, optimizer: adam}
"""
X, Y = np.ones((8, 4), np.float32), np.ones((8, 1), np.float32)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The families that programs asked for; each is said to be compiled."""
    found: list[set[str]] = []

    def load_all(families: Iterable[str], on_compile: OnCompile | None = None) -> Any:
        names = set(families)
        found.append(names)
        for name in sorted(names) if on_compile is not None else ():
            assert on_compile is not None
            on_compile(name, None)
            on_compile(name, 1.5)
        return native.load_all(names)

    monkeypatch.setattr(executor, "load_all", load_all)
    return found


def test_train_without_a_terminal(run: Any, tmp_path: Path, asked: list[set[str]]) -> None:
    np.savez(tmp_path / "d.npz", x=X, y=Y)
    (tmp_path / "net.yaml").write_text(SPEC)
    result = run("train", tmp_path / "net.yaml")
    assert result.code == 0, result.err
    assert result.err.count("compiling conv_gradient\ncompiled conv_gradient in 1.5 s\n") == 1
    assert len(asked) == 1  # the step of training: nothing is predicted


@pytest.mark.parametrize("verbose", [0, 2])
def test_fit(capsys: pytest.CaptureFixture[str], asked: list[set[str]], verbose: int) -> None:
    model = modelc.load_spec(SPEC).build()
    model.compile("adam", "mse")
    capsys.readouterr()
    model.fit(X, Y, verbose=verbose)
    said = capsys.readouterr().err
    assert ("compiling chain\ncompiled chain in 1.5 s\n" in said) == bool(verbose)


def test_a_dense_asks_for_what_it_needs(asked: list[set[str]]) -> None:
    model = modelc.load_spec(SPEC).build()
    model.compile("adam", "mse")
    model.fit(X, Y, verbose=0)
    unneeded = {
        "depthwise", "depthwise_row", "extremes_gradient", "gather", "normalize", "max_pool", "max_pool_gradient",
        "random", "recurrent", "recurrent_backward", "resample", "select", "shuffle", "softmax", "warp",
    }  # fmt: skip
    assert unneeded < set(FAMILIES)
    assert not unneeded & set().union(*asked)
