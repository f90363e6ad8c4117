"""Random samples fit the model: sizes, types, and indices of tables."""

from __future__ import annotations

import numpy as np
import pytest

from modelc.bench.samples import chosen_sizes, random_samples
from modelc.errors import InputError
from modelc.language.load import load_definition
from modelc.model.build import build

TEXT = """
modelc: 1
input: {shape: [time], dtype: int32}
sizes: {time: {min: 4, max: 30, multiple_of: 4}}
layers:
  - {type: Embedding, input_dim: 7, output_dim: 3}
  - {type: GlobalAveragePooling1D}
"""


def test_integers_are_in_all_tables() -> None:
    model = build(load_definition(TEXT))
    (x,) = random_samples(model.graph, 64, chosen_sizes(model.graph, {}))
    assert (x.shape, x.dtype) == ((64, 28), np.int32)  # the largest multiple of 4 up to 30
    assert set(x.ravel().tolist()) == set(range(7))
    assert np.isfinite(model(x)).all()
    (x,) = random_samples(model.graph, 2, chosen_sizes(model.graph, {"time": 8}))
    assert x.shape == (2, 8)


def test_several_inputs_of_free_and_of_fixed_sizes() -> None:
    text = """
modelc: 1
inputs:
  picture: {shape: [null, null, 3]}
  number: {shape: [2]}
layers:
  - {type: GlobalMaxPooling2D, inputs: picture, name: pooled}
  - {type: Concatenate, inputs: [pooled, number]}
"""
    model = build(load_definition(text))
    arrays = random_samples(model.graph, 3, {"picture.h": 5, "picture.w": 6})
    assert [x.shape for x in arrays] == [(3, 5, 6, 3), (3, 2)]
    assert all(0 <= x.min() < x.max() < 1 for x in arrays)


@pytest.mark.parametrize(
    ("sizes", "message", "help"),
    [
        ({"tme": 8}, "unknown size `tme`", "did you mean `time`?"),
        ({"time": 9}, "the size `time` is 9", "the bounds are those of `sizes` in the spec"),
        ({"time": 40}, "the size `time` is 40", "the bounds are those of `sizes` in the spec"),
    ],
)
def test_sizes_that_do_not_fit(sizes: dict[str, int], message: str, help: str) -> None:
    graph = load_definition(TEXT).graph
    with pytest.raises(InputError) as error:
        chosen_sizes(graph, sizes)
    assert error.value.diagnostics[0].message.startswith(message)
    assert error.value.diagnostics[0].help == help


def test_a_size_without_a_largest_one_is_asked_for() -> None:
    text = TEXT.replace("max: 30, ", "")
    with pytest.raises(InputError, match="`time` has no `max`") as error:
        chosen_sizes(load_definition(text).graph, {})
    assert "--size time=…" in str(error.value.diagnostics[0].help)
    fixed = load_definition(text.replace("[time]", "[6]").replace("sizes: {time: {min: 4, multiple_of: 4}}", ""))
    with pytest.raises(InputError, match="unknown size") as error:
        chosen_sizes(fixed.graph, {"time": 6})
    assert error.value.diagnostics[0].help == "no size of the model is free"
