"""Summaries and differences as HTML, for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from modelc.report.table import cells, totals

if TYPE_CHECKING:
    from modelc.report.diff import Diff
    from modelc.report.summary import Summary


_PLAIN = "text-align: left; white-space: pre"
"""Blanks are kept: the rows of layers inside of models are indented."""

_LIST = "text-align: left; white-space: normal; max-width: 30em"
"""A long list goes on in the next line."""


def as_html(summary: Summary) -> str:
    """A table with the model's name as its caption and the totals in its foot. All text is escaped."""
    headings, rows = cells(summary)
    styles = [_PLAIN, *(_LIST if column == "connected_to" else _PLAIN for column in summary.columns)]

    def line(tag: str, texts: list[str]) -> str:
        cells = (f'<{tag} style="{style}">{escape(text)}</{tag}>' for text, style in zip(texts, styles, strict=True))
        return f"<tr>{''.join(cells)}</tr>"

    foot = "".join(
        f'<tr><td colspan="{len(headings)}" style="text-align: left">{escape(name)}: {escape(value)}</td></tr>'
        for name, value in totals(summary)
    )
    body = "".join(line("td", row) for row in rows)
    return (
        f"<table><caption>Model: {escape(summary.name)}</caption><thead>{line('th', headings)}</thead>"
        f"<tbody>{body}</tbody><tfoot>{foot}</tfoot></table>"
    )


_LINE = "text-align: left; white-space: pre-wrap"

_MARKS = {"removed": "#b31d28", "added": "#22863a", "changed": "#9a6700", "heading": "inherit", "plain": "inherit"}
"""Colours that can be read on white and on black."""


def diff_as_html(diff: Diff) -> str:
    """A table of what was removed, added and changed, and one of the costs. All text is escaped."""
    from modelc.report.diff_text import as_lines, cost_rows

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
        return f'<tr><{tag} style="{_PLAIN}">{escape(first)}</{tag}>{numbers}</tr>'

    costs = "".join(line("td", row) for row in rows)
    return f"{table}<table><thead>{line('th', head)}</thead><tbody>{costs}</tbody></table>"
