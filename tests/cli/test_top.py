"""`modelc run` on images, and the likeliest classes that `--top` prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from modelc import load_spec

SPEC = """
modelc: 1
name: animals
input: {shape: [4, 4, 3]}
preprocessing: tf
labels: [cat, dog, bird]
layers:
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 3, activation: softmax, name: animal}
"""


@pytest.fixture(name="spec")
def _spec(tmp_path: Path) -> Path:
    (tmp_path / "animals.yaml").write_text(SPEC)
    rng = np.random.default_rng(0)
    for name, size in (("a.png", (9, 5, 3)), ("b.jpg", (4, 4, 3)), ("c.bmp", (30, 40, 3))):
        Image.fromarray(rng.integers(0, 256, size, np.uint8)).save(tmp_path / name)
    np.save(tmp_path / "x.npy", rng.random((2, 4, 4, 3), np.float32))
    return tmp_path / "animals.yaml"


def expected(spec: Path, *pictures: str, top: int = 3) -> str:
    model = load_spec(spec).build(backend="reference")
    found = model.decode(model(model.read_pictures(*(spec.parent / p for p in pictures))), top)
    lines: list[str] = []
    for name, guesses in zip(pictures, found, strict=True):
        lines += [name, *(f"  {guess.score:.4f}  {guess.label}" for guess in guesses)]
    return "\n".join(lines) + "\n"


def test_the_likeliest_classes_of_pictures_of_any_size(run: Any, spec: Path) -> None:
    result = run("run", spec.name, "a.png", "b.jpg", "c.bmp", "--top", 2)
    assert (result.code, result.out) == (0, expected(spec, "a.png", "b.jpg", "c.bmp", top=2))
    one = run("run", spec.name, "--input", "a.png", "--top", 9)
    assert (one.code, one.out) == (0, expected(spec, "a.png"))
    assert run("run", spec.name, "--input", "a.png", "--input", "b.jpg", "--top", 3).out == expected(
        spec, "a.png", "b.jpg"
    )


def test_arrays_are_taken_as_they_are(run: Any, spec: Path) -> None:
    result = run("run", spec.name, "--input", "x.npy", "--top", 1, "--output", "y.npy")
    y = load_spec(spec).build(backend="reference")(np.load("x.npy"))
    np.testing.assert_allclose(np.load("y.npy"), y, rtol=1e-5)
    names = ["cat", "dog", "bird"]
    assert [line for line in result.out.splitlines() if not line.startswith(" ")] == ["x.npy[0]", "x.npy[1]"]
    assert [line.split()[1] for line in result.out.splitlines() if line.startswith(" ")] == [
        names[i] for i in y.argmax(1)
    ]


def test_json(run: Any, spec: Path) -> None:
    found = json.loads(run("run", spec.name, "a.png", "--top", 2, "--json").out)
    assert [one["input"] for one in found] == ["a.png"]
    (name,) = found[0]["outputs"]
    assert name == "animal" and list(found[0]["outputs"][name][0]) == ["label", "score"]
    assert len(found[0]["outputs"][name]) == 2


def test_an_artifact_keeps_labels_and_preprocessing(run: Any, spec: Path) -> None:
    assert run("build", spec.name).code == 0
    result = run("run", "animals.modelc", "c.bmp", "--top", 3)
    assert (result.code, result.out) == (0, expected(spec, "c.bmp"))


def test_classes_without_names_are_numbers(run: Any, spec: Path) -> None:
    spec.write_text(SPEC.replace("labels: [cat, dog, bird]\n", ""))
    labels = [line.split()[1] for line in run("run", spec.name, "a.png", "--top", 3).out.splitlines()[1:]]
    assert sorted(labels) == ["0", "1", "2"]


def test_pictures_go_to_files_too(run: Any, spec: Path) -> None:
    assert run("run", spec.name, "a.png", "c.bmp", "--output", "y.npy").code == 0
    model = load_spec(spec).build(backend="reference")
    np.testing.assert_allclose(np.load("y.npy"), model(model.read_pictures("a.png", "c.bmp")), rtol=1e-5)


MISTAKES: dict[str, tuple[list[str], str]] = {
    "nothing to do": (["a.png"], "what to do with the outputs? --output FILE, or --top N"),
    "no samples": (["--top", "1"], "there are no samples: give images, or --input FILE"),
    "both ways": (["a.png", "--input", "b.jpg", "--top", "1"], "give files either with --input or without it"),
    "arrays among images": (
        ["a.png", "x.npy", "--top", "1"],
        "several files are of one kind: a.png is an image, and x.npy is an array",
    ),
    "json": (["a.png", "--json", "--output", "y.npy"], "--json is for --top"),
    "zero": (["a.png", "--top", "0"], "Invalid value for '--top'"),
    "no file": (["none.png", "--top", "1"], "none.png: there is no such file"),
    "no picture": (["animals.yaml", "--top", "1"], "an input is a file that ends in one of"),
    "two": (["none.png", "a.png", "--top", "1"], "none.png: there is no such file"),
}


@pytest.mark.parametrize(("arguments", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(run: Any, spec: Path, arguments: list[str], message: str) -> None:
    result = run("run", spec.name, *arguments)
    assert result.code == 2 and message in result.err and not result.out
    assert "Traceback" not in result.err


def test_models_without_classes(run: Any, spec: Path) -> None:
    (spec.parent / "features.yaml").write_text(
        "modelc: 1\nextends: animals.yaml\nlayers: [{type: Conv2D, filters: 2, kernel_size: 2}]\nlabels: null\n"
    )
    result = run("run", "features.yaml", "a.png", "--top", 1)
    assert result.code == 2
    assert "--top is for models that return a number for each class" in result.err


TWO = """
modelc: 1
inputs: {picture: {shape: [4, 4, 3]}, other: {shape: [2]}}
layers:
  - {type: Flatten, inputs: picture}
  - {type: Concatenate, inputs: [flatten, other]}
  - {type: Dense, units: 2, name: a}
  - {type: Dense, units: 2, name: b, inputs: concatenate}
outputs: [a, b]
labels: {a: [no, yes]}
"""


def test_several_inputs_and_outputs(run: Any, spec: Path) -> None:
    (spec.parent / "two.yaml").write_text(TWO)
    np.save("other.npy", np.ones((1, 2), np.float32))
    result = run("run", "two.yaml", "a.png", "--top", 1)
    assert (
        result.code == 2 and "give one file with all of them, or --input picture=FILE --input other=FILE" in result.err
    )
    result = run("run", "two.yaml", "--input", "picture=b.jpg", "--input", "other=other.npy", "--top", 1)
    lines = result.out.splitlines()
    assert lines[0] == "b.jpg: a" and lines[1].split()[1] in ("no", "yes")
    assert lines[2] == "b.jpg: b" and lines[3].split()[1] in ("0", "1")


def test_published_weights_that_were_not_fetched(run: Any, spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELC_WEIGHTS_DIR", str(spec.parent / "weights"))
    result = run("run", "zoo:mobilenet", "a.png", "--top", 1, "--weights", "imagenet")
    assert result.code == 2
    assert "error[E606]: the published weights of `mobilenet` are not in the cache" in result.err
    assert "fetch it with `modelc zoo fetch mobilenet`" in result.err


def test_an_export_says_that_labels_are_not_in_it(run: Any, spec: Path) -> None:
    pytest.importorskip("h5py")
    result = run("export", spec.name, "-o", "a.keras")
    assert result.code == 0
    assert result.err == "note: Keras's files have no place for `labels` and `preprocessing`, which are not in it\n"
    spec.write_text("modelc: 1\ninput: {shape: [4]}\nlayers: [{type: Dense, units: 3}]\n")
    assert run("export", spec.name, "-o", "b.keras").err == ""
