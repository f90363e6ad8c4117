"""Sources give parts that can be read elsewhere, and memory does not grow with the number of samples."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.bulk.chunk import Numbered
from modelc.bulk.predict_files import predict_files
from modelc.bulk.reading.opening import Taker, open_samples
from modelc.bulk.run import predict_chunk
from modelc.model.model import Model
from tests.bulk.conftest import X
from tests.bulk.test_formats import READ


def test_names_are_made_when_asked_for() -> None:
    names = Numbered("x.npy[", range(10**9), "]")
    assert len(names) == 10**9 and names[5] == "x.npy[5]" and list(names[2:4]) == ["x.npy[2]", "x.npy[3]"]


@pytest.mark.parametrize("name", READ)
def test_parts_can_be_pickled_and_read_in_any_order(model: Model, expected: Any, folder: Path, name: str) -> None:
    READ[name](folder / name)
    source = open_samples([name], Taker(model.face, tuple))
    parts = [pickle.dumps(part) for part in source.parts(16)]
    assert len(parts) == 5
    results = [predict_chunk(model, pickle.loads(part).read(), 8) for part in reversed(parts)][::-1]
    np.testing.assert_allclose(np.concatenate([some.outputs[0] for some in results]), expected, rtol=1e-5)
    names = [name for some in results for name in some.names]
    assert len(set(names)) == 70


def test_a_part_of_a_mapped_file_is_its_path(model: Model, folder: Path) -> None:
    np.save("x.npy", np.zeros((100_000, 4), np.float32))
    part = next(iter(open_samples(["x.npy"], Taker(model.face, tuple)).parts(50_000)))
    assert len(pickle.dumps(part)) < 1000


def test_parts_of_pictures_of_any_size_can_be_pickled(folder: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    text = "modelc: 1\ninput: {shape: [null, null, 3]}\nlayers: [{type: Conv2D, filters: 2, kernel_size: 3}]"
    model = load_spec(text).build()
    rng = np.random.default_rng(0)
    pages = [rng.integers(0, 256, (8 + i % 2, 9, 3), np.uint8) for i in range(4)]
    for i, page in enumerate(pages):
        image.fromarray(page).save(f"{i}.png")
    (part,) = open_samples(["*.png"], Taker(model.face, lambda: [None])).parts(10)
    results = predict_chunk(model, pickle.loads(pickle.dumps(part)).read(), 2)
    assert list(results.names) == ["0.png", "1.png", "2.png", "3.png"]
    for got, page in zip(results.outputs[0], pages, strict=True):
        np.testing.assert_allclose(got, model(page[None].astype(np.float32))[0], rtol=1e-4, atol=1e-3)


def test_files_of_one_kind_follow_each_other(model: Model, expected: Any, folder: Path) -> None:
    np.save("b.npy", X[:30])
    np.save("c.npy", X[30:])
    predict_files(model, "?.npy", "y.npz")
    with np.load("y.npz") as arrays:
        np.testing.assert_allclose(arrays["kind"], expected, rtol=1e-5)
        assert arrays["input"][[0, 29, 30, 69]].tolist() == ["b.npy[0]", "b.npy[29]", "c.npy[0]", "c.npy[39]"]


_MEMORY = """
import sys, modelc
from modelc.system.peak_memory import peak_memory
from modelc.bulk.predict_files import predict_files
model = modelc.load_spec("modelc: 1\\ninput: {shape: [64]}\\nlayers: [{type: Dense, units: 64}]").build()
predict_files(model, sys.argv[1], sys.argv[2])
print(peak_memory())
"""


def test_memory_does_not_grow_with_rows(folder: Path) -> None:
    row = ",".join(["0.25"] * 64) + "\n"
    header = ",".join(f"c{i}" for i in range(64)) + "\n"
    peaks: list[int] = []
    for rows in (20_000, 120_000):
        Path("x.csv").write_text(header + row * rows)
        done = subprocess.run(
            [sys.executable, "-c", _MEMORY, "x.csv", f"{rows}.csv"],
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )  # into another file each time: one that is there is looked into before it is replaced
        peaks.append(int(done.stdout))
        assert Path(f"{rows}.csv").read_bytes().count(b"\n") == rows + 1
    # 100,000 rows more are 25.6 MB as numbers, and 32 MB as text.
    assert peaks[1] - peaks[0] < 12_000_000
