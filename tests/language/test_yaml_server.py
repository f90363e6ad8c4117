"""The schema in an editor: what a YAML language server offers, shows and refuses."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelc.layers.registry import LAYERS
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
        (HEAD + "  - {type: Con|v2D, filters: 3}\n", "Convolution over images"),
        (HEAD + "  - {type: Conv2D, fil|ters: 3}\n", "The number of filters"),
        (HEAD + "  - type: Conv2D\n    fil|ters: 3\n", "The number of filters"),
        (TRAINING + "  epo|chs: 3\n", "data"),
    ],
)
def test_shows_the_description(server: YamlServer, text: str, shown: str) -> None:
    # Markdown escapes and line breaks are the server's.
    assert shown in server.hover(text).split("Allowed Values")[0]


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*.yaml")), ids=lambda path: path.name)
def test_finds_no_problem_in_the_specs(server: YamlServer, path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert server.problems("".join(line for line in lines if "$schema=" not in line)) == []


def test_finds_a_misspelt_option(server: YamlServer) -> None:
    assert any("filtres" in problem for problem in server.problems(HEAD + "  - {type: Conv2D, filtres: 3}\n"))
