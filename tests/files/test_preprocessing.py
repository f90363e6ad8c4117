"""What is done to pictures before a model takes them, against Keras's `load_img` and `preprocess_input`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from modelc import InputError
from modelc.data.picture_column import find_pictures
from modelc.files.arrays import read_input
from modelc.files.pictures import read_picture
from modelc.files.preprocessing import Preprocessing, preprocess
from modelc.graph.types import TensorType
from tests.live_keras import live_keras

TYPE = TensorType((None, 32, 48, 3))
SIZES = ((100, 60), (60, 100), (32, 48), (48, 32), (7, 200), (200, 7), (1, 1))


@pytest.fixture(name="picture", params=SIZES, ids=str)
def _picture(request: Any, tmp_path: Path) -> Path:
    height, width = request.param
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    return tmp_path / "picture.png"


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", "hamming", "box", "lanczos"])
@pytest.mark.parametrize("fit", ["stretch", "crop"])
def test_resizing_is_that_of_keras(picture: Path, interpolation: Any, fit: Any) -> None:
    keras = live_keras()
    try:
        expected = keras.utils.load_img(
            picture, target_size=(32, 48), interpolation=interpolation, keep_aspect_ratio=fit == "crop"
        )
    except ValueError:  # of a box without pixels, where Keras crops a picture of a few rows
        assert fit == "crop"
        return
    mine = read_picture(picture, TYPE, Preprocessing(interpolation=interpolation, fit=fit))
    np.testing.assert_array_equal(mine, np.asarray(expected))


def test_padding_keeps_the_ratio_and_all_of_the_picture(picture: Path) -> None:
    width, height = size_of(picture)
    Image.new("RGB", (width, height), (250, 250, 250)).save(picture)
    mine = read_picture(picture, TYPE, Preprocessing(fit="pad", interpolation="nearest"))
    scale = min(48 / width, 32 / height)
    rows, columns = np.flatnonzero(mine[:, :, 0].any(axis=1)), np.flatnonzero(mine[:, :, 0].any(axis=0))
    assert set(np.unique(mine)) <= {0, 250}
    assert abs(len(rows) - scale * height) <= 1 and abs(len(columns) - scale * width) <= 1
    assert abs(rows[0] - (31 - rows[-1])) <= 1 and abs(columns[0] - (47 - columns[-1])) <= 1, "in the middle"


@pytest.mark.parametrize("mode", ["none", "tf", "caffe", "torch"])
def test_values_are_those_of_keras(picture: Path, mode: Any) -> None:
    live_keras()
    utils = import_module("keras.src.applications.imagenet_utils")
    mine = read_picture(picture, TYPE, Preprocessing(mode=mode))
    pixels = read_picture(picture, TYPE, Preprocessing())
    expected = pixels if mode == "none" else utils.preprocess_input(pixels.astype(np.float32), mode=mode)
    assert mine.dtype == (np.uint8 if mode == "none" else np.float32) == Preprocessing(mode=mode).dtype
    np.testing.assert_array_equal(mine, expected)
    np.testing.assert_array_equal(read_input(picture, TYPE, how=Preprocessing(mode=mode)), mine[None])


def test_without_it_another_size_is_refused(picture: Path) -> None:
    if size_of(picture) == (48, 32):
        return
    with pytest.raises(InputError, match="the model takes 32 × 48") as error:
        read_picture(picture, TYPE)
    assert "say how in the spec: `preprocessing: {fit: crop}`" in str(error.value)


def test_colours_that_a_mode_needs(picture: Path) -> None:
    for mode in ("caffe", "torch"):
        with pytest.raises(InputError, match=r"picture\.png: preprocessing in the mode `\w+` is for pictures of three"):
            read_picture(picture, TensorType((None, 32, 48, 1)), Preprocessing(mode=mode))  # type: ignore[arg-type]
    assert read_picture(picture, TensorType((None, 32, 48)), Preprocessing(mode="tf")).shape == (32, 48)


def test_what_is_no_array_of_numbers() -> None:
    with pytest.raises(InputError, match="pictures are arrays of numbers"):
        preprocess(np.array(["a"]), "tf")
    x = np.ones((2, 2, 3))
    assert preprocess(x, "tf").dtype == np.float64 and (x == 1).all()


def test_folders_are_read_as_the_model_says(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for i in range(2):
            size = (*(int(n) for n in rng.integers(20, 90, 2)), 3)
            Image.fromarray(rng.integers(0, 256, size, np.uint8)).save(tmp_path / name / f"{i}.png")
    how = Preprocessing(mode="tf", fit="crop")
    column, classes = find_pictures(tmp_path, TYPE, how, True, None)
    assert classes.names == ("a", "b") and column.dtype == np.float32
    taken = column.take(slice(0, 4))
    assert taken.dtype == np.float32 and taken.shape == (4, 32, 48, 3)
    for picture in taken:
        expected = [read_picture(path, TYPE, how) for path in tmp_path.glob("*/*.png")]
        assert any((picture == other).all() for other in expected)
    with pytest.raises(InputError, match="the model takes 32 × 48"):
        find_pictures(tmp_path, TYPE, how, False, None)
