"""An edited text is read in parts, and what was made of the others is kept: the result is that of the whole text."""

from __future__ import annotations

import io
import random
from pathlib import Path
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
