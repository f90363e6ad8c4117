"""A review as Markdown, for the comment on a change: costs, budgets and layers of each spec."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modelc.report.diff.find import compare
from modelc.report.diff.text import as_lines, cost_rows
from modelc.report.review import Reviewed, budgets
from modelc.text.amounts import format_bytes
from modelc.text.terminal import shown, shown_lines

MARK = "<!-- modelc review -->"
"""What a comment begins with, by which a later run finds and replaces it."""

_KEYS = ("", "params", "trainable_params", "macs", "activation_memory")
_MOST_LINES = 200
_CLOSE = 0.9
"""The share of a budget from which on it is marked as nearly used up."""


def as_markdown(reviewed: Sequence[Reviewed], since: str) -> str:
    """The body of a comment."""
    lines = [MARK, "## Specs", ""]
    if not reviewed:
        return "\n".join([*lines, f"No spec differs from `{_code(since)}`."]) + "\n"
    for one in reviewed:
        lines += [f"### `{_code(one.path)}`: {one.what}", "", *_one(one), ""]
    return "\n".join(lines)


def _one(one: Reviewed) -> Iterator[str]:
    if one.found:
        yield from ("```text", *fenced(str(found) for found in one.found), "```", "")
    if one.after is None:
        return
    diff = one.diff or compare(one.after, one.after)
    used = budgets(one)
    head, *rows = cost_rows(diff)
    columns = [0, 1, 2, 3] if one.diff is not None else [0, 2]
    yield "| " + " | ".join([*(head[i] for i in columns), *(["budget"] if used else [])]) + " |"
    yield "|---" + "|--:" * (len(columns) - 1 + bool(used)) + "|"
    for key, row in zip(_KEYS[1:], rows, strict=True):
        cells = [row[i] for i in columns]
        if used:
            cells.append(_budget(key, *used[key]) if key in used else "")
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    lines = [line for _, line in as_lines(diff, costs=False)] if one.diff else []
    if lines:
        more = [f"… {len(lines) - _MOST_LINES} more lines"] if len(lines) > _MOST_LINES else []
        yield from ("", "<details><summary>layers and weights</summary>", "", "```diff")
        yield from fenced(line.replace("~", "!", 1) if line.startswith("~") else line for line in lines[:_MOST_LINES])
        yield from (*more, "```", "</details>")


def _budget(key: str, limit: int, share: float) -> str:
    mark = "❌ " if share > 1 else "⚠️ " if share >= _CLOSE else ""
    return f"{mark}{share:.0%} of {format_bytes(limit) if key == 'activation_memory' else f'{limit:,}'}"


def fenced(lines: Iterator[str]) -> Iterator[str]:
    """Lines inside of a fence, which they cannot close."""
    for text in lines:
        yield from shown_lines(text).replace("```", "'''").split("\n")


def _code(text: str) -> str:
    return shown(text).replace("`", "'")
