"""A first load writes what it packs into the file of its plan, and reads weights one by one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.errors import FileFormatError
from modelc.native.engine import plan_draft
from tests.model.own_cache import cache_of_its_own

pytestmark = pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="plans are written in place by POSIX")

SPEC = {
    "modelc": 1,
    "input": {"shape": [11, 9, 5]},
    "layers": [
        {"type": "Conv2D", "filters": 19, "kernel_size": 3},
        {"type": "BatchNormalization"},
        {"type": "Flatten"},
        {"type": "Dense", "units": 37},
    ],
}
X = np.random.default_rng(1).standard_normal((3, 11, 9, 5), np.float32)


@pytest.fixture
def artifact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    model = modelc.load_spec(SPEC).build(seed=4)
    model(X)  # so that its kernels are in the cache
    model.save(tmp_path / "m.modelc")
    os.utime(tmp_path / "m.modelc", (1e9, 1e9))
    cache_of_its_own(tmp_path / "cache", monkeypatch)
    monkeypatch.setattr(plan_draft, "_LEAST", 1)
    return tmp_path / "m.modelc"


def files(artifact: Path) -> list[str]:
    return sorted(p.suffix for p in (artifact.parent / "cache").iterdir() if p.suffix != ".o")


def expected(artifact: Path) -> Any:
    return modelc.load(artifact, backend="reference")(X)


def test_the_first_load_and_the_next_one_compute_the_same(artifact: Path) -> None:
    first = modelc.load(artifact)
    assert first._kept is None
    assert ".plan" in files(artifact)
    again = modelc.load(artifact)
    assert again._kept is not None
    np.testing.assert_allclose(first(X), expected(artifact), rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(again(X), first(X))


def test_what_a_model_reads_is_no_longer_writable(artifact: Path) -> None:
    model: Any = modelc.load(artifact)
    block = model.program.plan.constants[1].current()
    assert block.file is not None
    with pytest.raises(TypeError):
        block.file.mapping[0] = 0


def test_weights_are_assigned_after_a_first_load(artifact: Path) -> None:
    model = modelc.load(artifact)
    plan = next((artifact.parent / "cache").glob("*.plan"))
    before = plan.read_bytes()
    weights = [2 * w for w in model.get_weights()]
    model.set_weights(weights)
    same = modelc.load_spec(SPEC).build(weights=weights)
    np.testing.assert_array_equal(model(X), same(X))
    assert plan.read_bytes() == before


def test_weights_are_those_of_the_file_that_was_loaded(artifact: Path) -> None:
    model, stored = modelc.load(artifact), modelc.load_spec(SPEC).build(weights=artifact)
    modelc.load_spec(SPEC).build(seed=5).save(artifact)  # another file of that name
    for found, kept in zip(model.get_weights(), stored.get_weights(), strict=True):
        np.testing.assert_array_equal(found, kept)


def test_a_file_that_is_written_over_gives_no_wrong_weights(artifact: Path) -> None:
    model = modelc.load(artifact)
    data = bytearray(artifact.read_bytes())
    data[len(data) // 2] ^= 1
    with open(artifact, "r+b") as file:
        file.write(data)
    with pytest.raises(FileFormatError, match="is damaged"):
        model.get_weights()


def test_no_room_on_the_disk_is_no_error(artifact: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    np.testing.assert_allclose(modelc.load(artifact)(X), expected(artifact), rtol=1e-5, atol=1e-5)
    assert not [p for p in (artifact.parent / "cache").iterdir() if p.name.startswith(".")]


def test_a_disk_that_fails_later_is_no_error_and_leaves_nothing(
    artifact: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    np.testing.assert_allclose(modelc.load(artifact)(X), expected(artifact), rtol=1e-5, atol=1e-5)
    assert files(artifact) == []


def test_a_model_whose_plan_cannot_be_kept_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = {
        "modelc": 1,
        "input": {"shape": [4, 3], "batch_size": 2},
        "layers": [{"type": "LSTM", "units": 5, "stateful": True}],
    }
    modelc.load_spec(spec).build().save(tmp_path / "m.modelc")
    cache_of_its_own(tmp_path / "cache", monkeypatch)
    monkeypatch.setattr(plan_draft, "_LEAST", 1)
    x = np.ones((2, 4, 3), np.float32)
    model = modelc.load(tmp_path / "m.modelc")
    reference = modelc.load(tmp_path / "m.modelc", backend="reference")
    np.testing.assert_allclose(model(x), reference(x), rtol=1e-5, atol=1e-6)
    assert [p.suffix for p in (tmp_path / "cache").iterdir() if p.suffix != ".o"] == []
