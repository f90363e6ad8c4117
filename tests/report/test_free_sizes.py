"""Summaries, limits and comparisons of models with free sizes: what they say holds for the model with fixed ones."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
import pytest

from modelc import Input, Sequential, Spec, layers, load_spec, zoo
from modelc.applications import application_spec
from modelc.errors import SpecError
from modelc.language.view import trace_spec
from modelc.report.check import check
from modelc.report.diff.find import compare
from modelc.report.limits import check_limits
from modelc.report.table import cells
from modelc.report.warnings.alone import refusal
from modelc.report.warnings.sizes import size_warnings

CONV: dict[str, Any] = {"type": "Conv2D", "filters": 4, "kernel_size": 3}

MODELS: dict[str, dict[str, Any]] = {
    "convolutions": {
        "input": {"shape": [None, None, 3]},
        "layers": [
            {**CONV, "strides": 2, "padding": "same"},
            {"type": "MaxPooling2D"},
            {**CONV, "dilation_rate": 2},
            {"type": "GlobalAveragePooling2D"},
            {"type": "Dense", "units": 5},
        ],
    },
    "picture to picture": {
        "input": {"shape": ["rows", None, 3]},
        "layers": [
            {"type": "SeparableConv2D", "filters": 4, "kernel_size": 3, "padding": "same", "name": "a"},
            {**CONV, "strides": 2, "padding": "same", "name": "b"},
            {"type": "Conv2DTranspose", "filters": 4, "kernel_size": 3, "strides": 2, "name": "c"},
            {"type": "UpSampling2D", "name": "d"},
            {"type": "ZeroPadding2D", "padding": [[1, 2], [3, 4]]},
            {"type": "DepthwiseConv2D", "kernel_size": 2},
        ],
    },
    "squares": {"input": {"shape": ["side", "side", 2]}, "layers": [CONV, {"type": "Flatten"}]},
    "recurrent": {
        "input": {"shape": ["time", 6]},
        "sizes": {"time": {"min": 2, "multiple_of": 4}},
        "layers": [
            {"type": "Bidirectional", "layer": {"type": "LSTM", "units": 3, "return_sequences": True}},
            {"type": "GRU", "units": 4, "return_sequences": True},
            {"type": "TimeDistributed", "layer": {"type": "Dense", "units": 2}},
        ],
    },
    "unrolled": {  # its steps are counted while it is traced: the trace holds for one number of them
        "input": {"shape": ["time", 6]},
        "layers": [{"type": "GRU", "units": 4, "unroll": True, "return_sequences": True}],
    },
    "attention": {
        "inputs": {"a": {"shape": [None, 8]}, "b": {"shape": [None, 8]}},
        "layers": [
            {"type": "MultiHeadAttention", "num_heads": 2, "key_dim": 3, "inputs": {"query": "a", "value": "b"}},
            {"type": "LayerNormalization"},
            {"type": "Add", "inputs": ["layer_normalization", "a"]},
        ],
    },
    "words": {
        "input": {"shape": [None], "dtype": "int32"},
        "layers": [
            {"type": "Embedding", "input_dim": 50, "output_dim": 4},
            {"type": "Conv1D", "filters": 3, "kernel_size": 5, "strides": 3, "padding": "causal"},
            {"type": "GlobalMaxPooling1D"},
        ],
    },
    "nested": {
        "input": {"shape": [None, None, 3]},
        "layers": [
            {"type": "Model", "name": "base", "spec": {"layers": [CONV, {"type": "MaxPooling2D"}, CONV]}},
            {"type": "GlobalAveragePooling2D"},
        ],
    },
    "volumes": {
        "input": {"shape": [None, 9, None, 2]},
        "layers": [{"type": "Conv3D", "filters": 3, "kernel_size": 2, "strides": [2, 1, 3]}, {"type": "MaxPooling3D"}],
    },
    "channels first": {
        "input": {"shape": [3, None, None]},
        "layers": [{**CONV, "data_format": "channels_first", "padding": "same", "strides": 3}],
    },
}  # fmt: skip


def spec_of(document: dict[str, Any], **more: Any) -> Spec:
    return load_spec({"modelc": 1, **document, **more})


def names_of(spec: Spec) -> list[str]:
    """The free sizes that a trace has, in the order of the axes."""
    assert spec.graph.free_sizes is not None
    return list(spec.graph.free_sizes.symbols)


def evaluated(formula: str, sizes: dict[str, int]) -> int:
    """The value of a formula as a person computes it, from its text alone."""
    text = formula.replace("·", "*").replace(",", "")
    for number, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹"):
        text = text.replace(raised, f"**{number}")
    for sign, word in {"⌈": "ceil(", "⌉": ")", "⌊": "floor(", "⌋": ")"}.items():
        text = text.replace(sign, word)
    values = {"ceil": ceil, "floor": floor}
    for i, name in enumerate(sorted(sizes, key=len, reverse=True)):
        text = re.sub(rf"(?<![\w.]){re.escape(name)}(?![\w.(])", f"size{i}", text)
        values[f"size{i}"] = Fraction(sizes[name])  # type: ignore[assignment]
    result = eval(text, {"__builtins__": {}}, values)
    assert result == int(result), formula
    return int(result)


def some_sizes(spec: Spec, seed: int) -> list[dict[str, int]]:
    draw = random.Random(seed)
    free = spec.summary().free_sizes
    return [{s.name: s.unit * draw.randint(24 // s.unit, 160 // s.unit) for s in free} for _ in range(4)]


def paths(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for row in rows for each in (row, *paths(row.get("layers", [])))]


@pytest.mark.parametrize("name", MODELS)
def test_formulas_and_numbers_are_those_of_the_fixed_model(name: str) -> None:
    spec = spec_of(MODELS[name])
    formulas = spec.summary(wide=True, batch_size=3).to_dict()
    assert formulas["counted_for"] == {}
    # The formulas of these models rest on no more than windows that fit, and on how many steps may be reversed.
    usual = re.compile(r"[\w.]+ ≥ \d+|a\.t = b\.t|b\.t = a\.t|time ≤ 1,048,576")
    assert all(map(usual.fullmatch, formulas["formulas_hold"]))
    for sizes in some_sizes(spec, seed=len(name)):
        fixed = spec.with_sizes(sizes).summary(wide=True, batch_size=3).to_dict()
        given = spec.summary(wide=True, batch_size=3, sizes=sizes).to_dict()
        assert given["counted_for"] == sizes
        assert given["activation_memory"] == fixed["activation_memory"]
        for key in ("params", "trainable_params", "macs"):
            assert given[key] == fixed[key]
            assert (
                formulas[key] if formulas[key] is not None else evaluated(formulas[f"{key}_formula"], sizes)
            ) == fixed[key]
        rows = zip(*(paths(one["layers"]) for one in (formulas, given, fixed)), strict=True)
        for formula, number, other in rows:
            for key in ("macs", "activation_bytes"):
                assert number[key] == other[key]
                text = formula.get(f"{key}_formula")
                assert (formula[key] if text is None else evaluated(text, sizes)) == other[key], (formula["name"], key)
            assert (formula[key] is None) is (text is not None)
            assert formula["output_shape"] == number["output_shape"]
            assert all(d in (None, e) for d, e in zip(formula["output_shape"], other["output_shape"], strict=True))


@pytest.mark.parametrize("name", MODELS)
def test_what_is_alive_at_the_peak_is_less_than_what_is_planned(name: str) -> None:
    for batch in (2, 1):
        summary = spec_of(MODELS[name]).summary(batch_size=batch)
        assert summary.activation_memory is None
        peak = summary.peak_memory
        assert peak is not None
        data = summary.to_dict()
        assert data["activation_memory"] is None
        assert data["activation_memory_peak"] == {"layer": peak.layer, "sizes": peak.sizes, "bytes": peak.planned}
        alive = evaluated(data["activation_memory_formula"], dict(peak.sizes))
        assert 0.8 * peak.planned < alive <= peak.planned
    # Of one sample: how many go through a graph at once depends on the sizes that it was traced for.
    for sizes in some_sizes(spec_of(MODELS[name]), seed=5):
        planned = spec_of(MODELS[name]).with_sizes(sizes).summary(batch_size=batch).activation_memory
        assert planned is not None
        assert evaluated(data["activation_memory_formula"], sizes) <= planned + 64 * 20


@pytest.mark.parametrize("name", MODELS)
def test_receptive_fields_are_those_of_a_large_input(name: str) -> None:
    spec = spec_of(MODELS[name])
    large = {s.name: 4096 // s.unit * s.unit for s in spec.summary().free_sizes}
    rows = zip(spec.summary(wide=True).rows, spec.summary(wide=True, sizes=large).rows, strict=True)
    for free, fixed in rows:
        assert free.kernel == fixed.kernel
        shown = free.receptive_field or ()
        known = tuple(large[n] if isinstance(n, str) and n in large else n for n in shown)
        assert known == (fixed.receptive_field or ()), free.name


@pytest.mark.parametrize("name", MODELS)
def test_every_form_of_a_summary(name: str) -> None:
    spec = spec_of(MODELS[name])
    for sizes in ({}, some_sizes(spec, 1)[0]):
        summary = spec.summary(wide=True, sizes=sizes)
        first = cells(summary)[1][0]
        row = next(csv.reader(io.StringIO(summary.to_csv().splitlines()[1])))
        assert row[0] == summary.rows[0].name
        assert len(row) == len(summary.columns) + 2
        for form in (summary.to_text(), summary.to_text(90), summary.to_markdown(), summary._repr_html_()):
            assert "Free sizes: " in form
            assert "None" in form
        assert first[1].startswith("(None, ")
        assert json.loads(summary.to_json()) == summary.to_dict()
        told = ", ".join(f"{n} = {s}" for n, s in sizes.items())
        assert f"MACs per sample{f' (for {told})' if sizes else ''}: " in str(summary)


def test_the_largest_sizes_are_counted() -> None:
    bounds = {"time": {"max": 4099, "multiple_of": 8}}
    spec = spec_of(MODELS["recurrent"], sizes=bounds)
    summary = spec.summary(wide=True)
    assert dict(summary.sizes) == {"time": 4096}
    assert summary.macs == spec.with_sizes({"time": 4096}).summary().macs
    assert "Free sizes: time (from 8 to 4099, a multiple of 8)" in str(summary)
    assert "MACs per sample (for time = 4096): " in str(summary)
    assert summary.to_dict()["sizes"] == {"time": {"min": 1, "max": 4099, "multiple_of": 8}}
    assert spec.summary(sizes={"time": 16}).macs == spec.with_sizes({"time": 16}).summary().macs


def test_some_sizes_are_known() -> None:
    spec = spec_of({"input": {"shape": ["h", "w", 3]}, "sizes": {"h": {"max": 64}}, "layers": [CONV]})
    data = spec.summary().to_dict()
    assert data["counted_for"] == {"h": 64}
    assert (data["macs"], data["macs_formula"]) == (None, "6,696·w - 13,392")  # 62 rows of 4·27 for w - 2 columns
    assert data["formulas_hold"] == ["w ≥ 3"]


def test_sizes_that_must_be_equal_are_counted_for_sizes_that_suit() -> None:
    inputs = {"a": {"shape": ["t", 8]}, "b": {"shape": ["s", 8]}}
    bounds = {"t": {"max": 8}, "s": {"max": 100}}
    spec = spec_of({"inputs": inputs, "sizes": bounds, "layers": [{"type": "Add", "inputs": ["a", "b"]}]})
    assert dict(spec.summary().sizes) == {"t": 8, "s": 8}


def test_fixed_models_have_the_keys_that_they_had() -> None:
    data = spec_of({"input": {"shape": [8, 8, 3]}, "layers": [CONV]}).summary().to_dict()
    assert not {"sizes", "counted_for", "formulas_hold", "macs_formula", "activation_memory_formula"} & data.keys()


@pytest.mark.parametrize(
    ("sizes", "code", "message"),
    [
        ({"tme": 3}, "E305", "unknown size `tme`"),
        ({"time": 1}, "E204", "the size `time` is 1, and must be at least 4, a multiple of 4"),
        ({"time": 9}, "E204", "the size `time` is 9, and must be at least 4, a multiple of 4"),
        ({"time": "9"}, "E203", 'the size `time` must be an integer, found the text "9"'),
        ({"time": True}, "E203", None),
        ([("time", 8)], "E203", "`sizes` must be a mapping of names to sizes, found the list [('time', 8)]"),
    ],
)
def test_sizes_that_are_none(sizes: Any, code: str, message: str | None) -> None:
    spec = spec_of(MODELS["recurrent"])
    for ask in (lambda: spec.summary(sizes=sizes), lambda: spec.with_sizes(sizes)):
        with pytest.raises(SpecError) as caught:
            ask()
        (found,) = caught.value.diagnostics
        assert found.code == code
        assert message in (None, found.message)


def test_sizes_of_a_fixed_model() -> None:
    with pytest.raises(SpecError, match="no size of the model is free"):
        spec_of({"input": {"shape": [8, 8, 3]}, "layers": [CONV]}).summary(sizes={"h": 8})


def test_a_model_has_the_summary_of_its_spec() -> None:
    spec = spec_of(MODELS["convolutions"])
    model = spec.build(backend="reference")
    assert model.to_spec().summary(wide=True).to_dict() == spec.summary(wide=True).to_dict()
    inner = model.extract("max_pooling2d")
    assert inner.to_spec().summary().to_dict()["layers"][-1]["name"] == "max_pooling2d"


def test_limits_hold_at_the_largest_size() -> None:
    document = {**MODELS["words"], "limits": {"macs": 1000, "activation_memory": 4000}}
    unbounded = check_limits(spec_of(document))
    assert [d.code for d in unbounded] == ["E501", "E501"]
    assert all("`t` has no `max`" in d.message for d in unbounded)
    assert check_limits(spec_of(document, sizes={"t": {"max": 30}})) == []
    assert len(check_limits(spec_of(document, sizes={"t": {"max": 3000}}))) == 2
    assert check_limits(spec_of(document), sizes={"t": 30}) == []
    # What no size changes has no need of a largest one.
    assert check_limits(spec_of({**document, "limits": {"params": 10_000}})) == []
    (found,) = check_limits(spec_of({**document, "limits": {"params": 10}}))
    assert "262 parameters" in found.message or "200 parameters" in found.message


def test_diff_of_formulas() -> None:
    before = spec_of(MODELS["convolutions"])
    document = json.loads(json.dumps(MODELS["convolutions"]))
    document["layers"][0]["filters"] = 8
    after = spec_of(document)
    diff = compare(before, after)
    data = diff.to_dict()["macs"]
    for sizes in some_sizes(before, 3):
        numbers = [spec.with_sizes(sizes).summary().macs or 0 for spec in (before, after)]
        assert [evaluated(data[f"{key}_formula"], sizes) for key in ("from", "to")] == numbers
        assert evaluated(data["change_formula"], sizes) == numbers[1] - numbers[0]
        known = compare(before, after, sizes=sizes).to_dict()
        assert known["macs"] == {"from": numbers[0], "to": numbers[1], "change": numbers[1] - numbers[0]}
        assert known["sizes"]["counted_for"] == {"from": sizes, "to": sizes}
    assert (data["from"], data["to"], data["change"]) == (None, None, None)
    assert data["from_formula"] in str(diff)
    assert data["to_formula"].replace("<", "&lt;") in diff._repr_html_()


def test_diff_of_free_sizes() -> None:
    named = spec_of({"input": {"shape": ["time", 4]}, "layers": [{"type": "LSTM", "units": 3}]})
    free = spec_of({"input": {"shape": [None, 4]}, "layers": [{"type": "LSTM", "units": 3}]})
    bounded = spec_of({**named.to_dict(), "sizes": {"time": {"max": 9}}})
    fixed = spec_of({"input": {"shape": [9, 4]}, "layers": [{"type": "LSTM", "units": 3}]})
    assert not compare(named, free)
    assert "~ free sizes: t (at least 1) → time (from 1 to 9)" in str(compare(free, bounded))
    assert compare(free, fixed).sizes_differ
    square = spec_of({"input": {"shape": ["n", "n", 3]}, "layers": [CONV]})
    assert compare(square, spec_of({"input": {"shape": ["n", "m", 3]}, "layers": [CONV]})).sizes_differ


def test_input_shapes_with_free_sizes() -> None:
    bounds = {"time": {"min": 8, "max": 64, "multiple_of": 8}}
    spec = spec_of({"input": {"shape": ["time", 4]}, "sizes": bounds, "layers": [{"type": "LSTM", "units": 3}]})
    assert spec.with_input_shape((None, 5)).to_dict()["input"]["shape"] == ["time", 5]
    assert "time" in spec.with_input_shape((None, 5)).sizes
    assert spec.with_input_shape((16, 4)).sizes == {}
    assert spec.with_input_shape(("steps", 4)).sizes == {}
    assert spec.with_input_shape(("steps", 4)).graph.free_sizes is not None
    with pytest.raises(SpecError, match="must be from 8 to 64, a multiple of 8"):
        spec.with_input_shape((12, 4))
    picture = spec_of({"input": {"shape": [None, None, 3]}, "layers": [CONV]})
    for fixed in (picture.with_sizes({"h": 8}), picture.with_input_shape((8, None, 3))):
        assert fixed.to_dict()["input"]["shape"] == [8, None, 3]
    assert spec.with_sizes({"time": 16}) == spec.with_input_shape((16, 4))


@pytest.mark.parametrize(
    ("shape", "names"),
    [
        ([None], ["t"]),
        ([None, 80], ["t"]),
        ([80, None], ["t"]),
        ([None, None], ["t", "c"]),
        ([None, None, 3], ["h", "w"]),
        ([224, None, 3], ["w"]),
        ([3, None, None], ["h", "w"]),
        ([64, None, None], ["h", "w"]),
        ([1, None, 64], ["h"]),
        ([3, 28, None], ["w"]),
        ([28, 28, None], ["c"]),
        ([28, None, 64], ["w"]),
        ([3, None, 1], ["w"]),
        ([None, None, None, 2], ["d", "h", "w"]),
        ([2, None, None, None], ["d", "h", "w"]),
        ([3, "rows", None], ["rows", "w"]),
    ],
    ids=str,
)
def test_free_sizes_are_called_by_their_axes(shape: list[Any], names: list[str]) -> None:
    """Channels are first where only they are fixed, as in (3, None, None): a picture's sizes are never `c`."""
    spec = load_spec({"modelc": 1, "input": {"shape": shape}, "layers": [{"type": "ReLU"}]})
    assert names_of(spec) == names


def test_a_model_with_the_channels_first_takes_its_sizes_by_name() -> None:
    """As for the same model with the channels last, whatever is asked by name: counts, bounds, fixed sizes."""
    rows: list[dict[str, Any]] = [{**CONV, "strides": 2}, {"type": "GlobalAveragePooling2D"}]
    first = [{**row, "data_format": "channels_first"} for row in rows]
    sizes = {"h": 33, "w": 47}
    spec = load_spec({"modelc": 1, "input": {"shape": [3, None, None]}, "layers": first})
    last = load_spec({"modelc": 1, "input": {"shape": [None, None, 3]}, "layers": rows})
    assert spec.summary(sizes=sizes).macs == last.summary(sizes=sizes).macs
    assert spec.with_sizes(sizes).graph.inputs[0].type.shape == (None, 3, 33, 47)
    built = Sequential([Input((3, None, None)), *(layers.LAYERS[x.pop("type")](**x) for x in map(dict, first))])
    assert names_of(built.spec) == ["h", "w"]
    x = np.random.default_rng(0).random((2, 3, 33, 47), np.float32)
    other = last.build(weights=built.get_weights(), backend="reference")
    np.testing.assert_allclose(built(x), other(np.moveaxis(x, 1, -1)), rtol=0, atol=1e-5)


def test_sizes_of_inputs_that_a_view_leaves_out() -> None:
    spec = spec_of({
        "inputs": {"a": {"shape": [None, 4]}, "b": {"shape": [None, 4]}},
        "sizes": {"a.t": {"max": 9}, "b.t": {"max": 7}},
        "layers": [
            {"type": "Dense", "units": 3, "inputs": "a", "name": "first"},
            {"type": "GlobalAveragePooling1D", "inputs": "first", "name": "p"},
            {"type": "GlobalAveragePooling1D", "inputs": "b", "name": "q"},
            {"type": "Concatenate", "inputs": ["p", "q"]},
        ],
    })  # fmt: skip
    assert dict(spec.truncate("first").summary().sizes) == {"a.t": 9}


@pytest.mark.parametrize(
    ("layers", "shape", "least"),
    [
        ([{**CONV, "kernel_size": 7}], [None, None, 3], 7),
        ([{"type": "MaxPooling2D"}] * 5, [None, None, 3], 32),
        ([{**CONV, "strides": 2}, {**CONV, "strides": 2}, CONV], [None, None, 3], 15),
        ([{**CONV, "kernel_size": 600}], [None, None, 3], 600),
        ([{"type": "Cropping2D", "cropping": 5}], [None, None, 3], 11),
    ],
)
def test_the_least_size_is_the_least_one(layers: list[dict[str, Any]], shape: list[Any], least: int) -> None:
    spec = spec_of({"input": {"shape": shape}, "layers": layers})
    (warning,) = check(lambda: spec)
    assert warning.code == "W404"
    assert f"`h` ≥ {least} and `w` ≥ {least}" in warning.message
    _ = spec.with_sizes({"h": least, "w": least}).graph
    with pytest.raises(SpecError):
        _ = spec.with_sizes({"h": least - 1, "w": least}).graph
    bounded = spec_of({"input": {"shape": shape}, "layers": layers, "sizes": {n: {"min": least} for n in "hw"}})
    assert check(lambda: bounded) == []


def test_a_model_in_python_is_traced_for_sizes_that_suit() -> None:
    for added, told in (
        ([layers.Conv1D(2, 600)], ("t ≥ 600",)),
        ([layers.Conv1D(2, 2), layers.Conv1D(2, 600)], ("t ≥ 601",)),
        ([layers.Reshape((12, 9))], ("t = 36",)),
    ):
        model = Sequential([Input((None, 3)), *added])
        assert model.to_spec().summary().formulas_hold == told
    with pytest.raises(SpecError, match="has 756 elements"):
        Sequential([Input((None, 3)), layers.Conv1D(2, 3), layers.Reshape((28, 28)), layers.Reshape((28, 27))])
    with pytest.raises(SpecError, match="has 785 elements"):
        Sequential([Input((None, 3)), layers.Reshape((5, 157))])


def test_sizes_that_fit_all_layers_make_no_warning() -> None:
    for name in ("recurrent", "words", "channels first", "attention"):
        assert check(lambda name=name: spec_of(MODELS[name])) == []


@pytest.mark.parametrize(
    ("layers", "shape", "sizes"),
    [
        ([{**CONV, "kernel_size": 7}], [None, None, 3], {"h": 6, "w": 480}),
        ([{"type": "MaxPooling2D"}] * 5, [None, None, 3], {"h": 480, "w": 31}),
        ([{**CONV, "strides": 2, "name": "a"}, {**CONV, "strides": 2}, CONV], [None, None, 3], {"h": 14, "w": 480}),
        ([{"type": "Model", "spec": {"layers": [{**CONV, "kernel_size": 9}]}}], [None, None, 3], {"h": 8, "w": 480}),
        ([{"type": "TimeDistributed", "layer": {"type": "Conv1D", "filters": 2, "kernel_size": 5}}],
         [None, None, 3], {"h": 480, "w": 4}),
        ([{"type": "Reshape", "target_shape": [-1, 6]}], [None, 3], {"t": 5}),
        ([{"type": "MaxPooling1D"}, {"type": "Reshape", "target_shape": [-1, 6]}], [None, 3], {"t": 6}),
    ],
)  # fmt: skip
def test_a_layer_alone_refuses_what_it_refuses_in_the_model(
    layers: list[dict[str, Any]], shape: list[Any], sizes: dict[str, int]
) -> None:
    spec = spec_of({"input": {"shape": shape}, "layers": layers})
    free = spec.graph.free_sizes
    assert free is not None
    with pytest.raises(SpecError) as error:
        trace_spec(spec, sizes=sizes)
    found = refusal(spec, free, sizes)
    assert found is not None
    assert (found.code, found.message) == (error.value.diagnostics[0].code, error.value.diagnostics[0].message)


@pytest.mark.parametrize("name", ["xception", pytest.param("inception_v3", marks=pytest.mark.slow)])
def test_no_second_trace_says_that_pictures_are_too_small(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = application_spec(name, False, (None, None, 3))
    expected = [str(one) for one in size_warnings(spec)]

    def no_trace(*_: Any, **__: Any) -> None:
        raise AssertionError("traced again")

    monkeypatch.setattr("modelc.report.warnings.sizes.trace_spec", no_trace)
    assert [str(one) for one in size_warnings(spec)] == expected != []


def test_a_layer_that_computes_in_another_way_is_left_to_the_trace_of_the_model() -> None:
    """An unrolled GRU takes any number of steps, each with a graph of its own."""
    spec = spec_of(MODELS["unrolled"])
    free = spec.graph.free_sizes
    assert free is not None and refusal(spec, free, {"time": 7}) is None
    assert list(size_warnings(spec)) == []


@pytest.mark.slow
def test_inception_takes_pictures_from_75_on() -> None:
    """As `keras.applications` says."""
    spec = load_spec(zoo.path("inception_v3")).with_input_shape((None, None, 3))
    (warning,) = check(lambda: spec)
    assert "`h` ≥ 75 and `w` ≥ 75" in warning.message
    assert spec.summary().formulas_hold == ("h ≥ 75", "w ≥ 75")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in zoo.names() if not name.startswith("vgg")])
def test_formulas_of_the_zoo(name: str) -> None:
    """Formulas for pictures of any size at three sizes, odd ones too. VGG with its top takes one size."""
    spec = load_spec(zoo.path(name)).with_input_shape((None, None, 3))
    summary = spec.summary(wide=True)
    draw = random.Random(name)
    for sizes in ({"h": draw.randint(75, 400), "w": draw.randint(75, 400)} for _ in range(3)):
        fixed = spec.with_sizes(sizes).summary(wide=True)
        assert evaluated(str(summary.macs_formula), sizes) == fixed.macs
        for row, other in zip(summary.rows, fixed.rows, strict=True):
            macs = row.macs if row.macs_formula is None else evaluated(row.macs_formula, sizes)
            held = row.activation_bytes_formula
            bytes = row.activation_bytes if held is None else evaluated(held, sizes)
            assert (macs, bytes) == (other.macs, other.activation_bytes), row.name
