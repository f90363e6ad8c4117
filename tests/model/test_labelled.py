"""Labels and pictures of models in Python: set, saved, copied, decoded."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import modelc
from modelc import Input, InputError, Model, Sequential, SpecError, layers
from modelc.data import PicturesSource
from modelc.files.preprocessing import Preprocessing
from modelc.model.labelled import Guess

NAMES = ("cat", "dog", "bird")


def model_of(units: int = 3, shape: tuple[int, ...] = (4,), **options: Any) -> Sequential:
    some = [layers.GlobalAveragePooling2D()] if len(shape) == 3 else []
    return Sequential([Input(shape), *some, layers.Dense(units, **options)], backend="reference")


def test_labels_are_set_and_survive(tmp_path: Path) -> None:
    model = model_of()
    assert model.labels is None
    model.labels = list(NAMES)
    model.preprocessing = {"mode": "tf", "fit": "crop"}
    model.save(tmp_path / "model.modelc")
    loaded = modelc.load(tmp_path / "model.modelc", backend="reference")
    built = model.spec.build(backend="reference")
    for one in (model, loaded, built, pickle.loads(pickle.dumps(model)), copy.deepcopy(loaded)):
        assert one.labels == NAMES
        assert one.preprocessing == Preprocessing(mode="tf", fit="crop")
    assert modelc.load_spec(model.spec.to_yaml()).build(backend="reference").labels == NAMES
    loaded.labels = loaded.preprocessing = None
    assert loaded.labels is None is loaded.preprocessing
    assert model.labels == NAMES


def test_models_of_models() -> None:
    base = model_of()
    base.labels = NAMES
    assert Sequential([base, layers.Softmax()]).labels == NAMES
    assert Sequential([base, layers.Dense(3)]).labels is None
    assert Model(base.inputs, base.outputs).labels is None, "a part is another model"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (["cat"], "there is one label, and the output has 3 numbers"), (["a", "b", 3], "a label must be text"),
        ("animals", "expected a list of labels"), ({"other": ["a", "b", "c"]}, "unknown output `other` in `labels`"),
        ([], "there are 0 labels"), (["a", "b", "c\n"], "a label is a line"),
    ],
)  # fmt: skip
def test_labels_that_do_not_fit(value: Any, message: str) -> None:
    model = model_of()
    with pytest.raises(SpecError, match=message):
        model.labels = value
    assert model.labels is None
    with pytest.raises(SpecError, match="cannot be"):
        model.preprocessing = "keras"


def test_decode() -> None:
    model = model_of()
    model.labels = NAMES
    assert model.decode([[0.1, 0.5, 0.4], [0.2, 0.2, 0.1]], top=2) == [
        [Guess("dog", 0.5), Guess("bird", 0.4)], [Guess("cat", 0.2), Guess("dog", 0.2)],
    ]  # fmt: skip
    assert [g.label for g in model.decode(np.array([[np.nan, -1, 5]]))[0]] == ["bird", "dog", "cat"]
    y = model(np.random.default_rng(0).random((5, 4)))
    for guesses, row in zip(model.decode(y), y, strict=True):
        assert [g.label for g in guesses] == [NAMES[i] for i in np.argsort(-row)]
    binary = model_of(1, activation="sigmoid")
    binary.labels = ("no", "yes")
    assert binary.decode(np.array([[0.75]])) == [[Guess("yes", 0.75), Guess("no", 0.25)]]


@pytest.mark.parametrize(
    "y", [np.ones(3), np.ones((2, 4)), np.ones((1, 3, 1)), "cat", None, [["a", "b", "c"]]], ids=repr
)
def test_what_cannot_be_decoded(y: Any) -> None:
    model = model_of()
    model.labels = NAMES
    with pytest.raises(InputError, match=r"expected an array of shape \(samples, 3\), found"):
        model.decode(y)
    with pytest.raises(InputError, match="`top` must be at least 1"):
        model.decode(np.ones((1, 3)), top=0)
    with pytest.raises(InputError, match="the model has no labels"):
        model_of().decode(np.ones((1, 3)))


def test_decode_several_outputs() -> None:
    text = """
modelc: 1
inputs: {x: {shape: [4]}}
layers:
  - {type: Dense, units: 2, name: a}
  - {type: Dense, units: 3, name: b, inputs: x}
outputs: OUTPUTS
labels: {b: [cat, dog, bird]}
"""
    model = modelc.load_spec(text.replace("OUTPUTS", "[a, b]")).build(backend="reference")
    assert model.labels == {"a": None, "b": NAMES}
    y = [np.ones((1, 2)), np.array([[0, 1, 0]])]
    assert model.decode(y, top=1) == [None, [[Guess("dog", 1.0)]]]
    for wrong in (y[0], y[:1]):
        with pytest.raises(InputError, match="outputs"):
            model.decode(wrong)
    keyed = modelc.load_spec(text.replace("OUTPUTS", "{p: a, b: b}")).build(backend="reference")
    assert keyed.decode({"p": y[0], "b": y[1]}, top=1) == {"p": None, "b": [[Guess("dog", 1.0)]]}


# --- pictures


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """Pictures of two classes, of different sizes, that their brightness tells apart."""
    rng = np.random.default_rng(0)
    for name, level in (("bright", 200), ("dark", 20)):
        (tmp_path / name).mkdir()
        for i in range(6):
            size = (*(int(n) for n in rng.integers(5, 30, 2)), 3)
            Image.fromarray((level + rng.integers(0, 30, size)).astype(np.uint8)).save(tmp_path / name / f"{i}.png")
    return tmp_path


def test_pictures_are_read_as_the_model_takes_them(folder: Path) -> None:
    model = model_of(2, (8, 6, 3))
    paths = sorted(folder.glob("*/*.png"))
    with pytest.raises(InputError, match="the model takes 8 × 6"):
        model.read_pictures(*paths)
    model.preprocessing = "tf"
    batch = model.read_pictures(*paths)
    assert batch.shape == (12, 8, 6, 3) and batch.dtype == np.float32 and batch.min() >= -1 and batch.max() <= 1
    with pytest.raises(InputError, match="there are no pictures"):
        model.read_pictures()


def test_training_on_folders_names_the_classes(folder: Path) -> None:
    model = model_of(2, (8, 6, 3), activation="softmax")
    model.preprocessing = "tf"
    model.compile({"type": "Adam", "learning_rate": 0.5}, "sparse_categorical_crossentropy", metrics=["accuracy"])
    data = PicturesSource(path=str(folder))
    model.fit(data, epochs=30, batch_size=12, verbose=0)
    assert model.labels == ("bright", "dark")
    assert model.evaluate(data, verbose=0, return_dict=True)["accuracy"] == 1
    for name in ("bright", "dark"):
        ((first, _),) = model.decode(model.predict(model.read_pictures(folder / name / "0.png")), top=2)
        assert first.label == name
    assert model.predict(data).shape == (12, 2)
    model.labels = ("dark", "bright")
    with pytest.raises(InputError, match="in another order"):
        model.fit(data, verbose=0)
    with pytest.raises(InputError, match="which has them"):
        model.fit(data, np.zeros(12), verbose=0)


def test_pictures_keep_their_size_where_the_model_takes_any(folder: Path) -> None:
    text = "modelc: 1\ninput: {shape: [null, null, 3]}\npreprocessing: tf\nlayers: [{type: GlobalAveragePooling2D}]\n"
    model = modelc.load_spec(text).build(backend="reference")
    first, *others = sorted(folder.glob("bright/*.png"))
    with Image.open(first) as image:
        assert model.read_pictures(first).shape == (1, image.height, image.width, 3)
    several = model.read_pictures(first, *others)
    assert [x.shape for x in several] == [model.read_pictures(path).shape[1:] for path in (first, *others)]
    assert model.predict(PicturesSource(path=str(folder)), batch_size=1).shape == (12, 3)
    with pytest.raises(InputError, match="`resize` needs a size"):
        model.predict(PicturesSource(path=str(folder), resize=True))
