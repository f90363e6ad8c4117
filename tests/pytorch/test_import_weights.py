"""`import_weights`: layer by layer against layouts written out here, what is refused, and what the map says."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.errors import FileFormatError, ModelcError, SpecError, WeightsError
from modelc.files.tensors import write_exact
from modelc.pytorch.pattern import Pattern, PatternError

RANDOM = np.random.default_rng(0)
Arrays = dict[str, Any]


def values(**shapes: tuple[int, ...]) -> Arrays:
    return {name.replace("__", "."): RANDOM.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def saved(tmp_path: Path, arrays: Arrays) -> Path:
    path = tmp_path / "model.safetensors"
    with path.open("wb") as out:
        write_exact(out, arrays)
    return path


def spec_of(shape: tuple[int, ...], *layers: dict[str, Any]) -> dict[str, Any]:
    return {"modelc": 1, "input": {"shape": list(shape)}, "layers": list(layers)}


def two_dense(*names: str) -> dict[str, Any]:
    return spec_of((5,), *({"type": "Dense", "units": 5, "name": name} for name in names))


TWO = {"a.weight": (5, 5), "a.bias": (5,), "b.weight": (5, 5), "b.bias": (5,)}


def two() -> Arrays:
    return {name: RANDOM.normal(size=shape).astype(np.float32) for name, shape in TWO.items()}


# --- layouts: torch's by its documentation (torch.nn), Keras's by its own


def test_transposed_convolutions(tmp_path: Path) -> None:
    given = values(weight=(4, 3, 2, 5), bias=(3,))  # in, out, height, width
    layer = {"type": "Conv2DTranspose", "filters": 3, "kernel_size": [2, 5], "name": "up"}
    arrays = modelc.import_weights(saved(tmp_path, given), onto=spec_of((8, 8, 4), layer)).arrays
    np.testing.assert_array_equal(arrays["up/kernel"], np.einsum("iohw->hwoi", given["weight"]))


def test_depthwise_convolutions_with_several_outputs(tmp_path: Path) -> None:
    given = values(weight=(8, 1, 3, 2))
    layer = {"type": "DepthwiseConv2D", "kernel_size": [3, 2], "depth_multiplier": 2, "use_bias": False, "name": "d"}
    kernel = modelc.import_weights(saved(tmp_path, given), onto=spec_of((8, 8, 4), layer)).arrays["d/kernel"]
    for channel in range(4):
        for output in range(2):
            np.testing.assert_array_equal(kernel[:, :, channel, output], given["weight"][2 * channel + output, 0])


def test_separable_convolutions_are_two(tmp_path: Path) -> None:
    given = values(depth__weight=(4, 1, 3, 3), point__weight=(7, 4, 1, 1), point__bias=(7,))
    layer = {"type": "SeparableConv2D", "filters": 7, "kernel_size": 3, "name": "s"}
    arrays = modelc.import_weights(saved(tmp_path, given), onto=spec_of((8, 8, 4), layer)).arrays
    np.testing.assert_array_equal(arrays["s/depthwise_kernel"], np.einsum("cmhw->hwcm", given["depth.weight"]))
    np.testing.assert_array_equal(arrays["s/pointwise_kernel"], np.einsum("oihw->hwio", given["point.weight"]))


def test_convolutions_of_one_and_three_axes_and_in_groups(tmp_path: Path) -> None:
    one, three = values(weight=(6, 5, 3), bias=(6,)), values(weight=(3, 4, 3, 2, 1), bias=(3,))
    layer = {"type": "Conv1D", "filters": 6, "kernel_size": 3, "name": "c"}
    kernel = modelc.import_weights(saved(tmp_path, one), onto=spec_of((9, 5), layer)).arrays["c/kernel"]
    np.testing.assert_array_equal(kernel, np.einsum("oiw->wio", one["weight"]))
    layer = {"type": "Conv3D", "filters": 3, "kernel_size": [3, 2, 1], "name": "c"}
    kernel = modelc.import_weights(saved(tmp_path, three), onto=spec_of((4, 4, 4, 4), layer)).arrays["c/kernel"]
    np.testing.assert_array_equal(kernel, np.einsum("oidhw->dhwio", three["weight"]))
    grouped = values(weight=(8, 2, 3, 3), bias=(8,))
    layer = {"type": "Conv2D", "filters": 8, "kernel_size": 3, "groups": 2, "name": "c"}
    kernel = modelc.import_weights(saved(tmp_path, grouped), onto=spec_of((8, 8, 4), layer)).arrays["c/kernel"]
    np.testing.assert_array_equal(kernel, np.einsum("oihw->hwio", grouped["weight"]))


def test_statistics_and_counters(tmp_path: Path) -> None:
    shapes = dict.fromkeys(("n__weight", "n__bias", "n__running_mean", "n__running_var"), (3,))
    given = {**values(**shapes), "n.num_batches_tracked": np.asarray(7, np.int64)}
    imported = modelc.import_weights(
        saved(tmp_path, given), onto=spec_of((4, 3), {"type": "BatchNormalization", "name": "norm"})
    )
    for ours, theirs in (
        ("gamma", "weight"), ("beta", "bias"), ("moving_mean", "running_mean"), ("moving_variance", "running_var"),
    ):  # fmt: skip
        np.testing.assert_array_equal(imported.arrays[f"norm/{ours}"], given[f"n.{theirs}"])
    assert imported.notes == (
        "1 tensors without floats were left out: `n.num_batches_tracked`",
        "`epsilon` is in no file of weights: 1 BatchNormalization layers such as `norm` have 0.001, and PyTorch's "
        "default is 1e-05",
    )


def test_flattened_maps_and_sequences(tmp_path: Path) -> None:
    given = values(conv__weight=(4, 5, 3), conv__bias=(4,), fc__weight=(2, 16), fc__bias=(2,))
    conv = {"type": "Conv1D", "filters": 4, "kernel_size": 3, "name": "conv"}
    dense = {"type": "Dense", "units": 2, "name": "fc"}
    spec = spec_of((6, 5), conv, {"type": "Flatten"}, {"type": "Dropout", "rate": 0.1}, dense)
    kernel = modelc.import_weights(saved(tmp_path, given), onto=spec).arrays["fc/kernel"]
    np.testing.assert_array_equal(kernel.reshape(4, 4, 2), np.einsum("ocw->wco", given["fc.weight"].reshape(2, 4, 4)))
    given = values(a__weight=(4, 5), a__bias=(4,), fc__weight=(2, 24), fc__bias=(2,))
    spec = spec_of((6, 5), {"type": "Dense", "units": 4, "name": "a"}, {"type": "Flatten"}, dense)
    kernel = modelc.import_weights(saved(tmp_path, given), onto=spec).arrays["fc/kernel"]
    np.testing.assert_array_equal(kernel, given["fc.weight"].T)


def test_prelu_and_group_normalization(tmp_path: Path) -> None:
    given = values(
        **{"0__weight": (8, 4, 1, 1), "0__bias": (8,), "1__weight": (8,), "2__weight": (8,), "2__bias": (8,)}
    )
    spec = spec_of(
        (6, 6, 4),
        {"type": "Conv2D", "filters": 8, "kernel_size": 1, "name": "c"},
        {"type": "PReLU", "shared_axes": [1, 2], "name": "p"},
        {"type": "GroupNormalization", "groups": 4, "name": "g"},
    )
    arrays = modelc.import_weights(saved(tmp_path, given), onto=spec).arrays
    np.testing.assert_array_equal(arrays["p/alpha"], given["1.weight"].reshape(1, 1, 8))
    np.testing.assert_array_equal(arrays["g/gamma"], given["2.weight"])


def test_lone_parameters(tmp_path: Path) -> None:
    """Layers of other kinds take parameters of their shapes, and no matrix, which may have to be transposed."""
    einsum = {"type": "EinsumDense", "equation": "ab,bc->ac", "output_shape": [5], "name": "e"}
    given = {"model.scale": RANDOM.normal(size=(1, 5, 5)).astype(np.float32)}
    arrays = modelc.import_weights(saved(tmp_path, given), onto=spec_of((5,), einsum)).arrays
    np.testing.assert_array_equal(arrays["e/kernel"], given["model.scale"][0])
    with pytest.raises(
        WeightsError, match=r"`e/kernel` is a value with kernel \[5, 5\], and the file has none that fits"
    ):
        modelc.import_weights(saved(tmp_path, values(fc__weight=(5, 5))), onto=spec_of((5,), einsum))


def test_layers_in_models_and_wrappers(tmp_path: Path) -> None:
    given = values(**{"0__0__weight": (5, 5), "0__1__weight": (4, 5), "1__weight": (5, 4)})
    inner = spec_of((6, 5), *({"type": "Dense", "units": n, "use_bias": False, "name": f"d{n}"} for n in (5, 4)))
    last = {"type": "TimeDistributed", "layer": {"type": "Dense", "units": 5, "use_bias": False}, "name": "t"}
    spec = spec_of((6, 5), {"type": "Model", "spec": inner, "name": "m"}, last)
    arrays = modelc.import_weights(saved(tmp_path, given), onto=spec).arrays
    for path, name in (("m/d5/kernel", "0.0"), ("m/d4/kernel", "0.1"), ("t/dense/kernel", "1")):
        np.testing.assert_array_equal(arrays[path], given[f"{name}.weight"].T)


def test_a_matrix_and_one_of_its_transposed_shape(tmp_path: Path) -> None:
    """A Linear is stored outputs first, whatever else its shape would fit."""
    given = values(down__weight=(2, 5), up__weight=(5, 2))
    layers = ({"type": "Dense", "units": n, "use_bias": False, "name": f"d{n}"} for n in (2, 5))
    arrays = modelc.import_weights(saved(tmp_path, given), onto=spec_of((5,), *layers)).arrays
    np.testing.assert_array_equal(arrays["d2/kernel"], given["down.weight"].T)
    np.testing.assert_array_equal(arrays["d5/kernel"], given["up.weight"].T)


# --- the map


def test_layers_of_the_map(tmp_path: Path) -> None:
    given = two()
    told = {"modelc-map": 1, "layers": {"first": "b"}}
    imported = modelc.import_weights(saved(tmp_path, given), onto=two_dense("first", "second"), map=told)
    np.testing.assert_array_equal(imported.arrays["first/kernel"], given["b.weight"].T)
    np.testing.assert_array_equal(imported.arrays["second/bias"], given["a.bias"])


def test_weights_of_the_map(tmp_path: Path) -> None:
    """One tensor may become two weights, and several one."""
    given = two()
    told = {
        "modelc-map": 1,
        "weights": {
            "first/kernel": {"from": "a.weight", "as": "o i -> i o"},
            "first/bias": {"add": ["a.bias", "b.bias"]},
            "second/kernel": {"from": "a.weight", "blocks": [4, 3, 2, 1, 0]},
            "second/bias": "b.bias",
        },
        "ignore": ["b"],
    }
    arrays = modelc.import_weights(saved(tmp_path, given), onto=two_dense("first", "second"), map=told).arrays
    np.testing.assert_array_equal(arrays["first/bias"], given["a.bias"] + given["b.bias"])
    np.testing.assert_array_equal(arrays["second/kernel"], given["a.weight"][::-1])


def test_parts_of_the_map(tmp_path: Path) -> None:
    given = values(both__weight=(5, 10), b__bias=(5,))
    entry = {"from": "both.weight", "part": {"index": 1, "of": 2, "axis": 1}}
    told = {"modelc-map": 1, "weights": {"d/kernel": entry, "d/bias": "b.bias"}}
    arrays = modelc.import_weights(saved(tmp_path, given), onto=two_dense("d"), map=told).arrays
    np.testing.assert_array_equal(arrays["d/kernel"], given["both.weight"][:, 5:])


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("layers: {frist: b}", "2:10: error[E602]: unknown layer `frist`"),
        ("layers: {first: c}", "2:17: error[E602]: unknown module `c`"),
        ("layers: {first: a, second: a}", "`a` is said to fill two layers"),
        ("layers: 3", "2:9: error[E203]: `layers` is a mapping, found the number 3"),
        ("layers: {first: 0}", "2:17: error[E203]: a name is expected, found the number 0"),
        ("weights: {first/kernal: a.weight}", "error[E602]: unknown weight `first/kernal`"),
        ("weights: {first/kernel: a.weigth, first/bias: a.bias}", "unknown tensor `a.weigth`"),
        ("weights: {first/kernel: a.weight}", "and not `first/bias`, which is filled together with it"),
        ("weights: {first/kernel: {frm: a.weight}}", "error[E201]: unknown key `frm`"),
        ("weights: {first/kernel: {as: o i -> i o}}", "one of `from`, `add` and `stack` names the tensors"),
        ("weights: {first/kernel: {from: a, add: [b]}}", "one of `from`, `add` and `stack` names the tensors"),
        ("weights: {first/kernel: {from: a.weight, as: o i}, first/bias: a.bias}", "it has no arrow `->`"),
        ("weights: {first/kernel: {from: a.weight, as: o i -> o}, first/bias: a.bias}", "the same names must stand"),
        ("weights: {first/kernel: {from: a.weight, as: O i -> i O}, first/bias: a.bias}", "is not a list of axes"),
        ("weights: {first/kernel: a.bias, first/bias: a.bias}", "it has the shape (5,), and the weight (5, 5)"),
        ("weights: {first/kernel: {from: a.weight, as: (o p) i -> i (o p)}, first/bias: a.bias}", "sizes of o, p must"),
        ("weights: {first/kernel: {from: a.weight, blocks: [0, 0]}, first/bias: a.bias}", "every number from 0 once"),
        ("weights: {first/kernel: {from: a.weight, blocks: [0, 1]}, first/bias: a.bias}", "2 equal blocks"),
        ("weights: {first/kernel: {from: a.weight, part: {index: 2, of: 2}}, first/bias: a.bias}", "no part 2 of 2"),
        ("weights: {first/kernel: {from: a.weight, part: 2}, first/bias: a.bias}", "`part` is a mapping"),
        ("weights: {first/kernel: {stack: [a.weight, a.bias]}, first/bias: a.bias}", "have different shapes"),
        ("ignore: [c]", "2:10: error[E602]: the file has no tensor and no module `c`"),
        ("ignore: a", "2:9: error[E203]: a list of names is expected"),
        ("wights: {}", "2:1: error[E201]: unknown key `wights`"),
    ],
)
def test_mistakes_in_the_map(told: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(f"modelc-map: 1\n{told}\n", encoding="utf-8")
    with pytest.raises(SpecError) as raised:
        modelc.import_weights(saved(tmp_path, two()), onto=two_dense("first", "second"), map=tmp_path / "map.yaml")
    assert expected in str(raised.value)
    assert str(raised.value).startswith(str(tmp_path / "map.yaml"))


def test_another_version_of_the_map(tmp_path: Path) -> None:
    path = saved(tmp_path, two())
    with pytest.raises(SpecError, match=r"error\[E208\]: `modelc-map: 1` says that it is a map of weights"):
        modelc.import_weights(path, onto=two_dense("a", "b"), map="modelc-map: 2\n")
    with pytest.raises(SpecError, match=r"error\[E202\]: `modelc-map: 1` says that it is a map of weights"):
        modelc.import_weights(path, onto=two_dense("a", "b"), map={"layers": {}})


# --- what does not fit


def refusal(tmp_path: Path, arrays: Arrays, spec: dict[str, Any], **options: Any) -> str:
    with pytest.raises(ModelcError) as raised:
        modelc.import_weights(saved(tmp_path, arrays), onto=spec, **options)
    return str(raised.value)


def test_two_that_fit_are_named_at_the_layer(tmp_path: Path) -> None:
    text = """\
modelc: 1
input: {shape: [5]}
layers:
  - {type: Dense, units: 5, name: first}
  - {type: Dense, units: 5, name: second}
"""
    with pytest.raises(WeightsError) as raised:
        modelc.import_weights(saved(tmp_path, two()), onto=text)
    assert str(raised.value) == (
        "<spec>:4:5: error[E602]: `first` [5, 5] can be `a` [5, 5] or `b` [5, 5], and nothing tells which\n"
        "      - {type: Dense, units: 5, name: first}\n"
        "        ^\n"
        "  help: write `layers: {first: a}`, or `b`, in the map"
    )


def test_names_that_are_numbers_are_quoted_in_messages(tmp_path: Path) -> None:
    arrays = {**two(), **values(**{"3__weight": (2, 5), "3__bias": (2,)})}
    spec = two_dense("a", "b")
    assert 'help: write `ignore: ["3"]` in the map' in refusal(tmp_path, arrays, spec)
    told = {"modelc-map": 1, "ignore": ["3"]}
    assert len(modelc.import_weights(saved(tmp_path, arrays), onto=spec, map=told).arrays) == 4


def test_too_few_and_too_many(tmp_path: Path) -> None:
    few = {name: array for name, array in two().items() if name.startswith("a")}
    assert "2 layers such as `y` [5, 5] need as many modules, and the file has 1: `a`" in refusal(
        tmp_path, few, two_dense("x", "y")
    )
    assert "2 modules can only be layers such as `x` [5, 5], and the spec has 1: `a`, `b`" in refusal(
        tmp_path, two(), two_dense("x")
    )


def test_a_gru_that_resets_before_its_matrix(tmp_path: Path) -> None:
    given = values(weight_ih_l0=(12, 5), weight_hh_l0=(12, 4))
    spec = spec_of((6, 5), {"type": "GRU", "units": 4, "use_bias": False, "reset_after": False})
    assert "leave `reset_after: false` out of the spec" in refusal(tmp_path, given, spec)


def test_layers_in_an_order_that_no_name_tells(tmp_path: Path) -> None:
    """Where the spec has its layers in another order than the modules, shapes and names alone must do."""
    given = values(**{"0__weight": (5, 5), "0__bias": (5,), "1__weight": (6, 5), "1__bias": (6,)})
    spec = {
        "modelc": 1,
        "input": {"shape": [5], "name": "x"},
        "layers": [
            {"type": "Dense", "units": 6, "name": "wide", "inputs": "x"},
            {"type": "Dense", "units": 5, "name": "narrow", "inputs": "x"},
            {"type": "Concatenate", "inputs": ["wide", "narrow"]},
        ],
    }
    arrays = modelc.import_weights(saved(tmp_path, given), onto=spec).arrays
    np.testing.assert_array_equal(arrays["narrow/kernel"], given["0.weight"].T)


# --- pickles


class Harmful:
    def __reduce__(self) -> Any:
        return (Path.touch, (Path("harm"),))


@pytest.mark.parametrize("name", ["m.pt", "m.pth", "pytorch_model.bin", "m.ckpt", "m.safetensors"])
@pytest.mark.parametrize("kind", ["zip", "pickle"])
def test_pickles_are_refused_unopened(kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = pickle.dumps(Harmful())
    if kind == "zip":
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("archive/data.pkl", data)
        data = stream.getvalue()
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileFormatError) as raised:
        modelc.import_weights(tmp_path / name, onto=two_dense("a", "b"))
    assert "is a pickle, which runs code when it is opened, and is not read" in raised.value.message
    *_, first, second = (raised.value.help or "").splitlines()
    assert first.strip() == "import torch; from safetensors.torch import save_file"
    assert "weights_only=True" in second
    assert not (tmp_path / "harm").exists()


def test_a_header_of_640_bytes_is_no_pickle(tmp_path: Path) -> None:
    """Its length begins with the two bytes that a pickle begins with."""
    given = two()
    stream = io.BytesIO()
    write_exact(stream, given)
    data = stream.getvalue()
    length = int.from_bytes(data[:8], "little")
    path = tmp_path / "model.safetensors"
    path.write_bytes((0x280).to_bytes(8, "little") + data[8 : 8 + length].ljust(0x280) + data[8 + length :])
    assert path.read_bytes()[:2] == pickle.dumps(0, protocol=2)[:2]
    assert len(modelc.import_weights(path, onto=two_dense("a", "b")).arrays) == 4


def test_a_damaged_file(tmp_path: Path) -> None:
    path = saved(tmp_path, two())
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(FileFormatError, match="is not a safetensors file, or is damaged"):
        modelc.import_weights(path, onto=two_dense("a", "b"))


# --- patterns


@pytest.mark.parametrize(
    ("pattern", "found", "sizes", "expected"),
    [
        ("o i -> i o", (3, 4), {}, lambda a: a.T),
        ("(n d) i -> i n d", (6, 4), {}, lambda a: a.reshape(2, 3, 4).transpose(2, 0, 1)),
        (
            "o (c h w) -> (h w c) o", (2, 24), {"c": 2, "h": 3},
            lambda a: a.reshape(2, 2, 12).transpose(2, 1, 0).reshape(24, 2),
        ),
        ("1 t d -> t d", (1, 3, 4), {}, lambda a: a[0]),
        ("c -> 1 1 c", (4,), {}, lambda a: a[None, None]),
    ],
)  # fmt: skip
def test_patterns(pattern: str, found: tuple[int, ...], sizes: dict[str, int], expected: Any) -> None:
    array = RANDOM.normal(size=found)
    want = expected(array)
    np.testing.assert_array_equal(Pattern.of(pattern).apply(array, want.shape, sizes), want)


@pytest.mark.parametrize("text", ["", "a b", "a -> b", "a a -> a a", "(a -> a", "a) -> a", "2 a -> a", "a | b -> b a"])
def test_patterns_that_are_none(text: str) -> None:
    with pytest.raises(PatternError):
        Pattern.of(text)
