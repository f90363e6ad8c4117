"""Which array of a file goes to which weight, in every layout that Keras has written.

The files here are laid out by hand, as Keras documents and writes them; `test_keras_files.py` has Keras write them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import FileFormatError, WeightsError
from modelc.keras.file import read_keras_file
from modelc.keras.weights.tree import LayerNode, layer_tree
from modelc.keras.weights.weights import LoadReport, match
from modelc.weights.variable import Variable

h5py: Any = pytest.importorskip("h5py")

STATISTICS = ("moving_mean", "moving_variance")
DENSE = {"kernel": (2, 2), "bias": (2,)}
NORM = {"gamma": (2,), "beta": (2,), "moving_mean": (2,), "moving_variance": (2,)}


def sequential(*layers: LayerNode, name: str = "net", trainable: bool = True) -> LayerNode:
    return LayerNode(name, "Sequential", trainable, layers)


def dense(name: str, trainable: bool = True) -> LayerNode:
    return LayerNode(name, "Dense", trainable)


def norm(name: str, trainable: bool = True) -> LayerNode:
    return LayerNode(name, "BatchNormalization", trainable)


def weights(**layers: Mapping[str, tuple[int, ...]]) -> list[Variable]:
    """Our weights, `a__b=DENSE` for those of the layer `a/b`; each is filled with a number of its own."""
    shapes = {f"{path.replace('__', '/')}/{n}": s for path, own in layers.items() for n, s in own.items()}
    return [
        Variable(path, np.full(shape, i, np.float32), trainable=not path.endswith(STATISTICS))
        for i, (path, shape) in enumerate(shapes.items())
    ]


def values(ours: Iterable[Variable], *paths: str) -> list[Any]:
    by_path = {v.path: v.value for v in ours}
    return [by_path[path] for path in paths]


def load(path: Path, tree: LayerNode, ours: list[Variable], partial: bool = False) -> tuple[dict[str, Any], LoadReport]:
    with read_keras_file(path) as file:
        return match(file, tree, ours, partial=partial)


def assert_loaded(path: Path, tree: LayerNode, ours: list[Variable]) -> None:
    """Every weight has the array that was written for it: its own number."""
    arrays, report = load(path, tree, ours)
    assert report.complete
    assert list(arrays) == [v.path for v in ours]
    for variable in ours:
        np.testing.assert_array_equal(arrays[variable.path], variable.value, err_msg=variable.path)


def write_groups(path: Path, groups: Mapping[str, Iterable[Any]], names: Mapping[str, str] | None = None) -> None:
    with h5py.File(path, "w") as file:
        for group, arrays in groups.items():
            for i, array in enumerate(arrays):
                file[f"{group}/vars/{i}"] = array
        for group, name in (names or {}).items():
            file[f"{group}/vars"].attrs["name"] = name


def write_legacy(path: Path, layers: Mapping[str, Mapping[str, Any]], **attributes: Any) -> None:
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = np.asarray([name.encode() for name in layers])
        for name, value in attributes.items():
            file.attrs[name] = value
        for layer, arrays in layers.items():
            group = file.create_group(layer)
            group.attrs["weight_names"] = np.asarray([name.encode() for name in arrays])
            for name, array in arrays.items():
                group[name] = array


# --- Keras 3


def test_layers_are_counted_by_class_and_not_sorted(tmp_path: Path) -> None:
    # As text, dense_10 and dense_11 come before dense_2; the names of the layers say the opposite order again.
    names = [f"z{20 - i}" for i in range(12)]
    ours = weights(**dict.fromkeys(names, DENSE))
    groups = {
        f"layers/dense_{i}" if i else "layers/dense": values(ours, f"{n}/kernel", f"{n}/bias")
        for i, n in enumerate(names)
    }
    write_groups(tmp_path / "a.weights.h5", groups)
    assert_loaded(tmp_path / "a.weights.h5", sequential(*map(dense, names)), ours)


def test_keras_2_13_counts_every_layer_twice(tmp_path: Path) -> None:
    ours = weights(a=DENSE, b=NORM, c=DENSE, d=DENSE)
    root = "_layer_checkpoint_dependencies"
    groups = {
        f"{root}/dense": values(ours, "a/kernel", "a/bias"),
        f"{root}/batch_normalization": values(ours, *(f"b/{n}" for n in NORM)),
        f"{root}/dense_2": values(ours, "c/kernel", "c/bias"),
        f"{root}/dense_4": values(ours, "d/kernel", "d/bias"),
    }
    write_groups(tmp_path / "a.weights.h5", groups)
    assert_loaded(tmp_path / "a.weights.h5", sequential(dense("a"), norm("b"), dense("c"), dense("d")), ours)


def test_projections_of_attention_by_their_older_names(tmp_path: Path) -> None:
    scopes = ("query", "key", "value", "attention_output")
    ours = weights(**{f"mha__{scope}": DENSE for scope in scopes})
    attributes = dict(zip(scopes, ("_query_dense", "_key_dense", "_value_dense", "_output_dense"), strict=True))
    groups = {
        f"layers/multi_head_attention/{attribute}": values(ours, f"mha/{scope}/kernel", f"mha/{scope}/bias")
        for scope, attribute in attributes.items()
    }
    write_groups(tmp_path / "a.weights.h5", groups)
    config = {"class_name": "MultiHeadAttention", "config": {"name": "mha"}}
    tree = layer_tree({"class_name": "Functional", "config": {"name": "net", "layers": [config]}})
    assert_loaded(tmp_path / "a.weights.h5", tree, ours)


def test_what_training_leaves_is_no_weight(tmp_path: Path) -> None:
    ours = weights(a=DENSE)
    state = {"optimizer": [1, 2], "compile_metrics/mean": [3.0], "layers/dropout/seed_generator": [[1, 2]]}
    write_groups(tmp_path / "a.weights.h5", {"layers/dense": values(ours, "a/kernel", "a/bias"), **state})
    _, report = load(tmp_path / "a.weights.h5", sequential(dense("a"), LayerNode("d", "Dropout")), ours)
    assert report.complete
    assert sorted(report.ignored) == [
        "compile_metrics/mean/vars/0",
        "layers/dropout/seed_generator/vars/0",
        "optimizer/vars/0",
        "optimizer/vars/1",
    ]


# --- Keras 1 and 2


def test_older_files_list_layers_in_order(tmp_path: Path) -> None:
    ours = weights(last=DENSE, first=DENSE)
    layers = {
        "input_1": {},
        "z": dict(zip(("z/kernel:0", "z/bias:0"), values(ours, "last/kernel", "last/bias"), strict=True)),
        "flatten": {},
        "a": dict(zip(("a/kernel:0", "a/bias:0"), values(ours, "first/kernel", "first/bias"), strict=True)),
    }
    write_legacy(tmp_path / "a.h5", layers, backend=b"tensorflow", keras_version=b"2.11.0")
    assert_loaded(tmp_path / "a.h5", sequential(dense("last"), dense("first")), ours)


def test_weights_may_have_the_names_of_keras_1(tmp_path: Path) -> None:
    ours = weights(block1_conv1=DENSE)
    arrays = dict(zip(("block1_conv1_W_1:0", "block1_conv1_b_1:0"), (v.value for v in ours), strict=True))
    write_legacy(tmp_path / "a.h5", {"block1_conv1": arrays, "fc": {}})
    assert_loaded(tmp_path / "a.h5", sequential(dense("block1_conv1")), ours)


def test_layers_with_the_same_names_are_found_by_them(tmp_path: Path) -> None:
    ours = weights(a=DENSE, b=DENSE)
    layers = {
        n: {f"{n}/kernel:0": v, f"{n}/bias:0": w} for n in "ba" for v, w in [values(ours, f"{n}/kernel", f"{n}/bias")]
    }
    write_legacy(tmp_path / "a.h5", layers)
    assert_loaded(tmp_path / "a.h5", sequential(dense("a"), dense("b")), ours)


def test_automatic_names_are_found_by_their_class_where_the_file_has_other_layers_too(tmp_path: Path) -> None:
    """Keras numbers the layers of a class over all models of a process."""
    ours = weights(first=DENSE, dense=DENSE, dense_1=DENSE)
    stored = {"first": "first", "dense": "dense_7", "dense_1": "dense_10"}
    layers = {
        theirs: {f"{theirs}/kernel:0": v, f"{theirs}/bias:0": w}
        for n, theirs in stored.items()
        for v, w in [values(ours, f"{n}/kernel", f"{n}/bias")]
    }
    layers["top"] = {"top/kernel:0": np.ones((2, 2), np.float32)}
    write_legacy(tmp_path / "a.h5", layers)
    arrays, report = load(tmp_path / "a.h5", sequential(*map(dense, stored)), ours, partial=True)
    assert [path for path, _ in report.unexpected] == ["top/top/kernel:0"]
    for variable in ours:
        np.testing.assert_array_equal(arrays[variable.path], variable.value, err_msg=variable.path)


def test_names_that_are_spread_over_attributes(tmp_path: Path) -> None:
    names = [f"layer{i}" for i in range(9)]
    ours = weights(**{name: {"kernel": (1,)} for name in names})
    write_legacy(tmp_path / "a.h5", {n: {f"{n}/kernel:0": v} for n in names for v in values(ours, f"{n}/kernel")})
    with h5py.File(tmp_path / "a.h5", "r+") as file:
        del file.attrs["layer_names"]
        for i in range(3):
            file.attrs[f"layer_names{i}"] = np.asarray([n.encode() for n in names[3 * i : 3 * i + 3]])
    assert_loaded(tmp_path / "a.h5", sequential(*map(dense, names)), ours)


FROZEN = ["a/kernel", "a/bias", "n/gamma", "n/beta", "n/moving_mean", "n/moving_variance", "z/kernel", "z/bias"]
TRAINED = ["a/kernel", "a/bias", "n/gamma", "n/beta", "z/kernel", "z/bias", "n/moving_mean", "n/moving_variance"]
FIRST_FROZEN = ["n/gamma", "n/beta", "z/kernel", "z/bias", "a/kernel", "a/bias", "n/moving_mean", "n/moving_variance"]


def nested(trainable: bool = True, first: bool = True) -> LayerNode:
    return sequential(sequential(dense("a", first), norm("n"), dense("z"), name="base", trainable=trainable))


@pytest.mark.parametrize("named", [True, False], ids=["names of layers", "other names"])
@pytest.mark.parametrize(
    ("order", "saved"),
    [(FROZEN, nested(False)), (TRAINED, nested()), (FIRST_FROZEN, nested(first=False))],
    ids=["frozen", "trained", "first frozen"],
)
def test_the_order_within_an_inner_model(tmp_path: Path, order: list[str], saved: LayerNode, named: bool) -> None:
    # Keras's rule: trainable weights first, in the order of layers, then the others; a frozen model has only others.
    ours = weights(base__a=DENSE, base__n=NORM, base__z=DENSE)
    stored = {(f"{name}:0" if named else f"w{i}:0"): values(ours, f"base/{name}")[0] for i, name in enumerate(order)}
    write_legacy(tmp_path / "a.h5", {"base": stored})
    assert_loaded(tmp_path / "a.h5", saved, ours)


@pytest.mark.parametrize("order", [FROZEN, TRAINED, FIRST_FROZEN], ids=["frozen", "trained", "first frozen"])
def test_an_order_that_the_model_no_longer_tells_is_seen_from_the_names(tmp_path: Path, order: list[str]) -> None:
    ours = weights(base__a=DENSE, base__n=NORM, base__z=DENSE)
    write_legacy(tmp_path / "a.h5", {"base": {f"{n}:0": v for n in order for v in values(ours, f"base/{n}")}})
    for tree in (nested(), nested(False), nested(first=False)):
        assert_loaded(tmp_path / "a.h5", tree, ours)


# --- what does not fit


def test_the_report_names_both_sides(tmp_path: Path) -> None:
    ours = weights(a=DENSE, b={"kernel": (2, 5), "bias": (5,)}, c=DENSE)
    write_groups(
        tmp_path / "a.weights.h5",
        {
            "layers/dense": values(ours, "a/kernel", "a/bias"),
            "layers/dense_1": [np.zeros((2, 3)), np.zeros(3)],
            "layers/conv2d": [np.zeros((1, 1, 2, 2))],
        },
        {"layers/dense": "a", "layers/dense_1": "b", "layers/conv2d": "k"},
    )
    tree = sequential(*map(dense, "abc"))
    with pytest.raises(WeightsError) as raised:
        load(tmp_path / "a.weights.h5", tree, ours)
    assert str(raised.value).split("\n  ") == [
        f"`{tmp_path}/a.weights.h5` does not match the model; nothing was loaded:",
        "missing: `c/kernel` (2, 2)",
        "missing: `c/bias` (2,)",
        "mis-shaped: `b/kernel` is (2, 3) in `layers/dense_1/vars/0`, expected (2, 5)",
        "mis-shaped: `b/bias` is (3,) in `layers/dense_1/vars/1`, expected (5,)",
        "unexpected: `layers/conv2d/vars/0` (1, 1, 2, 2)",
    ]
    arrays, report = load(tmp_path / "a.weights.h5", tree, ours, partial=True)
    assert list(arrays) == ["a/kernel", "a/bias"]
    assert [(one.path, one.stored) for one in report.loaded] == [
        ("a/kernel", "layers/dense/vars/0"),
        ("a/bias", "layers/dense/vars/1"),
    ]
    assert report.missing == (("c/kernel", (2, 2)), ("c/bias", (2,)))
    assert not report.complete


def test_with_another_number_of_layers_names_decide(tmp_path: Path) -> None:
    # A layer was put before the others: by number, `a` would get what was saved for `new`.
    ours = weights(a=DENSE, b=DENSE)
    groups = {
        "layers/dense": [np.full((2, 2), -1), np.full(2, -1)],
        "layers/dense_1": values(ours, "a/kernel", "a/bias"),
        "layers/dense_2": values(ours, "b/kernel", "b/bias"),
    }
    write_groups(tmp_path / "a.weights.h5", groups, dict(zip(groups, ("new", "a", "b"), strict=True)))
    arrays, report = load(tmp_path / "a.weights.h5", sequential(dense("a"), dense("b")), ours, partial=True)
    for variable in ours:
        np.testing.assert_array_equal(arrays[variable.path], variable.value)
    assert [stored for stored, _ in report.unexpected] == ["layers/dense/vars/0", "layers/dense/vars/1"]


@pytest.mark.parametrize("suffix", [".weights.h5", ".h5"])
def test_a_layer_with_another_number_of_weights_is_not_guessed(tmp_path: Path, suffix: str) -> None:
    # Without its gamma, a normalization has three weights of one shape: by position, each would get its neighbour's.
    ours = weights(n={name: shape for name, shape in NORM.items() if name != "gamma"})
    stored = [np.full(2, i) for i in range(4)]
    if suffix == ".h5":
        write_legacy(tmp_path / f"a{suffix}", {"n": {f"n/{name}:0": a for name, a in zip(NORM, stored, strict=True)}})
    else:
        write_groups(tmp_path / f"a{suffix}", {"layers/batch_normalization": stored})
    with pytest.raises(WeightsError, match="unexpected"):
        load(tmp_path / f"a{suffix}", sequential(norm("n")), ours)
    arrays, _ = load(tmp_path / f"a{suffix}", sequential(norm("n")), ours, partial=True)
    expected = {"n/beta": 1, "n/moving_mean": 2, "n/moving_variance": 3} if suffix == ".h5" else {}
    assert {path: int(a[0]) for path, a in arrays.items()} == expected


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="cannot be read: No such file"):
        load(tmp_path / "none.h5", sequential(), [])
