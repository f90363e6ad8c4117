"""Layout of tables on a terminal: cells are wrapped rather than cut.

If they still do not fit, the columns are split into several tables, each of which begins with the first column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from modelc.errors import InputError
from modelc.text.terminal import cells, folded, padded

GAP = 2
"""The blanks between two columns."""
_BROAD = 40
"""Where names are long, what they get before columns are moved to another table."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column as text."""

    heading: str
    texts: Sequence[str]
    """Its cells; one may have lines of its own."""
    usual: int
    """Its width where there is room."""
    breaks: str = ""
    """What cells are broken behind where they are too long; they are not where this is empty."""
    least: int = 0
    """The cells below which broken lines become too short to read."""
    is_list: bool = False
    """Whether its cells are lists, whose items begin new lines where they are broken."""
    indents: Sequence[int] = ()
    """By how much each text is indented, in its further lines as well."""

    @property
    def natural(self) -> int:
        """The width at which nothing is broken."""
        return max(map(cells, (self.heading, *(line for text in self.texts for line in text.split("\n"))))) + GAP

    @property
    def narrowest(self) -> int:
        """The width below which it must not go: that of its longest piece, or what can still be read."""
        words = max(map(cells, self.heading.split(" ")))
        if not self.breaks:
            return max(words, *map(cells, self.texts), 0) + GAP
        return min(self.natural, max(words, self.least) + GAP)

    def lines(self, row: int, width: int) -> list[str]:
        """The lines of one of its texts."""
        text = self.texts[row]
        if not self.breaks or max(map(cells, text.split("\n"))) + GAP <= width:
            return text.split("\n")
        indent = " " * ((self.indents[row] if self.indents else 0) + GAP)
        items = text.replace("\n", " ").replace(", ", ",\n").split("\n") if self.is_list else [text]
        return [line for item in items for line in folded(item, max(width - GAP, len(indent) + 4), self.breaks, indent)]

    def heading_lines(self, width: int) -> list[str]:
        """The lines of the heading, which is broken between words."""
        return folded(self.heading, width - GAP, " ")


@dataclass(frozen=True, slots=True)
class ColumnBlock:
    """Some columns of a table, laid out."""

    head: list[str]
    body: list[str]
    width: int


def lay_out(columns: Sequence[TextColumn], width: int | None) -> list[ColumnBlock]:
    """A table in lines of at most `width` cells, as one block if that is possible; of any length for None.

    What cannot be broken may be wider: a number is never cut.
    """
    return [_block(group, widths) for group, widths in _groups(columns, width)]


def lay_out_at(columns: Sequence[TextColumn], width: int | None, positions: Sequence[float]) -> ColumnBlock:
    """A table whose columns end at these positions: as shares of the width where none is beyond 1, else in cells.

    The width is that of the table itself unless given. Raises `InputError` where there is not one for each column, or
    where one leaves too little room for what cannot be broken.
    """
    ends = list(positions)
    if len(ends) != len(columns) or any(b <= a for a, b in pairwise([0, *ends])):
        message = f"`positions` are {len(columns)} growing numbers, one for each column, found {ends}"
        raise InputError(message, "such as [0.45, 0.8, 1.0] for three columns")
    if ends[-1] <= 1:
        whole = 1 + sum(max(column.usual, column.natural) for column in columns) if width is None else width
        ends = [int(end * whole) for end in ends]
    widths = [int(b) - int(a) for a, b in pairwise([0, *ends])]
    for column, room in zip(columns, widths, strict=True):
        least = _BREAKABLE if column.breaks else column.narrowest
        if room < least:
            message = f"`positions` leave {room} characters for the column {column.heading}, which needs {least}"
            raise InputError(message, "give other positions, or a larger `line_length`")
    return _block(columns, widths)


_BREAKABLE = 8
"""The cells that a column whose texts can be broken needs in any case."""


def _groups(columns: Sequence[TextColumn], width: int | None) -> list[tuple[list[TextColumn], list[int]]]:
    fitting = _widths(columns, width)
    if fitting is not None or width is None or len(columns) < 3:
        return [(list(columns), fitting or [column.narrowest for column in columns])]
    first, *others = columns
    groups: list[list[TextColumn]] = []
    for column in others:
        if groups and 1 + min(first.natural, _BROAD) + sum(c.narrowest for c in (*groups[-1], column)) <= width:
            groups[-1].append(column)
        else:
            groups.append([column])
    made = [[first, *group] for group in groups]
    return [(group, _widths(group, width) or [column.narrowest for column in group]) for group in made]


def _widths(columns: Sequence[TextColumn], width: int | None) -> list[int] | None:
    """The widths of columns that fit together, or None."""
    natural = [column.natural for column in columns]
    full = [max(column.usual, least) for column, least in zip(columns, natural, strict=True)]
    if width is None or 1 + sum(full) <= width:
        return full
    if 1 + sum(natural) <= width:
        return natural
    narrowest = [column.narrowest for column in columns]
    if 1 + sum(narrowest) > width:
        return None
    # What is left beyond the narrowest is shared out: first to headings, then to what is broken, a cell at a time.
    widths, left = list(narrowest), width - 1 - sum(narrowest)
    for i in sorted(range(len(columns)), key=lambda i: (bool(columns[i].breaks), natural[i] - narrowest[i])):
        if not columns[i].breaks and natural[i] - widths[i] <= left // 2:
            left -= natural[i] - widths[i]
            widths[i] = natural[i]
    wanting = [i for i, column in enumerate(columns) if column.breaks]
    while left and (wanting := [i for i in wanting if widths[i] < natural[i]]):
        for i in wanting[:left]:
            widths[i] += 1
        left -= min(left, len(wanting))
    return widths


def _block(columns: Sequence[TextColumn], widths: Sequence[int]) -> ColumnBlock:
    head = _joined([c.heading_lines(w) for c, w in zip(columns, widths, strict=True)], widths)
    body: list[str] = []
    for row in range(len(columns[0].texts)):
        body += _joined([c.lines(row, w) for c, w in zip(columns, widths, strict=True)], widths)
    return ColumnBlock(head, body, 1 + sum(widths))


def _joined(columns: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    """The lines of a row, from those of its cells."""
    lines = zip_longest(*columns, fillvalue="")
    return [(" " + "".join(padded(t, w) for t, w in zip(line, widths, strict=True))).rstrip() for line in lines]
