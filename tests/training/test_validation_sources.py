"""Every type of data as `validation` of a spec, and `class_weight` with the numbers of classes as keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.data.sources import SOURCES
from modelc.model.training_run import Choices, train

RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((8, 3)).astype(np.float32), RNG.standard_normal((8, 1)).astype(np.float32)
HELD_X, HELD_Y = RNG.standard_normal((5, 3)).astype(np.float32), RNG.standard_normal((5, 1)).astype(np.float32)

VALIDATION: dict[str, Any] = {
    "ArraysSource": {"type": "npz", "path": "v.npz"},
    "FilesSource": {"type": "npy", "x": "vx.npy", "y": "vy.npy"},
    "TableSource": {"type": "csv", "path": "v.csv", "target": "t"},
    "by its path": "v.npz",
}


def spec(folder: Path, **training: Any) -> modelc.Spec:
    np.savez(folder / "d.npz", x=X, y=Y)
    text = {
        "modelc": 1,
        "input": {"shape": [3]},
        "layers": [{"type": "Dense", "units": 1}],
        "training": {"loss": "mse", "data": "d.npz", **training},
    }
    (folder / "m.json").write_text(json.dumps(text))
    return modelc.load_spec(folder / "m.json")


@pytest.mark.parametrize("name", VALIDATION)
def test_validation_data(name: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "v.npz", x=HELD_X, y=HELD_Y)
    np.save(tmp_path / "vx.npy", HELD_X)
    np.save(tmp_path / "vy.npy", HELD_Y)
    rows = [",".join(map(repr, map(float, row))) for row in np.hstack([HELD_X, HELD_Y])]
    (tmp_path / "v.csv").write_text("\n".join(["a,b,c,t", *rows]) + "\n")
    report = train(spec(tmp_path, validation=VALIDATION[name]), Choices(verbose=0))
    kernel, bias = report.model.get_weights()
    expected = np.mean((HELD_X @ kernel + bias - HELD_Y) ** 2)
    np.testing.assert_allclose(report.history["val_loss"], [expected], rtol=1e-5)


def test_pictures_as_validation(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    for kind in ("train", "held"):
        for label in "ab":
            folder = tmp_path / kind / label
            folder.mkdir(parents=True)
            for i in range(3):
                pixels = RNG.integers(0, 255, (4, 4, 3)).astype(np.uint8)
                image.fromarray(pixels).save(folder / f"{i}.png")
    text = """
modelc: 1
input: {shape: [4, 4, 3]}
layers: [{type: Flatten}, {type: Dense, units: 2, activation: softmax}]
training: {loss: sparse_categorical_crossentropy, data: train/, validation: {type: pictures, path: held}}
"""
    (tmp_path / "m.yaml").write_text(text)
    report = train(modelc.load_spec(tmp_path / "m.yaml"), Choices(verbose=0))
    assert np.isfinite(report.history["val_loss"][0])


def test_all_sources_are_tried() -> None:
    assert set(SOURCES.names) == {*VALIDATION, "PicturesSource"} - {"by its path"}


@pytest.mark.parametrize("written", ["{0: 1.0, 1: 5.0}", '{"0": 1.0, "1": 5.0}', "\n    0: 1.0\n    1: 5.0"])
def test_class_weights(written: str) -> None:
    text = f"""
modelc: 1
input: {{shape: [3]}}
layers: [{{type: Dense, units: 2}}]
training:
  loss: sparse_categorical_crossentropy
  class_weight: {written}
"""
    read = modelc.load_spec(text)
    assert read.training is not None
    assert read.training.class_weight == {0: 1.0, 1: 5.0}
    again = modelc.load_spec(read.to_yaml())
    assert again.training is not None
    assert again.training.class_weight == {0: 1.0, 1: 5.0}


def test_other_numbers_are_no_keys() -> None:
    for written in ("01", "0x1", "1_0", "-1", "1.0", "1e3"):
        with pytest.raises(modelc.SpecError, match=r"is not text|the keys must be class indices"):
            modelc.load_spec(f"""
modelc: 1
input: {{shape: [3]}}
layers: [{{type: Dense, units: 2}}]
training: {{loss: mse, class_weight: {{{written}: 1.0}}}}
""")
