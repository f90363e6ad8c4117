"""Quick fixes: the word that a diagnostic suggests, in the place of the one that is written."""

from __future__ import annotations

from dataclasses import dataclass

from modelc.errors import Diagnostic
from modelc.language.text.node import Mark, TextSource
from modelc.lsp.extents import Extent, word_extent


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of the text that mends a mistake."""

    title: str
    extent: Extent
    text: str


def fix_of(diagnostic: Diagnostic, text: str) -> Fix | None:
    """The fix that a diagnostic suggests for a text, if the word is still there."""
    suggestion = diagnostic.suggestion
    if suggestion is None or diagnostic.line is None or diagnostic.column is None:
        return None
    mark = Mark(TextSource(diagnostic.file or "", text), diagnostic.line, diagnostic.column)
    extent = word_extent(mark, suggestion.found)
    if extent is None:
        return None
    return Fix(f"Replace `{suggestion.found}` by `{suggestion.word}`", extent, suggestion.word)


def fixed(text: str, fix: Fix) -> str:
    """The text with a fix applied."""
    lines = text.splitlines(keepends=True)
    line = lines[fix.extent.line - 1]
    lines[fix.extent.line - 1] = line[: fix.extent.column - 1] + fix.text + line[fix.extent.end - 1 :]
    return "".join(lines)
