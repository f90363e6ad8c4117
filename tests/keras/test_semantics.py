"""Files of Keras 2 and Keras 3 compute what the Keras that saved them computed, as `tests/data/record_semantics.py`
recorded it; each rule of `modelc.semantics` has files of both.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_type_hints

import numpy as np
import pytest

import modelc
from modelc.errors import UnsupportedError
from modelc.keras.export.export import export_keras
from modelc.keras.read import read_keras_model
from modelc.model.spec import Spec
from modelc.semantics import KERAS_2, KERAS_3, GateDefault, KernelOrder, Semantics, semantics_of

Array = np.ndarray[Any, Any]
Entry = dict[str, Any]

_ARCHIVE = Path(__file__).parents[1] / "data" / "semantics.zip"
with zipfile.ZipFile(_ARCHIVE) as _archive:
    ENTRIES: list[Entry] = json.loads(_archive.read("index.json"))

RULES = frozenset(get_type_hints(Semantics)) - {"name"}
_TESTED_ELSEWHERE = frozenset({"training_in_call", "same_padding"})
"""Rules with recordings of their own, in tests/layers/test_training_option.py and tests/keras/test_theano_files.py."""
_AS_ON_JAX = frozenset({"output_before_first", "integer_images", "cubic_weights"})
"""Rules by which Keras 3 on TensorFlow, which made the recordings, is not followed."""
_READ = ("hard_sigmoid", "gate_default", "kernel_order", "")
"""The rules that are settled when a file is read, and none."""

each = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("semantics")
    with zipfile.ZipFile(_ARCHIVE) as archive:
        archive.extractall(made)
    return made


def recorded(folder: Path, entry: Entry) -> tuple[list[Array], list[Array]]:
    """The inputs, and what Keras made of them."""
    with np.load(folder / entry["outputs"], allow_pickle=False) as arrays:
        found = [[arrays[name] for name in sorted(arrays) if name[0] == kind] for kind in "xy"]
    return found[0], found[1]


def computed(
    folder: Path, entry: Entry, spec: Spec, backend: Literal["native", "reference"] = "reference"
) -> list[Array]:
    """What modelc makes of them by a spec, with the weights of the file."""
    model = spec.build(weights=folder / entry.get("weights", entry["file"]), backend=backend)
    given, _ = recorded(folder, entry)
    y: Any = model(given if len(given) > 1 else given[0])
    return list(y) if isinstance(y, list | tuple) else [y]


def assert_equal(found: Sequence[Array], expected: Sequence[Array]) -> None:
    assert len(found) == len(expected)
    for y, want in zip(found, expected, strict=True):
        np.testing.assert_allclose(y, want, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("version", [2, 3])
def test_every_rule_has_files(version: int) -> None:
    elsewhere = _TESTED_ELSEWHERE | (_AS_ON_JAX if version == 3 else set())
    assert {entry["rule"] for entry in ENTRIES if entry["keras"] == version} - {""} == RULES - elsewhere


@pytest.mark.sampled(3)
@each
@pytest.mark.parametrize("backend", ["native", "reference"])
def test_a_file_computes_what_it_computed(folder: Path, entry: Entry, backend: Literal["native", "reference"]) -> None:
    spec = modelc.load_spec(folder / entry["file"])
    assert_equal(computed(folder, entry, spec, backend), recorded(folder, entry)[1])


@pytest.mark.sampled(3)
@each
def test_what_is_written_of_it_computes_the_same(folder: Path, entry: Entry) -> None:
    spec = modelc.load_spec(folder / entry["file"])
    again = modelc.load_spec(spec.to_yaml())
    assert again == spec.replaced(weights=spec.weights)
    assert_equal(computed(folder, entry, again), recorded(folder, entry)[1])


@pytest.mark.parametrize(
    "entry", [e for e in ENTRIES if e["keras"] == 2 and e["rule"] not in _READ], ids=lambda entry: entry["file"]
)
def test_the_rule_decides(folder: Path, entry: Entry) -> None:
    """By those of Keras 3 the outputs are others, or the masks do not fit: the recording can tell them apart.

    (Keras 3 writes most masks into the calls of its files, as tensors, so that those are the same by both.)
    """
    spec = modelc.load_spec(folder / entry["file"])
    text = spec.to_json().replace('"semantics": "keras2"', '"semantics": "keras3"')
    try:
        found = computed(folder, entry, modelc.load_spec(text))
    except modelc.ModelcError:
        return
    expected = recorded(folder, entry)[1]
    pairs = list(zip(found, expected, strict=True))
    assert not all(y.shape == want.shape and np.allclose(y, want, rtol=1e-4, atol=1e-5) for y, want in pairs)


def test_gates_and_activations_say_which_function_they_are(folder: Path) -> None:
    def said(file: str) -> Any:
        return modelc.load_spec(folder / file).to_dict()["layers"][0].get("recurrent_activation")

    assert said("keras2_lstm.h5") == said("keras2_lstm.json") == said("keras2_gates.h5") == "keras2_hard_sigmoid"
    assert said("keras3_lstm.keras") == "hard_sigmoid"
    assert said("keras3_gates.keras") is None


def test_a_spec_names_its_semantics_where_it_has_masks(folder: Path) -> None:
    def written(file: str) -> str:
        return modelc.load_spec(folder / file).to_yaml()

    assert "semantics: keras2" in written("keras2_add_10.h5")
    assert "semantics" not in written("keras3_add_10.keras")
    assert "semantics" not in written("keras2_dense.h5")
    assert written("keras2_nested.h5").count("semantics: keras2") == 2


def test_flips_happen_where_weights_are_read(folder: Path) -> None:
    entry = next(entry for entry in ENTRIES if entry["file"] == "keras2_theano_2d.h5")
    path = folder / entry["file"]
    arrays, _ = read_keras_model(path).read_weights()
    spec = Spec.of(read_keras_model(path).spec)  # names no weights
    assert spec.weights is None
    model = spec.build(weights=path)
    given, expected = recorded(folder, entry)
    assert_equal([model(given[0])], expected)
    for weight in model.weights:
        np.testing.assert_array_equal(weight.value, arrays[weight.path])


def test_a_given_mask_counts_beside_given_states() -> None:
    """As in Keras 3 on JAX: the state goes through the steps that are masked at the beginning."""
    text = """
        modelc: 1
        inputs: {x: {shape: [3, 1]}, h: {shape: [1]}, keep: {shape: [3]}}
        outputs: [rnn]
        layers:
          - {type: SimpleRNN, name: rnn, units: 1, activation: linear, return_sequences: true,
             inputs: {inputs: [x, h], mask: keep}}
    """
    model = modelc.load_spec(text).build()
    model.set_weights([np.ones((1, 1), np.float32), np.ones((1, 1), np.float32), np.zeros(1, np.float32)])
    x, h, keep = np.array([[[1], [2], [4]]], "f4"), np.array([[8]], "f4"), np.array([[0, 1, 0]], "f4")
    np.testing.assert_allclose(model([x, h, keep])[0, :, 0], [8, 10, 10])


def test_versions_and_backends() -> None:
    assert semantics_of("3.15.1", "jax") is KERAS_3
    assert semantics_of("2.11.0", "tensorflow") == KERAS_2
    assert semantics_of("2.2.4-tf", "tensorflow") == KERAS_2
    older = semantics_of("2.2.4", "theano")
    assert (older.gate_default, older.kernel_order) == (GateDefault.HARD_SIGMOID, KernelOrder.FLIPPED)
    assert older.name == "keras2-theano"
    assert semantics_of("1.2.2").gate_default is GateDefault.HARD_SIGMOID
    assert semantics_of(None) == KERAS_2
    assert semantics_of(None, modern=True) is KERAS_3


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("keras2_add_10.h5", "the model has `semantics: keras2`"),
        ("keras2_nested.h5", "the model has `semantics: keras2`"),
    ],
)
def test_what_keras_3_would_compute_otherwise_is_not_exported(
    folder: Path, tmp_path: Path, file: str, message: str
) -> None:
    with pytest.raises(UnsupportedError, match=message):
        export_keras(tmp_path / "one.keras", modelc.load_spec(folder / file), {})
    assert not (tmp_path / "one.keras").exists()


def test_masks_that_are_the_same_by_both_are_exported(folder: Path, tmp_path: Path) -> None:
    spec = modelc.load_spec(folder / "keras2_unchanged_up.h5")
    assert spec.semantics == "keras2"
    model = spec.build()
    export_keras(tmp_path / "one.keras", spec, {w.path: w.value for w in model.weights})
    assert modelc.load_spec(tmp_path / "one.keras").semantics == "keras3"
