from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelc.errors import CODES, WARNINGS, Diagnostic
from modelc.report.diagnostics import render

TYPO = Diagnostic(
    "E201", "unknown key `filtres`", "did you mean `filters`?", "specs/a b,c.yaml", 3, 9, "  - {filtres: 3}"
)
BARE = Diagnostic("E101", "50% of\nit: gone", severity="warning")


def test_text() -> None:
    assert render([TYPO, BARE], "text") == (
        "specs/a b,c.yaml:3:9: error[E201]: unknown key `filtres`\n"
        "      - {filtres: 3}\n"
        "            ^\n"
        "  help: did you mean `filters`?\n"
        "<spec>: warning[E101]: 50% of\\u000ait: gone\n"  # a line of its own would look like another message
        "1 error, 1 warning"
    )


@pytest.mark.parametrize(("count", "line"), [(0, "no errors"), (1, "1 error"), (2, "2 errors"), (1200, "1,200 errors")])
def test_text_ends_with_the_count(count: int, line: str) -> None:
    assert render([TYPO] * count).splitlines()[-1] == line


def test_json() -> None:
    assert json.loads(render([TYPO, BARE], "json")) == {
        "diagnostics": [
            {
                "code": "E201",
                "severity": "error",
                "file": "specs/a b,c.yaml",
                "line": 3,
                "column": 9,
                "message": "unknown key `filtres`",
                "help": "did you mean `filters`?",
            },
            {
                "code": "E101",
                "severity": "warning",
                "file": None,
                "line": None,
                "column": None,
                "message": "50% of\nit: gone",
                "help": None,
            },
        ]
    }


def test_github() -> None:
    assert render([TYPO, BARE], "github").splitlines() == [
        "::error file=specs/a b%2Cc.yaml,line=3,col=9,title=E201::"
        "unknown key `filtres`%0Ahelp: did you mean `filters`?",
        "::warning title=E101::50%25 of%0Ait: gone",
    ]


def test_sarif() -> None:
    log = json.loads(render([TYPO, BARE], "sarif"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["tool"]["driver"]["name"] == "modelc"
    rules = run["tool"]["driver"]["rules"]
    assert {rule["id"]: rule["shortDescription"]["text"] for rule in rules} == CODES | WARNINGS
    typo, bare = run["results"]
    assert rules[typo["ruleIndex"]]["id"] == typo["ruleId"] == "E201"
    assert typo["level"] == "error"
    assert typo["message"]["text"] == "unknown key `filtres`\nhelp: did you mean `filters`?"
    assert typo["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "specs/a%20b%2Cc.yaml"},
                "region": {"startLine": 3, "startColumn": 9},
            }
        }
    ]
    assert bare["level"] == "warning"
    assert "locations" not in bare


def test_sarif_of_an_absolute_path(tmp_path: Path) -> None:
    place = Diagnostic("E101", "gone", file=str(tmp_path / "a b.yaml"))
    (result,) = json.loads(render([place], "sarif"))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": (tmp_path / "a b.yaml").as_uri()}}
