"""`freeze` that takes layers out of what stays frozen: it does what it says, or is told at its line."""

from __future__ import annotations

from typing import Any

import pytest

import modelc

SPEC = """\
modelc: 1
input: {shape: [8]}
layers:
  - type: Model
    name: base
    %s
    spec:
      modelc: 1
      input: {shape: [8]}
      layers:
        - {type: Dense, units: 4, name: a1}
        - {type: Dense, units: 4, name: b14}
        - {type: Dense, units: 4, name: b14_cold, trainable: false}
  - {type: Dense, units: 1, name: head}
  - {type: Dense, units: 1, name: cold, trainable: false}
freeze: %s
"""


def trained(text: str) -> set[str]:
    """The layers that training changes."""
    model = modelc.load_spec(text).build(backend="reference")
    return {variable.path.rpartition("/")[0] for variable in model.trainable_weights}


@pytest.mark.parametrize(
    ("entry", "freeze", "expected"),
    [
        ("", '["base/*", "!base/b14*"]', {"base/b14", "head"}),
        ("", '["base/*", "!base/b14*", "base/b14"]', {"head"}),
        ("", '["base/*", "head", "!head"]', {"head"}),
        ("", '["*", "!head", "!base"]', {"base/a1", "base/b14", "head"}),
        ("", '["!base"]', {"base/a1", "base/b14"}),
        ('freeze: ["*", "!b14"]', '["!base"]', {"base/b14"}),
        ("trainable: false", '["*", "!*"]', {"head"}),
        ("trainable: false", '["head"]', set()),
        ('freeze: ["!b14"]', '["base"]', {"head"}),
    ],
)
def test_what_is_frozen(entry: str, freeze: str, expected: set[str]) -> None:
    assert trained(SPEC % (entry, freeze)) == expected


@pytest.mark.parametrize(
    ("entry", "freeze", "message"),
    [
        ("trainable: false", '["base/*", "!base/b14*"]',
         "test.yaml:16:20: error[E207]: `!base/b14*` changes nothing: the entry `base` has `trainable: false`"),
        ("trainable: false", '["*", "!base/b14"]', ":16:15: error[E207]: `!base/b14` changes nothing"),
        ("", '["base", "!base/b14*"]',
         ":16:18: error[E207]: `!base/b14*` changes nothing: `base` is frozen as a whole"),
        ("", '["*", "!base/*4"]', ":16:15: error[E207]: `!base/*4` changes nothing: `base` is frozen as a whole"),
        ("", '["*", "!cold"]', ":16:15: error[E207]: `!cold` changes nothing: the entry `cold` has `trainable: false`"),
        ("", '["base/*", "!base/b14_cold"]',
         ":16:20: error[E207]: `!base/b14_cold` changes nothing: `base/b14_cold` is frozen in the model itself"),
        ('trainable: false\n    freeze: ["*", "!b14"]', '["head"]',
         ":7:13: error[E207]: `!b14` changes nothing: the entry `base` has `trainable: false`"),
        ("", '["base/*", "!bas/b14"]', "error[E304]: unknown layer `bas/b14`"),
        ("", '["base/*", "!base/c*"]', "error[E304]"),
    ],
)  # fmt: skip
def test_what_changes_nothing_is_told(entry: str, freeze: str, message: str, tmp_path: Any) -> None:
    path = tmp_path / "test.yaml"
    path.write_text(SPEC % (entry, freeze))
    with pytest.raises(modelc.SpecError) as found:
        _ = modelc.load_spec(path).graph
    assert message in str(found.value)
    if "E207" in message:
        assert "help: " in str(found.value)


def test_a_model_that_was_frozen_in_python_is_written_out() -> None:
    model = modelc.load_spec(SPEC % ('freeze: ["!b14"]', '["!base"]')).build(backend="reference")
    model.get_layer("base").trainable = False
    again = modelc.load_spec(model.to_spec().to_yaml())
    assert again.build(backend="reference").trainable_weights == []
    both = modelc.load_spec(SPEC % ('freeze: ["!b14"]', '["cold"]')).freeze("base")
    assert {v.path.partition("/")[0] for v in both.build(backend="reference").trainable_weights} == {"head"}


def test_names_may_have_slashes() -> None:
    """Layers in blocks, and those that were called so in a Keras or ONNX file, are no layers of a model around them."""
    spec = modelc.load_spec({
        "modelc": 1, "input": {"shape": [4]}, "freeze": ["*", "!a/c"],
        "layers": [{"type": "Dense", "units": 3, "name": "a/b"}, {"type": "Dense", "units": 3, "name": "a/c"}],
    })  # fmt: skip
    assert [layer.trainable for layer in spec.layers] == [False, True]
    with pytest.raises(modelc.SpecError, match="the entry `a/c` has `trainable: false`"):
        modelc.load_spec({
            "modelc": 1, "input": {"shape": [4]}, "freeze": ["*", "!a/c"],
            "layers": [{"type": "Dense", "units": 3, "name": "a/c", "trainable": False}],
        })  # fmt: skip
