"""The differences of two models as HTML, for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from modelc.report.diff.text import as_lines, cost_rows
from modelc.report.html import PLAIN

if TYPE_CHECKING:
    from modelc.report.diff.find import Diff

_LINE = "text-align: left; white-space: pre-wrap"

_MARKS = {"removed": "#b31d28", "added": "#22863a", "changed": "#9a6700", "heading": "inherit", "plain": "inherit"}
"""Colours that can be read on white and on black."""


def diff_as_html(diff: Diff) -> str:
    """A table of what was removed, added and changed, and one of the costs. All text is escaped."""
    lines = [(kind, line) for kind, line in as_lines(diff, costs=False) if line]
    body = "".join(
        f'<tr style="color: {_MARKS[kind]}"><td>{escape(line[:1])}</td><td style="{_LINE}">{escape(line[1:])}</td></tr>'
        for kind, line in lines
        for line in (line if line[0] in "-+~" else f" {line}",)
    )
    caption = " → ".join(dict.fromkeys(map(escape, diff.names)))
    table = f"<table><caption>{caption}</caption><tbody>{body}</tbody></table>"
    if not diff:
        return table
    head, *rows = cost_rows(diff)

    def line(tag: str, texts: tuple[str, ...]) -> str:
        first, *others = texts
        numbers = "".join(f'<{tag} style="text-align: right">{escape(text)}</{tag}>' for text in others)
        return f'<tr><{tag} style="{PLAIN}">{escape(first)}</{tag}>{numbers}</tr>'

    costs = "".join(line("td", row) for row in rows)
    return f"{table}<table><thead>{line('th', head)}</thead><tbody>{costs}</tbody></table>"
