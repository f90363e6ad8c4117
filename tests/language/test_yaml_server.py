"""The schema in an editor: what a YAML language server offers, shows and refuses."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelc.layers import LAYERS
from tests.language.yaml_server import YamlServer

ROOT = Path(__file__).parent.parent.parent
COMMAND = os.environ.get("MODELC_YAML_SERVER") or shutil.which("yaml-language-server")

pytestmark = pytest.mark.skipif(
    COMMAND is None, reason="yaml-language-server is not installed: npm install -g yaml-language-server"
)

HEAD = "modelc: 1\ninput: {shape: [8, 8, 3]}\nlayers:\n"
TRAINING = HEAD + "  - {type: Dense, units: 3}\ntraining:\n  loss: mse\n"


@pytest.fixture(scope="module")
def server() -> Iterator[YamlServer]:
    assert COMMAND is not None
    running = YamlServer(COMMAND, ROOT / "schemas" / "model.schema.json")
    yield running
    running.close()


@pytest.fixture(scope="module")
def plain_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[YamlServer]:
    """The server with a schema without alternatives: what it can do at all."""
    assert COMMAND is not None
    path = tmp_path_factory.mktemp("schema") / "plain.json"
    path.write_text('{"type": "object", "properties": {"a": {"properties": {"type": {}, "filters": {}}}}}')
    running = YamlServer(COMMAND, path)
    yield running
    running.close()


@pytest.mark.parametrize(
    "entry",
    [
        "  - type: Conv2D\n    |\n",
        "  - type: Conv2D\n    filters: 3\n    |\n",
    ],
)
def test_offers_the_options_of_the_type_that_was_chosen(server: YamlServer, entry: str) -> None:
    offered = server.completions(HEAD + entry)
    assert {"kernel_size", "strides", "kernel_initializer", "name"} <= offered.keys()
    assert "units" not in offered
    assert offered["strides"]["documentation"]


def test_offers_options_right_after_a_comma_where_the_server_can(server: YamlServer, plain_server: YamlServer) -> None:
    """Of no schema do the versions 1.15 to 2.0 of the server offer anything before the first letter after a comma."""
    offered = server.completions(HEAD + "  - {type: Conv2D, |}\n")
    able = plain_server.completions("a: {type: 3, |}\n")
    assert "kernel_size" in offered or not able


@pytest.mark.parametrize("text", ["  - {type: C|}\n", "  - type: |\n", "  - {type: |}\n"])
def test_offers_the_types(server: YamlServer, text: str) -> None:
    assert {*LAYERS.names, "Model"} <= server.completions(HEAD + text).keys()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "  - {type: Conv2D, f|}\n", {"filters"}),
        (HEAD + "  - {type: Conv2D, filters: 3, k|}\n", {"kernel_size", "kernel_initializer"}),
        (HEAD + "  - {type: Conv2D, filters: 3, k|, padding: same}\n", {"kernel_size", "kernel_initializer"}),
        (HEAD + "  - type: Conv2D\n    k|\n", {"kernel_size", "kernel_initializer"}),
        (HEAD + "  - {type: Conv2D, padding: |}\n", {"valid", "same"}),
        (HEAD + "  - {type: Dense, kernel_initializer: |}\n", {"he_normal", "GlorotUniform"}),
        (HEAD + "  - {type: Dense, kernel_initializer: {type: HeNormal, s|}}\n", {"seed"}),
        (HEAD + "  - {type: Dense, activation: |}\n", {"relu", "gelu"}),
        (HEAD + "  - {type: Conv2D, data_format: |}\n", {"channels_first", "channels_last"}),
        (HEAD + "  - {type: Dense, use_bias: |}\n", {"true", "false"}),
        (HEAD + "  - {type: RNN, cell: {type: GRUCell, u|}}\n", {"units"}),
        (HEAD + "  - |\n", {"Conv2D", "Model"}),
        (HEAD + "  - {block: a, n|}\n", {"name", "inputs"}),
        (HEAD + "  - {use: a, n|}\n", {"name", "inputs"}),
        (HEAD + "  - {type: Model, t|}\n", {"spec", "truncate", "trainable"}),
        (TRAINING + "  o|\n", {"optimizer", "metrics", "epochs"}),
        (TRAINING + "  optimizer: {type: Adam, l|}\n", {"learning_rate", "beta_1"}),
        (TRAINING + "  optimizer:\n    type: Adam\n    |\n", {"learning_rate", "beta_1"}),
        (TRAINING + "  callbacks: [{type: EarlyStopping, p|}]\n", {"patience"}),
        (TRAINING + "  data: {type: csv, t|}\n", {"target", "features"}),
        ("modelc: 1\n|\n", {"layers", "training", "inputs"}),
    ],
)
def test_offers(server: YamlServer, text: str, expected: set[str]) -> None:
    assert expected <= server.completions(text).keys()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (HEAD + "  - {type: Con|v2D, filters: 3}\n", "2-D convolution over images"),
        (HEAD + "  - {type: Conv2D, fil|ters: 3}\n", "The number of filters"),
        (HEAD + "  - type: Conv2D\n    fil|ters: 3\n", "The number of filters"),
        (HEAD + "  - {type: Conv2D, filters: 3, strides: |2}\n", "The stride: the step of the window"),
        (
            HEAD + "  - {type: Conv2D, filters: 3, kernel_init|ializer: {type: HeNormal}}\n",
            "The initializer of the kernel",
        ),
        (HEAD + "  - {type: Conv2D, filters: 3, kernel_initializer: {type: HeNor|mal}}\n", "normal initializer"),
        (HEAD + "  - {type: LSTM, units: 3, rep|eat: 2}\n", "How many times"),
        (HEAD + "  - {type: Add, na|me: a}\n", "The name of the layer"),
        (HEAD + "  - {type: RNN, cell: {type: GRUCell, uni|ts: 3}}\n", "The size of the output"),
        (TRAINING + "  epo|chs: 3\n", "data"),
        (TRAINING + "  optimizer: {type: Adam, clip|norm: 1}\n", "The maximum norm"),
        (TRAINING + "  metrics: [{type: F1Score, thres|hold: 0.5}]\n", "The threshold"),
    ],
)
def test_shows_the_description(server: YamlServer, text: str, shown: str) -> None:
    # Markdown escapes and line breaks are the server's.
    assert shown in server.hover(text).split("Allowed Values")[0]


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*.yaml")), ids=lambda path: path.name)
def test_finds_no_problem_in_the_specs(server: YamlServer, path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert server.problems("".join(line for line in lines if "$schema=" not in line)) == []


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("{type: Conv2D, filtres: 3}", "filtres is not allowed"),
        ("{type: Conv2D}", 'Missing property "filters"'),
        ("{type: Conv2D, filters: x}", "Incorrect type"),
        ("{type: MaxPooling2D, padding: 3}", "Value is not accepted"),
        ("{type: MaxPooling2D, pool_sizes: 3}", "pool_sizes is not allowed"),
        ("{type: Dense, units: 3, kernel_initializer: {type: HeNormal, sed: 2}}", "sed is not allowed"),
        ("{type: Dense, units: 3}\ntraining: {loss: mse, optimizer: {type: Adam, beta1: 3}}", "beta1 is not allowed"),
    ],
)
def test_finds_mistakes(server: YamlServer, entry: str, found: str) -> None:
    assert any(found in problem for problem in server.problems(HEAD + f"  - {entry}\n"))


def test_a_list_is_free_where_its_values_are_in_each(server: YamlServer) -> None:
    assert server.problems(HEAD + "  - {type: Dense, each: {units: [1, 2]}}\n") == []
