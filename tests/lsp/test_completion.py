"""What is offered at the cursor, in texts that are being written."""

from __future__ import annotations

from pathlib import Path

import pytest

lsp = pytest.importorskip("lsprotocol.types")

from modelc.language.wiring import ANONYMOUS_INPUT  # noqa: E402
from modelc.layers import LAYERS  # noqa: E402
from tests.lsp.conftest import CURSOR, Editor, applied  # noqa: E402

HEAD = "modelc: 1\ninput: {shape: [32, 32, 3]}\nvars: {width: 8, depth: 3}\n"
BLOCK = HEAD + "blocks:\n  residual:\n    params: {filters: int, strides: 1}\n    layers:\n"
LAYER = '      - {type: Conv2D, filters: "${filters}", kernel_size: 3, name: first}\n'


@pytest.mark.parametrize(
    ("text", "first", "among", "never"),
    [
        ("mod|", ["modelc", "layers"], ["input", "extends", "training"], ["type"]),
        ("modelc: 1\n|\nlayers: []\n", [], ["input", "vars", "limits"], ["modelc", "layers"]),
        (HEAD + "layers:\n  - {type: Con|", [], ["Conv2D", "Dense", "Model"], ["layers"]),
        (HEAD + "layers:\n  - {type: |}\n  - {type: Dense, units: 3}\n", [], ["Conv2D"], []),
        (HEAD + "layers:\n  - |\n", ["type"], ["block", "use", "repeat"], ["units"]),
        (HEAD + "layers:\n  - {type: Conv2D, fil|", ["filters", "kernel_size"], ["strides"], ["type", "units"]),
        (HEAD + "layers:\n  - {type: Conv2D, |, filters: 3}\n", ["kernel_size"], ["name"], ["filters"]),
        (HEAD + "layers:\n  - type: Dense\n    |\n    activation: relu\n", ["units"], ["use_bias"], ["activation"]),
        (HEAD + "layers:\n  - type: Dense\n    units: 3\n  - type: Conv2D\n    s|\n", [], ["strides"], ["units"]),
        (HEAD + "layers:\n  - {type: Dense, activation: |}\n", [], ["relu", "softmax", '"${width}"'], ["valid"]),
        (HEAD + "layers:\n  - type: Conv2D\n    padding: |\n", [], ["same", "valid", "${width}"], ["relu"]),
        (HEAD + "layers:\n  - {type: Dense, use_bias: |}\n", [], ["true", "false"], ["relu"]),
        (HEAD + "layers:\n  - {type: Dense, kernel_initializer: {type: He|}}\n", [], ["HeNormal"], ["Dense"]),
        (HEAD + "layers:\n  - {type: Dense, kernel_initializer: {type: Constant, |}}\n", [], ["value"], ["units"]),
        (HEAD + "layers:\n  - {type: Bidirectional, layer: {type: LSTM, |}}\n", ["units"], ["go_backwards"], []),
        (HEAD + "layers:\n  - repeat: 2\n    layers:\n      - {type: Dense, un|}\n", ["units"], [], []),
        (HEAD + 'layers:\n  - {type: Dense, units: "${|"}\n', [], ["width", "depth"], ["units"]),
        (HEAD + "layers:\n  - type: Dense\n    units: ${w|\n", [], ["width"], []),
        (BLOCK + LAYER + '      - {type: Conv2D, filters: "${|"}\n', [], ["filters", "strides", "width"], []),
        (BLOCK + LAYER + "      - {type: Add, inputs: [input, |]}\nlayers: []\n", [], ["first", "input"], ["add"]),
        (BLOCK + LAYER + "layers:\n  - {block: |}\n", [], ["residual"], []),
        (BLOCK + LAYER + "layers:\n  - {block: residual, |}\n", ["filters", "strides"], ["inputs", "repeat"], []),
        (HEAD + "training:\n  |\n", [], ["loss", "optimizer", "epochs"], ["layers"]),
        (HEAD + "training:\n  optimizer:\n    type: |\n", [], ["Adam", "SGD"], ["Dense"]),
        (HEAD + "training:\n  optimizer: {type: Adam, |}\n", [], ["learning_rate", "beta_1"], []),
        (HEAD + "training: {metrics: [|]}\n", [], ["accuracy", "AUC"], []),
        (HEAD + "limits: {|}\n", [], ["params", "macs", "latency"], []),
        ("extends: |\n", [], ["zoo:resnet50", "base.yaml", "inner/"], ["notes.txt"]),
        ("modelc: 1\nlayers:\n  - {type: Model, spec: inner/|}\n", [], ["inner/deep.yaml"], ["base.yaml"]),
        ("modelc: 1\nlayers:\n  - {type: Dense} # un|\n", [], [], ["units"]),
    ],
)
def test_offers(
    editor: Editor, tmp_path: Path, text: str, first: list[str], among: list[str], never: list[str]
) -> None:
    (tmp_path / "inner").mkdir()
    for name in ("base.yaml", "inner/deep.yaml", "notes.txt"):
        (tmp_path / name).write_text("modelc: 1\n")
    labels = editor.labels(tmp_path / "net.yaml", text)
    assert labels[: len(first)] == first
    assert set(among) <= set(labels)
    assert not set(never) & set(labels)


def test_names_above_the_cursor(editor: Editor, tmp_path: Path) -> None:
    layers = "  - {type: Conv2D, filters: 3, kernel_size: 3}\n  - {type: ReLU, name: active}\n"
    text = HEAD + "layers:\n" + layers + "  - {type: Add, inputs: [|]}\n  - {type: Flatten, name: last}\n"
    assert editor.labels(tmp_path / "net.yaml", text) == ["active", "conv2d", ANONYMOUS_INPUT]
    text = HEAD + "layers:\n" + layers + "  - type: Add\n    inputs:\n      - conv2d\n      - |\n"
    assert editor.labels(tmp_path / "net.yaml", text) == ["active", "conv2d", ANONYMOUS_INPUT]
    text = HEAD + "truncate: |\nlayers:\n" + layers
    assert editor.labels(tmp_path / "net.yaml", text) == ["active", "conv2d"]


def test_layers_inside_of_a_model(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("modelc: 1\nlayers:\n  - {type: Flatten, name: stem}\n")
    text = "modelc: 1\ninput: {shape: [32, 32, 3]}\nlayers:\n  - {type: Model, spec: base.yaml, name: base}\n"
    uri = editor.open(tmp_path / "net.yaml", text + "truncate: base\n")
    assert editor.diagnostics(uri) == []
    editor.edit(uri, text + "truncate: base/\n")
    asked = lsp.CompletionParams(**editor.at(uri, text + "truncate: base/|\n"))
    assert "base/stem" in [i.label for i in editor.run(editor.client.text_document_completion_async(asked)).items]


def test_all_types_are_offered(editor: Editor, tmp_path: Path) -> None:
    assert set(editor.labels(tmp_path / "net.yaml", "layers: [{type: |}]")) >= {*LAYERS.names, "Model"}


def test_an_item_replaces_the_word_and_tells_what_it_means(editor: Editor, tmp_path: Path) -> None:
    text = HEAD + "layers:\n  - {type: Conv|1D, filters: 3, kernel_size: 3}\n"
    bare = text.replace(CURSOR, "")
    uri = editor.open(tmp_path / "net.yaml", bare)
    found = editor.run(editor.client.text_document_completion_async(lsp.CompletionParams(**editor.at(uri, text))))
    item = next(item for item in found.items if item.label == "Conv2D")
    assert applied(bare, [item.text_edit]) == bare.replace("Conv1D", "Conv2D")
    told = editor.run(editor.client.completion_item_resolve_async(item)).documentation.value
    assert told.startswith("2-D convolution over images")
    text = HEAD + "layers:\n  - {type: Dense, uni|\n"
    uri = editor.open(tmp_path / "net.yaml", text.replace(CURSOR, ""))
    found = editor.run(editor.client.text_document_completion_async(lsp.CompletionParams(**editor.at(uri, text))))
    item = next(item for item in found.items if item.label == "units")
    assert applied(text.replace(CURSOR, ""), [item.text_edit]).splitlines()[4] == "  - {type: Dense, units: "
    assert item.detail.startswith("required: an integer")
    assert "units" in item.documentation.value or "number" in item.documentation.value
