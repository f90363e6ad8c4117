"""`modelc check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

BAD = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, unit: 3}\n  - {type: Dens, units: 3}\n"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.yaml"
    path.write_text(BAD)
    return path


def test_good_spec(run: Any, dense: Path) -> None:
    result = run("check", dense)
    assert (result.code, result.out, result.err) == (0, "1 spec, no errors\n", "")


def test_all_mistakes_of_all_files(run: Any, dense: Path, bad: Path) -> None:
    result = run("check", bad, dense, "missing.yaml")
    assert result.code == 2
    assert result.err == ""
    assert result.out.splitlines() == [
        f"{bad}:4:19: error[E201]: unknown key `unit` in Dense",
        "      - {type: Dense, unit: 3}",
        "                      ^",
        "  help: did you mean `units`?",
        f"{bad}:5:12: error[E205]: unknown layer `Dens`",
        "      - {type: Dens, units: 3}",
        "               ^",
        "  help: did you mean `Dense`?",
        "missing.yaml: error[E101]: `missing.yaml` cannot be read: No such file or directory",
        "3 specs, 3 errors",
    ]


def test_json(run: Any, dense: Path, bad: Path) -> None:
    assert json.loads(run("check", dense, "--format", "json").out) == {"diagnostics": []}
    result = run("check", bad, "--format", "json")
    assert result.code == 2
    assert json.loads(result.out)["diagnostics"][0] == {
        "code": "E201",
        "severity": "error",
        "file": str(bad),
        "line": 4,
        "column": 19,
        "message": "unknown key `unit` in Dense",
        "help": "did you mean `units`?",
    }


def test_github_and_sarif(run: Any, dense: Path, bad: Path) -> None:
    assert run("check", dense, "--format", "github").out == ""
    first = run("check", bad, "--format", "github").out.splitlines()[0]
    assert first.startswith(f"::error file={bad},line=4,col=19,title=E201::unknown key")
    results = json.loads(run("check", bad, "--format", "sarif").out)["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["E201", "E205"]


def test_shapes_limits_and_settings(run: Any, dense: Path) -> None:
    result = run("check", dense, "--set", "limits.activation_memory=1KB", "--batch-size", "1000")
    assert result.code == 2
    assert "error[E501]: the activations of a batch of 1000 take" in result.out
    assert run("check", dense, "--set", "limits.activation_memory=1KB").code == 0
    assert "error[E401]" in run("check", dense, "--set", "layers.0={type: Flatten}", "--input-shape", "1,1").out + (
        run("check", dense, "--set", "layers.0={type: Conv2D, filters: 2, kernel_size: 3}").out
    )
