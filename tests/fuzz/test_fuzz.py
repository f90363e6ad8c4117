"""Some hundred cases of the fuzzers; `python -m tests.fuzz --minutes 60` runs them for as long."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import fuzz_files
import fuzz_hdf5
import fuzz_onnx
import fuzz_specs
import hdf5_seeds
import pytest
import seeds
import train

import modelc


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("ten", [*range(2), *(pytest.param(ten, marks=pytest.mark.slow) for ten in range(2, 12))])
def test_specs(ten: int, tmp_path: Path) -> None:
    became = Counter(fuzz_specs.run(number, tmp_path).split(":")[0] for number in range(10 * ten, 10 * ten + 10))
    assert became["accepted, run"] >= 3
    assert not list(tmp_path.iterdir())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("hundred", [*range(5), *(pytest.param(n, marks=pytest.mark.slow) for n in range(5, 10))])
def test_files(hundred: int, tmp_path: Path) -> None:
    became = [fuzz_files.run(number, tmp_path) for number in range(100 * hundred, 100 * hundred + 100)]
    assert any(": refused" in one for one in became)
    assert any(one.endswith(": read") for one in became)
    assert not list(tmp_path.iterdir())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("block", [*range(2), *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 20))])
def test_hdf5_files(block: int, tmp_path: Path) -> None:
    """The same as 100,000 of them: `python -m tests.fuzz --only hdf5 --cases 100000`."""
    became = Counter(fuzz_hdf5.run(number, tmp_path) for number in range(500 * block, 500 * block + 500))
    assert became["refused"] >= 100
    assert became["read"] >= 50


@pytest.mark.filterwarnings("ignore")
def test_h5py_opens_no_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its library, in C, ends the process on some of them: it makes the valid files, and nothing after that."""
    seeds.seeds(), hdf5_seeds.files()

    def opened(*_: object, **__: object) -> None:
        raise AssertionError("h5py is asked for a file")

    monkeypatch.setattr(hdf5_seeds.h5py, "File", opened)
    for number in range(7000, 7100):
        fuzz_hdf5.run(number, tmp_path)
        fuzz_files.run(number, tmp_path)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("block", [*range(2), *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 20))])
def test_onnx_files(block: int, tmp_path: Path) -> None:
    became = Counter(fuzz_onnx.run(number, tmp_path) for number in range(100 * block, 100 * block + 100))
    assert became["refused"] >= 20
    assert became["read"] >= 5
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("ten", range(4))
def test_specs_compiled(ten: int, tmp_path: Path) -> None:
    """Their gradients, and what their `training` asks for, are those of the definitions."""
    numbers = range(3000 + 10 * ten, 3010 + 10 * ten)
    became = [fuzz_specs.run(number, tmp_path, native=True) for number in numbers]
    assert any(one == "accepted, run" for one in became)
    assert not list(tmp_path.iterdir())


def test_a_wrong_gradient_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the fuzzer compares is no comparison of a thing with itself."""
    spec = modelc.load_spec({"modelc": 1, "input": {"shape": [3]}, "layers": [{"type": "Dense", "units": 2}]})
    weights = spec.build(backend="reference").arrays
    train.require_same_gradients(spec, weights, 1)
    wrong = train.interpret
    monkeypatch.setattr(train, "interpret", lambda *given: [1.01 * array for array in wrong(*given)])
    with pytest.raises(AssertionError, match="compiled: result 0"):
        train.require_same_gradients(spec, weights, 1)
