"""Names of layers: whatever Keras allows survives import, YAML, JSON, views, weight files, a diff and export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modelc import load_spec
from modelc.errors import ModelcError
from modelc.keras.export.export import model_config
from modelc.keras.read import read_keras_model
from modelc.language.names import escaped, scoped_name_problem, unescaped
from tests.slowness import examples


def layer(class_name: str, name: str, *nodes: Any, **options: Any) -> dict[str, Any]:
    config = {"name": name, "trainable": True, **options}
    return {"class_name": class_name, "config": config, "name": name, "inbound_nodes": list(nodes)}


def functional(*layers: dict[str, Any], outputs: list[str]) -> dict[str, Any]:
    config = {
        "name": "net",
        "layers": list(layers),
        "input_layers": [[one["name"], 0, 0] for one in layers if one["class_name"] == "InputLayer"],
        "output_layers": [[name, 0, 0] for name in outputs],
    }
    return {"class_name": "Functional", "config": config, "keras_version": "2.15.0", "backend": "tensorflow"}


def given_names(x: str, d: str) -> dict[str, Any]:
    return functional(
        layer("InputLayer", x, batch_input_shape=[None, 4]),
        layer("InputLayer", "second", batch_input_shape=[None, 4]),
        layer("Dense", d, [[x, 0, 0, {}]], units=4),
        layer("Dense", "other", [[d, 0, 0, {}]], units=4),
        layer("Add", "sum", [[d, 0, 0, {}], ["other", 0, 0, {}], ["second", 0, 0, {}]]),
        outputs=["sum", d],
    )


TAKEN = ("second", "other", "sum", "x", "d")


def is_path(name: str) -> bool:
    """Whether a name leads out of a folder: such a file is refused."""
    parts = name.replace("\\", "/").split("/")
    return len(parts) > 1 and (not parts[0] or not {".", ".."}.isdisjoint(parts))


ODD = [
    "1e3",
    "0o7",
    "${x}",
    "$${x}",
    "on",
    "~",
    "a:b",
    "*x",
    "a@1",
    "a[0]",
    "conv1/bn",
    "a//b",
    "!x",
    ":-1",
    "..",
    "%2F",
    "a\\b",
    "<<",
    "-",
    "input",
    "é",
    "null",
    "0x1F",
    "a/",
]


@pytest.mark.parametrize("name", [*ODD, " a", "a ", "? a", "a\nb", "\u2028", "x" * 300])
def test_odd_names_survive(name: str) -> None:
    survives(name)


@settings(max_examples=examples(150), deadline=None)
@given(st.text(min_size=1, max_size=40).filter(lambda name: name not in TAKEN and not is_path(name)))
@example("0x1F")
@example("\ud800")
def test_any_name_survives(name: str) -> None:
    survives(name)


def survives(name: str) -> None:
    for x, d in (("x", name), (name, "d")):
        spec = read_keras_model(given_names(x, d)).spec
        again = load_spec(spec.to_yaml())
        assert again == spec
        assert load_spec(spec.to_json()) == spec
        ours = escaped(name)
        assert scoped_name_problem(ours) is None
        assert unescaped(ours) == name
        assert ours in [one.name for one in again.layers]
        assert again.extract(ours).graph.output_names == (ours,)
        assert again.truncate(ours).layers[-1].name == ours
        exported = [one["config"]["name"] for one in model_config(again)["config"]["layers"]]
        assert name.replace("/", "_") in exported


@pytest.mark.parametrize("name", ["/etc/passwd", "../../x", "a/../b", "..\\x", "\\x"])
def test_names_that_lead_out_of_a_folder_are_refused(name: str) -> None:
    with pytest.raises(ModelcError, match="is not a plain name"):
        read_keras_model(given_names("x", name))


@given(st.text(max_size=30))
def test_escapes_are_undone(name: str) -> None:
    assert unescaped(escaped(name)) == name
    assert scoped_name_problem(escaped(name)) is None or not name


def test_names_with_slashes_are_names_everywhere(tmp_path: Path) -> None:
    """As MobileNetV3 of Keras 2 has them: a layer's name may begin with that of another one."""
    model = functional(
        layer("InputLayer", "x", batch_input_shape=[None, 4]),
        layer("Dense", "expanded_conv/depthwise", [["x", 0, 0, {}]], units=3),
        layer("BatchNormalization", "expanded_conv/depthwise/BatchNorm", [["expanded_conv/depthwise", 0, 0, {}]]),
        layer("Dense", "top", [["expanded_conv/depthwise/BatchNorm", 0, 0, {}]], units=2),
        outputs=["top"],
    )
    spec = load_spec(read_keras_model(model).spec.to_yaml())
    built = spec.build(backend="reference", seed=3)
    assert "expanded_conv/depthwise/BatchNorm" in str(spec.summary())
    assert built.get_layer("expanded_conv/depthwise/BatchNorm").count_params() == 12
    assert "expanded_conv/depthwise/BatchNorm/gamma" in built.arrays
    x = np.ones((2, 4), "f")
    np.testing.assert_array_equal(
        built.extract("expanded_conv/depthwise")(x), spec.truncate("expanded_conv/depthwise").build(seed=3)(x)
    )
    frozen = spec.freeze("expanded_conv/*")
    assert [one.trainable for one in frozen.layers if one.type_name() != "InputLayer"] == [False, False, True]
    path = tmp_path / "w.safetensors"
    built.save_weights(path)
    other = spec.build(backend="reference", seed=4)
    other.load_weights(path)
    np.testing.assert_array_equal(other(x), built(x))
    built.save(tmp_path / "m.keras")
    back = load_spec(tmp_path / "m.keras")
    np.testing.assert_allclose(back.build(backend="reference")(x), built(x), rtol=1e-6)
    assert "expanded_conv_depthwise_BatchNorm" in [one.name for one in back.layers]


def test_weights_of_older_files_find_layers_with_slashes(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    model = functional(
        layer("InputLayer", "x", batch_input_shape=[None, 4]),
        layer("Dense", "b/one", [["x", 0, 0, {}]], units=3),
        layer("Dense", "b", [["b/one", 0, 0, {}]], units=3),
        outputs=["b"],
    )
    random = np.random.default_rng(2)
    arrays = {"b/one": random.normal(size=(4, 3)), "b": random.normal(size=(3, 3))}
    path = tmp_path / "m.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(model)
        file.attrs["keras_version"] = "2.15.0"
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [b"x", b"b/one", b"b"]
        for name in ("x", "b/one", "b"):
            group = weights.require_group(name)
            listed = [] if name == "x" else [f"{name}/kernel:0", f"{name}/bias:0"]
            group.attrs["weight_names"] = [one.encode() for one in listed]
            if listed:
                group.create_dataset(listed[0], data=arrays[name].astype("f4"))
                group.create_dataset(listed[1], data=np.zeros(3, "f4"))
    built = load_spec(path).build(backend="reference")
    x = np.random.default_rng(0).normal(size=(5, 4)).astype("f4")
    np.testing.assert_allclose(built(x), x @ arrays["b/one"] @ arrays["b"], rtol=1e-5)


def test_a_slash_that_would_lead_into_a_layer_is_escaped() -> None:
    model = functional(
        layer("InputLayer", "x", batch_input_shape=[None, 4, 2]),
        layer("LSTM", "a", [["x", 0, 0, {}]], units=3),
        layer("Dense", "a/lstm_cell", [["a", 0, 0, {}]], units=3),
        outputs=["a/lstm_cell"],
    )
    spec = load_spec(read_keras_model(model).spec.to_yaml())
    assert [one.name for one in spec.layers][-1] == "a%2Flstm_cell"
    assert len({w.path for w in spec.graph.weights}) == 5
    assert [one["config"]["name"] for one in model_config(spec)["config"]["layers"]][-1] == "a_lstm_cell"
    text = (
        "modelc: 1\ninput: {shape: [4, 2]}\nlayers:\n- {type: LSTM, name: a, units: 3}\n"
        "- {type: Dense, name: a/lstm_cell, units: 3}\n"
    )
    with pytest.raises(ModelcError, match="write %2F for the slash"):
        load_spec(text)
