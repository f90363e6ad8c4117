"""An edited text is read in parts, and what was made of the others is kept: the result is that of the whole text."""

from __future__ import annotations

import io
import random
from pathlib import Path
from re import compile as regex
from typing import Any

import pytest

pytest.importorskip("lsprotocol")

from modelc.errors import Diagnostic
from modelc.language.text.node import TextNode
from modelc.language.text.source import examine
from modelc.lsp.reading import Reading, read_text
from modelc.lsp.snapshot import Snapshot

ROOT = Path(__file__).parents[2]
TEXTS = [path.read_text() for path in sorted((ROOT / "specs").glob("*.yaml"))]
PIECES = (
    "", "x", "3", "\n", "  - ", "{", "}", "[", "]", ": ", ", ", '"', "#c\n", "\n  - {type: Dense, units: 3}\n", "  ",
    "\n  - type: ReLU\n", "|\n", "- ", "\nfoo: 1\n", "name: a", "&a ", "---\n", "    padding: same\n", ", name: b",
    "*a",
)  # fmt: skip


def _places(node: TextNode) -> Any:
    """The values of a tree with their lines and columns, and those of their keys."""
    value, key = node.value, node.key
    place = (node.line, node.column, None if key is None else (key.line, key.column))
    if isinstance(value, dict):
        return (*place, {name: _places(child) for name, child in value.items()})
    return (*place, [*map(_places, value)]) if isinstance(value, tuple) else (*place, value)


def _edited(text: str, draw: random.Random) -> str:
    start = draw.randrange(len(text) + 1)
    end = min(len(text), start + draw.choice((0, 0, 0, 1, 2, 30)))
    return text[:start] + draw.choice(PIECES) + text[end:]


def _whole(text: str) -> tuple[TextNode | None, tuple[Diagnostic, ...]]:
    file = io.StringIO(text, newline="")
    file.name = "/x/net.yaml"
    return examine(file, "/x")


def test_reading_in_parts() -> None:
    draw, parts = random.Random(7), 0
    for _ in range(250):
        text = draw.choice(TEXTS)
        reading: Reading = read_text("/x/net.yaml", text)
        for _ in range(4):
            edited = _edited(text, draw)
            found = read_text("/x/net.yaml", edited, reading)
            tree, mistakes = _whole(edited)
            assert found.diagnostics == mistakes
            assert (found.tree is None) == (tree is None)
            if found.tree is not None and tree is not None:
                assert _places(found.tree) == _places(tree), edited
            parts += bool(found.parts)
            if not found.diagnostics:
                text, reading = edited, found
    assert parts > 100


def test_what_is_kept_of_the_rest() -> None:
    """The mistakes, shapes and layers of an edited text are those of the same text that is opened anew."""
    draw = random.Random(3)
    for _ in range(15):
        text = draw.choice(TEXTS)
        snapshot = Snapshot("/x/net.yaml", text)
        for _ in range(5):
            edited = _edited(text, draw)
            snapshot, fresh = Snapshot("/x/net.yaml", edited, snapshot.known()), Snapshot("/x/net.yaml", edited)
            assert snapshot.quick == fresh.quick, edited
            assert snapshot.diagnostics == fresh.diagnostics, edited
            if not fresh.quick:
                text = edited
                assert {n: t.outputs[0].type for n, t in snapshot.traces.items()} == {
                    n: t.outputs[0].type for n, t in fresh.traces.items()
                }


WRITTEN_OUT = """\
modelc: 1
input: {shape: [16, 16, 3]}
vars: {width: 8, sizes: [3, 5]}
blocks:
  unit:
    params: {filters: 8, project: false, size: "${sizes}"}
    layers:
      - {type: Conv2D, filters: "${filters}", kernel_size: 1, name: shortcut, inputs: input, when: "${project}"}
      - {type: Conv2D, filters: "${filters}", kernel_size: "${size}", padding: same, inputs: input}
      - {type: BatchNormalization}
      - {type: Add, inputs: [shortcut, batch_normalization]}
  open:
    scope: false
    inputs: [x, y]
    params: {steps: 1}
    layers:
      - {type: Concatenate, inputs: [x, y], name: "${name}_both"}
      - {block: unit, filters: 4, project: true, name: "${name}_unit"}
      - {repeat: "${steps}", layers: [{type: ReLU, name: "${name}_r#"}, {type: Dropout, rate: 0.1}]}
layers:
  - {block: unit, project: true, name: first}
  - {type: Conv2D, filters: "${width}", kernel_size: 3, padding: same, name: plain}
  - {block: unit, filters: 8, repeat: 3, name: "unit#"}
  - {block: unit, repeat: 2}
  - {block: open, inputs: [plain, unit_1], steps: 2, name: a}
  - repeat: 2
    layers:
      - {type: Conv2D, filters: 4, kernel_size: 3, padding: same}
      - {block: unit, filters: 4, name: "in#"}
      - {type: ReLU, each: {max_value: [6, 3]}, name: "cut#"}
  - {type: Conv2D, filters: 3, kernel_size: 1, name: three}
  - {type: Model, spec: part.yaml, name: inside}
  - {use: inside}
  - {type: Model, spec: {layers: [{repeat: 2, layers: [{type: Conv2D, filters: 3, kernel_size: 1}]}]}, name: written}
  - {type: Model, spec: part.yaml, trainable: false}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 3}
freeze: [first, "inside/*"]
"""
_NUMBER = regex(r"(?<![\w.])\d(?![\w.])")


def _changed(text: str, draw: random.Random) -> str:
    """The text with another number somewhere, or another edit, or an entry that goes or moves."""
    how = draw.random()
    if how < 0.5:
        one = draw.choice(list(_NUMBER.finditer(text)))
        return text[: one.start()] + str(draw.randrange(1, 7)) + text[one.end() :]
    lines = text.split("\n")
    at = draw.choice([i for i, line in enumerate(lines) if line.startswith("  - {")])
    if how < 0.65:
        return "\n".join([*lines[:at], *lines[at + 1 :]])
    if how < 0.75:
        return "\n".join([*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]])
    return _edited(text, draw)


def _sites(node: TextNode) -> list[str]:
    """In which uses of blocks the entries of a spec stand."""
    layers = node.get("layers")
    entries = layers.value if layers is not None and isinstance(layers.value, tuple) else ()
    return [str(entry.site) for entry in entries]


def test_what_is_kept_of_blocks_repeats_and_models(tmp_path: Path) -> None:
    """They are made again where they changed, also where the file of a model did, and are those of the text alone."""
    part = "modelc: 1\nlayers:\n  - {type: Conv2D, filters: 3, kernel_size: 1}\n"
    draw, name, good = random.Random(11), str(tmp_path / "net.yaml"), 0
    (tmp_path / "part.yaml").write_text(part)
    first = Snapshot(name, WRITTEN_OUT)
    assert first.diagnostics == ()
    assert first.expanded.node is not None
    for _ in range(20):
        text, snapshot = WRITTEN_OUT, first
        for step in range(6):
            if draw.random() < 0.2:
                (tmp_path / "part.yaml").write_text(
                    part + "#" * (step + 1) if draw.random() < 0.5 else part + "  - {}\n"
                )
            edited = _changed(text, draw)
            snapshot, fresh = Snapshot(name, edited, snapshot.known()), Snapshot(name, edited)
            assert snapshot.quick == fresh.quick, edited
            assert snapshot.diagnostics == fresh.diagnostics, edited
            kept, alone = snapshot.expanded.node, fresh.expanded.node
            assert (kept is None) == (alone is None)
            if kept is not None and alone is not None:
                assert (_places(kept), _sites(kept)) == (_places(alone), _sites(alone)), edited
            if not fresh.quick:
                text, good = edited, good + 1
                assert snapshot._definition() == fresh._definition()
                told = [[(n, t.outputs[0].type, t.macs) for n, t in one.traces.items()] for one in (snapshot, fresh)]
                assert told[0] == told[1] or not told[1]  # what was known before is shown where shapes do not fit
    assert good > 20


def test_entries_of_blocks_and_models_are_kept(tmp_path: Path) -> None:
    """Those of uses which did not change are the same objects, so that nothing is validated again."""
    (tmp_path / "part.yaml").write_text("modelc: 1\nlayers:\n  - {type: Conv2D, filters: 3, kernel_size: 1}\n")
    name = str(tmp_path / "net.yaml")
    first = Snapshot(name, WRITTEN_OUT)
    assert first.diagnostics == ()
    edited = WRITTEN_OUT.replace("padding: same, name: plain", "name: plain").replace("units: 3", "units: 4")
    second = Snapshot(name, edited, first.known())
    pairs = zip(first._definition().entries, second._definition().entries, strict=True)
    uses = second._definition().wiring.uses
    new = [use.name for use, (one, other) in zip(uses, pairs, strict=True) if one is not other]
    assert new == ["plain", "written", "dense"]  # what is written in place is always read again


def test_variables_that_change_are_replaced_again() -> None:
    text = 'modelc: 1\ninput: {shape: [4]}\nvars: {width: 3}\nlayers:\n  - {type: Dense, units: "${width}"}\n'
    first = Snapshot("/x/net.yaml", text)
    assert first.diagnostics == ()
    second = Snapshot("/x/net.yaml", text.replace("width: 3", "width: 5"), first.known())
    assert second.diagnostics == ()
    assert [t.outputs[0].type.dims for t in second.traces.values()] == [(5,)]


def test_a_base_is_read_again_where_it_has_changed(tmp_path: Path) -> None:
    base = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 3}\n"
    (tmp_path / "base.yaml").write_text(base)
    name, text = str(tmp_path / "net.yaml"), "extends: base.yaml\nname: a\n"
    first = Snapshot(name, text)
    assert first.diagnostics == ()
    (tmp_path / "base.yaml").write_text(base.replace("units: 3", "units: 10"))
    second = Snapshot(name, text + "# more\n", first.known())
    assert second.diagnostics == ()
    assert [t.outputs[0].type.dims for t in second.traces.values()] == [(10,)]
    third = Snapshot(name, text, second.known())
    (tmp_path / "base.yaml").unlink()
    assert [one.code for one in third.diagnostics] == ["E301"]
