"""A spec that uses all of the language, with any one value replaced: a located error or a model, nothing else."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

import modelc

SPEC: dict[str, Any] = {
    "modelc": 1,
    "inputs": {"a": {"shape": [4]}, "b": {"shape": [4]}},
    "order": "depth",
    "vars": {"w": 3},
    "blocks": {
        "res": {
            "params": {"n": "int", "k": 1},
            "layers": [{"type": "Dense", "units": "${n}"}, {"type": "Add", "inputs": ["input", "dense"]}],
        }
    },
    "layers": [
        {"type": "Dense", "units": 4, "name": "e", "inputs": "a"},
        {"use": "e", "inputs": "b"},
        {"type": "Concatenate", "inputs": ["e", "e@1"]},
        {"block": "res", "n": 8, "repeat": 2},
        {
            "type": "Model",
            "name": "m",
            "spec": {"input": {"shape": [8]}, "layers": [{"type": "Dense", "units": 3, "name": "x"}, {"type": "ReLU"}]},
            "truncate": "x",
        },
        {"type": "Dense", "units": 2},
    ],
    "outputs": ["dense", "m"],
    "freeze": ["e", "m/x"],
    "limits": {"params": "1M"},
    "training": {
        "loss": {"dense": "mse", "m": "mae"},
        "optimizer": {
            "type": "adam",
            "learning_rate": {"type": "CosineDecay", "initial_learning_rate": 0.1, "decay_steps": 10},
        },
        "metrics": ["mae"],
        "data": "a.npz",
        "callbacks": [{"type": "EarlyStopping", "patience": 2}],
        "class_weight": {"0": 1.0},
    },
}

GONE = object()
VALUES: list[Any] = [
    None, 3, -1, 0, 2.5, True, "", "x", "${w}", "${nope}", "a/b", "!e", ":", [], [1], ["x"], {}, {"a": 1},
    {"type": "Dense"}, [[1, 2]], "zoo:vgg16", "e[9]", "e@9", "m/x", "m.y", 10**9, "\x00", "::::", "*", GONE,
]  # fmt: skip


def _places(node: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if place:
        yield place
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in items:
        yield from _places(child, (*place, key))


def _changed(place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    spec = copy.deepcopy(SPEC)
    node: Any = spec
    for key in place[:-1]:
        node = node[key]
    if value is GONE:
        del node[place[-1]]
    else:
        node[place[-1]] = value
    return spec


CASES = [(place, value) for place in _places(SPEC) for value in VALUES]
SAMPLE = random.Random(0).sample(CASES, 800)


def test_the_spec_itself_is_right() -> None:
    spec = modelc.load_spec(SPEC)
    assert modelc.load_spec(spec.to_yaml()) == spec


@pytest.mark.sampled(4)
@pytest.mark.parametrize("part", range(8))
def test_any_value_in_any_place(part: int) -> None:
    for place, value in SAMPLE[part::8]:
        try:
            spec = modelc.load_spec(_changed(place, value))
            spec.summary()
        except modelc.SpecError as error:
            assert error.diagnostics and all(d.code in str(d) and d.message for d in error.diagnostics), (place, value)
        else:
            assert modelc.load_spec(spec.to_yaml()) == spec, (place, value)
