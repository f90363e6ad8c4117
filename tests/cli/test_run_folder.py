"""`modelc run` on folders of images of different sizes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc

Image = pytest.importorskip("PIL.Image")

CLASSES = """
modelc: 1
input: {shape: [null, null, 3]}
layers:
  - {type: Conv2D, filters: 4, kernel_size: 3, strides: 2}
  - {type: GlobalAveragePooling2D}
"""
SEGMENTS = """
modelc: 1
input: {shape: [null, null, 3]}
layers: [{type: Conv2D, filters: 2, kernel_size: 3, strides: 2, padding: same}]
"""
SIZES = ((40, 30), (40, 30), (21, 33), (16, 16))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four noisy images, of three sizes, and a file that is none."""
    made = tmp_path / "pages"
    made.mkdir()
    rng = np.random.default_rng(0)
    for i, (height, width) in enumerate(SIZES):
        Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8)).save(made / f"page{i}.png")
    (made / "notes.txt").write_text("no image")
    return made


def one_by_one(text: str, folder: Path) -> list[Any]:
    model = modelc.load_spec(text).build(seed=0)
    pages = [np.asarray(Image.open(path), np.float32) for path in sorted(folder.glob("*.png"))]
    return [model(page[None])[0] for page in pages]


def test_rows_are_in_the_order_of_the_names(run: Any, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(CLASSES)
    result = run("run", "m.yaml", "pages", "--output", "y.npy")
    assert result.code == 0
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), one_by_one(CLASSES, folder), atol=1e-3)


def test_outputs_of_different_sizes_are_an_array_each(run: Any, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(SEGMENTS)
    assert run("run", "m.yaml", "--input", "pages", "--output", "y.npz").code == 0
    with np.load(tmp_path / "y.npz") as arrays:
        assert list(arrays) == [f"conv2d/page{i}.png" for i in range(4)]
        for got, want in zip(arrays.values(), one_by_one(SEGMENTS, folder), strict=True):
            np.testing.assert_allclose(got, want, atol=1e-3)
    result = run("run", "m.yaml", "pages", "--output", "y.npy")
    assert result.code == 2 and "name it .npz, which holds an array for each" in result.err
    assert not (tmp_path / "y.npy").exists()


def test_one_image_of_any_size(run: Any, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(SEGMENTS)
    assert run("run", "m.yaml", "pages/page2.png", "--output", "y.npy").code == 0
    assert np.load(tmp_path / "y.npy").shape == (1, 11, 17, 2)


def test_a_folder_without_images(run: Any, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(CLASSES)
    (tmp_path / "empty").mkdir()
    result = run("run", "m.yaml", "empty", "--output", "y.npy")
    assert result.code == 2 and "empty: has no images" in result.err


def test_training_on_images_of_different_sizes(run: Any, tmp_path: Path) -> None:
    """Of each class images of one colour, as large as they happen to be."""
    rng = np.random.default_rng(1)
    for number, name in enumerate(("dark", "light")):
        (tmp_path / "data" / name).mkdir(parents=True)
        for i in range(12):
            height, width = rng.integers(12, 30, 2)
            page = rng.integers(60 + 120 * number, 90 + 120 * number, (height, width, 3))
            Image.fromarray(page.astype(np.uint8)).save(tmp_path / "data" / name / f"{i}.png")
    (tmp_path / "m.yaml").write_text(
        "modelc: 1\ninput: {shape: [null, null, 3]}\nlayers:\n"
        "  - {type: Rescaling, scale: 0.0039}\n"
        "  - {type: Conv2D, filters: 4, kernel_size: 3, activation: relu}\n"
        "  - {type: GlobalMaxPooling2D}\n"
        "  - {type: Dense, units: 2, activation: softmax}\n"
        "training: {loss: crossentropy, optimizer: {type: Adam, learning_rate: 0.05}, metrics: [accuracy],\n"
        "  data: data, epochs: 12, batch_size: 6}\n"
    )
    result = run("train", "m.yaml", "--output", "m.modelc")
    assert result.code == 0, result.err
    model = modelc.load(tmp_path / "m.modelc")
    dark, light = (np.full((17, 23, 3), value, np.float32) for value in (75, 195))
    assert model.predict([dark, light[:11]]).argmax(axis=1).tolist() == [0, 1]
