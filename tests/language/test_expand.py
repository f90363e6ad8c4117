from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.errors import Diagnostic, SpecError
from modelc.language.expansion.expand import load, load_leniently
from modelc.language.text.node import TextNode
from tests.slowness import examples

BASE = """\
modelc: 1
vars: {width: 8, depth: 2}
limits: {params: 50k, macs: 1M}
layers:
  - {type: Dense, units: "${width}"}
weights: base.safetensors
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "sub").mkdir()
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def mistakes(source: Any, settings: tuple[str, ...] = (), **options: Any) -> tuple[Diagnostic, ...]:
    with pytest.raises(SpecError) as caught:
        load(source, settings, **options)
    return caught.value.diagnostics


def at(node: TextNode, *path: str | int) -> TextNode:
    found = node.at(path)
    assert found is not None
    return found


def where(node: TextNode, *path: str | int) -> tuple[str, int | None, int | None]:
    found = at(node, *path)
    return Path(found.source.name).name, found.line, found.column


def layers(text: str) -> list[Any]:
    return load(f"layers:\n{text}\n").plain()["layers"]


# --- extends


def test_extends_overrides_and_merges(folder: Path) -> None:
    top = write(folder / "top.yaml", "extends: base.yaml\nname: top\nvars: {width: 16}\nlimits: {macs: 2M}\n")
    node = load(top)
    assert node.plain() == {
        "modelc": 1,
        "limits": {"params": "50k", "macs": "2M"},
        "layers": [{"type": "Dense", "units": 16}],
        "weights": "base.safetensors",
        "name": "top",
    }
    assert where(node, "layers", 0, "units") == ("base.yaml", 5, 26)
    assert where(node, "limits", "macs") == ("top.yaml", 4, 16)
    assert where(node, "limits", "params") == ("base.yaml", 3, 18)


def test_extends_replaces_layers_whole(folder: Path) -> None:
    top = write(folder / "top.yaml", "extends: base.yaml\nlayers: [{type: Flatten}]\n")
    assert load(top).plain()["layers"] == [{"type": "Flatten"}]


def test_paths_in_a_base_are_relative_to_the_base(folder: Path) -> None:
    write(folder / "sub" / "middle.yaml", "extends: ../base.yaml\nweights: middle.safetensors\n")
    top = write(folder / "top.json", '{"extends": "sub/middle.yaml"}')
    weights = at(load(top), "weights")
    assert weights.plain() == "middle.safetensors"
    assert weights.source.folder == folder / "sub"


def test_extends_names_files_as_the_user_would(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    write(folder / "sub" / "bad.yaml", "name: [\n")
    write(folder / "top.yaml", "extends: sub/bad.yaml\n")
    assert mistakes("top.yaml")[0].file == os.path.join("sub", "bad.yaml")


def test_base_may_not_leave_the_folder_of_the_named_spec(folder: Path) -> None:
    top = write(folder / "sub" / "top.yaml", "extends: ../base.yaml\n")
    (mistake,) = mistakes(top)
    assert (mistake.code, mistake.message) == ("E301", "`../base.yaml` lies outside the folder of the spec")


def test_base_may_not_leave_the_folder_through_a_link(folder: Path) -> None:
    (folder / "sub" / "link.yaml").symlink_to(folder / "base.yaml")
    top = write(folder / "sub" / "top.yaml", "extends: link.yaml\n")
    assert mistakes(top)[0].message == "`link.yaml` lies outside the folder of the spec"


def test_link_loop(folder: Path) -> None:
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    assert [d.code for d in mistakes(write(folder / "top.yaml", "extends: loop.yaml\n"))] == ["E301"]


def test_long_chain(folder: Path) -> None:
    for number in range(20):
        write(folder / f"{number}.yaml", f"extends: {number + 1}.yaml\n")
    assert mistakes(folder / "0.yaml")[0].code == "E105"


def test_unreadable_base(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "base.yaml").write_bytes(b"a: \xff\n")
    (mistake,) = mistakes(write(folder / "top.yaml", "extends: base.yaml\n"))
    assert (mistake.code, Path(mistake.file or "").name, mistake.column) == ("E102", "base.yaml", 4)


@pytest.mark.parametrize("source", ["extends: base.yaml\n", {"extends": "base.yaml"}])
def test_spec_without_a_folder_cannot_extend(source: Any, folder: Path) -> None:
    assert [d.code for d in mistakes(source)] == ["E301"]
    assert load(source, folder=folder).plain()["layers"] == [{"type": "Dense", "units": 8}]


def test_mistakes_of_both_files_in_order(folder: Path) -> None:
    write(folder / "base.yaml", "name: ${a}\nlayers: [{type: Flatten, repeat: 0}]\n")
    top = write(folder / "top.yaml", "extends: base.yaml\nvars: {x: 1}\ninput: ${y}\nfreeze: ${z}\n")
    found = [(Path(d.file or "").name, d.line) for d in mistakes(top, ("nowhere.x=1",))]
    assert found == [("top.yaml", 3), ("top.yaml", 4), ("base.yaml", 1), ("base.yaml", 2), ("--set nowhere.x=1", 1)]


# --- variables


def test_variables_keep_their_type() -> None:
    node = load(
        "vars: {i: 3, f: 0.5, t: relu, b: true, n: null, l: [1, '${i}'], again: '${l}', s: '3'}\n"
        "layers:\n"
        "  - {i: '${i}', f: '${f}', t: '${t}', b: '${b}', n: '${n}', l: '${l}', again: '${again}', s: '${s}'}\n"
    )
    values = {"i": 3, "f": 0.5, "t": "relu", "b": True, "n": None, "l": [1, 3], "again": [1, 3], "s": "3"}
    assert node.plain() == {"layers": [values]}
    assert repr(node.plain()["layers"][0]) == repr(values)


def test_substituted_value_stands_at_the_reference() -> None:
    node = load("vars:\n  kernel: [3, 3]\nlayers:\n  - kernel_size: ${kernel}\n")
    assert where(node, "layers", 0, "kernel_size")[1:] == (4, 18)
    assert where(node, "layers", 0, "kernel_size", 1)[1:] == (4, 18)
    key = at(node, "layers", 0, "kernel_size").key
    assert key is not None
    assert (key.line, key.column) == (4, 5)


def test_escaped_reference() -> None:
    text = "vars: {a: 1, b: '$${a}'}\nname: $${a}\nother: x$${a}y$${b}\nthird: ${b}\nfourth: $a {a} $\n"
    assert load(text).plain() == {"name": "${a}", "other": "x${a}y${b}", "third": "${a}", "fourth": "$a {a} $"}


def test_variables_in_a_mapping() -> None:
    assert load({"vars": {"n": 2}, "layers": [{"type": "Flatten", "repeat": "${n}"}]}).plain() == {
        "layers": [{"type": "Flatten"}, {"type": "Flatten"}]
    }


def test_unused_variable_with_a_mistake_is_reported() -> None:
    assert [d.code for d in mistakes("vars: {a: '${b}'}\nlayers: []\n")] == ["E302"]


def test_one_mistake_for_a_variable_used_twice() -> None:
    assert len(mistakes("vars: {a: '${b}'}\nname: ${a}\nlayers: ['${a}', '${a}']\n")) == 1


def test_long_chain_of_variables() -> None:
    text = "vars:\n" + "".join(f"  v{n}: ${{v{n + 1}}}\n" for n in range(5000)) + "  v5000: 1\n"
    assert {d.code for d in mistakes(text)} == {"E105"}


def test_deep_value_in_a_deep_place() -> None:
    text = "vars: {deep: " + "[" * 50 + "]" * 50 + "}\nlayers: " + "[" * 20 + '"${deep}"' + "]" * 20 + "\n"
    assert [d.code for d in mistakes(text)] == ["E105"]


def test_a_thousand_mistakes_are_enough() -> None:
    assert len(mistakes("layers:\n" + "  - ${x}\n" * 3000)) == 1000


# --- assignments

NAMED = "layers:\n  - {type: Dense, units: 3, name: head}\n  - {repeat: 2, layers: [{type: Dense, units: 4}]}\n"


@pytest.mark.parametrize(
    ("setting", "path", "value"),
    [
        ("layers.0.units=64", ("layers", 0, "units"), 64),
        ("layers.head.units=64", ("layers", 0, "units"), 64),
        ("layers.-2.units=64", ("layers", 0, "units"), 64),
        ("layers.0.activation=relu", ("layers", 0, "activation"), "relu"),
        ("layers.1.layers.0.units=0x10", ("layers", 1, "units"), 16),
        ("layers.1.repeat=1", ("layers", 1, "units"), 4),
        ("layers.0={type: Flatten}", ("layers", 0), {"type": "Flatten"}),
        ("limits.params=50k", ("limits", "params"), "50k"),
        ("input.shape=[3, 4]", ("input", "shape"), [3, 4]),
        ('name="a=b.c"', ("name",), "a=b.c"),
        ("name=", ("name",), None),
    ],
)
def test_setting(setting: str, path: tuple[str | int, ...], value: object) -> None:
    found = at(load(NAMED, [setting]), *path)
    assert found.plain() == value


def test_setting_comes_before_variables_and_after_extends(folder: Path) -> None:
    top = write(folder / "top.yaml", "extends: base.yaml\n")
    assert load(top, ["vars.width=64"]).plain()["layers"][0]["units"] == 64
    assert load(top, ["layers.0.units=${depth}"]).plain()["layers"][0]["units"] == 2


def test_setting_in_an_empty_mapping() -> None:
    assert load("limits:\nlayers: []\n", ["limits.params=50k"]).plain()["limits"] == {"params": "50k"}


def test_later_setting_wins() -> None:
    assert load(NAMED, ["name=a", "name=b"]).plain()["name"] == "b"


def test_setting_has_a_place_of_its_own() -> None:
    found = at(load(NAMED, ["layers.0.bias=maybe"]), "layers", 0, "bias")
    assert (found.source.name, found.line, found.column) == ("--set layers.0.bias=maybe", 1, 15)
    assert found.key is not None
    assert (found.key.source.name, found.key.column) == ("--set layers.0.bias=maybe", 10)
    assert found.diagnostic("E203", "no").source_line == "layers.0.bias=maybe"


def test_setting_leaves_the_rest_where_it_was() -> None:
    node = load(NAMED, ["layers.0.units=5"])
    assert where(node, "layers", 0, "name") == ("<spec>", 2, 35)
    key = at(node, "layers", 0, "units").key
    assert key is not None
    assert (key.source.name, key.line, key.column) == ("<spec>", 2, 19)


# --- repeats


def test_repeat_on_an_entry() -> None:
    assert layers("  - {type: Flatten, repeat: 3}") == [{"type": "Flatten"}] * 3


def test_groups_nest() -> None:
    found = layers("  - {repeat: 2, layers: [{type: A}, {layers: [{type: B, repeat: 2}]}]}\n  - {type: C}")
    assert "".join(entry["type"] for entry in found) == "ABBABBC"


def test_names_in_repeats_are_numbered() -> None:
    found = layers(
        "  - repeat: 2\n    layers:\n"
        "      - {type: A, name: a}\n      - {type: B, name: b, repeat: 2}\n      - {type: C}"
    )
    assert [entry.get("name") for entry in found] == ["a", "b", "b_1", None, "a_1", "b_2", "b_3", None]


def test_equal_names_without_repeat_are_left_to_validation() -> None:
    found = layers("  - &a {type: A, name: a}\n  - *a\n  - {repeat: 1, layers: [*a]}")
    assert [entry["name"] for entry in found] == ["a", "a", "a"]


def test_nested_model_numbers_its_own_layers() -> None:
    found = layers("  - {type: Sequential, repeat: 2, name: m, layers: [{type: A, name: a, repeat: 2}]}")
    inner = [{"type": "A", "name": "a"}, {"type": "A", "name": "a_1"}]
    assert found == [
        {"type": "Sequential", "name": "m", "layers": inner},
        {"type": "Sequential", "name": "m_1", "layers": inner},
    ]


def test_repetitions_stand_where_they_are_written() -> None:
    node = load("layers:\n  - {type: A, name: a, repeat: 2}\n")
    assert where(node, "layers", 1) == where(node, "layers", 0) == ("<spec>", 2, 5)
    assert where(node, "layers", 1, "name") == ("<spec>", 2, 21)


@pytest.mark.parametrize(
    "text",
    [
        "layers: [{repeat: 1000000000000000000000000000, layers: []}]\n",
        "layers: [{repeat: 1000000000000, layers: [{repeat: 1000000000000, layers: []}]}]\n",
    ],
)
def test_repeated_nothing_is_nothing(text: str) -> None:
    assert load(text).plain() == {"layers": []}


@pytest.mark.parametrize(
    "text",
    [
        "layers: [{repeat: 1000000000, layers: [x]}]\n",
        "layers: [{type: A, repeat: 1000001}]\n",
        "layers: [{type: A, repeat: 600000}, {type: B}, {type: A, repeat: 400000}]\n",
        "layers: [{type: S, repeat: 1000, layers: [{type: A, repeat: 1000}]}]\n",
    ],
)
def test_too_many_layers(text: str) -> None:
    assert [d.code for d in mistakes(text)] == ["E105"]


def test_as_many_layers_as_there_may_be() -> None:
    assert len(layers("  - {type: A, repeat: 20000}")) == 20_000


# --- all together


def test_leniently_gives_what_is_left(folder: Path) -> None:
    text = "nme: !x y\nvars: {w: '${v}'}\nlayers:\n  - {type: Dense, units: '${w}', repeat: 0}\n"
    loaded = load_leniently(text, ["name=ok"])
    assert [d.code for d in loaded.diagnostics] == ["E104", "E302", "E204"]
    assert loaded.node is not None
    assert at(loaded.node, "nme").broken
    assert at(loaded.node, "layers", 0, "units").broken
    assert at(loaded.node, "name").plain() == "ok"


def test_expansion_is_deterministic(folder: Path) -> None:
    top = write(folder / "top.yaml", "extends: base.yaml\nname: top\n")
    assert repr(load(top).plain()) == repr(load(top).plain())


TEMPLATE = """\
vars: {a: 1, b: "${a}", c: [2, "${b}"]}
limits: {params: 50k}
layers:
  - {type: Dense, units: "${a}", name: d}
  - repeat: 2
    layers:
      - {type: Conv2D, kernel_size: "${c}", repeat: 2, name: c}
      - layers: [{type: Flatten}]
"""
WORDS = st.sampled_from(
    ["repeat", "layers", "vars", "type", "name", "${a}", "${", "$$", "}", "{", "[", "]", ": ", "0", "-1", "99", "\n"]
)


@given(st.data())
@settings(max_examples=examples(300))
def test_mutations_raise_nothing_else(data: st.DataObject) -> None:
    text = TEMPLATE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 6)))
        text = text[:start] + data.draw(WORDS) + text[end:]
    assignments = data.draw(st.lists(st.text(alphabet="layersvimt.0123-=[]{}$: ", max_size=25), max_size=2))
    try:
        load(text + "\n", assignments)
    except SpecError as error:
        lines = [(d.file, d.line, d.column) for d in error.diagnostics]
        assert lines
        assert len(set(error.diagnostics)) == len(error.diagnostics)
        own = [(line, column) for file, line, column in lines if file == "<spec>"]
        assert own == sorted(own)
