"""Assigning weights, and safetensors files: read against the library's own reader and writer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import modelc
from modelc import layers
from modelc.errors import FileFormatError, WeightsError
from modelc.files.tensors import load_arrays, load_weights, save_weights
from modelc.weights.assign import assign_all, assign_by_path
from modelc.weights.variable import Variable, generation


def _by_path(variables: list[Variable]) -> dict[str, Variable]:
    return {variable.path: variable for variable in variables}


def _variables() -> list[Variable]:
    return [Variable("a/kernel", np.zeros((2, 3))), Variable("a/bias", np.zeros(3)), Variable("b/scale", np.zeros(()))]


EXPECTED = {"a/kernel": (2, 3), "a/bias": (3,), "b/scale": ()}


def _arrays() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {path: rng.normal(size=shape).astype(np.float32) for path, shape in EXPECTED.items()}


def test_every_mismatch_is_named_at_once_and_nothing_is_assigned() -> None:
    variables, arrays = _variables(), _arrays()
    before = generation()
    given = {"a/kernel": arrays["a/kernel"].T, "a/bias": np.array(["x", "y", "z"]), "c/kernel": np.zeros(4)}
    with pytest.raises(WeightsError) as error:
        assign_by_path(variables, given, "the model `m`")
    assert str(error.value).splitlines() == [
        "the weights do not match the model `m`; nothing was loaded:",
        "  mis-shaped: `a/kernel` is (3, 2), expected (2, 3)",
        "  not numbers: `a/bias` holds <U1",
        "  missing: `b/scale` ()",
        "  unexpected: `c/kernel` (4,)",
    ]
    assert generation() == before
    assert all(v.version == 0 and not v.value.any() for v in variables)


def test_tensors_of_ignored_layers_are_passed_over() -> None:
    variables, arrays = _variables(), _arrays()
    assign_by_path(variables, {**arrays, "c/kernel": np.zeros(4)}, "m", ignore={"c"})
    for variable in variables:
        np.testing.assert_array_equal(variable.value, arrays[variable.path])


@pytest.mark.parametrize("dtype", ["float64", "float16", "float32", "int64", "uint8", "bool"])
def test_real_arrays_become_float32(dtype: str) -> None:
    variables = _variables()
    arrays = [np.ones(v.shape, dtype) for v in variables]
    assign_all(variables, arrays, "m")
    assert all(v.value.dtype == np.float32 and (v.value == 1).all() for v in variables)


@pytest.mark.parametrize("dtype", ["complex64", "object", "U3", "datetime64[s]"])
def test_other_arrays_are_refused(dtype: str) -> None:
    variables = _variables()
    with pytest.raises(WeightsError, match="not numbers: `b/scale`"):
        assign_all(variables, [np.ones((2, 3)), np.ones(3), np.zeros((), dtype)], "m")


def test_a_list_of_another_length_is_refused() -> None:
    with pytest.raises(WeightsError, match="the layer `d` has 3 weights, found 1 arrays"):
        assign_all(_variables(), [np.ones(3)], "the layer `d`")


def test_an_assigned_array_is_a_copy_that_cannot_be_written() -> None:
    variable, array = Variable("a", np.zeros(3)), np.ones(3, np.float32)
    variable.assign(array)
    array[:] = 5
    assert (variable.value == 1).all()
    with pytest.raises(ValueError, match="read-only"):
        variable.value[:] = 2


# --- files


def test_the_library_reads_what_is_written(tmp_path: Path) -> None:
    arrays = _arrays()
    save_weights(tmp_path / "w.safetensors", arrays)
    read = load_file(tmp_path / "w.safetensors")
    assert {k: (v.shape, v.tolist()) for k, v in read.items()} == {k: (v.shape, v.tolist()) for k, v in arrays.items()}


def test_the_same_arrays_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("1", "2"):
        save_weights(tmp_path / name, _arrays())
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_that_the_library_wrote(tmp_path: Path, dtype: type) -> None:
    arrays = {path: array.astype(dtype) for path, array in _arrays().items()}
    save_file({**arrays, "elsewhere/ids": np.arange(7)}, tmp_path / "w", {"format": "pt", "by": "someone"})
    variables = _variables()
    load_weights(tmp_path / "w", _by_path(variables), ignore={"elsewhere"})
    for variable in variables:
        np.testing.assert_array_equal(variable.value, arrays[variable.path].astype(np.float32))


def test_bfloat16(tmp_path: Path) -> None:
    # 1.0, -2.5, inf and the largest number below 2, by the definition of the format: sign, 8 bits, 7 bits.
    words = np.array([0x3F80, 0xC020, 0x7F80, 0x3FFF], "<u2")
    _write(tmp_path / "w", {"x/y": {"dtype": "BF16", "shape": [4], "data_offsets": [0, 8]}}, words.tobytes())
    read = load_arrays(tmp_path / "w", {"x/y": (4,)}, "m")["x/y"]
    np.testing.assert_array_equal(read, np.array([1.0, -2.5, np.inf, 1.9921875], np.float32))


def test_mismatches_of_a_file_are_named_before_its_data_is_read(tmp_path: Path) -> None:
    path = tmp_path / "w"
    save_file({"a/kernel": np.zeros((3, 2)), "a/bias": np.arange(3), "d/x": np.zeros(1)}, path)
    variables = _variables()
    with pytest.raises(WeightsError) as error:
        load_weights(path, _by_path(variables), "the model `m`")
    assert str(error.value).splitlines()[1:] == [
        "  mis-shaped: `a/kernel` is (3, 2), expected (2, 3)",
        "  not numbers: `a/bias` holds I64, expected floats",
        "  missing: `b/scale` ()",
        "  unexpected: `d/x` (1,)",
    ]


def _write(path: Path, header: object, data: bytes, length: int | None = None) -> None:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes((len(text) if length is None else length).to_bytes(8, "little") + text + data)


_ONE = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
DAMAGED = {
    "length beyond the file": (_ONE, b"", 10**6, "claims 1000000 bytes"),
    "length of petabytes": (_ONE, b"", 2**60, "claims"),
    "not JSON": (b"\x80\x04\x95", b"", None, "not JSON"),
    "deep": (b"[" * 100_000, b"", None, "not JSON"),
    "a list": ([1, 2], b"", None, "not a JSON object"),
    "twice": (b'{"a/b": {}, "a/b": {}}', b"", None, "a key occurs twice"),
    "no offsets": ({"a/b": {"dtype": "F32", "shape": [2]}}, b"", None, "malformed"),
    "an entry that is text": ({"a/b": "x"}, b"", None, "malformed"),
    "a negative size": ({"a/b": {**_ONE, "shape": [-2]}}, bytes(8), None, "not a size"),
    "a size that is true": ({"a/b": {**_ONE, "shape": [True, 2]}}, bytes(8), None, "not a size"),
    "a huge size": ({"a/b": {**_ONE, "shape": [2**63]}}, bytes(8), None, "not a size"),
    "a size that does not fit": ({"a/b": {**_ONE, "shape": [3]}}, bytes(8), None, "does not fit F32"),
    "an unknown type": ({"a/b": {**_ONE, "dtype": "F128"}}, bytes(8), None, "type 'F128'"),
    "a gap": ({"a/b": {**_ONE, "data_offsets": [4, 12]}}, bytes(12), None, "begins at 4, expected 0"),
    "an overlap": ({"a/b": _ONE, "c/d": {**_ONE, "data_offsets": [4, 12]}}, bytes(12), None, "begins at 4, expected 8"),
    "cut short": ({"a/b": _ONE}, bytes(7), None, "take 8 bytes, found 7"),
    "too long": ({"a/b": _ONE}, bytes(9), None, "take 8 bytes, found 9"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_files(tmp_path: Path, case: str) -> None:
    header, data, length, message = DAMAGED[case]
    _write(tmp_path / "w", header, data, length)
    with pytest.raises(FileFormatError, match=message):
        load_arrays(tmp_path / "w", {"a/b": (2,)}, "m")


def test_a_file_cut_anywhere_is_damaged(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    save_weights(whole, _arrays())
    data = whole.read_bytes()
    for length in range(len(data)):
        cut.write_bytes(data[:length])
        with pytest.raises(FileFormatError):
            load_arrays(cut, EXPECTED, "m")


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="cannot be read: No such file"):
        load_arrays(tmp_path / "none", EXPECTED, "m")
    with pytest.raises(FileFormatError, match="cannot be read: Is a directory"):
        load_arrays(tmp_path, EXPECTED, "m")


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "w"
    save_weights(path, {"a": np.zeros(3)})
    before = path.read_bytes()
    with pytest.raises(ValueError, match="could not convert"):
        save_weights(path, {"a": np.array(["x"])})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


# --- building from weights

SPEC = {
    "modelc": 1,
    "input": {"shape": [4]},
    "layers": [{"type": "Dense", "units": 3}, {"type": "Dense", "units": 2}, {"type": "Dense", "units": 5}],
}


def test_a_view_takes_its_part_of_the_whole_models_file(tmp_path: Path) -> None:
    spec = modelc.load_spec(SPEC)
    whole = spec.build(seed=3, backend="reference")
    whole.save_weights(tmp_path / "w.safetensors")
    part = spec.truncate("dense_1").build(weights=tmp_path / "w.safetensors", backend="reference")
    x = np.ones((2, 4))
    np.testing.assert_array_equal(part(x), whole.extract("dense_1")(x))
    with pytest.raises(WeightsError, match="missing: `dense_2/kernel`"):
        part.save_weights(tmp_path / "part.safetensors")
        spec.build(weights=tmp_path / "part.safetensors", backend="reference")


def test_a_spec_names_its_weights(tmp_path: Path) -> None:
    modelc.load_spec(SPEC).build(seed=3, backend="reference").save_weights(tmp_path / "w.safetensors")
    (tmp_path / "m.yaml").write_text(modelc.load_spec({**SPEC, "weights": "w.safetensors"}).to_yaml())
    model = modelc.load_spec(tmp_path / "m.yaml").build(backend="reference")
    np.testing.assert_array_equal(model.get_weights()[0], load_file(tmp_path / "w.safetensors")["dense/kernel"])


def test_weights_as_a_list_and_as_a_mapping() -> None:
    spec = modelc.load_spec(SPEC)
    source = spec.build(seed=9, backend="reference")
    by_path = {v.path: v.value for v in source.weights}
    for weights in (source.get_weights(), by_path):
        model = spec.build(weights=weights, backend="reference")
        for mine, theirs in zip(model.get_weights(), source.get_weights(), strict=True):
            np.testing.assert_array_equal(mine, theirs)
    with pytest.raises(WeightsError, match="has 6 weights, found 5 arrays"):
        spec.build(weights=source.get_weights()[:-1], backend="reference")


def test_weights_depend_on_the_seed_and_the_path_only() -> None:
    spec = modelc.load_spec(SPEC)
    first = {v.path: v.value for v in spec.build(seed=1, backend="reference").weights}
    other = {v.path: v.value for v in spec.build(seed=2, backend="reference").weights}
    part = {v.path: v.value for v in spec.truncate("dense").build(seed=1, backend="reference").weights}
    assert not np.array_equal(first["dense/kernel"], other["dense/kernel"])
    np.testing.assert_array_equal(first["dense/kernel"], part["dense/kernel"])


def test_a_layer_sets_its_own_weights() -> None:
    layer = layers.Dense(2)
    layer(np.ones((1, 3)))
    layer.set_weights([np.full((3, 2), 2.0), np.ones(2)])
    np.testing.assert_array_equal(layer(np.ones((1, 3))), [[7, 7]])
    with pytest.raises(WeightsError, match="the layer `Dense`"):
        layer.set_weights([np.ones((2, 3)), np.ones(2)])
