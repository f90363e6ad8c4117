"""The tables of other frameworks' words: every advice names something that modelc has."""

from __future__ import annotations

import re
from typing import Any

import pytest

from modelc.config.registry import Registry
from modelc.errors import SpecError
from modelc.initializers import INITIALIZERS
from modelc.language.definition import InputSpec, Limits
from modelc.language.text.source import read
from modelc.language.training import Training
from modelc.language.validation.unknown_layer import layer_advice
from modelc.layers import LAYERS
from modelc.layers.names.refused import REFUSED
from modelc.losses import LOSSES
from modelc.metrics import METRICS
from modelc.model.loading import load_spec
from modelc.optimizers import OPTIMIZERS
from modelc.regularizers import REGULARIZERS
from modelc.text.suggest import did_you_mean
from modelc.words import keys, values
from modelc.words.layers import LAYER_WORDS, REASONS, key_of, reason_for

OPTIONS = {
    field.alias or key
    for registry in (LAYERS, OPTIMIZERS, METRICS, LOSSES)
    for name in registry.names
    for key, field in registry[name].model_fields.items()
}


@pytest.mark.parametrize("word", sorted(LAYER_WORDS))
def test_layers_are_modelcs(word: str) -> None:
    meant = LAYER_WORDS[word]
    assert word not in {key_of(name) for name in LAYERS.names}, "this is modelc's own name"
    fields = LAYERS[meant.type].model_fields
    assert meant.given.keys() <= fields.keys()
    entry = {"type": meant.type, **meant.given}
    if all(not field.is_required() or name in entry for name, field in fields.items()):
        load_spec({"modelc": 1, "layers": [entry]})


def test_what_modelc_has_is_not_refused() -> None:
    assert not REASONS.keys() & {key_of(name) for name in LAYERS.names}
    assert not REASONS.keys() & LAYER_WORDS.keys()
    assert all(reason_for(word) for word in REASONS)


def test_options_are_modelcs() -> None:
    for table, owner in (
        (keys._TRAINING_WORDS, Training), (keys._LIMIT_WORDS, Limits), (keys._INPUT_WORDS, InputSpec),
    ):  # fmt: skip
        assert set(table.values()) <= owner.model_fields.keys()
    for word, meant in keys._WORDS.items():
        assert set(meant.split()) & OPTIONS, f"{word}: {meant}"
    assert Training.model_fields.keys() == keys.TRAINING_KEYS


@pytest.mark.parametrize(
    ("kind", "registry"),
    [("loss", LOSSES), ("metric", METRICS), ("optimizer", OPTIMIZERS), ("initializer", INITIALIZERS),
     ("regularizer", REGULARIZERS)],
)  # fmt: skip
def test_values_are_modelcs(kind: str, registry: Registry[Any]) -> None:
    words = ("crossentropy", "ce", "accuracy", "acc")
    for word, meant in values._BY_KIND[kind].items():
        for one in meant.split("` or `"):
            if one.startswith("{"):
                registry.coerce(read(f"a: {one}\n").plain()["a"])
            else:
                assert one in registry or one in words, f"{word}: {one}"


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("unit", ["units", "use_bias"], "units"),
        ("filtres", ["filters", "kernel_size"], "filters"),
        ("accurcy", ["accuracy", "Accuracy"], "accuracy"),
        ("Conv2d", ["Conv1D", "Conv2D"], "Conv2D"),
        ("Concat", ["Concatenate", "Conv2D"], "Concatenate"),
        ("bias", ["use_bias", "units"], "use_bias"),
        ("layer_norm", ["LayerNormalization", "LSTM"], "LayerNormalization"),
        # far away, or as near to several: nothing is guessed
        ("TextVectorization", LAYERS.names, None),
        ("Transformer", LAYERS.names, None),
        ("Frobnicate", LAYERS.names, None),
        ("Conv", LAYERS.names, None),
        ("in_channels", ["filters", "kernel_size", "groups"], None),
        ("x", ["y"], None),
        ("", ["y"], None),
        ("x" * 10_000, ["x" * 9_999], None),
    ],
)
def test_guesses(word: str, candidates: list[str], meant: str | None) -> None:
    assert did_you_mean(word, candidates) == meant


def test_python_calls_get_the_same_advice() -> None:
    with pytest.raises(SpecError, match=re.escape("write `units`")) as caught:
        LAYERS.coerce({"type": "Dense", "out_features": 3})
    assert len(caught.value.diagnostics) == 1


def test_advice_without_an_entry() -> None:
    assert layer_advice("torch.nn.Linear") == "write `type: Dense`"
    assert layer_advice("keras.layers.Lambda") == REFUSED["Lambda"]
