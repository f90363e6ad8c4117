"""The table of a sweep, as text, CSV and Markdown."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from modelc.files.kinds import SWEEP_MARKDOWN_HEAD
from modelc.report.diff.text import as_lines
from modelc.report.markdown import fenced
from modelc.report.table import escaped
from modelc.text.terminal import shown

if TYPE_CHECKING:
    from modelc.sweeps.results import SweepResults, VariantResult

_ROWS_SHOWN = 10
_ROWS_OF_MARKDOWN = 1000
_CELL = 40


@dataclass(frozen=True)
class _Column:
    """A column: its heading and the value of a row in it."""

    heading: str
    value: Callable[[VariantResult], Any]


_OTHERS = (
    _Column("epochs", lambda row: row.epochs), _Column("params", lambda row: row.params),
    _Column("macs", lambda row: row.macs), _Column("seconds", lambda row: row.seconds),
)  # fmt: skip


def as_text(sweep: SweepResults) -> str:
    """The best rows, and how many there are of all."""
    columns = [*_chosen(sweep, vary=True), _Column(sweep.metric, lambda row: row.metrics.get(sweep.metric))]
    columns += _OTHERS
    rows = sweep.ranked or list(sweep.results)
    lines = _aligned(columns, rows[:_ROWS_SHOWN])
    if len(rows) > _ROWS_SHOWN:
        lines.append(f"… {len(rows) - _ROWS_SHOWN:,} more")
    counts = ", ".join(f"{count:,} {status}" for status, count in sweep.counts().items())
    return "\n".join([*lines, f"{len(sweep):,} variants: {counts}"])


def plan_as_text(rows: Sequence[VariantResult]) -> str:
    """All variants with their costs, before they are trained."""
    columns = [_Column("variant", lambda row: row.variant.number)]
    columns += [_of_path(path) for path in rows[0].variant.paths]
    columns += [_Column("params", lambda row: row.params), _Column("macs", lambda row: row.macs)]
    if any(row.error for row in rows):
        columns.append(_Column("mistake", lambda row: _one_line(row.error)))
    return "\n".join(_aligned(columns, rows))


def as_csv(sweep: SweepResults) -> str:
    """A line for each variant, with all values, metrics and costs (RFC 4180, lines end in \\n)."""
    columns = _all_columns(sweep)
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([column.heading for column in columns])
    for row in sweep:
        writer.writerow([_datum(column.value(row)) for column in columns])
    return file.getvalue()


def as_markdown(sweep: SweepResults) -> str:
    """The table for a page: the best first, those that failed last; and what the best changes."""
    ranked = sweep.ranked
    known = {row.variant.number for row in ranked}
    rows = [*ranked, *(row for row in sweep if row.variant.number not in known)][:_ROWS_OF_MARKDOWN]
    columns = _all_columns(sweep)

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(escaped(cell) for cell in cells) + " |"

    lines = [SWEEP_MARKDOWN_HEAD, "", line([column.heading for column in columns]), "|" + " --- |" * len(columns)]
    lines += [line([_cell(column.value(row)) for column in columns]) for row in rows]
    if len(sweep) > len(rows):
        lines += ["", f"{len(sweep) - len(rows):,} more are in results.csv."]
    best = sweep.best
    if best is not None:
        lines += ["", f"The best by `{sweep.metric}` ({sweep.mode}) is variant {best.variant.number}."]
    if sweep.diff is not None and sweep.diff:
        lines += ["", "```diff", *fenced(text for _, text in as_lines(sweep.diff)), "```"]
    return "\n".join(lines) + "\n"


def _all_columns(sweep: SweepResults) -> list[_Column]:
    names = dict.fromkeys([sweep.metric, *(name for row in sweep for name in row.metrics)])
    columns = [*_chosen(sweep, vary=False), _Column("status", lambda row: row.status)]
    columns += [_Column(name, _metric(name)) for name in names]
    columns += _OTHERS
    if any(row.error for row in sweep):
        columns.append(_Column("error", lambda row: _one_line(row.error)))
    return columns


def _chosen(sweep: SweepResults, *, vary: bool) -> list[_Column]:
    """The number and the chosen values; with `vary`, only those that are not the same in all."""
    paths = sweep.results[0].variant.paths
    kept = [p for p in paths if not vary or len({json.dumps(row.values[p]) for row in sweep}) > 1]
    return [_Column("variant", lambda row: row.variant.number), *map(_of_path, kept)]


def _of_path(path: str) -> _Column:
    return _Column(path, lambda row: row.values[path])


def _metric(name: str) -> Callable[[VariantResult], Any]:
    return lambda row: row.metrics.get(name)


def _aligned(columns: Sequence[_Column], rows: Sequence[VariantResult]) -> list[str]:
    """Rows of text below their headings; numbers are aligned to the right."""
    table = [[column.heading for column in columns], *([_cell(c.value(row)) for c in columns] for row in rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(columns))]
    right = [all(isinstance(c.value(row), int | float | None) for row in rows) for c in columns]
    return [
        "  ".join(
            text.rjust(width) if is_right else text.ljust(width)
            for text, width, is_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in table
    ]


def _cell(value: Any) -> str:
    """A value as a table shows it."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, float):
        text = f"{value:.6g}"
    elif isinstance(value, int):
        text = f"{value:,}"
    else:
        text = shown(value)
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"


def _datum(value: Any) -> str:
    """A value in full, for programs."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _one_line(text: str | None) -> str | None:
    """The first line of a message, which has the place and what is wrong."""
    return None if text is None else text.partition("\n")[0]
