"""Blocks, `when`, `start` and references, written out. Every expected list was written by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.errors import SpecError
from modelc.language.expansion.expand import load
from modelc.language.text.node import TextNode
from tests.slowness import examples


def expand(layers: str, blocks: str = "", **more: Any) -> Any:
    return load(_text(layers, blocks), **more).plain()


def _text(layers: str, blocks: str) -> str:
    return (f"blocks:\n{blocks}\n" if blocks else "") + f"layers:\n{layers}\n"


def flat(layers: str, blocks: str = "") -> list[str]:
    """Every entry as `name type(inputs)`; an automatic name is not written."""
    return [_brief(entry) for entry in expand(layers, blocks)["layers"]]


def _brief(entry: dict[str, Any]) -> str:
    kind = entry.get("type") or f"use {entry['use']}"
    inputs = entry.get("inputs")
    shown = ", ".join(inputs) if isinstance(inputs, list) else inputs
    name = f"{entry['name']} " if "name" in entry else ""
    return name + kind + (f"({shown})" if inputs is not None else "")


def mistakes(layers: str, blocks: str = "") -> list[tuple[str, str]]:
    with pytest.raises(SpecError) as caught:
        expand(layers, blocks)
    return [(d.code, d.message) for d in caught.value.diagnostics]


RESIDUAL = """
  residual:
    params: {units: int, short: false, activation: relu}
    layers:
      - {type: Dense, units: "${units}", name: a}
      - {type: Dense, units: "${units}", inputs: input, name: b, when: "${short}"}
      - {type: Average, inputs: [a, b], when: "${short}", name: sum}
      - {type: Activation, activation: "${activation}"}
"""

# --- names and wiring


def test_names_are_below_the_use() -> None:
    assert flat("  - {block: residual, units: 3, name: r}", RESIDUAL) == ["r/a Dense", "r/activation Activation"]


def test_a_use_without_a_name_is_called_by_its_block() -> None:
    found = flat("  - {block: residual, units: 3, repeat: 2}\n  - {block: residual, units: 3}", RESIDUAL)
    assert [entry.split("/")[0] for entry in found[::2]] == ["residual", "residual_1", "residual_2"]


def test_automatic_names_of_uses_pass_over_given_ones() -> None:
    found = flat("  - {block: residual, units: 3}\n  - {block: residual, units: 3, name: residual}", RESIDUAL)
    assert [entry.split("/")[0] for entry in found[::2]] == ["residual_1", "residual"]


def test_input_is_what_the_block_is_applied_to() -> None:
    layers = "  - {type: Flatten}\n  - {block: residual, units: 3, short: true}\n"
    assert flat(layers, RESIDUAL) == [
        "Flatten", "residual/a Dense", "residual/b Dense(flatten)", "residual/sum Average(residual/a, residual/b)",
        "residual/activation Activation",
    ]  # fmt: skip


def test_a_block_first_in_the_model_is_applied_to_its_input() -> None:
    assert flat("  - {block: residual, units: 3, short: true}", RESIDUAL)[1] == "residual/b Dense(input)"
    text = _text("  - {block: residual, units: 3, short: true}", RESIDUAL)
    found = load("inputs: {image: {shape: [3]}}\n" + text)
    assert found.plain()["layers"][1]["inputs"] == "image"


def test_a_use_applied_to_something_else() -> None:
    layers = """
  - {type: Dense, units: 3}
  - {type: Flatten, name: other}
  - {block: residual, units: 3, inputs: dense, short: true}
  - {block: residual, units: 3, inputs: other}
  - {type: Average, inputs: [residual, residual_1, residual/b]}
"""
    assert flat(layers, RESIDUAL) == [
        "Dense", "other Flatten", "residual/a Dense(dense)", "residual/b Dense(dense)",
        "residual/sum Average(residual/a, residual/b)", "residual/activation Activation", "residual_1/a Dense(other)",
        "residual_1/activation Activation", "Average(residual/activation, residual_1/activation, residual/b)",
    ]  # fmt: skip


def test_inputs_that_are_the_entry_before_are_not_written() -> None:
    blocks = "  a: {layers: [{type: Flatten}]}"
    assert flat("  - {type: Dense, units: 3}\n  - {block: a, inputs: dense}", blocks) == ["Dense", "a/flatten Flatten"]


def test_what_follows_a_block_takes_its_outputs() -> None:
    blocks = """
  fork:
    layers: [{type: Dense, units: 3, name: x}, {type: Dense, units: 3, inputs: input, name: y}]
    outputs: [y, x]
  first:
    layers: [{type: Dense, units: 3, name: x}, {type: Flatten}]
    outputs: x
"""
    layers = """
  - {block: first}
  - {block: fork}
  - {type: Average}
  - {type: Flatten, inputs: "fork[1]"}
  - {type: Average, inputs: fork}
"""
    assert flat(layers, blocks) == [
        "first/x Dense", "first/flatten Flatten", "fork/x Dense(first/x)", "fork/y Dense(first/x)",
        "Average(fork/y, fork/x)", "Flatten(fork/x)", "Average(fork/y, fork/x)",
    ]  # fmt: skip


def test_blocks_in_blocks() -> None:
    blocks = f"""{RESIDUAL}
  stage:
    params: {{units: int, n: 2}}
    layers:
      - {{block: residual, units: "${{units}}", short: true, name: first}}
      - {{block: residual, units: "${{units}}", repeat: "${{n}}", name: "rest#"}}
      - {{type: Average, inputs: [first, rest2/a, first/b]}}
"""
    found = flat("  - {block: stage, units: 3, name: s}\n  - {type: Flatten, inputs: s/rest1/a}", blocks)
    assert found == [
        "s/first/a Dense", "s/first/b Dense(input)", "s/first/sum Average(s/first/a, s/first/b)",
        "s/first/activation Activation", "s/rest1/a Dense", "s/rest1/activation Activation", "s/rest2/a Dense",
        "s/rest2/activation Activation", "s/average Average(s/first/activation, s/rest2/a, s/first/b)",
        "Flatten(s/rest1/a)",
    ]  # fmt: skip


def test_automatic_names_are_counted_in_the_block() -> None:
    blocks = """
  twice:
    layers: [{type: Dense, units: 3}, {type: Dense, units: 4, name: dense_1}, {type: Dense, units: 5},
             {type: Average, inputs: [dense, dense_2]}]
"""
    assert flat("  - {type: Dense, units: 2}\n  - {block: twice}\n  - {type: Dense, units: 2}", blocks) == [
        "Dense", "twice/dense Dense", "twice/dense_1 Dense", "twice/dense_2 Dense",
        "twice/average Average(twice/dense, twice/dense_2)", "Dense",
    ]  # fmt: skip


def test_named_inputs() -> None:
    blocks = """
  attend:
    inputs: [query, value]
    layers: [{type: Dense, units: 3, inputs: value}, {type: Attention, inputs: {query: query, value: dense}},
             {type: Average, inputs: [input, "input[0]"]}]
"""
    expected = [
        "q Flatten", "v Flatten", "attend/dense Dense(v)", "Attention", "attend/average Average(q, v, q)",
    ]  # fmt: skip
    head = "  - {type: Flatten, name: q}\n  - {type: Flatten, name: v}\n"
    for inputs in ("[q, v]", "{value: v, query: q}"):
        layers = expand(head + f"  - {{block: attend, inputs: {inputs}}}", blocks)["layers"]
        attention = layers.pop(3)
        assert attention["inputs"] == {"query": "q", "value": "attend/dense"}
        del layers[2]["units"]
        assert [_brief(entry) for entry in layers] == [*expected[:3], expected[4]]


def test_reference_suffixes() -> None:
    blocks = """
  states:
    layers: [{type: LSTM, units: 3, return_state: true, name: l}, {use: l, inputs: "input[1]"},
             {type: Average, inputs: ["l[1]", "l@1[2]"]}]
"""
    layers = """
  - {type: Flatten, name: x}
  - {type: Flatten, name: y}
  - {block: states, inputs: [x, "y[0]"], name: s}
"""
    assert flat(layers, blocks)[2:] == ["s/l LSTM(x, y[0])", "use s/l(y[0])", "s/average Average(s/l[1], s/l@1[2])"]


def test_reaching_into_a_model() -> None:
    blocks = """
  features:
    layers: [{type: Model, spec: base.yaml, name: base}, {type: Flatten, inputs: base/block3/pool}]
"""
    assert flat("  - {block: features, name: f}", blocks)[1] == "f/flatten Flatten(f/base/block3/pool)"


def test_a_model_written_in_place_has_names_of_its_own() -> None:
    blocks = "  pair: {layers: [{type: Dense, units: 3, name: d, repeat: 2}]}"
    layers = """
  - {block: pair, name: p}
  - {type: Model, spec: {layers: [{block: pair, name: p}, {type: Average, inputs: [input, p]}]}, name: m, repeat: 2}
"""
    found = expand(layers, blocks)["layers"]
    inner = [_brief(entry) for entry in found[2]["spec"]["layers"]]
    assert inner == ["p/d Dense", "p/d_1 Dense", "Average(input, p/d_1)"]
    assert [entry["name"] for entry in found] == ["p/d", "p/d_1", "m", "m_1"]
    assert found[3]["spec"] == found[2]["spec"]


# --- parts of names


UNSCOPED = """
  conv:
    params: {units: int}
    scope: false
    layers:
      - {type: Dense, units: "${units}", name: "${name}_conv"}
      - {type: ReLU, name: "${name}_relu"}
      - {type: Average, inputs: ["${name}_conv", input]}
"""


def test_a_block_without_a_scope() -> None:
    layers = """
  - {type: Flatten}
  - {block: conv, units: 3, name: c#, repeat: 2, start: 5}
  - {type: Flatten, inputs: c5}
"""
    assert flat(layers, UNSCOPED) == [
        "Flatten", "c5_conv Dense", "c5_relu ReLU", "Average(c5_conv, flatten)", "c6_conv Dense", "c6_relu ReLU",
        "Average(c6_conv, average)", "Flatten(average)",
    ]  # fmt: skip


def test_a_block_without_a_scope_in_one_that_has_one() -> None:
    blocks = f"""{UNSCOPED}
  stack:
    layers: [{{block: conv, units: 3, name: c1}}, {{block: conv, units: 4, name: c2}},
             {{type: Average, inputs: [c1_relu, c2, average]}}]
"""
    assert flat("  - {block: stack, name: s}", blocks) == [
        "s/c1_conv Dense", "s/c1_relu ReLU", "s/average Average(s/c1_conv, input)", "s/c2_conv Dense",
        "s/c2_relu ReLU", "s/average_1 Average(s/c2_conv, s/average)",
        "s/average_2 Average(s/c1_relu, s/average_1, s/average)",
    ]  # fmt: skip


def test_variables_and_parameters_as_parts_of_names() -> None:
    blocks = """
  named:
    params: {part: x, size: 3}
    layers: [{type: Dense, units: "${size}", name: "d_${part}_${size}"}, {type: Flatten},
             {type: Average, inputs: ["d_${part}_${size}", flatten]}]
    outputs: d_${part}_${size}
"""
    layers = """  - {block: named, part: b, name: "n$${v}-${v}"}"""
    found = load("vars: {v: 7}\nname: net_${v}\n" + _text(layers, blocks)).plain()
    assert found["name"] == "net_7"
    assert [entry.get("name") for entry in found["layers"]] == [
        "n${v}-7/d_b_3", "n${v}-7/flatten", "n${v}-7/average"
    ]  # fmt: skip
    assert found["layers"][2]["inputs"] == ["n${v}-7/d_b_3", "n${v}-7/flatten"]


def test_the_number_of_a_repetition() -> None:
    assert flat("  - {type: Flatten, name: block#_pool, repeat: 3}") == [f"block{n}_pool Flatten" for n in (1, 2, 3)]
    assert flat("  - {type: Flatten, name: c_#, repeat: 3, start: b}") == [f"c_{n} Flatten" for n in "bcd"]
    assert flat("  - {type: Flatten, name: c#, start: 0}") == ["c0 Flatten"]
    assert flat("  - {type: Flatten, name: c#}") == ["c# Flatten"]


def test_the_nearest_repeat_counts() -> None:
    layers = """
  - repeat: 2
    layers:
      - {type: Dense, units: 3, name: a#}
      - {type: Dense, units: 3, name: b#, repeat: 2}
      - {layers: [{type: Average, inputs: [a#, b2]}]}
"""
    assert flat(layers) == [
        "a1 Dense", "b1 Dense", "b2 Dense", "Average(a1, b2)", "a2 Dense", "b1_1 Dense", "b2_1 Dense",
        "Average(a2, b2_1)",
    ]  # fmt: skip


def test_references_in_a_repeated_group_mean_its_own_entries() -> None:
    layers = """
  - {type: Flatten, name: x}
  - repeat: 2
    layers:
      - {type: Dense, units: 3, name: a, repeat: 2}
      - {type: Average, inputs: [a, a_1, x], name: sum}
  - {type: Average, inputs: [a, a_1, a_2, sum_1]}
"""
    assert flat(layers) == [
        "x Flatten", "a Dense", "a_1 Dense", "sum Average(a, a_1, x)", "a_2 Dense", "a_3 Dense",
        "sum_1 Average(a_2, a_3, x)", "Average(a, a_1, a_2, sum_1)",
    ]  # fmt: skip


def test_each() -> None:
    found = expand("  - {type: Dense, activation: relu, each: {units: [3, 4], name: [a, b#]}, start: 7}")["layers"]
    assert found == [
        {"type": "Dense", "activation": "relu", "units": 3, "name": "a"},
        {"type": "Dense", "activation": "relu", "units": 4, "name": "b8"},
    ]
    layers = "  - {block: residual, name: r#, each: {units: [3, 4], activation: '${names}'}}\n  - {type: Flatten}"
    found = load("vars: {names: [selu, relu]}\n" + _text(layers, RESIDUAL)).plain()["layers"]
    assert [(entry.get("name"), entry.get("units"), entry.get("activation")) for entry in found] == [
        ("r1/a", 3, None), ("r1/activation", None, "selu"), ("r2/a", 4, None), ("r2/activation", None, "relu"),
        (None, None, None),
    ]  # fmt: skip
    assert flat("  - {type: Flatten, each: {name: []}}") == []


# --- entries that are not there


def test_when() -> None:
    layers = """
  - {type: Flatten, when: false}
  - {type: Dense, units: 3, when: true}
  - {layers: [{type: Flatten}, {type: Nonsense}], when: false}
  - {block: nowhere, when: false}
"""
    assert flat(layers) == ["Dense"]


def test_the_name_of_what_is_left_out_means_its_input() -> None:
    layers = """
  - {type: Flatten, name: x}
  - {type: Dense, units: 3, name: short, when: false}
  - {type: Dense, units: 3, name: shorter, inputs: short, when: false}
  - {type: Dense, units: 3, name: a}
  - {block: nowhere, name: b, when: false}
  - {type: Average, inputs: [b, shorter]}
"""
    assert flat(layers) == ["x Flatten", "a Dense", "Average(a, x)"]


@pytest.mark.parametrize("flag", ["true", "false"])
def test_one_of_two_entries_of_one_name(flag: str) -> None:
    text = f"""
vars: {{flag: {flag}}}
layers:
  - {{type: Flatten}}
  - {{type: Dense, units: 3, name: a, when: "${{flag}}"}}
  - {{type: ReLU, name: a, unless: "${{flag}}"}}
  - {{type: Average, inputs: [a, flatten]}}
"""
    found = [_brief(entry) for entry in load(text).plain()["layers"]]
    assert found == ["Flatten", "a Dense" if flag == "true" else "a ReLU", "Average(a, flatten)"]


def test_repeated_no_times_by_a_variable_only() -> None:
    found = load("vars: {n: 0}\nlayers:\n  - {type: A, repeat: '${n}'}\n  - {type: B}\n").plain()
    assert found["layers"] == [{"type": "B"}]
    assert mistakes("  - {type: A, repeat: 0}") == [("E204", "`repeat` must be at least 1, found 0")]


def test_a_block_of_nothing_passes_its_input_on() -> None:
    blocks = "  maybe: {params: {there: false}, layers: [{type: Dense, units: 3, when: '${there}'}]}"
    layers = "  - {type: Flatten, name: x}\n  - {type: Flatten, name: y}\n  - {block: maybe, inputs: x, name: m}\n"
    assert flat(layers + "  - {type: Dense, units: 3}\n  - {type: Average, inputs: [m, y]}", blocks) == [
        "x Flatten", "y Flatten", "Dense(x)", "Average(x, y)"
    ]  # fmt: skip


def test_a_block_of_nothing_that_is_applied_to_itself() -> None:
    assert mistakes("  - {block: e, inputs: e, name: e}\n  - {type: Flatten}", "  e: {layers: []}")[0][0] == "E305"


# --- names at the top


def test_names_of_blocks_at_the_top() -> None:
    text = "outputs: [a, b/flatten]\ntruncate: b\nextract: [a, b, '*']\nfreeze: ['!a', b/flatten]\n" + _text(
        "  - {block: x, name: a}\n  - {block: x, name: b}", "  x: {layers: [{type: Flatten}]}"
    )
    found = load(text).plain()
    assert found["outputs"] == ["a/flatten", "b/flatten"]
    assert found["truncate"] == "b/flatten"
    assert found["extract"] == ["a/flatten", "b/flatten", "*"]
    assert found["freeze"] == ["!a/*", "b/flatten"]


# --- places


def test_entries_know_where_their_block_was_used() -> None:
    blocks = "  a: {layers: [{type: Flatten}]}\n  b: {layers: [{block: a}]}"
    node = load(_text("  - {type: Flatten}\n  - {block: b}", blocks))
    layers = node.get("layers")
    assert layers is not None
    assert isinstance(layers.value, tuple)
    first, second = layers.value
    assert first.site is None
    assert (second.line, second.column) == (2, 16)
    assert str(second.site) == "in the block `a`, used at <spec>:3, in the block `b`, used at <spec>:6"


def test_arguments_stand_where_they_were_given_and_defaults_where_they_are_written() -> None:
    blocks = "  a:\n    params: {units: int, rate: 0.5}\n    layers: [{type: A, units: '${units}', rate: '${rate}'}]"
    node = load(_text("  - {block: a, units: 3}", blocks))

    def where(*path: str | int) -> tuple[int | None, int | None]:
        found = node.at(path)
        assert isinstance(found, TextNode)
        return found.line, found.column

    assert where("layers", 0, "units") == (6, 23)
    assert where("layers", 0, "rate") == (3, 32)


def test_settings_reach_blocks() -> None:
    found = expand("  - {block: residual, units: 3}", RESIDUAL, settings=["blocks.residual.params.activation=selu"])
    assert found["layers"][1]["activation"] == "selu"


def test_blocks_of_a_base(tmp_path: Any) -> None:
    (tmp_path / "base.yaml").write_text(_text("  - {block: residual, units: 3}", RESIDUAL))
    (tmp_path / "top.yaml").write_text("extends: base.yaml\nblocks:\n  more: {layers: [{block: residual, units: 4}]}\n"
                                       "layers:\n  - {block: more}\n")  # fmt: skip
    assert [entry["name"] for entry in load(tmp_path / "top.yaml").plain()["layers"]] == [
        "more/residual/a", "more/residual/activation"
    ]  # fmt: skip


# --- sizes


@pytest.mark.slow
def test_blocks_that_double_and_hold_nothing() -> None:
    blocks = "\n".join(f"  b{i}: {{layers: [{{block: b{i + 1}}}, {{block: b{i + 1}}}]}}" for i in range(50))
    assert mistakes("  - {block: b0}", f"{blocks}\n  b50: {{layers: []}}")[0][0] == "E105"


@pytest.mark.slow
def test_blocks_that_double_a_name_or_a_list() -> None:
    blocks = "\n".join(
        f"  b{i}: {{params: {{l: list}}, layers: "
        f"[{{block: b{i + 1}, l: ['${{l}}', '${{l}}'], name: '${{name}}${{name}}'}}]}}"
        for i in range(50)
    )
    last = "  b50: {params: {l: list}, layers: [{type: A, l: '${l}'}]}"
    assert "E105" in {code for code, _ in mistakes("  - {block: b0, l: [1], name: aa}", f"{blocks}\n{last}")}


def test_many_levels_of_blocks() -> None:
    blocks = "\n".join(f"  b{i}: {{layers: [{{layers: [{{block: b{i + 1}}}]}}]}}" for i in range(500))
    assert [code for code, _ in mistakes("  - {block: b0}", f"{blocks}\n  b500: {{layers: []}}")] == ["E105"]


# --- anything

WORDS = st.sampled_from(
    ["repeat", "layers", "block", "name", "${name}", "${", "inputs", "input", "[0]", "@1", "/", "#", "}", "{", "[", "]",
     "x", "when", "false", "0", "99", ": ", "outputs", "scope: false", "\n"]
)  # fmt: skip
TEMPLATE = """\
blocks:
  a:
    params: {n: 1, s: x}
    layers:
      - {type: Dense, units: "${n}", name: "${s}_d"}
      - {type: Average, inputs: ["${s}_d", input]}
  b: {inputs: [x, y], layers: [{block: a, inputs: y}, {use: a/x_d, inputs: x}], outputs: [a, input]}
layers:
  - {type: Flatten}
  - {block: a, n: 3, name: a#, repeat: 2}
  - {block: b, inputs: [flatten, a1/x_d]}
  - {repeat: 2, layers: [{type: Average, inputs: [b, "b[0]"], name: m}]}
outputs: [b, m]
"""


@given(st.data())
@settings(max_examples=examples(300), deadline=None)
def test_mutations_raise_nothing_else(data: st.DataObject) -> None:
    text = TEMPLATE
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 6)))
        text = text[:start] + data.draw(WORDS) + text[end:]
    try:
        found = load(text + "\n")
    except SpecError as error:
        assert error.diagnostics
        assert len(set(error.diagnostics)) == len(error.diagnostics)
    else:
        again = load(found.plain())
        assert again.plain() == found.plain(), "what is written out has nothing left to write out"
