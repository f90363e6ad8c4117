"""`modelc train --memory-limit`, and `compile(memory_limit=…)`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import modelc
from modelc.errors import ResourceError, SpecError
from modelc.text.amounts import parse_bytes

SPEC = """\
modelc: 1
name: net
input: {shape: [16, 16, 1]}
layers:
  - {type: Conv2D, filters: 8, kernel_size: 3, padding: same, activation: tanh}
  - {type: BatchNormalization}
  - {type: Dropout, rate: 0.2}
  - {type: Conv2D, filters: 8, kernel_size: 3, padding: same, activation: relu}
  - {type: MaxPooling2D}
  - {type: Conv2D, filters: 8, kernel_size: 3, padding: same, activation: tanh}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 2}
training:
  data: d.npz
  validation: 0.25
  loss: {type: SparseCategoricalCrossentropy, from_logits: true}
  optimizer: {type: Adam, learning_rate: 0.01}
  batch_size: 16
  epochs: 2
"""
DOCUMENT: dict[str, Any] = yaml.safe_load(SPEC)
RANDOM = np.random.default_rng(0)
X = RANDOM.standard_normal((40, 16, 16, 1)).astype(np.float32)
Y = RANDOM.integers(0, 2, 40)


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "net.yaml"
    path.write_text(SPEC)
    np.savez(tmp_path / "d.npz", x=X, y=Y)
    return path


def trained(run: Any, spec: Path, name: str, *options: str) -> dict[str, Any]:
    result = run("train", spec, "-o", f"{name}.modelc", "--json", *options)
    assert result.code == 0, result.err
    return json.loads(result.out.splitlines()[-1])


def test_the_artifact_is_the_same_whatever_the_limit(run: Any, spec: Path) -> None:
    free = trained(run, spec, "free")
    limit = free["step_memory"] * 8 // 10
    less = trained(run, spec, "less", "--memory-limit", str(limit))
    assert Path("free.modelc").read_bytes() == Path("less.modelc").read_bytes()
    assert less["step_memory"] <= limit
    assert free["extra_work"] == 0 < less["extra_work"] < 1
    result = run("train", spec, "--memory-limit", f"{limit}B")
    (line,) = (line for line in result.out.splitlines() if line.startswith("memory"))
    assert line.endswith("to save memory") and " KB for a step of 16 samples, " in line


def test_a_limit_that_is_too_low_is_refused_and_nothing_is_written(run: Any, spec: Path) -> None:
    result = run("train", spec, "--memory-limit", "50KB")
    assert result.code == 1 and "Traceback" not in result.err
    assert "a step on a batch of 16 needs at least " in result.err and "the limit is 50.00 KB" in result.err
    assert "help: make batches smaller" in result.err
    assert not Path("net.modelc").exists()
    # and what it says is needed is enough
    least = result.err.split("at least ")[1].split(" of memory")[0].replace(" ", "")
    assert run("train", spec, "--memory-limit", str(int((parse_bytes(least) or 0) * 1.01))).code == 0


@pytest.mark.parametrize("amount", ["much", "-5MB", "0", "5 parsecs"])
def test_what_is_no_amount(run: Any, spec: Path, amount: str) -> None:
    result = run("train", spec, f"--memory-limit={amount}")
    assert result.code == 2 and f"'{amount}' is not an amount of memory" in result.err


def compiled(limit: Any, backend: str = "native") -> modelc.Model:
    model = modelc.load_spec({k: v for k, v in DOCUMENT.items() if k != "training"}).build(backend=backend)
    model.compile("adam", "sparse_categorical_crossentropy", memory_limit=limit)
    return model


def test_the_limit_holds_for_the_largest_batch() -> None:
    free = compiled(None)
    free.train_on_batch(X[:16], Y[:16])
    assert free.trainer.engine.memory is not None
    limit = free.trainer.engine.memory.bytes * 8 // 10
    model = compiled(limit)
    model.train_on_batch(X[:4], Y[:4])
    memory = model.trainer.engine.memory
    assert memory is not None and memory.batch_size == 4 and memory.extra_work == 0
    model.train_on_batch(X[:16], Y[:16])
    memory = model.trainer.engine.memory
    assert memory is not None and memory.batch_size == 16 and memory.bytes <= limit and memory.extra_work > 0
    before = model.get_weights()
    with pytest.raises(ResourceError, match="a step on a batch of 40 needs at least"):
        model.train_on_batch(X, Y)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("limit", ["lots", 0, -1, 2.5, True])
def test_a_limit_that_is_no_amount_is_an_error_of_compile(limit: Any) -> None:
    with pytest.raises(SpecError, match="memory_limit"):
        compiled(limit)


def test_the_reference_has_no_limit() -> None:
    with pytest.raises(SpecError, match="`memory_limit` is for the native backend"):
        compiled("1GB", backend="reference")
