"""The JSON Schema: current, in agreement with the validator, and of use to an editor."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from modelc.callbacks import CALLBACKS
from modelc.config.base import Config
from modelc.data.sources import SOURCES
from modelc.errors import SpecError
from modelc.language.schema.schema import schema, schema_text, whole_schema
from modelc.language.schema.sharing import chosen_by_type
from modelc.language.text.source import read
from modelc.language.training import Training
from modelc.layers import LAYERS
from modelc.losses import LOSSES
from modelc.metrics import METRICS
from modelc.model.loading import load_spec
from modelc.optimizers import OPTIMIZERS
from modelc.optimizers.schedules import SCHEDULES

ROOT = Path(__file__).parent.parent.parent
SPECS = sorted((ROOT / "specs").glob("*.yaml"))
ZOO = sorted((ROOT / "modelc" / "zoo").glob("*.yaml"))
shared = cache(schema)
whole = cache(whole_schema)
"""The schema before its definitions share what they have in common."""
validator = cache(lambda: jsonschema.Draft7Validator(shared()))

BAD_OPTIONS = [
    "key_top", "key_layer_misspelt", "key_initializer", "key_input", "key_limits", "key_type_misspelt",
    "missing_version", "missing_layers", "missing_option", "missing_type", "missing_initializer_type",
    "missing_input_shape", "type_quoted_number", "type_boolean", "type_null", "type_yes", "type_list",
    "type_layers_mapping", "type_entry_text", "type_type_number", "type_name_number", "type_shape_text",
    "type_input_list", "type_latency", "type_limit", "type_kernel_size", "value_zero_units", "value_negative_stride",
    "value_kernel_of_three", "value_padding", "value_causal_2d", "value_activation", "value_initializer",
    "value_initializer_type", "value_initializer_option", "value_rate", "value_no_layers", "value_limit_negative",
    "value_dtype", "layer_misspelt", "layer_unknown", "version_later", "version_text",
    "training_callback", "training_callback_option", "training_callback_python", "training_data_option",
    "training_data_type", "training_key", "training_loss", "training_loss_missing", "training_loss_option",
    "training_metric", "training_metric_option", "training_number", "training_optimizer", "training_optimizer_option",
    "training_optimizer_type", "training_optimizer_value", "training_schedule", "training_schedule_option",
    "training_several", "training_type", "training_validation",
]  # fmt: skip
"""The files of tests/bad that are wrong by themselves, without knowledge of shapes or of other places."""


def test_committed_schema_is_current() -> None:
    committed = (ROOT / "schemas" / "model.schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(), "run `modelc schema -o schemas/model.schema.json`"


def test_is_a_schema_of_draft_7() -> None:
    jsonschema.Draft7Validator.check_schema(shared())


def test_references_resolve() -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                # RFC 3986, section 2: what may stand in a URI reference. Spaces may not.
                assert re.fullmatch(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", node["$ref"]), node["$ref"]
                assert _referred(node["$ref"], shared())
                assert node.keys() == {"$ref"}, "draft 7 ignores what stands beside a $ref"
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(shared())


def test_is_small() -> None:
    """What is said once makes most of it: an editor loads the file with each spec."""
    assert len(schema_text().encode()) < 300_000  # about 1,200,000 where each layer says all of its options
    assert len(schema_text()) < len(json.dumps(whole(), ensure_ascii=False, separators=(",", ":"))) / 2


def test_sharing_leaves_the_options_of_every_definition() -> None:
    chosen = chosen_by_type(whole())
    assert {"Dense", "optimizer.Adam"} < chosen.keys()
    for name, before in whole()["definitions"].items():
        inside = name in chosen and "." in name  # layers stay definitions
        after = _chosen_by(name, chosen[name]) if inside else shared()["definitions"][name]
        if name in chosen:
            # What leads to it has found that it is for a mapping whose `type` is one of these words.
            kind = before["properties"]["type"]
            assert kind["enum"] == chosen[name], name
            before = {key: value for key, value in before.items() if key != "type"}
            if "type" not in before.get("required", []):
                before["properties"] = {**before["properties"], "type": {"description": kind["description"]}}
        assert _applying(after, shared()) == _applying(before, whole()), name
        if any(_home(other) == name for other in chosen):
            after = _with_references(after, name)
        assert _conditions(after) == _conditions(before), name
        for keyword in ("type", "required"):
            assert after.get(keyword) == before.get(keyword), name


def _chosen_by(name: str, words: list[str]) -> dict[str, Any]:
    """What stands in place of a definition that is chosen where `type` is one of these words."""
    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("if") == {"properties": {"type": {"enum": words}}}:
                found.append(node["then"])
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(shared()["definitions"][_home(name)])
    (one,) = found
    return one


def _home(name: str) -> str:
    """The definition in which another one is chosen by its type."""
    return name.rpartition(".")[0]


def _with_references(node: Any, home: str) -> Any:
    """A part of a definition with references in place of the definitions that are chosen there."""
    if isinstance(node, list):
        return [_with_references(item, home) for item in node]
    if not isinstance(node, dict):
        return node
    for name, words in chosen_by_type(whole()).items():
        if _home(name) == home and node.get("if") == {"properties": {"type": {"enum": words}}}:
            return {**node, "then": {"$ref": f"#/definitions/{name}"}}
    return {key: _with_references(value, home) for key, value in node.items()}


def _conditions(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Every `if` with what follows from it, those of the shared parts to which a definition refers too."""
    if node.get("$ref", "").startswith("#/$defs/"):
        return _conditions(_referred(node["$ref"], shared()))
    own = {keyword: node[keyword] for keyword in ("if", "then", "else") if keyword in node}
    return [*([own] if own else []), *(found for part in node.get("allOf", []) for found in _conditions(part))]


def test_what_is_chosen_by_type_is_led_to_by_nothing_else() -> None:
    """Only then may it leave unsaid that it is for mappings of that type."""
    text = json.dumps(whole())
    for name in chosen_by_type(whole()):
        assert f'"then": {{"$ref": "#/definitions/{name}"}}' in text
        assert text.count(f'"#/definitions/{name}"') == 1, name


def _referred(reference: str, inside_of: dict[str, Any]) -> dict[str, Any]:
    _, table, name = reference.split("/")
    return inside_of[table][name]


def _applying(node: dict[str, Any], inside_of: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The options that a definition describes, those of all to which it refers too, and the keys that it admits."""
    properties: dict[str, Any] = {}
    admitted: set[str] = set()
    if "$ref" in node:
        return _applying(_referred(node["$ref"], inside_of), inside_of)
    for part in node.get("allOf", []):
        inside, closed = _applying(part, inside_of)
        assert not properties.keys() & inside.keys(), "an option is described twice"
        properties |= inside
        assert not (admitted and closed), "keys are listed twice"
        admitted |= closed
    own = {key: _expanded(option) for key, option in node.get("properties", {}).items() if option is not True}
    assert not properties.keys() & own.keys(), "an option is described twice"
    if node.get("additionalProperties") is False:
        admitted = {*node.get("properties", {})}
        for pattern in node.get("patternProperties", {}):
            admitted |= {*pattern.removeprefix("^(").removesuffix(")$").split("|")}
    return properties | own, admitted


def _expanded(node: Any) -> Any:
    """A schema with what its references to shared parts refer to."""
    if isinstance(node, list):
        return [_expanded(item) for item in node]
    if not isinstance(node, dict):
        return node
    if str(node.get("$ref", "")).startswith("#/$defs/"):
        return _expanded(_referred(node["$ref"], shared()))
    inside = {key: _expanded(value) for key, value in node.items()}
    alternatives = inside.get("anyOf", [])
    # What stands beside a description is shared by `anyOf` with one member.
    return {**inside, **alternatives[0]} if len(alternatives) == 1 and "anyOf" in alternatives[0] else inside


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_accepts_the_specs(path: Path) -> None:
    validator().validate(read(path).plain())
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schemas/model.schema.json"


@pytest.mark.parametrize("path", ZOO, ids=lambda path: path.name)
def test_accepts_the_zoo(path: Path) -> None:
    validator().validate(read(path).plain())


def test_a_spec_may_name_its_schema() -> None:
    layers = [{"type": "Dense", "units": 3}]
    for document in ({"$schema": "model.schema.json", "modelc": 1, "layers": layers}, {"modelc": 1, "layers": layers}):
        validator().validate(document)
        assert load_spec(document) == load_spec(json.dumps(document)) == load_spec({"modelc": 1, "layers": layers})
    assert "$schema" not in load_spec('"$schema": x.json\nmodelc: 1\nlayers: [{type: Flatten}]\n').to_yaml()
    wrong = {"$schema": 3, "modelc": 1, "layers": layers}
    assert list(validator().iter_errors(wrong))
    with pytest.raises(SpecError, match=re.escape("unknown key `$schema`")):
        load_spec(wrong)


def test_a_base_may_name_its_schema(tmp_path: Path) -> None:
    base = {"$schema": "s.json", "modelc": 1, "layers": [{"type": "Flatten"}]}
    (tmp_path / "base.json").write_text(json.dumps(base))
    (tmp_path / "top.json").write_text(json.dumps({"$schema": "s.json", "extends": "base.json"}))
    assert load_spec(tmp_path / "top.json") == load_spec(base)


@pytest.mark.parametrize("name", BAD_OPTIONS)
def test_refuses_bad_specs(name: str) -> None:
    document = read(ROOT / "tests" / "bad" / f"spec_{name}.yaml").plain()
    assert list(validator().iter_errors(document))
    with pytest.raises(SpecError):
        load_spec(document)


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "Dense", "units": "${width}", "activation": None},
        {"type": "${kind}", "units": 3},
        {"type": "Conv2D", "filters": 3, "kernel_size": ["${k}", 3], "use_bias": "${bias}", "repeat": "${n}"},
        {"type": "Conv2D", "filters": 3, "kernel_size": "${k}", "kernel_initializer": "${init}"},
        {"type": "Dense", "units": 3, "kernel_initializer": {"type": "he_normal", "seed": "${seed}"}},
        {"type": "Dense", "units": 3, "kernel_regularizer": {"type": "L2", "l2": 0.01}, "bias_constraint": "non_neg"},
        {"repeat": 3, "layers": [{"layers": [{"type": "Flatten"}], "repeat": "${n}"}]},
        {"type": "InputLayer", "batch_shape": [None, 28, 28, 1]},
        {"type": "InputLayer", "shape": [28, 28, 1]},
        {"type": "ZeroPadding2D", "padding": [[0, 1], [0, 1]]},
        {"type": "Reshape", "target_shape": [-1, 4]},
        {"type": "Dense", "units": 3, "inputs": ["a", "b[1]"]},
        {"type": "Dense", "units": 3, "inputs": {"query": "a", "value": ["b", "c"]}, "when": "${wide}"},
        {"type": "Dense", "each": {"units": [3, 4]}, "name": "d#", "start": "a"},
        {"use": "encoder", "inputs": "right"},
        {"block": "residual", "filters": 3, "anything": [1, 2], "repeat": 2},
        {"type": "Model", "spec": "zoo:xception", "truncate": "avg_pool", "trainable": False},
        {"type": "Model", "spec": {"layers": [{"type": "Flatten"}]}},
    ],
    ids=str,
)
def test_accepts_what_can_be_written(entry: dict[str, Any]) -> None:
    validator().validate({"modelc": 1, "vars": {"width": 3, "list": [1, 2]}, "layers": [entry]})


@pytest.mark.parametrize(
    "entry",
    [
        {"layers": [{"type": "Flatten"}], "repeat": 0},
        {"layers": [{"type": "Flatten"}], "times": 2},
        {"layers": [{"type": "Flatten", "units": 3}]},
        {"type": "Dense", "units": "width"},
        {"type": "Dense", "units": "${a} + 1"},
        {"type": "InputLayer"},
    ],
    ids=str,
)
def test_refuses_what_cannot(entry: dict[str, Any]) -> None:
    assert list(validator().iter_errors({"modelc": 1, "layers": [entry]}))


def test_extending_spec_may_leave_out_what_its_base_has() -> None:
    validator().validate({"extends": "base.yaml", "freeze": ":-1"})


@pytest.mark.parametrize(
    "section",
    [
        {"loss": "mse"},
        {"loss": {"a": "mse", "b": {"type": "Huber", "delta": 2.0}}, "loss_weights": {"a": 1.0, "b": 0.5}},
        {"loss": "crossentropy", "metrics": ["accuracy", {"type": "F1Score", "threshold": 0.5}], "optimizer": "adam"},
        {"loss": "mse", "metrics": {"a": "mae", "b": ["acc", "auc"]}, "weighted_metrics": "mae"},
        {
            "loss": "mse",
            "optimizer": {
                "type": "AdamW",
                "learning_rate": {"type": "CosineDecay", "initial_learning_rate": 0.1, "decay_steps": 100},
                "clipnorm": 1.0,
            },
        },
        {"loss": "mse", "data": "train.npz", "validation": 0.2},
        {"loss": "mse", "data": "pictures/", "validation": {"type": "npy", "x": "x.npy", "y": {"out": "y.npy"}}},
        {"loss": "mse", "data": {"type": "csv", "path": "d.csv", "target": "y", "features": ["a", 2]}},
        {"loss": "mse", "class_weight": {"0": 1.0, "1": 5.0}, "shuffle": "batch", "steps_per_epoch": 3, "seed": 7},
        {"loss": "mse", "callbacks": ["terminate_on_nan", {"type": "EarlyStopping", "patience": 3}]},
        {"loss": "${loss}", "optimizer": {"type": "SGD", "learning_rate": "${rate}"}, "epochs": "${epochs}"},
    ],
    ids=str,
)
def test_accepts_training(section: dict[str, Any]) -> None:
    document = {"modelc": 1, "layers": [{"type": "Dense", "units": 2}], "training": section}
    validator().validate(document)
    if "$" not in str(section):
        load_spec(document)


KINDS = {
    "optimizer": OPTIMIZERS, "learning-rate schedule": SCHEDULES, "loss": LOSSES, "metric": METRICS,
    "callback": CALLBACKS, "source of data": SOURCES,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_editor_offers_what_training_can_name_with_descriptions(kind: str) -> None:
    registry = KINDS[kind]
    definition = kind.replace(" ", "-")
    mapping = next(m for m in whole()["definitions"][definition]["anyOf"] if m.get("type") == "object")
    assert mapping["allOf"][1]["properties"]["type"]["anyOf"][0]["enum"] == [*registry.names, *registry.aliases]
    for name in registry.names:
        options = whole()["definitions"][f"{definition}.{name}"]
        assert options["description"]
        assert options["properties"].keys() == {"type"} | registry[name].model_fields.keys()
        for key, option in options["properties"].items():
            assert option["description"], f"{name}.{key} has no docstring"
            assert option.keys() & {"type", "enum", "anyOf", "allOf", "const"}, f"{name}.{key} may be anything"


def test_editor_offers_the_keys_of_training() -> None:
    section = whole()["definitions"]["Training"]
    assert section["properties"].keys() == Training.model_fields.keys()
    assert section["required"] == ["loss"]
    for key, option in section["properties"].items():
        assert option["description"], key
        assert option.keys() & {"type", "enum", "anyOf", "allOf", "const"}, f"{key} may be anything"


def _offered(document: dict[str, Any]) -> dict[str, Any]:
    """The options that an editor offers in the first entry: those of the entry and of all schemas that apply to it."""

    def collect(node: dict[str, Any]) -> dict[str, Any]:
        options = {key: option for key, option in node.get("properties", {}).items() if option is not True}
        if "$ref" in node:
            options |= collect(whole()["definitions"][node["$ref"].removeprefix("#/definitions/")])
        for part in node.get("allOf", []):
            options |= collect(part)
        if "if" in node:
            applies = jsonschema.Draft7Validator(node["if"]).is_valid(entry)
            options |= collect(node.get("then" if applies else "else", {}))
        return options

    entry = document["layers"][0]
    return collect(whole()["properties"]["layers"]["items"])


def test_editor_offers_the_layer_types() -> None:
    types = _offered({"layers": [{}]})["type"]
    layers, model, _ = (_referred(part["$ref"], whole()) if "$ref" in part else part for part in types["anyOf"])
    assert [*layers["enum"], *model["enum"]] == [*LAYERS.names, "Model"]
    for choices in (layers, model):
        assert len(choices["enumDescriptions"]) == len(choices["enum"])
        assert all(choices["enumDescriptions"])
    assert types["description"]


@pytest.mark.parametrize("name", LAYERS.names)
def test_editor_offers_the_options_of_a_layer_with_descriptions(name: str) -> None:
    offered = _offered({"layers": [{"type": name}]})
    assert offered.keys() >= _keys(name)
    for key, option in offered.items():
        assert option["description"], f"{name}.{key} has no docstring"
        assert option.keys() & {"type", "enum", "anyOf", "allOf", "const"}, f"{name}.{key} may be anything"
    required = whole()["definitions"][name]["required"]
    assert set(required) - {"type"} <= _keys(name)


def _keys(name: str) -> set[str]:
    """The options of a layer as a spec writes them."""
    return {field.alias or key for key, field in LAYERS[name].mentioned().items()}


REPETITION = {"repeat", "each", "start", "when", "unless"}


def test_editor_offers_groups() -> None:
    assert _offered({"layers": [{"layers": []}]}).keys() == {"type", "layers"} | REPETITION


def test_editor_offers_blocks_uses_and_models() -> None:
    assert _offered({"layers": [{"block": "a"}]}).keys() == {"type", "block", "name", "inputs"} | REPETITION
    assert _offered({"layers": [{"use": "a"}]}).keys() == {"type", "use", "name", "inputs"} | REPETITION
    offered = _offered({"layers": [{"type": "Model"}]})
    assert offered.keys() >= {"spec", "truncate", "extract", "freeze", "weights", "trainable", "name", "inputs"}
    assert all(option["description"] for option in offered.values())


def test_defaults_are_those_of_the_layers() -> None:
    for name in LAYERS.names:
        for key, option in whole()["definitions"][name]["properties"].items():
            if option is not True and "default" in option:
                default = LAYERS[name].model_fields[key].default
                spelled = default.type_name() if isinstance(default, Config) else default
                found = option["default"]
                assert found == spelled or found == json.loads(json.dumps(spelled)) or found["type"] == spelled
