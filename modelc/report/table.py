"""The columns of a summary, and its text formats: Keras's table, Markdown and CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from re import compile as regex
from typing import TYPE_CHECKING, Literal

from modelc.errors import Diagnostic, SpecError
from modelc.graph.types import format_shape
from modelc.report.counted import Amount, amount, free_told
from modelc.report.layout import TextColumn, lay_out, lay_out_at
from modelc.text.amounts import format_bytes
from modelc.text.listing import sizes_told
from modelc.text.terminal import folded, shown
from modelc.text.unknown import unknown

if TYPE_CHECKING:
    from modelc.report.rows import Row
    from modelc.report.summary import Summary

Column = Literal[
    "output_shape", "params", "trainable_params", "percent", "kernel", "macs", "activation_bytes", "receptive_field",
    "trainable", "connected_to",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Look:
    """How a column appears: its heading, its least width in the guide's table, and the text of a cell."""

    heading: str
    width: int
    cell: Callable[[Row], str]
    breaks: str = ""
    """What a cell may be broken behind where there is no room for it; empty for numbers."""
    least: int = 0
    """The cells below which broken lines become too short to read."""


def _extents(extents: tuple[int | str, ...] | None) -> str:
    return "×".join(map(str, extents)) if extents else ""


def _layer(row: Row) -> str:
    indent = "   " * row.depth + "└ " if row.depth else ""
    return f"{indent}{row.shown_name} ({row.type})"


def _shapes(row: Row) -> str:
    shapes = ", ".join(map(format_shape, row.output_shapes))
    return f"[{shapes}]" if row.further_shapes else shapes


def _activation(row: Row) -> str:
    return _bytes(Amount(row.activation_bytes, row.activation_bytes_formula))


def _bytes(amount: Amount) -> str:
    return f"{amount.formula} Byte" if amount.number is None else format_bytes(amount.number)


# The widths are those of Keras's table of 65 columns.
_LAYER = _Look("Layer (type)", 28, _layer, breaks="/_ ", least=18)
_LOOKS: dict[Column, _Look] = {
    "output_shape": _Look("Output Shape", 26, _shapes, breaks=" ", least=16),
    "params": _Look("Param #", 10, lambda row: str(row.params)),
    "trainable_params": _Look("Trainable #", 12, lambda row: str(row.trainable_params)),
    "percent": _Look("Param %", 9, lambda row: f"{row.percent:.2f}"),
    "kernel": _Look("Kernel", 8, lambda row: _extents(row.kernel)),
    "macs": _Look("MACs", 12, lambda row: Amount(row.macs, row.macs_formula).text, breaks=" ", least=12),
    "activation_bytes": _Look("Activation", 12, _activation, breaks=" ", least=12),
    "receptive_field": _Look("Receptive Field", 17, lambda row: _extents(row.receptive_field)),
    "trainable": _Look("Trainable", 11, lambda row: "yes" if row.trainable else "no"),
    "connected_to": _Look(
        "Connected to", 20, lambda row: ", ".join(row.shown_connections) or "-", breaks=" /_", least=16
    ),
}

COLUMNS: tuple[Column, ...] = tuple(_LOOKS)
"""All columns that can stand after the layer's name, in the order of the wide table."""
GUIDE_COLUMNS: tuple[Column, ...] = ("output_shape", "params")
GRAPH_COLUMNS: tuple[Column, ...] = (*GUIDE_COLUMNS, "connected_to")
"""Those of a model that is no plain chain."""


def check_columns(columns: Sequence[str]) -> tuple[Column, ...]:
    """The columns of these names. Raises `SpecError` for a name that is none."""
    for name in columns:
        if name not in _LOOKS:
            raise SpecError(Diagnostic("E204", *unknown("column", name, _LOOKS), "--columns"))
    return tuple(column for name in columns for column in COLUMNS if column == name)


def columns_of(columns: Sequence[str] | None, wide: bool, is_chain: bool) -> tuple[Column, ...]:
    """The columns to show: all, those named, or the usual ones. Raises `SpecError` for a name that is none."""
    if wide:
        return COLUMNS
    if columns is not None:
        return check_columns(columns)
    return GUIDE_COLUMNS if is_chain else GRAPH_COLUMNS


def cells(summary: Summary) -> tuple[list[str], list[list[str]]]:
    """The headings and the rows of the summary's table."""
    looks = [_LAYER, *(_LOOKS[column] for column in summary.columns)]
    return [look.heading for look in looks], [[shown(look.cell(row)) for look in looks] for row in summary.rows]


_LABELS_SHOWN = 5


def labels_shown(labels: Sequence[str]) -> str:
    """How many labels there are, and the first ones: `3 (cat, dog, bird)`."""
    more = ", …" if len(labels) > _LABELS_SHOWN else ""
    return f"{len(labels)} ({', '.join(map(shown, labels[:_LABELS_SHOWN]))}{more})"


def totals(summary: Summary) -> list[tuple[str, str]]:
    """What stands under the table, as (name, value); beyond the guide's three lines, what the columns ask for."""
    lines = [
        (name, f"{count} ({format_bytes(count * 4)})")
        for name, count in (
            ("Total params", summary.params),
            ("Trainable params", summary.trainable_params),
            ("Non-trainable params", summary.non_trainable_params),
        )
    ]
    if summary.free_sizes:
        lines.append(("Free sizes", free_told(summary.free_sizes)))
    at = f"for {sizes_told(summary.sizes)}" if summary.sizes else ""
    if "macs" in summary.columns:
        lines.append((_named("MACs per sample", at), Amount(summary.macs, summary.macs_formula).text))
    if "activation_bytes" in summary.columns:
        lines.append((_named("Activation memory", f"batch of {summary.batch_size}", at), _memory(summary)))
    if summary.formulas_hold and {"macs", "activation_bytes"} & set(summary.columns):
        lines.append(("Formulas hold for", ", ".join(summary.formulas_hold)))
    if summary.columns == COLUMNS:
        lines += [("Preprocessing", " ".join(how.model_dump().values())) for how in summary.preprocessing if how]
        lines += [("Labels", labels_shown(labels)) for labels in summary.labels if labels]
    return lines


def _named(name: str, *notes: str) -> str:
    told = ", ".join(note for note in notes if note)
    return f"{name} ({told})" if told else name


def _memory(summary: Summary) -> str:
    """The memory of a call, as far as it is known."""
    peak = summary.peak_memory
    if peak is None:
        return _bytes(Amount(summary.activation_memory))
    planned = f"{format_bytes(peak.planned)} for {sizes_told(peak.sizes)}"
    return f"about {_bytes(amount(peak.alive))}, alive at `{peak.layer}`; {planned}"


_CONNECTED = 40
"""The cells of a list of connections where there is room: it goes on in the next line."""


_LONGEST_TYPE = 32


def as_text(summary: Summary, width: int | None = None, positions: Sequence[float] | None = None) -> str:
    """Keras's table, in lines of at most `width` cells where it is given.

    Columns are as wide as their widest cell where there is room. Else long names, shapes and lists go on in the next
    line, and what does not fit at all is in a second table; nothing is ever cut. `positions` are where columns end: as
    shares of the width, by default that of the table itself, or in characters where the last one is more than 1.
    """
    columns = _text_columns(summary)
    blocks = lay_out(columns, width) if positions is None else [lay_out_at(columns, width, positions)]
    line = max(block.width for block in blocks)
    lines = [f'Model: "{shown(summary.name)}"', "_" * line]
    for block in blocks:
        lines += [*block.head, "=" * line, *block.body, "=" * line]
    return "\n".join([*lines, *(f"{name}: {value}" for name, value in totals(summary)), "_" * line])


def _text_columns(summary: Summary) -> list[TextColumn]:
    """The columns of the summary, as they are laid out."""
    headings, rows = cells(summary)
    looks = [_LAYER, *(_LOOKS[column] for column in summary.columns)]
    indents = [3 * row.depth for row in summary.rows]
    made: list[TextColumn] = []
    for i, (heading, look) in enumerate(zip(headings, looks, strict=True)):
        texts = [row[i] for row in rows]
        if look is _LOOKS["connected_to"]:
            texts = ["\n".join(_broken(text)) for text in texts]
        if look in (_LOOKS["macs"], _LOOKS["activation_bytes"]):
            texts = ["\n".join(_folded(text)) for text in texts]
        least = look.least
        if look is _LOOKS["output_shape"]:  # one shape stays on one line
            least = max((len(format_shape(s)) + 2 for row in summary.rows for s in row.output_shapes), default=least)
        if look is _LAYER:  # and so does a type, unless it is very long
            least = max((len(row.type) + 4 + n for row, n in zip(summary.rows, indents, strict=True)), default=least)
            least = max(look.least, min(least, _LONGEST_TYPE))
        is_list = look is _LOOKS["connected_to"]
        made.append(TextColumn(heading, texts, look.width, look.breaks, least, is_list, indents if not i else ()))
    return made


def _folded(formula: str) -> list[str]:
    """The lines of a long formula, broken between its terms."""
    whole = _IN_PARENTHESES.sub(lambda found: found[0].replace(" ", _NO_BREAK), formula)
    return [line.replace(_NO_BREAK, " ") for line in folded(whole, _CONNECTED, " ")]


_IN_PARENTHESES = regex(r"\([^()]*\)")
_NO_BREAK = "\u00a0"


def _broken(text: str) -> list[str]:
    """The lines of a list of connections, broken between its items."""
    lines = [""]
    for item in text.split(", "):
        if lines[-1] and len(lines[-1]) + len(item) > _CONNECTED:
            lines.append("")
        lines[-1] += f"{item}, "
    return [line.removesuffix(" ") for line in lines[:-1]] + [lines[-1].removesuffix(", ")]


def as_markdown(summary: Summary) -> str:
    """A table of GitHub's Markdown, and the totals below it."""
    headings, rows = cells(summary)

    def line(texts: list[str]) -> str:
        return "| " + " | ".join(escaped(text) for text in texts) + " |"

    table = [line(headings), "|" + " --- |" * len(headings), *map(line, rows)]
    return "\n".join([*table, "", *(f"- {name}: {value}" for name, value in totals(summary))])


def escaped(text: str) -> str:
    """Text as a cell of a table of GitHub's Markdown."""
    indent = len(text) - len(text.lstrip(" "))
    for character in "\\|*_`<>":
        text = text.replace(character, "\\" + character)
    return "&nbsp;" * indent + text[indent:]


def as_csv(summary: Summary) -> str:
    """One line of names and one per layer, named by its path, all numbers in full (RFC 4180, lines end in \\n).

    Extents are `5x5`.
    """
    import csv
    from io import StringIO

    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["name", "type", *summary.columns])
    for row in summary.rows:
        writer.writerow([row.name, row.type, *(_datum(row, column) for column in summary.columns)])
    return file.getvalue().removesuffix("\n")


def _datum(row: Row, column: Column) -> str:
    match column:
        case "output_shape":
            return _shapes(row)
        case "connected_to":
            return ", ".join(row.connected_to)
        case "percent":
            return f"{row.percent:.2f}"
        case "kernel" | "receptive_field":
            return "x".join(map(str, getattr(row, column) or ()))
        case "trainable":
            return str(row.trainable).lower()
        case "macs":
            return Amount(row.macs, row.macs_formula).text
        case "activation_bytes":
            return Amount(row.activation_bytes, row.activation_bytes_formula).text
        case _:
            return str(getattr(row, column))
