"""`modelc lsp`, as an editor uses it: over standard input and output, by the client of pygls."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

lsp = pytest.importorskip("lsprotocol.types")
from pygls.exceptions import JsonRpcException  # noqa: E402

from modelc import load_spec  # noqa: E402
from modelc.language.format.formatted import formatted  # noqa: E402
from tests.lsp.conftest import CURSOR, Editor, applied, words  # noqa: E402

SPEC = """\
# Two lines
# of comment
modelc: 1
input: {shape: [32, 32, 3]}
vars: {width: 8, unusual: 3}
blocks:
  residual:
    help: A convolution and a sum.
    params: {filters: int}
    layers:
      - {type: Conv2D, filters: "${filters}", kernel_size: 3, padding: same, name: inner}
      - {type: Add, inputs: [input, inner]}
layers:
  - {type: Conv2D, filters: "${width}", kernel_size: "${unusual}", name: stem}
  - {block: residual, filters: "${width}", repeat: 2}
  - type: Add
    name: sum
    inputs:
      - stem
      - residual_1
      - residual/inner
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 10, activation: softmax}
outputs: [dense, sum]
"""


@pytest.fixture
def spec(editor: Editor, tmp_path: Path) -> str:
    """The document of `SPEC`, once its model is known."""
    uri = editor.open(tmp_path / "net.yaml", SPEC)
    assert editor.diagnostics(uri) == []
    return uri


def _marked(word: str, more: int = 1, text: str = SPEC) -> str:
    """The text with the cursor in a word."""
    at = text.index(word) + more
    return text[:at] + CURSOR + text[at:]


def test_diagnostics_follow_the_text(editor: Editor, tmp_path: Path) -> None:
    good = "modelc: 1\ninput: {shape: [8, 8, 3]}\nlayers:\n  - {type: Conv2D, filters: 4, kernel_size: 3}\n"
    uri = editor.open(tmp_path / "net.yaml", good)
    assert editor.diagnostics(uri) == []
    editor.edit(uri, good.replace("filters", "filter"))
    (found,) = editor.diagnostics(uri)
    assert (found.code, found.source, found.severity) == ("E201", "modelc", lsp.DiagnosticSeverity.Error)
    assert found.message == "unknown key `filter` in Conv2D\nhelp: write `filters`"
    assert words(editor.texts[uri], [found.range]) == ["filter"]
    editor.edit(uri, good.replace("kernel_size: 3", "kernel_size: 9"))
    (found,) = editor.diagnostics(uri, at_least=2)  # at first the word is told to be right, then the shape to be wrong
    assert found.code == "E401"
    assert words(editor.texts[uri], [found.range]) == ["{type: Conv2D, filters: 4, kernel_size: 9}"]
    editor.edit(uri, good + "labels: [a")
    (found,) = editor.diagnostics(uri)
    assert found.code == "E102"


def test_warnings_and_mistakes_of_a_base(editor: Editor, tmp_path: Path) -> None:
    uri = editor.open(tmp_path / "a.yaml", SPEC.replace("width: 8,", "width: 8, other: 1,"))
    (found,) = editor.diagnostics(uri)
    assert (found.code, found.severity) == ("W101", lsp.DiagnosticSeverity.Warning)
    assert list(found.tags) == [lsp.DiagnosticTag.Unnecessary]
    (tmp_path / "base.yaml").write_text("modelc: 1\ninput: {shape: [8]}\nlayers: [{type: Dense, unit: 3}]\n")
    uri = editor.open(tmp_path / "b.yaml", "extends: base.yaml\nname: b\n")
    (found,) = editor.diagnostics(uri)
    assert words(editor.texts[uri], [found.range]) == ["base.yaml"]
    assert "base.yaml:3:24: unknown key `unit`" in found.message
    (related,) = found.related_information
    assert related.location.uri == (tmp_path / "base.yaml").as_uri()
    assert related.location.range.start == lsp.Position(2, 23)


def test_a_base_that_is_saved_is_looked_at_again(editor: Editor, tmp_path: Path) -> None:
    base = "modelc: 1\ninput: {shape: [8]}\nlayers: [{type: Dense, unit: 3}]\n"
    (tmp_path / "base.yaml").write_text(base)
    above = editor.open(tmp_path / "base.yaml", base)
    uri = editor.open(tmp_path / "b.yaml", "extends: base.yaml\nname: b\n")
    assert len(editor.diagnostics(uri)) == 1
    (tmp_path / "base.yaml").write_text(base.replace("unit", "units"))
    editor.edit(above, base.replace("unit", "units"))
    editor.told.pop(uri)
    document = lsp.TextDocumentIdentifier(above)
    editor.send(editor.client.text_document_did_save, lsp.DidSaveTextDocumentParams(document))
    assert editor.diagnostics(uri) == []


def test_yaml_of_others_is_left_alone(editor: Editor, tmp_path: Path) -> None:
    uri = editor.open(tmp_path / "docker-compose.yaml", "services:\n  web: {image: x}\n")
    assert editor.diagnostics(uri) == []
    uri = editor.open(tmp_path / "net.modelc.yaml", "services:\n  web: {image: x}\n")
    assert {one.code for one in editor.diagnostics(uri)} == {"E201", "E202"}


def test_quick_fixes(editor: Editor, tmp_path: Path) -> None:
    text = (
        "modelc: 1\ninput: {shape: [8, 8, 3]}\nvars: {width: 4}\nlayers:\n"
        '  - {type: Conv2d, filters: "${widht}", kernel_size: 3, name: stem}\n'
        "  - {type: Dense, units: 3, activation: rleu}\n"
        "  - {type: Add, inputs: [stem, dense_]}\n"
        "  - {type: Linear, out_features: 3}\n"
    )
    uri = editor.open(tmp_path / "net.yaml", text)
    for _ in range(10):
        found = editor.diagnostics(uri)
        if not found:
            break
        whole = lsp.Range(lsp.Position(0, 0), lsp.Position(99, 0))
        context = lsp.CodeActionContext(found)
        asked = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), whole, context)
        actions = editor.run(editor.client.text_document_code_action_async(asked))
        assert all(action.kind == "quickfix" and action.diagnostics[0] in found for action in actions)
        if not actions:
            break
        editor.edit(uri, applied(editor.texts[uri], actions[0].edit.changes[uri]))
    mended = editor.texts[uri]
    assert 'type: Conv2D, filters: "${width}"' in mended
    assert "activation: relu" in mended
    assert "inputs: [stem, dense]" in mended
    assert "{type: Dense, units: 3}" in mended
    assert [one.code for one in editor.diagnostics(uri, at_least=2)] == [
        "E401"
    ]  # the sum of two shapes, which no word mends


def _edits(editor: Editor, uri: str, marked: str, new: str) -> str:
    at = editor.at(uri, marked)
    made = editor.run(editor.client.text_document_rename_async(lsp.RenameParams(new_name=new, **at)))
    return applied(editor.texts[uri], made.changes[uri])


@pytest.mark.parametrize(
    ("word", "more", "new", "changes"),
    [
        ("stem", 1, "first", [("stem", "first")]),
        ("- residual/inner", 12, "conv", [
            ("name: inner", "name: conv"), ("input, inner", "input, conv"), ("residual/inner", "residual/conv"),
        ]),
        ("${width}", 3, "w", [("{width", "{w")]),
        ("params: {filters", 10, "n", [
            ("{filters: int}", "{n: int}"), ('"${filters}"', '"${n}"'), ("residual, filters", "residual, n"),
        ]),
        ("block: residual", 9, "unit", [("  residual:\n", "  unit:\n"), ("block: residual", "block: unit")]),
        ("[dense, sum]", 9, "total", [("name: sum", "name: total"), ("[dense, sum]", "[dense, total]")]),
    ],
)  # fmt: skip
def test_rename(editor: Editor, spec: str, word: str, more: int, new: str, changes: list[tuple[str, str]]) -> None:
    expected = SPEC
    for old, replaced in changes:
        expected = expected.replace(old, replaced)
    assert _edits(editor, spec, _marked(word, more), new) == expected


@pytest.mark.parametrize(
    ("word", "more", "new", "told"),
    [
        ("stem", 1, "sum", "`sum` is the name of another entry"),
        ("stem", 1, "dense", "`dense` is the name of another entry"),
        ("stem", 1, "a/b", "cannot be a name: a name must not contain a slash"),
        ("stem", 1, "a: b", "it would need quotes"),
        ("${width}", 3, "a b", "letters, digits"),
        ("[dense", 2, "head", "`dense` is an automatic name; give the entry a `name` of its own first"),
        ("kernel_size", 2, "head", "there is no name of a layer, block or variable here"),
    ],
)
def test_renames_that_are_refused(editor: Editor, spec: str, word: str, more: int, new: str, told: str) -> None:
    with pytest.raises(JsonRpcException) as error:
        _edits(editor, spec, _marked(word, more), new)
    assert told in str(error.value)


def test_prepared_rename(editor: Editor, spec: str) -> None:
    asked = lsp.PrepareRenameParams(**editor.at(spec, _marked("- stem", 4)))
    found = editor.run(editor.client.text_document_prepare_rename_async(asked))
    assert (found.placeholder, words(SPEC, [found.range])) == ("stem", ["stem"])


@pytest.mark.parametrize(
    ("word", "more", "defined", "line"),
    [
        ("      - stem", 9, "stem", 13),
        ("- residual/inner", 13, "inner", 10),
        ("${width}", 3, "width", 4),
        ("${filters}", 3, "filters", 8),
        ("block: residual", 9, "residual", 6),
        ("[dense", 2, "Dense", 22),
        ("[dense, sum", 9, "sum", 16),
    ],
)
def test_definition(editor: Editor, spec: str, word: str, more: int, defined: str, line: int) -> None:
    asked = lsp.DefinitionParams(**editor.at(spec, _marked(word, more)))
    found = editor.run(editor.client.text_document_definition_async(asked))
    assert (found.uri, found.range.start.line) == (spec, line)
    assert words(SPEC, [found.range]) == [defined]


def test_definitions_in_other_files(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(SPEC)
    base = (tmp_path / "net.yaml").as_uri()
    text = (
        "extends: net.yaml\nvars: {unusual: 5}\nextract: [stem, sum]\n"
        'limits: {params: 5M}\nfreeze: ["!dense"]\nname: view\n'
    )
    uri = editor.open(tmp_path / "view.yaml", text)

    def defined(word: str, more: int = 1, source: str = text, at: str = uri) -> tuple[str, int, str]:
        asked = lsp.DefinitionParams(**editor.at(at, _marked(word, more, source)))
        found = editor.run(editor.client.text_document_definition_async(asked))
        return found.uri, found.range.start.line, words(SPEC, [found.range])[0] if found.uri == base else ""

    assert defined("net.yaml") == (base, 0, "")
    assert defined("stem") == (base, 13, "stem")
    assert defined("!dense", 2) == (base, 22, "Dense")
    nested = "modelc: 1\ninput: {shape: [32, 32, 3]}\nlayers:\n  - {type: Model, spec: net.yaml, name: base}\n"
    nested += "truncate: base/stem\n"
    other = editor.open(tmp_path / "nested.yaml", nested)
    assert defined("net.yaml", 1, nested, other) == (base, 0, "")
    zoo = editor.open(tmp_path / "z.yaml", "extends: zoo:mobilenet\nname: z\n")
    assert defined("zoo:", 1, "extends: zoo:mobilenet\nname: z\n", zoo)[0].endswith("/mobilenet.yaml")


def test_references_and_highlights(editor: Editor, spec: str) -> None:
    at = editor.at(spec, _marked("name: stem", 7))
    context = lsp.ReferenceContext(include_declaration=True)
    found = editor.run(editor.client.text_document_references_async(lsp.ReferenceParams(context, **at)))
    assert [place.range.start.line for place in found] == [13, 18]
    lit = editor.run(editor.client.text_document_document_highlight_async(lsp.DocumentHighlightParams(**at)))
    assert words(SPEC, [one.range for one in lit]) == ["stem", "stem"]


def _hover(editor: Editor, uri: str, marked: str) -> Any:
    return editor.run(editor.client.text_document_hover_async(lsp.HoverParams(**editor.at(uri, marked))))


def test_hover(editor: Editor, spec: str) -> None:
    found = _hover(editor, spec, _marked("{type: Dense", 8))
    assert words(SPEC, [found.range]) == ["Dense"]
    told = found.contents.value
    assert told.startswith("**Dense**")
    assert "| `dense` | (None, 8) | (None, 10) | 90 (kernel (8, 10), bias (10,)) | 80 |" in told
    assert "kernel (I, units)" in told  # what the class says of itself
    inside = _hover(editor, spec, _marked('type: Conv2D, filters: "${filters}', 8)).contents.value
    assert "| `residual/inner` |" in inside
    assert "| `residual_1/inner` |" in inside
    option = _hover(editor, spec, _marked("units:", 2)).contents.value
    assert option.startswith("**units**: an integer.")
    assert "default" in _hover(editor, spec, _marked("padding:", 2)).contents.value.lower()
    assert _hover(editor, spec, _marked("${width}", 3)).contents.value.startswith("variable **width**: `8`")
    assert "(None, 30, 30, 8)" in _hover(editor, spec, _marked("      - stem", 9)).contents.value
    assert "A convolution and a sum." in _hover(editor, spec, _marked("block: residual", 9)).contents.value
    assert _hover(editor, spec, _marked("# Two", 3)) is None


def test_inlay_hints(editor: Editor, spec: str) -> None:
    document = lsp.TextDocumentIdentifier(spec)
    everything = lsp.Range(lsp.Position(0, 0), lsp.Position(99, 0))
    found = editor.run(editor.client.text_document_inlay_hint_async(lsp.InlayHintParams(document, everything)))
    assert [(hint.position.line, hint.label) for hint in found] == [
        (10, "→ (None, 30, 30, 8) ×2  1,168 params"),
        (11, "→ (None, 30, 30, 8) ×2"),
        (13, "→ (None, 30, 30, 8)  224 params"),
        (15, "→ (None, 30, 30, 8)"),
        (21, "→ (None, 8)"),
        (22, "→ (None, 10)  90 params"),
    ]
    assert found[2].position.character == len(SPEC.splitlines()[13])
    some = lsp.Range(lsp.Position(13, 0), lsp.Position(15, 0))
    assert len(editor.run(editor.client.text_document_inlay_hint_async(lsp.InlayHintParams(document, some)))) == 2


def test_symbols_and_folding(editor: Editor, spec: str) -> None:
    document = lsp.TextDocumentIdentifier(spec)
    found = editor.run(editor.client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document)))
    assert [one.name for one in found] == ["modelc", "input", "vars", "blocks", "layers", "outputs"]
    (block,), layers = found[3].children, found[4].children
    assert (block.name, [one.name for one in block.children]) == ("residual", ["residual/inner", "residual/add"])
    assert [one.name for one in layers] == ["stem", "residual", "sum", "global_average_pooling2d", "dense"]
    assert layers[0].detail == "Conv2D  (None, 30, 30, 8)"
    assert (layers[2].range.start.line, layers[2].range.end.line) == (15, 20)
    for one in (*found, *layers):
        assert one.range.start <= one.selection_range.start
        assert one.selection_range.end <= one.range.end
    folds = editor.run(editor.client.text_document_folding_range_async(lsp.FoldingRangeParams(document)))
    assert [(fold.start_line, fold.end_line) for fold in folds] == [(0, 1), (5, 11), (6, 11), (12, 22), (15, 20)]
    assert folds[0].kind == lsp.FoldingRangeKind.Comment


def test_formatting(editor: Editor, tmp_path: Path) -> None:
    text = SPEC.replace("modelc: 1\n", "modelc:   1\n").replace("units: 10,", "units:  10 ,")
    options = lsp.FormattingOptions(tab_size=2, insert_spaces=True)

    def edits(text: str, name: str) -> list[Any]:
        document = lsp.TextDocumentIdentifier(editor.open(tmp_path / name, text))
        return list(
            editor.run(editor.client.text_document_formatting_async(lsp.DocumentFormattingParams(document, options)))
        )

    assert applied(text, edits(text, "net.yaml")) == formatted(text) != text
    assert applied(text[:-1], edits(text[:-1], "net.yaml")) == formatted(text)
    assert edits(formatted(text), "net.yaml") == []
    assert edits(text + "labels: [a", "net.yaml") == []  # its mistake is told already
    assert edits("services:\n    web:   {image: x}\n", "docker-compose.yaml") == []


def test_places_behind_the_text_and_documents_that_are_not_open(editor: Editor, spec: str, tmp_path: Path) -> None:
    behind = lsp.Position(10**6, 4)
    for uri, told in ((spec, None), ((tmp_path / "absent.yaml").as_uri(), "is not open, and cannot be read")):
        where = {"text_document": lsp.TextDocumentIdentifier(uri), "position": behind}
        if told is None:
            found = editor.run(editor.client.text_document_completion_async(lsp.CompletionParams(**where)))
            assert "training" in [item.label for item in found.items]
            assert editor.run(editor.client.text_document_hover_async(lsp.HoverParams(**where))) is None
        else:
            with pytest.raises(JsonRpcException, match=told):
                editor.run(editor.client.text_document_hover_async(lsp.HoverParams(**where)))


def test_the_server_ends_as_it_is_told() -> None:
    def message(content: dict[str, Any]) -> bytes:
        body = json.dumps({"jsonrpc": "2.0", **content}).encode()
        return b"Content-Length: %d\r\n\r\n" % len(body) + body

    asked = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    ]
    ended = subprocess.run(
        [sys.executable, "-m", "modelc", "lsp"],
        input=b"".join(map(message, asked)), capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b'"id":2' in ended.stdout.replace(b" ", b"")


def test_columns_are_those_of_utf16(editor: Editor, tmp_path: Path) -> None:
    text = (
        'modelc: 1\nname: "𝔐ödel"\ninput: {shape: [8], name: "𝔐", dtype: flaot32}\nlayers: [{type: Dense, units: 3}]\n'
    )
    uri = editor.open(tmp_path / "net.yaml", text)
    (found,) = editor.diagnostics(uri)
    assert words(text, [found.range]) == ["flaot32"]
    line = text.splitlines()[2]
    assert found.range.start.character == len(line[: line.index("flaot32")].encode("utf-16-le")) // 2


def test_shapes_stay_while_the_text_is_broken(editor: Editor, spec: str) -> None:
    editor.edit(spec, SPEC.replace("units: 10", "units: 10, acti"))
    assert editor.diagnostics(spec)
    document = lsp.TextDocumentIdentifier(spec)
    everything = lsp.Range(lsp.Position(0, 0), lsp.Position(99, 0))
    found = editor.run(editor.client.text_document_inlay_hint_async(lsp.InlayHintParams(document, everything)))
    assert len(found) == 6


FILES = {
    "base.yaml": (
        "modelc: 1\ninput: {shape: [16, 16, 3]}\nvars: {width: 4, deep: 2}\n"
        "blocks:\n  stage:\n    params: {filters: int}\n"
        '    layers: [{type: Conv2D, filters: "${filters}", kernel_size: 3}]\n'
        'layers:\n  - {block: stage, filters: "${width}", name: first}\n  - {type: ReLU, name: last}\n'
    ),
    "wide.yaml": (
        "extends: base.yaml\nvars: {width: 8}\n"
        'layers:\n  - {block: stage, filters: "${width}", name: first}\n  - {block: stage, each: {filters: [1, 2]}}\n'
    ),
    "wider.yaml": "extends: wide.yaml\nvars: {width: 16}\n",
    "cut.yaml": "extends: base.yaml\ntruncate: first\n",
    "inside.yaml": (
        "modelc: 1\ninput: {shape: [16, 16, 3]}\nvars: {width: 1}\n"
        "layers:\n  - {type: Model, spec: base.yaml, name: net}\noutputs: [net/last]\n"
    ),
    "apart.yaml": 'modelc: 1\ninput: {shape: [3]}\nvars: {width: 3}\nlayers: [{type: Dense, units: "${width}"}]\n',
}  # fmt: skip


def _renamed(editor: Editor, folder: Path, file: str, word: str, new: str) -> dict[str, str]:
    """The files that a renaming changes, with their new texts."""
    for name, text in FILES.items():
        (folder / name).write_text(text)
    uri = editor.open(folder / file, FILES[file])
    at = editor.at(uri, _marked(word, 1, FILES[file]))
    made = editor.run(editor.client.text_document_rename_async(lsp.RenameParams(new_name=new, **at)))
    names = {(folder / name).as_uri(): name for name in FILES}
    return {names[uri]: applied(FILES[names[uri]], edits) for uri, edits in made.changes.items()}


@pytest.mark.parametrize(
    ("file", "word", "new", "changed"),
    [
        ("base.yaml", "width: 4", "w", {"base.yaml": 2, "wide.yaml": 2, "wider.yaml": 1}),
        ("base.yaml", "stage:\n", "part", {"base.yaml": 2, "wide.yaml": 2}),
        ("base.yaml", "filters: int", "n", {"base.yaml": 3, "wide.yaml": 2}),
        ("base.yaml", "deep", "depth", {"base.yaml": 1}),
    ],
)
def test_rename_in_files_that_extend_this_one(
    editor: Editor, tmp_path: Path, file: str, word: str, new: str, changed: dict[str, int]
) -> None:
    found = _renamed(editor, tmp_path, file, word, new)
    old = word.partition(":")[0]
    assert {name: FILES[name].count(old) - text.count(old) for name, text in found.items()} == changed
    for name, text in found.items():
        (tmp_path / name).write_text(text)
    for name in FILES:
        before, after = load_spec(_saved(tmp_path / "old", name)), load_spec(tmp_path / name)
        # Uses of a block that have no name are called by that of the block.
        expected = before.to_json().replace('"stage', f'"{new}') if old == "stage" else before.to_json()
        assert after.to_json() == expected


def _saved(folder: Path, file: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder / file


@pytest.mark.parametrize(
    ("file", "word", "told"),
    [
        ("base.yaml", "first", "cut.yaml:2 may mean this `first`, as that spec is made from this file"),
        ("base.yaml", "last", "inside.yaml:6 may mean this `last`, as that spec is made from this file"),
        ("wide.yaml", "width", "`width` is also in"),
        ("wider.yaml", "width", "wide.yaml:2, which this file extends; rename it in the files one by one"),
    ],
)
def test_renames_that_other_files_forbid(editor: Editor, tmp_path: Path, file: str, word: str, told: str) -> None:
    with pytest.raises(JsonRpcException) as error:
        _renamed(editor, tmp_path, file, word, "other")
    assert told in str(error.value)


def test_a_new_name_that_another_file_has(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("extends: base.yaml\nvars: {w: 8}\n")
    with pytest.raises(JsonRpcException, match=r"`w` is in .*more.yaml already, which extends this file"):
        _renamed(editor, tmp_path, "base.yaml", "width", "w")
