"""The language of `--set PATH=VALUES`, and the combinations that are made of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from modelc.errors import InputError, SpecError
from modelc.sweeps.choices import Interval, choices_of
from modelc.sweeps.variants import variants_of

VALUES: dict[str, list[Any]] = {
    "a=16,32,64": [16, 32, 64],
    "a=1e-3, 1e-2": [0.001, 0.01],
    "a=same": ["same"],
    "a=true,null": [True, None],
    "a=[3, 3],[5, 5]": [[3, 3], [5, 5]],
    'a="x, y",z': ["x, y", "z"],
    "a='1..8',2": ["1..8", 2],
    "a={type: SGD, momentum: 0.9},{type: Adam}": [{"type": "SGD", "momentum": 0.9}, {"type": "Adam"}],
    'a={name: "a,b}"},1': [{"name": "a,b}"}, 1],
    "a=1..4": [1, 2, 3, 4],
    "a=16..64..16": [16, 32, 48, 64],
    "a=-2..1": [-2, -1, 0, 1],
    "a=1..3,8,16": [1, 2, 3, 8, 16],
    "a=it's,2": ["it's", 2],
    "a=../d.npz": ["../d.npz"],
    "a=x=y": ["x=y"],
}


@pytest.mark.parametrize("text", VALUES)
def test_values(text: str) -> None:
    (choice,) = choices_of([text])
    assert not isinstance(choice.options, Interval)
    assert [option.value for option in choice.options] == VALUES[text]
    # What a variant sets is read as the same value again.
    for variant, value in zip(variants_of([choice]), VALUES[text], strict=True):
        again = choices_of({"a": [value]})[0]
        assert variant.values == {"a": value} == variants_of([again])[0].values


MISTAKES = {
    "a": (1, "is not a choice"),
    "a..b=1": (1, "is not a choice"),
    "a=": (3, "a value is missing"),
    "a=1,,2": (5, "a value is missing"),
    "a=1,1": (3, "has the value `1` twice"),
    "a=8..1": (3, "the range `8..1` is empty"),
    "a=1..8..0": (3, "has no step"),
    "a=1,5..2": (5, "is empty"),
    "a=[1,2": (3, ""),
    "a=1..200000": (3, "more than 100,000 numbers"),
    "a=loguniform(1)": (3, "takes two numbers"),
    "a=loguniform(0, 1)": (3, "above 0"),
    "a=uniform(1, 1)": (3, "the second one larger"),
    "a=uniform(a, b)": (3, "takes two numbers"),
    "a=1,uniform(0, 1)": (5, "cannot stand beside other values"),
    "a=!!python/object:os.system x": (3, "the tag"),
}


@pytest.mark.parametrize("text", [text for text, expected in MISTAKES.items() if expected is not None])
def test_mistakes_are_located(text: str) -> None:
    column, message = MISTAKES[text] or (0, "")
    with pytest.raises(SpecError) as found:
        choices_of([text])
    (mistake,) = found.value.diagnostics
    assert (mistake.file, mistake.line) == (f"--set {text}", 1)
    assert message in mistake.message
    if message:
        assert mistake.column == column


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SpecError) as found:
        choices_of(["a=1,1", "b=2", "b=3", "c"])
    assert [d.message for d in found.value.diagnostics] == [
        "`a` has the value `1` twice", "`b` is set twice", "`c` is not a choice",
    ]  # fmt: skip


def test_values_of_python() -> None:
    given = {"a": [1, "same", 0.5], "b": range(3), "c": np.array([0.25, 1e-7]), "d": "1..2", "e": None, "f": (True,)}
    plain = {choice.path: choice.plain() for choice in choices_of(given)}
    assert plain == {"a": [1, "same", 0.5], "b": [0, 1, 2], "c": [0.25, 1e-7], "d": [1, 2], "e": [None], "f": [True]}
    with pytest.raises(InputError, match="a value of `a` must be data that a spec can hold, found a object"):
        choices_of({"a": [1, object()]})
    with pytest.raises(InputError, match="must be data"):
        choices_of({"a": [math.nan]})
    with pytest.raises(InputError, match="needs something that varies"):
        choices_of({})


def test_all_combinations_the_last_one_fastest() -> None:
    variants = variants_of(choices_of(["a=1,2", "b=x,y"]))
    assert [v.settings for v in variants] == [["a=1", "b=x"], ["a=1", "b=y"], ["a=2", "b=x"], ["a=2", "b=y"]]
    assert [v.number for v in variants] == [1, 2, 3, 4]
    with pytest.raises(InputError, match="there are 10,000,000,000 combinations"):
        variants_of(choices_of(["a=1..100000", "b=1..100000"]))


def test_samples_are_drawn_once_and_begin_alike() -> None:
    choices = choices_of(["a=1..5", "b=x,y"])
    whole = variants_of(choices, 10, seed=3)
    assert len({tuple(v.settings) for v in whole}) == 10
    assert [v.settings for v in variants_of(choices, 4, seed=3)] == [v.settings for v in whole[:4]]
    assert [v.settings for v in variants_of(choices, 4, seed=4)] != [v.settings for v in whole[:4]]
    with pytest.raises(InputError, match="11 samples are asked for, and there are 10 combinations"):
        variants_of(choices, 11)
    large = choices_of(["a=1..100000", "b=1..100000", "c=1..100000", "d=1..100000"])
    assert len(variants_of(large, 1000)) == 1000


def test_intervals() -> None:
    choices = choices_of(["a=loguniform(1e-4, 1e-1)", "b=uniform(-1, 3)"])
    with pytest.raises(InputError, match="`a` may be any number of an interval"):
        variants_of(choices)
    drawn = [v.values for v in variants_of(choices, 4000)]
    logs = np.log10([v["a"] for v in drawn])
    numbers = np.array([v["b"] for v in drawn])
    assert logs.min() >= -4
    assert logs.max() <= -1
    # The mean and the variance of uniform distributions, within five standard errors.
    assert abs(logs.mean() + 2.5) < 5 * (3 / math.sqrt(12)) / math.sqrt(4000)
    assert abs(numbers.mean() - 1) < 5 * (4 / math.sqrt(12)) / math.sqrt(4000)
    assert abs(numbers.var() - 16 / 12) < 0.1
    assert all(float(f"{v['a']:.6g}") == v["a"] for v in drawn)
    with pytest.raises(InputError, match="draws gave"):
        variants_of(choices_of(["a=uniform(1, 1.00001)"]), 50)
