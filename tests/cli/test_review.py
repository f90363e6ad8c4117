"""`modelc review`, the hooks of pre-commit and the GitHub Action: run in a git repository, as those who use them do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from modelc.report.markdown import MARK
from tests.cli.conftest import dense, run

__all__ = ["dense", "run"]

ROOT = Path(__file__).parents[2]
BASE = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 3, name: a}\n"
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is absent")


def _git(folder: Path, *arguments: str) -> str:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    name = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"]
    command = ["git", *name, *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, env={**os.environ, **own}
    ).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with specs, of which one depends on another, in its first commit."""
    for name, text in {
        "specs/a.yaml": BASE + "limits: {params: 20}\n", "specs/b.yaml": "extends: a.yaml\nname: b\n",
        "specs/c.yaml": BASE, "specs/gone.yaml": BASE, "other.yaml": "x: 1\n",
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "-m", "one")
    return tmp_path


def _change(repository: Path) -> None:
    (repository / "specs" / "a.yaml").write_text(
        BASE + '  - {type: Dense, units: 1, name: "`|<b>"}\nlimits: {params: 20}\n'
    )
    (repository / "specs" / "new.yaml").write_text(BASE)
    (repository / "specs" / "gone.yaml").unlink()
    (repository / "other.yaml").write_text("x: 2\n")


def test_nothing_changed(run: Any, repository: Path) -> None:
    assert run("review").out == "no spec differs from HEAD\n"
    (repository / "specs" / "c.yaml").write_text("# a comment\n" + BASE)
    assert run("review").out == "no spec differs from HEAD\n"
    assert run("review", "--markdown").out.startswith(f"{MARK}\n")


def test_what_a_change_does(run: Any, repository: Path) -> None:
    _change(repository)
    told = run("review")
    assert told.code == 0
    heads = [line for line in told.out.splitlines() if re.fullmatch(r"specs/\S+: \w+", line)]
    assert heads == [
        "specs/a.yaml: changed",
        "specs/b.yaml: changed",
        "specs/new.yaml: added",
        "specs/gone.yaml: removed",
    ]
    assert "+ `|<b> (Dense): units: 1; 4 parameters" in told.out
    assert "limits.params: 95% of 20 used" in told.out
    assert run("review", "specs/c.yaml").out == "no spec differs from HEAD\n"
    _git(repository, "add", ".")
    _git(repository, "commit", "--quiet", "-m", "two")
    assert run("review").out == "no spec differs from HEAD\n"
    assert run("review", "--since", "HEAD~1").out.replace("HEAD~1", "HEAD") == told.out


def test_markdown(run: Any, repository: Path) -> None:
    _change(repository)
    text = run("review", "--markdown").out
    assert "### `specs/a.yaml`: changed" in text
    assert "| parameters | 15 | 19 | +4 (+26.7%) | ⚠️ 95% of 20 |" in text
    assert "```diff\n+ '|<b>" in text or "+ `|<b> (Dense)" in text
    assert text.count("```") % 2 == 0
    assert text.count("<details>") == text.count("</details>") == 2


def test_invalid_and_over_budget(run: Any, repository: Path) -> None:
    (repository / "specs" / "a.yaml").write_text(BASE.replace("units: 3", "units: 30") + "limits: {params: 20}\n")
    (repository / "specs" / "c.yaml").write_text(BASE.replace("units", "unit"))
    told = run("review", "--markdown")
    assert told.code == 2
    assert "❌ 750% of 20" in told.out
    assert "error[E201]: unknown key `unit` in Dense" in told.out


def test_mistakes(run: Any, repository: Path) -> None:
    told = run("review", "--since", "nowhere")
    assert (told.code, told.out) == (2, "")
    assert "`nowhere` is no revision of this repository" in told.err
    assert "is no revision" in run("review", "--since", "--output=x").err


# --- the hooks and the action, as files


def _tools(folder: Path) -> dict[str, str]:
    """An environment in which `modelc` is a command."""
    scripts = folder / "bin"
    scripts.mkdir(exist_ok=True)
    script = scripts / "modelc"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m modelc "$@"\n')
    script.chmod(0o755)
    return {
        **os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
        "MODELC_CACHE_DIR": str(folder / "cache"),
    }  # fmt: skip


def test_hooks(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What pre-commit does with each hook: the files that match, then its entry with these files."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in hooks] == ["modelc-check", "modelc-fmt", "modelc-diff"]
    environment = _tools(tmp_path_factory.mktemp("tools"))
    _change(repository)
    (repository / "specs" / "c.yaml").write_text("modelc:   1\n" + BASE.partition("\n")[2])
    _git(repository, "add", ".")
    names = _git(repository, "diff", "--cached", "--no-renames", "--name-only", "--diff-filter=ACM").split()
    told: dict[str, subprocess.CompletedProcess[str]] = {}
    for hook in hooks:
        chosen = [name for name in names if re.search(hook["files"], name)]
        assert chosen == ["specs/a.yaml", "specs/c.yaml", "specs/new.yaml"]
        command = [*hook["entry"].split(), *chosen]
        told[hook["id"]] = subprocess.run(
            command, cwd=repository, env=environment, capture_output=True, text=True, timeout=120
        )
    assert (told["modelc-check"].returncode, told["modelc-check"].stdout) == (0, "3 specs, no errors\n")
    assert told["modelc-fmt"].stdout == "formatted specs/c.yaml\n"
    assert told["modelc-diff"].returncode == 0
    assert "specs/a.yaml: changed" in told["modelc-diff"].stdout


def _run_action(repository: Path, tools: Path, **given: str) -> tuple[int, str, dict[str, str], Path]:
    """Run the steps of the action one after the other, as a runner does, until one fails."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    inputs = (
        {name: one.get("default", "") for name, one in action["inputs"].items()} | {"since": "", "install": ""} | given
    )
    environment = _tools(tools)
    files = {name: tools / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_text("")
    printed, code = "", 0
    for step in action["runs"]["steps"]:
        assert step["shell"] == "bash"
        condition = step.get("if")
        if condition is not None:
            name, operator, value = condition.removeprefix("inputs.").split(" ")
            assert operator in ("==", "!=")
            if (inputs[name] == value.strip("'")) != (operator == "=="):
                continue
        assert "${{" not in step["run"]  # inputs come by the environment, never as a part of a script
        own = {key: inputs[value[len("${{ inputs.") : -len(" }}")]] for key, value in step.get("env", {}).items()}
        paths = {**{name: str(file) for name, file in files.items()}, "RUNNER_TEMP": str(tools)}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=repository,
            env={**environment, **own, **paths}, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        printed += done.stdout + done.stderr
        code = done.returncode
        if code:
            break
    outputs = dict(line.partition("=")[::2] for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    return code, printed, outputs, files["GITHUB_STEP_SUMMARY"]


def test_action(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    tools = tmp_path_factory.mktemp("runner")
    _change(repository)
    (repository / "specs" / "c.yaml").write_text(BASE.replace("units", "unit"))
    code, printed, _, summary = _run_action(repository, tools, since="HEAD", paths="specs other.yaml", strict="true")
    assert code == 2
    assert "::error file=specs/c.yaml,line=4,col=19,title=E201::unknown key `unit` in Dense" in printed
    assert "### `specs/a.yaml`: changed" in summary.read_text()
    code, printed, _, summary = _run_action(repository, tools, since="HEAD", paths="specs")
    sarif = json.loads((tools / "modelc.sarif").read_text())
    assert [one["ruleId"] for one in sarif["runs"][0]["results"]] == ["E201"]
    assert summary.read_text() == (tools / "modelc-comment.md").read_text()
    assert summary.read_text().startswith(MARK)


def test_action_on_good_specs(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    tools = tmp_path_factory.mktemp("runner")
    code, printed, outputs, summary = _run_action(repository, tools)
    assert (code, printed, summary.read_text()) == (0, "", "")
    assert list(outputs) == ["file"]
    code, printed, outputs, _ = _run_action(repository, tools, format="true", paths="specs")
    assert code == 0
    (repository / "specs" / "c.yaml").write_text("modelc:   1\n" + BASE.partition("\n")[2])
    code, printed, *_ = _run_action(repository, tools, format="true", paths="specs")
    assert (code, "would format specs/c.yaml" in printed) == (1, True)
    code, printed, *_ = _run_action(repository, tools, paths="absent; touch x")
    assert code == 2
    assert not (repository / "x").exists()


# --- SARIF

SARIF: dict[str, Any] = {
    # The parts of the schema of SARIF 2.1.0 (OASIS) that are written here: https://docs.oasis-open.org/sarif/sarif/v2.1.0
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"enum": ["2.1.0"]},
        "runs": {"type": "array", "items": {"$ref": "#/definitions/run"}},
    },
    "definitions": {
        "run": {
            "type": "object", "required": ["tool"], "additionalProperties": False,
            "properties": {
                "tool": {
                    "type": "object", "required": ["driver"], "additionalProperties": False,
                    "properties": {"driver": {"$ref": "#/definitions/driver"}},
                },
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": {"$ref": "#/definitions/result"}},
            },
        },
        "driver": {
            "type": "object", "required": ["name"], "additionalProperties": False,
            "properties": {
                "name": {"type": "string"}, "version": {"type": "string"}, "informationUri": {"type": "string"},
                "rules": {"type": "array", "uniqueItems": True, "items": {
                    "type": "object", "required": ["id"], "additionalProperties": False,
                    "properties": {
                        "id": {"type": "string"}, "shortDescription": {"$ref": "#/definitions/text"},
                        "helpUri": {"type": "string", "format": "uri"},
                    },
                }},
            },
        },
        "result": {
            "type": "object", "required": ["message"], "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": -1},
                "level": {"enum": ["none", "note", "warning", "error"]}, "message": {"$ref": "#/definitions/text"},
                "locations": {"type": "array", "items": {
                    "type": "object", "additionalProperties": False,
                    "properties": {"physicalLocation": {
                        "type": "object", "additionalProperties": False, "required": ["artifactLocation"],
                        "properties": {
                            "artifactLocation": {"$ref": "#/definitions/file"},
                            "region": {"$ref": "#/definitions/region"},
                        },
                    }},
                }},
                "fixes": {"type": "array", "uniqueItems": True, "items": {
                    "type": "object", "required": ["artifactChanges"], "additionalProperties": False,
                    "properties": {
                        "description": {"$ref": "#/definitions/text"},
                        "artifactChanges": {"type": "array", "minItems": 1, "items": {
                            "type": "object", "additionalProperties": False,
                            "required": ["artifactLocation", "replacements"],
                            "properties": {
                                "artifactLocation": {"$ref": "#/definitions/file"},
                                "replacements": {"type": "array", "minItems": 1, "items": {
                                    "type": "object", "required": ["deletedRegion"], "additionalProperties": False,
                                    "properties": {
                                        "deletedRegion": {"$ref": "#/definitions/region"},
                                        "insertedContent": {"$ref": "#/definitions/text"},
                                    },
                                }},
                            },
                        }},
                    },
                }},
            },
        },
        "text": {
            "type": "object", "required": ["text"], "additionalProperties": False,
            "properties": {"text": {"type": "string"}},
        },
        "file": {
            "type": "object", "additionalProperties": False,
            "properties": {"uri": {"type": "string", "format": "uri-reference"}},
        },
        "region": {
            "type": "object", "additionalProperties": False,
            "properties": {key: {"type": "integer", "minimum": 1} for key in ("startLine", "startColumn", "endColumn")},
        },
    },
}  # fmt: skip


def _sarif_schema() -> dict[str, Any]:
    """The published schema where it can be had (.ci/run takes it from a package of npm), else the part that is here."""
    published = os.environ.get("MODELC_SARIF_SCHEMA")
    return SARIF if published is None else json.loads(Path(published).read_text(encoding="utf-8-sig"))


def test_sarif_is_of_its_schema(run: Any, repository: Path) -> None:
    (repository / "specs" / "c.yaml").write_text(BASE.replace("units", "unit"))
    (repository / "specs" / "ä b.yaml").write_text(BASE + "vars: {unused: 1}\n")
    told = json.loads(run("check", "specs", "absent.yaml", "--format", "sarif").out)
    jsonschema.Draft7Validator(_sarif_schema(), format_checker=jsonschema.FormatChecker()).validate(told)
    rules = told["runs"][0]["tool"]["driver"]["rules"]
    assert {one["ruleId"] for one in told["runs"][0]["results"]} == {"E101", "E201", "W101"}
    for one in told["runs"][0]["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
    (misspelt,) = [one for one in told["runs"][0]["results"] if one["ruleId"] == "E201"]
    (change,) = misspelt["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    line = (repository / change["artifactLocation"]["uri"]).read_text().splitlines()[region["startLine"] - 1]
    mended = (
        line[: region["startColumn"] - 1] + replacement["insertedContent"]["text"] + line[region["endColumn"] - 1 :]
    )
    assert mended == "  - {type: Dense, units: 3, name: a}"
