"""A summary as HTML, for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from modelc.report.table import cells, totals

if TYPE_CHECKING:
    from modelc.report.summary import Summary


PLAIN = "text-align: left; white-space: pre"
"""Blanks are kept: the rows of layers inside of models are indented."""

_LIST = "text-align: left; white-space: normal; max-width: 30em"
"""A long list goes on in the next line."""


def as_html(summary: Summary) -> str:
    """A table with the model's name as its caption and the totals in its foot. All text is escaped."""
    headings, rows = cells(summary)
    styles = [PLAIN, *(_LIST if column == "connected_to" else PLAIN for column in summary.columns)]

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
