"""`modelc.data.pictures`, which is `image_dataset_from_directory`, beside Keras's own parts."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import modelc
from modelc.data.directory import ENDINGS
from modelc.data.listing import list_files
from modelc.errors import ModelcError
from modelc.utils import image_dataset_from_directory
from tests.live_keras import live_keras

COUNTS = {"dogs": 5, "cats": 7, "birds": 3}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Classes of noise in several sizes, modes and formats, one in a folder below, and files that are no pictures."""
    made = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(1)
    for name, count in COUNTS.items():
        (made / name / "more").mkdir(parents=True)
        for i in range(count):
            below = made / name / ("more" if i == 2 else "")
            pixels = random.integers(0, 256, (9 + 3 * i, 20 - i, 3), np.uint8)
            mode = "L" if i == 1 else "RGBA" if i == 3 else "RGB"
            ending = "bmp" if i == 4 else "PNG" if i == 0 else "png"
            Image.fromarray(pixels).convert(mode if ending != "bmp" else "RGB").save(below / f"{name}{i}.{ending}")
        (made / name / "notes.txt").write_text("no picture")
    (made / ".hidden").mkdir()
    return made


def _theirs() -> tuple[Any, Any]:
    live_keras()
    return import_module("keras.src.utils.dataset_utils"), import_module("keras.src.utils.image_dataset_utils")


@pytest.mark.parametrize(
    ("labels", "options"),
    [
        ("inferred", {}), ("inferred", {"class_names": ["dogs", "birds"]}), (None, {}), (list(range(15)), {}),
        ([7] * 10 + [2] * 5, {}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("seed", [None, 3])
def test_files_labels_and_their_order_are_keras_s(
    folder: Path, labels: Any, options: dict[str, Any], seed: int | None
) -> None:
    utils, _ = _theirs()
    given = list(labels) if isinstance(labels, list) else labels  # which Keras shuffles in place
    paths, numbers, names = utils.index_directory(
        str(folder), given, formats=ENDINGS, shuffle=seed is not None, seed=seed, verbose=False, **options
    )
    ours = list_files(folder, labels, options.get("class_names"), ENDINGS)
    ours = ours if seed is None else ours.mixed(seed)
    assert [os.path.normpath(path) for path in paths] == list(ours.paths)
    assert (numbers is None) == (ours.numbers is None) and (names is None) == (ours.class_names is None)
    if numbers is not None and ours.numbers is not None and ours.class_names is not None:
        assert list(numbers) == ours.numbers.tolist() and list(names) == list(ours.class_names)
    for subset, part in zip(("training", "validation"), ours.split(0.3), strict=True):
        some, _ = utils.get_training_or_validation_split(list(ours.paths), None, 0.3, subset)
        assert list(part.paths) == some


@pytest.mark.parametrize(
    "options",
    [
        {}, {"interpolation": "nearest"}, {"color_mode": "grayscale"}, {"color_mode": "rgba"},
        {"crop_to_aspect_ratio": True}, {"data_format": "channels_first"},
    ],
)  # fmt: skip
def test_pictures_are_keras_s(folder: Path, options: dict[str, Any]) -> None:
    _, utils = _theirs()
    data = modelc.data.pictures(folder, shuffle=False, image_size=(14, 11), verbose=False, batch_size=4, **options)
    ours = np.concatenate([x for x, _ in data])
    channels = {"grayscale": 1, "rgba": 4}.get(options.get("color_mode", ""), 3)
    how = {key: value for key, value in options.items() if key != "color_mode"}
    theirs = [
        np.asarray(
            utils._load_image_grain(
                path, (14, 11), channels, **{"interpolation": "bilinear", "data_format": "channels_last"} | how
            )
        )
        for path in data.file_paths
    ]
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, atol=2e-3)


def test_padded_pictures_are_those_of_tensorflow(folder: Path) -> None:
    """As large as they fit, in the middle of black: by hand held against `tf.image.resize_with_pad`; 9×20 → 6×14."""
    keras = live_keras()
    data = modelc.data.pictures(
        folder, shuffle=False, image_size=(14, 14), verbose=False, batch_size=None, pad_to_aspect_ratio=True
    )
    picture, _ = next(iter(data))
    pixels = np.asarray(Image.open(data.file_paths[0]).convert("RGB"), np.float32)
    assert pixels.shape == (9, 20, 3)
    inner = np.asarray(keras.ops.image.resize(pixels, (6, 14)))
    np.testing.assert_allclose(picture[3:9], inner, atol=2e-3)
    assert not picture[:3].any() and not picture[9:].any()


def test_labels_in_their_modes(folder: Path) -> None:
    options: dict[str, Any] = {"shuffle": False, "image_size": 4, "verbose": False}
    numbers = [0] * 3 + [1] * 7 + [2] * 5
    data = modelc.data.pictures(folder, batch_size=6, **options)
    assert len(data) == 3 and [len(y) for _, y in data] == [6, 6, 3] and data.class_names == ["birds", "cats", "dogs"]
    y = np.concatenate([y for _, y in data])
    assert y.dtype == np.int32 and y.tolist() == numbers
    y = np.concatenate([y for _, y in modelc.data.pictures(folder, label_mode="categorical", **options)])
    assert y.dtype == np.float32 and (y == np.eye(3)[numbers]).all()
    two = {"label_mode": "binary", "class_names": ["cats", "birds"]}
    y = np.concatenate([y for _, y in modelc.data.pictures(folder, **two, **options)])
    assert y.dtype == np.float32 and y.tolist() == [[0.0]] * 7 + [[1.0]] * 3
    for alone in ({"labels": None}, {"label_mode": None}):
        assert [x.shape for x in modelc.data.pictures(folder, **alone, **options)] == [(15, 4, 4, 3)]
    single = list(modelc.data.pictures(folder, batch_size=None, **options))
    assert len(single) == 15 and single[0][0].shape == (4, 4, 3) and single[-1][1] == 2


def test_both_subsets(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options: dict[str, Any] = {"validation_split": 0.2, "seed": 5, "image_size": 4}
    train, validation = image_dataset_from_directory(folder, subset="both", **options)
    assert capsys.readouterr().out == "Found 15 files belonging to 3 classes.\n"
    assert len(train.file_paths) == 12 and len(validation.file_paths) == 3
    assert not set(train.file_paths) & set(validation.file_paths)
    for subset, data in (("training", train), ("validation", validation)):
        alone = image_dataset_from_directory(folder, subset=subset, verbose=False, **options)
        assert alone.file_paths == data.file_paths


def test_shuffled_passes_differ_and_repeat_with_the_seed(folder: Path) -> None:
    def passes() -> list[list[int]]:
        data = modelc.data.pictures(folder, image_size=2, seed=4, verbose=False, batch_size=15)
        return [next(iter(data))[0].sum((1, 2, 3)).tolist() for _ in range(2)]

    first, again = passes(), passes()
    assert first == again and first[0] != first[1] and sorted(first[0]) == sorted(first[1])


def test_links_are_followed_where_that_is_said(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats" / "linked").symlink_to(folder / "cats")
    (tmp_path / "dogs").symlink_to(folder / "dogs")
    assert len(list_files(tmp_path, "inferred", None, ENDINGS).paths) == 5
    assert len(list_files(tmp_path, "inferred", None, ENDINGS, follow_links=True).paths) == 12


def test_a_model_is_trained_and_evaluated(folder: Path) -> None:
    train, validation = modelc.data.pictures(
        folder, image_size=(8, 8), batch_size=4, validation_split=0.4, subset="both", seed=1, verbose=False
    )
    layers = modelc.layers
    model = modelc.Sequential(
        [layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(3, "softmax")], backend="reference"
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(train, epochs=2, validation_data=validation, verbose=0)
    assert len(history.history["val_loss"]) == 2
    assert model.predict(validation).shape == (6, 3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"label_mode": "one_hot"}, "`label_mode`"), ({"color_mode": "cmyk"}, "`color_mode`"),
        ({"interpolation": "cubic"}, "interpolation"), ({"image_size": (0, 3)}, "height"),
        ({"image_size": "large"}, "`image_size` is"), ({"batch_size": 0}, "`batch_size`"),
        ({"subset": "training"}, "go together"), ({"validation_split": 0.5}, "go together"),
        ({"validation_split": 2.0, "subset": "both", "seed": 1}, "between 0 and 1"),
        ({"validation_split": 0.2, "subset": "both"}, "needs a `seed`"),
        ({"validation_split": 0.01, "subset": "both", "seed": 1}, "too few"),
        ({"label_mode": "binary"}, "for 2 classes, found 3"), ({"class_names": ["cows"]}, "no folder `cows`"),
        ({"labels": [1, 2]}, "2 labels, and 15 files"), ({"labels": "x"}, "`labels` is"),
        ({"labels": [0.5] * 15}, "integers"),
        ({"labels": None, "class_names": ["cats"]}, "inferred"),
        ({"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}, "exclude each other"),
        ({"directory": "nowhere"}, "there is no such folder"),
        ({"directory": "nowhere", "labels": None}, "no such folder"),
    ],
)  # fmt: skip
def test_what_is_refused(folder: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelcError, match=message):
        modelc.data.pictures(**{"directory": folder, "verbose": False, **options})


def test_folders_without_pictures(tmp_path: Path) -> None:
    with pytest.raises(ModelcError, match="has no folders"):
        modelc.data.pictures(tmp_path)
    (tmp_path / "cats").mkdir()
    with pytest.raises(ModelcError, match="has no such files"):
        modelc.data.pictures(tmp_path)


def test_a_damaged_picture_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats" / "a.png").write_bytes(b"nothing")
    with pytest.raises(ModelcError, match=r"a\.png"):
        list(modelc.data.pictures(tmp_path, verbose=False))


def test_by_the_name_of_the_issue_and_of_keras() -> None:
    same: Callable[..., Any] = modelc.data.pictures
    assert same is image_dataset_from_directory
