"""`labels`, `preprocessing` and `pretrained` of specs: through files, views, models inside, and text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelc import InputError, Spec, SpecError, load_spec
from modelc.files.preprocessing import Preprocessing
from modelc.language.labels import labels_of, with_class_names
from modelc.language.pictures import preprocessing_of
from modelc.zoo.imagenet import class_names
from modelc.zoo.pretrained import weight_file

HEAD = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 3, name: out}\n"


def spec_of(labels: str, folder: Path | None = None, layers: str = "") -> Spec:
    return load_spec(HEAD + layers + labels, folder=folder)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\n\n\n"])
def test_a_file_of_labels_is_the_list_of_its_lines(tmp_path: Path, ending: str) -> None:
    (tmp_path / "names.txt").write_bytes(("\ufeffcat\r\n dog \nbird" + ending).encode())
    spec = spec_of("labels: names.txt\n", tmp_path)
    assert spec.labels == ("cat", "dog", "bird") and labels_of(spec) == (("cat", "dog", "bird"),)
    assert spec == spec_of("labels: [cat, dog, bird]\n")
    (tmp_path / "spec.yaml").write_text(HEAD + "labels: below/names.txt\n")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "names.txt").write_text("a\nb\nc\n")
    assert load_spec(tmp_path / "spec.yaml").labels == ("a", "b", "c")


FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "`names.txt`: there are 0 labels"),
    "gap": (b"cat\n\nbird\n", "line 2 of `names.txt`: a label is a line of 1 to 1,000 characters"),
    "long": (b"cat\n" + b"x" * 1001, "line 2 of `names.txt`"),
    "bytes": (b"\xff\xfe\xfa", "are not UTF-8 text"),
    "control": (b"cat\n\x1b[2J\n", "line 2 of `names.txt`"),
    "many": (b"x\n" * 100_001, "there are 100,001 labels"),
    "huge": (b"x" * (2**24 + 1), "are more than 16 MiB"),
    "count": (b"cat\ndog\n", "there are 2 labels, and the output has 3 numbers"),
}


@pytest.mark.parametrize(("data", "message"), FILES.values(), ids=FILES)
def test_files_that_are_none_of_labels(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "names.txt").write_bytes(data)
    with pytest.raises(SpecError) as error:
        _ = spec_of("labels: names.txt\n", tmp_path).graph
    (found,) = error.value.diagnostics
    assert message in found.message and (found.line, found.column) == (5, 9) and found.help


def test_a_link_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "names.txt").write_text("a\nb\nc\n")
    (tmp_path / "inside" / "names.txt").symlink_to(tmp_path / "names.txt")
    with pytest.raises(SpecError, match="leaves the folder of the spec through a symbolic link"):
        spec_of("labels: names.txt\n", tmp_path / "inside")


def test_text_and_settings(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("a\nb\nc\n")
    for labels in ("[cat, dog, bird]", "names.txt", '["${x}", "on", "1"]'.replace("${", "$${")):
        spec = spec_of(f"labels: {labels}\n", tmp_path)
        assert load_spec(spec.to_yaml()) == spec == load_spec(spec.to_dict()) == load_spec(spec.to_json())
        assert load_spec(spec.to_yaml()).labels == spec.labels
    assert load_spec(HEAD, settings=["labels=[x, y, z]"]).labels == ("x", "y", "z")
    assert load_spec(HEAD, settings=["labels=names.txt"], folder=tmp_path).labels == ("a", "b", "c")
    assert spec_of("labels: null\n").labels is None
    (tmp_path / "base.yaml").write_text(HEAD + "labels: names.txt\n")
    assert load_spec("modelc: 1\nextends: base.yaml\nlabels: null\n", folder=tmp_path).labels is None
    assert load_spec("modelc: 1\nextends: base.yaml\n", folder=tmp_path).labels == ("a", "b", "c")


TWO = """
modelc: 1
inputs: {x: {shape: [4]}}
layers:
  - {type: Dense, units: 5, name: features}
  - {type: Dense, units: 2, name: a}
  - {type: Dense, units: 3, name: b, inputs: features}
outputs: OUTPUTS
labels: LABELS
"""


def test_several_outputs() -> None:
    spec = load_spec(TWO.replace("OUTPUTS", "[a, b]").replace("LABELS", "{b: [x, y, z]}"))
    assert labels_of(spec) == (None, ("x", "y", "z"))
    assert labels_of(spec.extract("b", "features")) == (("x", "y", "z"), None)
    assert labels_of(spec.truncate("a")) == (None,)
    keyed = load_spec(TWO.replace("OUTPUTS", "{one: a, two: b}").replace("LABELS", "{one: [x, y], two: [p, q, r]}"))
    assert labels_of(keyed) == (("x", "y"), ("p", "q", "r"))
    assert load_spec(keyed.to_yaml()) == keyed


def test_a_view_that_cuts_the_head_off_has_no_labels() -> None:
    spec = spec_of("labels: [cat, dog]\n", None, "  - {type: Dense, units: 2, name: last}\n")
    assert labels_of(spec) == (("cat", "dog"),)
    assert labels_of(spec.truncate("out")) == (None,) == labels_of(spec.extract("out"))
    assert labels_of(spec.truncate("last")) == (("cat", "dog"),)
    assert spec.truncate("out").graph is not None, "that the labels do not fit there is no mistake"


def test_two_labels_for_one_probability() -> None:
    text = "modelc: 1\ninput: {shape: [4]}\nlayers: [{type: Dense, units: 1, activation: sigmoid}]\nlabels: "
    assert labels_of(load_spec(text + "[no, yes]")) == (("no", "yes"),)
    with pytest.raises(SpecError, match="there is one label, and the output has 1 number"):
        _ = load_spec(text + "[yes]").graph


INNER = "{name: inner, layers: [{type: Dense, units: 5, name: f}, {type: Dense, units: 3, name: o}], labels: [a, b, c]}"


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (f"- {{type: Model, spec: {INNER}}}", ("a", "b", "c")),
        (f"- {{type: Model, spec: {INNER}}}\n  - {{type: Softmax}}", ("a", "b", "c")),
        (f"- {{type: Model, spec: {INNER}}}\n  - {{type: Activation, activation: softmax}}", ("a", "b", "c")),
        (f"- {{type: Model, spec: {INNER}, truncate: f}}", None),
        (f"- {{type: Model, spec: {INNER}}}\n  - {{type: Dense, units: 3}}", None),
        (f"- {{type: Model, spec: {{layers: [{{type: Model, spec: {INNER}}}]}}}}", ("a", "b", "c")),
    ],
)
def test_labels_of_a_model_inside(layers: str, expected: Any) -> None:
    spec = load_spec(f"modelc: 1\ninput: {{shape: [4]}}\nlayers:\n  {layers}\n")
    assert labels_of(spec) == (expected,)


def test_imagenet_names_a_thousand_classes_only() -> None:
    spec = load_spec("zoo:vgg16")
    assert labels_of(spec) == (class_names(),)
    assert labels_of(load_spec("zoo:vgg16", settings=["vars.classes=10"])) == (None,)
    assert labels_of(spec.truncate("fc2")) == (None,)
    assert labels_of(load_spec(spec.to_yaml())) == (class_names(),)


def test_the_classes_of_the_data_become_labels() -> None:
    spec = spec_of("")
    assert labels_of(with_class_names(spec, ("x", "y", "z"))) == (("x", "y", "z"),)
    assert with_class_names(spec, ("x", "y")) is spec is with_class_names(spec, ())
    own = spec_of("labels: [x, y, z]\n")
    assert with_class_names(own, ("x", "y", "z")) is own is with_class_names(own, ("1", "2", "3"))
    with pytest.raises(InputError, match="in another order") as error:
        with_class_names(own, ("z", "y", "x"))
    assert "give the data `classes: [x, y, z]`" in str(error.value)


# --- pictures

BASE = '{type: Model, name: base, spec: "zoo:vgg16", truncate: block1_pool}'


@pytest.mark.parametrize(
    ("layers", "mode"),
    [
        (f"- {BASE}", "caffe"),
        (f"- {{type: RandomFlip}}\n  - {{type: RandomZoom, height_factor: 0.1}}\n  - {BASE}", "caffe"),
        (f"- {{type: Rescaling, scale: 2}}\n  - {BASE}", None),
        (f"- {{type: RandomContrast, factor: 0.1}}\n  - {BASE}", None),
        ("- {type: Conv2D, filters: 2, kernel_size: 3}", None),
        (f"- {{type: Model, spec: {{layers: [{BASE}]}}}}", "caffe"),
    ],
)
def test_a_model_takes_over_what_the_one_inside_says(layers: str, mode: str | None) -> None:
    spec = load_spec(f"modelc: 1\ninput: {{shape: [32, 32, 3]}}\nlayers:\n  {layers}\n")
    assert preprocessing_of(spec) == ((None,) if mode is None else (Preprocessing(mode=mode),))  # type: ignore[arg-type]
    own = load_spec(spec.to_yaml() + "preprocessing: torch\n")
    assert preprocessing_of(own) == (Preprocessing(mode="torch"),)
    assert load_spec(own.to_yaml()) == own


def test_two_readers_must_say_the_same() -> None:
    text = """
modelc: 1
inputs: {picture: {shape: [32, 32, 3]}}
layers:
  - {type: Model, name: a, spec: "zoo:vgg16", truncate: block1_pool, inputs: picture}
  - {type: Model, name: b, spec: "zoo:OTHER", truncate: LAYER, inputs: picture}
outputs: [a, b]
"""
    assert preprocessing_of(load_spec(text.replace("OTHER", "vgg19").replace("LAYER", "block1_pool"))) == (
        Preprocessing(mode="caffe"),
    )
    assert preprocessing_of(load_spec(text.replace("OTHER", "mobilenet").replace("LAYER", "conv1_relu"))) == (None,)


def test_preprocessing_as_text() -> None:
    for text, expected in (
        ("tf", Preprocessing(mode="tf")),
        ("{mode: torch, interpolation: bicubic, fit: crop}", Preprocessing("torch", "bicubic", "crop")),
        ("{}", Preprocessing()), ("{fit: pad}", Preprocessing(fit="pad")), ("null", None),
    ):  # fmt: skip
        spec = spec_of(f"preprocessing: {text}\n")
        assert spec.preprocessing == expected
        assert load_spec(spec.to_yaml()) == spec == load_spec(spec.to_dict())


# --- published weights


@pytest.mark.parametrize("place", ["entry", "top", "inside"])
def test_weights_that_were_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("MODELC_WEIGHTS_DIR", str(tmp_path / "weights"))
    (tmp_path / "base.yaml").write_text("modelc: 1\nextends: zoo:vgg16\nweights: imagenet\n")
    text = {
        "entry": 'layers: [{type: Model, spec: "zoo:vgg16", truncate: fc1, weights: imagenet}]\n',
        "top": "extends: zoo:vgg16\nweights: imagenet\ntruncate: fc1\n",
        "inside": "layers: [{type: Model, spec: base.yaml, truncate: fc1}]\n",
    }[place]
    shape = "" if place == "top" else "input: {shape: [224, 224, 3]}\n"
    (tmp_path / "spec.yaml").write_text(f"modelc: 1\n{shape}{text}")
    spec = load_spec(tmp_path / "spec.yaml")
    with pytest.raises(SpecError) as error:
        spec.build(backend="reference")
    (found,) = error.value.diagnostics
    line = {"entry": 3, "top": 3, "inside": 3}[place]
    assert (found.code, found.line) == ("E606", line)
    assert found.message == "the published weights of `vgg16` are not in the cache"
    file = weight_file("vgg16", top=True)
    assert found.help is not None and "`modelc zoo fetch vgg16`" in found.help and file.url in found.help
    assert str(tmp_path / "weights" / file.file) in found.help and str(file.digest) in found.help
    (warning,) = (w for w in spec.warnings if w.code == "W201")
    assert warning.message == found.message and warning.line == line
    with pytest.raises(SpecError, match="modelc zoo fetch vgg16"):
        load_spec("zoo:vgg16").build(weights="imagenet", backend="reference")


def test_without_the_top_the_smaller_file_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELC_WEIGHTS_DIR", str(tmp_path))
    with pytest.raises(SpecError, match=r"`vgg16` without its top layers are not .*\n.* --no-top`"):
        load_spec("zoo:vgg16").truncate("block5_pool").build(weights="imagenet", backend="reference")


def test_a_file_in_the_cache_that_is_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELC_WEIGHTS_DIR", str(tmp_path))
    file = weight_file("vgg16", top=True)
    file.cached.write_bytes(b"something else")
    spec = load_spec("modelc: 1\nextends: zoo:vgg16\nweights: imagenet\n", folder=tmp_path)
    with pytest.raises(SpecError) as error:
        spec.build(backend="reference")
    (found,) = error.value.diagnostics
    assert (found.code, found.line) == ("E101", 3)
    assert (
        "is not the file that Keras publishes: it has 14 bytes, less than its 138,357,544 parameters" in found.message
    )
    assert found.help == "remove it, and fetch it again with `modelc zoo fetch vgg16`"


def test_imagenet_misspelt() -> None:
    for text in ("Imagenet", "image_net"):
        spec = load_spec(f"modelc: 1\nextends: zoo:vgg16\nweights: {text}\n", folder=Path(__file__).parent)
        (warning,) = (w for w in spec.warnings if w.code == "W201")
        assert warning.help == "did you mean `imagenet`?"
