"""`modelc init` and `modelc schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modelc.model.loading import load_spec

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "file", "name"),
    [
        ([], "model.yaml", "model"),
        (["net"], "net.yaml", "net"),
        (["net.yml"], "net.yml", "net"),
        (["v1.5"], "v1.5.yaml", "v1.5"),
        (["true"], "true.yaml", "true"),
        (["12"], "12.yaml", "12"),
        (['a "b" {c}'], 'a "b" {c}.yaml', 'a "b" {c}'),
        (["folder/net"], "folder/net.yaml", "net"),
    ],
)
def test_starter_passes_check(run: Any, tmp_path: Path, arguments: list[str], file: str, name: str) -> None:
    (tmp_path / "folder").mkdir()
    assert run("init", *arguments).code == 0
    assert load_spec(tmp_path / file).name == name
    assert run("check", tmp_path / file).out == "1 spec, no errors\n"


def test_starter_views_work_as_its_comments_say(run: Any, tmp_path: Path) -> None:
    run("init")
    for option in ("--truncate=features", "--extract=conv2d*", "--freeze=:-1", "--set=vars.width=64"):
        assert run("summary", "model.yaml", option).code == 0


def test_nothing_is_overwritten(run: Any, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text("mine")
    result = run("init", "net")
    assert result.code == 2
    assert "net.yaml already exists" in result.err
    assert (tmp_path / "net.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["", ".", "..", "/", "nowhere/net", ".yaml"])
def test_what_names_no_file(run: Any, name: str) -> None:
    result = run("init", name)
    assert (result.code, result.out) == (2, "")


def test_schema(run: Any, tmp_path: Path) -> None:
    result = run("schema")
    assert result.out == (ROOT / "schemas" / "model.schema.json").read_text(encoding="utf-8")
    assert json.loads(result.out)["title"]
    assert run("schema", "-o", "model.schema.json").out == ""
    assert (tmp_path / "model.schema.json").read_text(encoding="utf-8") == result.out
    assert run("schema", "-o", "nowhere/model.schema.json").code == 2
