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


GRAPH = (
    "modelc: 1\ninput: {shape: [8]}\nlayers:\n"
    "  - {type: Model, spec: inner.yaml, name: base}\n"
    "  - {type: Dense, units: 3, name: unused}\n"
    "  - {type: Dense, units: 3, inputs: base}\n"
)
INNER = "modelc: 1\nlayers:\n  - {type: Dense, units: 4, name: a}\n  - {type: Add, inputs: [a, b]}\n"


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_mistakes_of_a_graph_and_of_a_file_in_it(run: Any, tmp_path: Path, form: str) -> None:
    (tmp_path / "graph.yaml").write_text(GRAPH)
    (tmp_path / "inner.yaml").write_text(INNER)
    inside = run("check", "graph.yaml", "--format", form)
    (tmp_path / "inner.yaml").write_text(INNER.replace("[a, b]", "[a, a]"))
    outside = run("check", "graph.yaml", "--format", form)
    assert (inside.code, outside.code) == (2, 2)
    told = inside.out, outside.out
    match form:
        case "text":
            assert "inner.yaml:4:29: error[E305]: unknown entry `b`" in told[0]
            assert "graph.yaml:5:5: error[E306]: `unused` is not used" in told[1]
        case "github":
            assert told[0].startswith("::error file=inner.yaml,line=4,col=29,title=E305::unknown entry `b`")
            assert told[1].startswith("::error file=graph.yaml,line=5,col=5,title=E306::`unused` is not used")
        case "json":
            found = [json.loads(text)["diagnostics"][0] for text in told]
            assert [(d["file"], d["line"], d["column"], d["code"]) for d in found] == [
                ("inner.yaml", 4, 29, "E305"), ("graph.yaml", 5, 5, "E306"),
            ]  # fmt: skip
        case _:
            results = [json.loads(text)["runs"][0]["results"][0] for text in told]
            places = [result["locations"][0]["physicalLocation"] for result in results]
            assert [(p["artifactLocation"]["uri"], p["region"]["startLine"]) for p in places] == [
                ("inner.yaml", 4), ("graph.yaml", 5),
            ]  # fmt: skip
            assert {result["level"] for result in results} == {"error"}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("text", "x.yaml:3:1: warning[E306]: unused\n1 spec, 1 warning\n"),
        ("github", "::warning file=x.yaml,line=3,col=1,title=E306::unused\n"),
        ("json", '"severity": "warning"'),
        ("sarif", '"level": "warning"'),
    ],
)
def test_warnings_do_not_fail(run: Any, monkeypatch: pytest.MonkeyPatch, dense: Path, form: str, told: str) -> None:
    from modelc.errors import Diagnostic

    warning = Diagnostic("E306", "unused", None, "x.yaml", 3, 1, severity="warning")
    monkeypatch.setattr("modelc.report.check.check", lambda *_: [warning])
    result = run("check", dense, "--format", form)
    assert result.code == 0
    assert told in result.out


def test_built_models_and_those_of_keras(run: Any, dense: Path) -> None:
    from modelc import load_spec

    model = load_spec(dense).build(backend="reference")
    model.save("good.modelc")
    Path("bad.modelc").write_bytes(Path("good.modelc").read_bytes()[:-40])
    assert run("check", "good.modelc").out == "1 spec, no errors\n"
    told = run("check", dense, "bad.modelc", "good.modelc")
    assert told.code == 2
    assert told.out.startswith("bad.modelc: error[E101]: `bad.modelc` is not a .modelc file, or is damaged: ")
    assert told.out.endswith("3 specs, 1 error\n")
    (found,) = json.loads(run("check", "bad.modelc", "--format", "json").out)["diagnostics"]
    assert (found["code"], found["file"], found["line"]) == ("E101", "bad.modelc", None)
    assert run("summary", "good.modelc").out == run("summary", dense).out
    refused = run("summary", "good.modelc", "--set", "layers.0.units=3")
    assert (refused.code, refused.out) == (2, "")
    assert "--set applies to specs: good.modelc is a .modelc artifact" in refused.err
