"""Models that take and return dictionaries, as Keras has them and as specs say them: read, run, trained and written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import SpecError
from modelc.keras.read import read_keras_model
from modelc.language.schema.schema import schema
from modelc.model.loading import load_spec
from modelc.model.loading import load_spec as read_spec
from modelc.model.model import Model
from modelc.model.opening import load_artifact as load
from modelc.report.diff.find import compare
from tests.live_keras import live_keras

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # Keras's own

Array = np.ndarray[Any, Any]
X = np.random.default_rng(0).standard_normal((6, 3), np.float32)

HEADS = """
modelc: 1
inputs: {x: {shape: [3]}}
layers:
  - {type: Dense, units: 4, name: hidden}
  - {type: Dense, units: 2, name: first}
  - {type: Dense, units: 2, name: second, inputs: hidden}
outputs: OUTPUTS
"""


def heads(outputs: str) -> Any:
    return read_spec(HEADS.replace("OUTPUTS", outputs))


def assert_equal(got: Any, want: Any) -> None:
    assert list(got) == list(want)
    for key, value in want.items():
        np.testing.assert_allclose(got[key], value, rtol=1e-5, atol=1e-6)


# --- Keras


@pytest.fixture(scope="module")
def keras() -> Any:
    return live_keras()


def with_dictionaries(keras: Any) -> Any:
    given = {"wide": keras.Input((3,), name="a"), "narrow": keras.Input((2,), name="b")}
    hidden = keras.layers.Concatenate()([given["wide"], given["narrow"]])
    number, choice = keras.layers.Dense(1, name="number")(hidden), keras.layers.Dense(2, name="choice")(hidden)
    return keras.Model(given, {"score": number, "class": choice})


@pytest.fixture(scope="module")
def saved(keras: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    model = with_dictionaries(keras)
    path = tmp_path_factory.mktemp("keras") / "dictionaries.keras"
    model.save(path)
    return model, path


GIVEN = {"wide": X, "narrow": X[:, 1:]}
LABELS = {"score": X[:, :1], "class": X[:, :2]}


@pytest.mark.jax
def test_a_file_gives_what_keras_predicts(saved: tuple[Any, Path], tmp_path: Path) -> None:
    theirs, path = saved
    wanted = theirs.predict(GIVEN, verbose=0)
    model = load_spec(path).build(backend="reference")
    assert model.input_names == ("narrow", "wide")
    assert_equal(model.predict(GIVEN), wanted)
    assert_equal(model(GIVEN), wanted)
    spec = read_keras_model(path).spec
    assert read_spec(spec.to_yaml()) == spec
    model.save(tmp_path / "model.modelc")
    assert_equal(load(tmp_path / "model.modelc").predict(GIVEN), wanted)


@pytest.mark.jax
def test_training_goes_by_the_keys(saved: tuple[Any, Path], keras: Any) -> None:
    theirs, path = saved
    theirs = keras.models.load_model(path)
    model = load_spec(path).build(backend="reference")
    said: dict[str, Any] = {
        "optimizer": "sgd", "loss": {"score": "mse", "class": "mae"}, "loss_weights": {"score": 0.5, "class": 2.0},
        "metrics": {"score": ["mae"], "class": ["mse"]},
    }  # fmt: skip
    for one in (theirs, model):
        one.compile(**said)
    wanted = theirs.fit(GIVEN, LABELS, epochs=2, batch_size=6, verbose=0).history
    found = model.fit(GIVEN, LABELS, epochs=2, batch_size=6, verbose=0).history
    assert set(found) == set(wanted)
    for name, values in wanted.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-5, err_msg=name)


@pytest.mark.parametrize(
    "outputs", ["[first, second]", "[second, first]", "{a: first, b: second}", "{b: first, a: second}"]
)
def test_keras_opens_what_is_written_in_any_order(keras: Any, outputs: str, tmp_path: Path) -> None:
    """Layers of equal shapes keep their own weights, in whichever order Keras numbers them."""
    model = heads(outputs).build(seed=1, backend="reference")
    model.save(tmp_path / "written.keras")
    wanted = keras.models.load_model(tmp_path / "written.keras").predict(X, verbose=0)
    found = model.predict(X)
    if isinstance(found, list):
        found, wanted = dict(enumerate(found)), dict(enumerate(wanted))
    assert_equal({key: found[key] for key in sorted(found)}, {key: wanted[key] for key in sorted(wanted)})


def test_a_model_with_keys_as_a_layer_of_another(keras: Any, tmp_path: Path) -> None:
    (tmp_path / "inner.yaml").write_text(HEADS.replace("OUTPUTS", "{z: first, a: second}"))
    (tmp_path / "outer.yaml").write_text("""
modelc: 1
inputs: {x: {shape: [3]}}
layers:
  - {type: Model, spec: inner.yaml, name: inner}
  - {type: Dense, units: 3, name: after, inputs: "inner[0]"}
outputs: {after: after, own: "inner[1]"}
""")
    model = load_spec(tmp_path / "outer.yaml").build(backend="reference")
    model.save(tmp_path / "outer.keras")
    assert_equal(model.predict(X), keras.models.load_model(tmp_path / "outer.keras").predict(X, verbose=0))
    assert_equal(load_spec(tmp_path / "outer.keras").build(backend="reference").predict(X), model.predict(X))


def test_structures_in_one_another_become_a_list(keras: Any, tmp_path: Path) -> None:
    x = keras.Input((3,))
    first, second = keras.layers.Dense(2)(x), keras.layers.Dense(1)(x)
    theirs = keras.Model(x, [first, {"b": second, "a": (first, second)}])
    theirs.save(tmp_path / "nested.keras")
    read = read_keras_model(tmp_path / "nested.keras")
    assert any("one list" in note for note in read.notes)
    wanted = keras.tree.flatten(theirs.predict(X, verbose=0))
    for got, want in zip(
        load_spec(tmp_path / "nested.keras").build(backend="reference").predict(X), wanted, strict=True
    ):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)


@pytest.mark.jax
def test_a_compiled_model_inside_of_another_has_an_optimizer_that_is_left_out(keras: Any, tmp_path: Path) -> None:
    x = keras.Input((3,))
    inner = keras.Sequential([keras.layers.Dense(2)])
    theirs = keras.Model(x, inner(x))
    inner.compile("adam", "mse")
    inner.fit(X, X[:, :2], verbose=0)
    theirs.save(tmp_path / "outer.keras")
    model = load_spec(tmp_path / "outer.keras").build(backend="reference")
    np.testing.assert_allclose(model.predict(X), theirs.predict(X, verbose=0), rtol=1e-5, atol=1e-6)


# --- specs


def test_views_of_a_model_with_keys() -> None:
    spec = heads("{a: first, b: second}")
    model = spec.build(backend="reference")
    assert isinstance(spec.truncate("hidden").build(backend="reference").predict(X), np.ndarray)
    assert isinstance(spec.extract("first", "second").build(backend="reference").predict(X), list)
    assert_equal(spec.freeze("hidden").build(backend="reference").predict(X), model.predict(X))
    assert [one.name for one in model.outputs] == ["first", "second"]


def test_the_keys_of_one_output() -> None:
    assert list(heads("{only: second}".replace("}", ", other: first}")).build(backend="reference").predict(X)) == [
        "only", "other",
    ]  # fmt: skip
    spec = read_spec("{modelc: 1, input: {shape: [3]}, layers: [{type: Dense, units: 2}], outputs: {only: dense}}")
    assert list(spec.build(backend="reference").predict(X)) == ["only"]


def test_a_model_of_tensors_by_key() -> None:
    base = heads("[first, second]").build(backend="reference")
    model = Model(base.inputs, {"q": base.outputs[1], "p": base.outputs[0]})
    want = base.predict(X)
    assert_equal(model.predict(X), {"q": want[1], "p": want[0]})
    assert model.to_spec().to_dict()["outputs"] == {"q": "second", "p": "first"}
    again = model.to_spec().build(backend="reference")
    again.set_weights([base.arrays[v.path] for v in again.weights])
    assert_equal(again.predict(X), {"q": want[1], "p": want[0]})


def test_a_difference_in_keys_or_in_what_they_stand_for() -> None:
    one, same = heads("{a: first, b: second}"), heads("{a: first, b: second}")
    assert not compare(one, same).outputs_differ
    for other in ("{a: first, c: second}", "{a: second, b: first}", "[first, second]"):
        assert compare(one, heads(other)).outputs_differ, other


def test_the_summary_names_outputs_by_key() -> None:
    made = heads("{a: first, b: second}").summary().to_dict()
    assert [output["name"] for output in made["outputs"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ("{a: none, b: second}", "unknown layer `none`"),
        ("{}", "expected a name, a list of names, or a name for each key"),
        ("{a: [first, second]}", "expected a name, a list of names, or a name for each key"),
        ('{"": first, b: second}', "a key of `outputs` must have 1 to 200 printable characters"),
    ],
)
def test_mistakes(outputs: str, message: str) -> None:
    with pytest.raises(SpecError, match=message) as caught:
        heads(outputs)
    assert caught.value.diagnostics[0].line == 8


def test_a_key_is_for_one_tensor() -> None:
    text = (
        "{modelc: 1, input: {shape: [4, 3]}, layers: [{type: LSTM, units: 2, return_state: true}], outputs: {a: lstm}}"
    )
    with pytest.raises(SpecError, match="each key of `outputs` stands for one tensor"):
        _ = read_spec(text).graph
    spec = read_spec(text.replace("a: lstm", "a: 'lstm[0]'"))
    assert spec.graph.output_keys == ("a",)


def test_the_schema_takes_a_mapping() -> None:
    jsonschema: Any = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft7Validator(schema())
    for outputs in ("first", ["first", "second"], {"a": "first"}):
        validator.validate({"modelc": 1, "layers": [{"type": "Dense", "units": 1}], "outputs": outputs})
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({"modelc": 1, "layers": [{"type": "Dense", "units": 1}], "outputs": {"a": 1}})
