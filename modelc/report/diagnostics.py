"""Diagnostics as text, JSON, GitHub annotations and SARIF."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any, Literal
from urllib.parse import quote

from modelc import __version__
from modelc.errors import CODES, WARNINGS, Diagnostic
from modelc.text.terminal import shown_lines

DiagnosticFormat = Literal["text", "json", "github", "sarif"]


_HOME = "https://github.com/modelc/modelc"
_PAGE = f"{_HOME}/blob/main/docs/diagnostics.md"
_ALL_CODES = CODES | WARNINGS


def render(diagnostics: Sequence[Diagnostic], format: DiagnosticFormat = "text") -> str:
    """The diagnostics in one of four forms, without a line break at the end.

    `text` shows the source lines and ends with the count; `json` is `{"diagnostics": [...]}`; `github` has one
    workflow command a line (GitHub Actions, "Setting an error message"); `sarif` is SARIF 2.1.0 (OASIS).
    """
    match format:
        case "text":
            return "\n".join([*map(str, diagnostics), _count(diagnostics)])
        case "json":
            return _json({"diagnostics": [diagnostic.as_dict() for diagnostic in diagnostics]})
        case "github":
            return "\n".join(map(_github, diagnostics))
        case "sarif":
            return _json(_sarif(diagnostics))


def _count(diagnostics: Sequence[Diagnostic]) -> str:
    errors = sum(diagnostic.severity == "error" for diagnostic in diagnostics)
    counts = ((errors, "error"), (len(diagnostics) - errors, "warning"))
    return ", ".join(f"{n:,} {noun}{'s' * (n != 1)}" for n, noun in counts if n) or "no errors"


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _github(diagnostic: Diagnostic) -> str:
    place = {"file": diagnostic.file, "line": diagnostic.line, "col": diagnostic.column}
    properties = {**(place if diagnostic.line is not None else {}), "title": diagnostic.code}
    listed = ",".join(f"{key}={_escape(str(value), ':,')}" for key, value in properties.items())
    return f"::{diagnostic.severity} {listed}::{_escape(_with_help(diagnostic))}"


def _escape(text: str, further: str = "") -> str:
    text = shown_lines(text)
    for character in "%\r\n" + further:  # % first, as the escapes hold it
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _with_help(diagnostic: Diagnostic) -> str:
    return diagnostic.message if diagnostic.help is None else f"{diagnostic.message}\nhelp: {diagnostic.help}"


def _sarif(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    rules = [
        {"id": code, "shortDescription": {"text": meaning}, "helpUri": f"{_PAGE}#{code.lower()}"}
        for code, meaning in _ALL_CODES.items()
    ]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "modelc", "version": __version__, "informationUri": _HOME, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [_sarif_result(diagnostic) for diagnostic in diagnostics],
            }
        ],
    }


def _sarif_result(diagnostic: Diagnostic) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": list(_ALL_CODES).index(diagnostic.code),
        "level": diagnostic.severity,
        "message": {"text": _with_help(diagnostic)},
    }
    if diagnostic.file is not None:
        place: dict[str, Any] = {"artifactLocation": {"uri": _uri(diagnostic.file)}}
        if diagnostic.line is not None:
            place["region"] = {"startLine": diagnostic.line, "startColumn": diagnostic.column}
        result["locations"] = [{"physicalLocation": place}]
    fix = _sarif_fix(diagnostic)
    return result if fix is None else {**result, "fixes": [fix]}


def _sarif_fix(diagnostic: Diagnostic) -> dict[str, Any] | None:
    """The word that is suggested, in place of the one that is written."""
    suggestion, line, column = diagnostic.suggestion, diagnostic.source_line, diagnostic.column
    if suggestion is None or line is None or column is None or diagnostic.file is None:
        return None
    start = column - 1 + line[column - 1 : column].count('"') + line[column - 1 : column].count("'")
    if line[start : start + len(suggestion.found)] != suggestion.found:
        return None
    region = {"startLine": diagnostic.line, "startColumn": start + 1, "endColumn": start + 1 + len(suggestion.found)}
    change = {"deletedRegion": region, "insertedContent": {"text": suggestion.word}}
    file = {"uri": _uri(diagnostic.file)}
    return {
        "description": {"text": str(suggestion)},
        "artifactChanges": [{"artifactLocation": file, "replacements": [change]}],
    }


def _uri(file: str) -> str:
    return Path(file).as_uri() if PurePath(file).is_absolute() else quote(PurePath(file).as_posix())
