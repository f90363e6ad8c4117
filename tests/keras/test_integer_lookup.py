"""IntegerLookup: files of Keras 3 against what it computed, and what is refused in a sentence."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import FileFormatError, SpecError
from modelc.layers import LAYERS
from modelc.model.loading import load_spec
from tests.keras.recorded import Recorded

pytest.importorskip("h5py")

RECORDED = Recorded(Path(__file__).parent / "lookup_files", ".keras")


def test_none_is_lost() -> None:
    RECORDED.assert_none_is_lost()


@pytest.mark.parametrize("name", RECORDED.names)
def test_computes_what_keras_did(name: str) -> None:
    spec = load_spec(RECORDED.folder / f"{name}.keras")
    RECORDED.assert_computes(spec.build(backend="reference"), name)
    _, expected = RECORDED.arrays_of(name)
    for value, wanted in zip(spec.graph.outputs, expected, strict=True):
        assert value.type.dtype == {"int64": "int32"}.get(wanted.dtype.name, wanted.dtype.name)


@pytest.mark.parametrize("name", RECORDED.names)
def test_the_written_spec_computes_the_same(name: str, tmp_path: Path) -> None:
    RECORDED.assert_the_written_spec_computes_the_same(name, tmp_path)


@pytest.mark.parametrize("name", RECORDED.names)
def test_compiled_and_exported(name: str, tmp_path: Path) -> None:
    model = load_spec(RECORDED.folder / f"{name}.keras").build()
    RECORDED.assert_computes(model, name)
    model.save(tmp_path / "m.keras")
    RECORDED.assert_computes(load_spec(tmp_path / "m.keras").build(backend="reference"), name)


def test_every_remainder() -> None:
    x = np.arange(-3000, 3000, 7, dtype=np.int32)
    for count in (2, 3, 7, 10, 97):
        layer = LAYERS.coerce({"type": "IntegerLookup", "vocabulary": [10**6], "num_oov_indices": count})
        np.testing.assert_array_equal(layer(x), x % count)
    large = np.array([2**24 - 1, 2**24 - 2, -(2**24) + 1], np.int32)
    np.testing.assert_array_equal(layer(large), large % 97)


def test_without_places_for_others_they_are_marked() -> None:
    layer = LAYERS.coerce({"type": "IntegerLookup", "vocabulary": [5, 6], "num_oov_indices": 0})
    np.testing.assert_array_equal(layer(np.array([6, 7, 5], np.int32)), [1, -1, 0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "`vocabulary` is needed"),
        ({"vocabulary": "words.txt"}, "`vocabulary` is a list of integers, found a text"),
        ({"vocabulary": [1, 2, 1]}, "holds 1 twice"),
        ({"vocabulary": [1, 0], "mask_token": 0}, "holds the mask token 0"),
        ({"vocabulary": [1, -1], "invert": True}, "holds the `oov_token` -1"),
        ({"vocabulary": [1], "invert": True, "output_mode": "count"}, "`invert` goes with `output_mode: int` only"),
        ({"vocabulary": [1, 2, 3], "max_tokens": 3}, "there are 4 places, more than `max_tokens`"),
        ({"vocabulary": [1], "pad_to_max_tokens": True}, "`pad_to_max_tokens` needs `max_tokens`"),
        ({"vocabulary": [1], "output_mode": "tf_idf"}, "`idf_weights` go together"),
        ({"vocabulary": [1], "output_mode": "tf_idf", "idf_weights": [1, 2]}, "1 integers need as many `idf_weights`"),
        ({"vocabulary": [2**24]}, "must be at most 16777215"),
        ({"vocabulary": [1], "oov_method": "farmhash"}, '"farmhash"'),
        ({"vocabulary": list(range(70_000))}, "at most 65536"),
    ],
)
def test_mistakes(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        LAYERS.coerce({"type": "IntegerLookup", **options})


def test_an_adapted_one_keeps_its_vocabulary_apart(tmp_path: Path) -> None:
    path = tmp_path / "adapted.keras"
    with zipfile.ZipFile(RECORDED.folder / "embedded.keras") as source, zipfile.ZipFile(path, "w") as target:
        for member in source.infolist():
            target.writestr(member, source.read(member))
        target.writestr("assets/layers/integer_lookup/vocabulary.txt", "-1\n5\n42")
    with pytest.raises(FileFormatError, match="vocabularies of adapted layers: give those their `vocabulary`"):
        load_spec(path)
