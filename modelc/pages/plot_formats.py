"""Plots of models as SVG, in DOT and as PNG."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

from modelc.errors import InputError
from modelc.files.kinds import DOT_HEAD
from modelc.pages.picture import DrawnLayer, Level, ModelPicture
from modelc.pages.plot import (
    FONT_SIZE,
    Plot,
    PlotBox,
    PlotCell,
    PlotOptions,
    as_keras_draws,
    placed_cells,
    rows_of,
    top_level,
)
from modelc.pages.svg import SvgText

_LINE, _EDGE = "#17202c", "#64748b"
_ARROW = 7.0
_LARGEST = 2**28
"""The most pixels of a picture: 268 million, 1 GB of colours while it is drawn."""


def plot_as_svg(plot: Plot, title: str) -> SvgText:
    """A picture that browsers and notebooks show."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{plot.width:.0f}pt" height="{plot.height:.0f}pt" '
        f'viewBox="0 0 {plot.width:.1f} {plot.height:.1f}" font-family="DejaVu Sans,system-ui,sans-serif" '
        f'font-size="{FONT_SIZE:g}"><title>{_text(title)}</title><rect width="100%" height="100%" fill="#ffffff"/>'
    ]
    for frame in plot.frames:
        parts.append(
            f'<rect x="{frame.x:.1f}" y="{frame.y:.1f}" width="{frame.width:.1f}" height="{frame.height:.1f}" '
            f'fill="none" stroke="{_EDGE}" stroke-dasharray="5 4"/>'
            f'<text x="{frame.x + 8:.1f}" y="{frame.y + 17:.1f}" fill="{_LINE}">{_text(frame.title)}</text>'
        )
    for points in plot.edges:
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        head = " ".join(f"{x:.1f},{y:.1f}" for x, y in _arrow(points))
        parts.append(
            f'<polyline points="{way}" fill="none" stroke="{_EDGE}" stroke-width="1.5"/>'
            f'<polygon points="{head}" fill="{_EDGE}"/>'
        )
    for box in plot.boxes:
        parts += map(_svg_cell, *zip(*placed_cells(box), strict=True))
    return SvgText("".join([*parts, "</svg>\n"]))


def _svg_cell(cell: PlotCell, x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{cell.fill}" stroke="{_LINE}"/>'
        f'<text x="{x + width / 2:.1f}" y="{y + height / 2 + 0.36 * FONT_SIZE:.1f}" text-anchor="middle" '
        f'fill="{cell.colour}">{_text(cell.label)}<tspan font-weight="bold">{_text(cell.value)}</tspan></text>'
    )


def _text(text: str) -> str:
    """Text in XML, which has no way to write most control characters."""
    return escape("".join(c if c.isprintable() else "\ufffd" for c in text))


def _arrow(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """The head of an arrow at the end of a line, in the direction of its last piece."""
    (x1, y1), (x2, y2) = points[-2:]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    along, across = ((x2 - x1) / length, (y2 - y1) / length), (-(y2 - y1) / length, (x2 - x1) / length)
    bx, by = x2 - _ARROW * along[0], y2 - _ARROW * along[1]
    half = _ARROW / 2.4
    return [(x2, y2), (bx + half * across[0], by + half * across[1]), (bx - half * across[0], by - half * across[1])]


def save_png(plot: Plot, path: Path, dpi: int) -> None:
    """Draw a PNG file with so many dots to the inch. Raises `InputError` where matplotlib is not installed."""
    figure_class, patches = png_maker(path)
    pixels = plot.width * plot.height * (dpi / 72) ** 2
    if pixels > _LARGEST:
        help = "give a lower `dpi`, or draw an .svg file"
        raise InputError(f"{path}: the picture would have {pixels / 1e6:,.0f} million pixels", help)
    figure = figure_class(figsize=(plot.width / 72, plot.height / 72), dpi=dpi)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, plot.width), ylim=(plot.height, 0))
    axes.axis("off")
    for frame in plot.frames:
        corner, size = (frame.x, frame.y), (frame.width, frame.height)
        axes.add_patch(patches.Rectangle(corner, *size, fill=False, edgecolor=_EDGE, linestyle="--", linewidth=0.8))
        axes.text(frame.x + 8, frame.y + 13, _plain(frame.title), fontsize=FONT_SIZE, color=_LINE, va="center")
    for points in plot.edges:
        axes.plot(*zip(*points, strict=True), color=_EDGE, linewidth=1.2, solid_joinstyle="round")
        axes.add_patch(patches.Polygon(_arrow(points), closed=True, color=_EDGE, linewidth=0))
    for box in plot.boxes:
        _draw_box(axes, patches, box)
    figure.savefig(path, format="png", dpi=dpi, metadata={"Software": None})


def _draw_box(axes: Any, patches: Any, box: PlotBox) -> None:
    for cell, x, y, width, height in placed_cells(box):
        axes.add_patch(patches.Rectangle((x, y), width, height, facecolor=cell.fill, edgecolor=_LINE, linewidth=0.8))
        middle, weight = (x + width / 2, y + height / 2), "bold" if not cell.label else "normal"
        axes.text(
            *middle, _plain(cell.text), fontsize=FONT_SIZE, color=cell.colour, weight=weight, ha="center",
            va="center_baseline",
        )  # fmt: skip


def _plain(text: str) -> str:
    """Text that matplotlib does not take for mathematics, and has signs for."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text).replace("$", r"\$")


def png_maker(path: Path) -> tuple[Any, Any]:
    """matplotlib's figures and shapes. Raises `InputError`, which names the other formats, where it is not there."""
    try:
        return import_module("matplotlib.figure").Figure, import_module("matplotlib.patches")
    except ImportError:
        others = f"or draw {path.with_suffix('.svg').name} or {path.with_suffix('.dot').name}, which need nothing"
        message = f"{path}: drawing a .png file needs matplotlib"
        raise InputError(message, f"pip install 'modelc[plot]', {others}") from None


def plot_as_dot(picture: ModelPicture, options: PlotOptions, dpi: int) -> str:
    """The graph in DOT, for Graphviz, with the same boxes."""
    lines = [
        DOT_HEAD,
        f"digraph {_dot_text(picture.name)} {{",
        f'    rankdir={options.rankdir}; dpi={dpi}; splines=ortho; node [shape=plain, fontname="sans-serif"];',
    ]
    return "\n".join([*lines, *_Dot(options).level(top_level(picture), "    "), "}"]) + "\n"


class _Dot:
    """The lines of levels; nodes are named by their number, so that no name of a layer is part of the syntax."""

    def __init__(self, options: PlotOptions) -> None:
        self._options = options
        self._count = 0
        self._ends: dict[int, tuple[str, str]] = {}

    def level(self, level: Level, indent: str) -> Iterator[str]:
        """The nodes of a level, models as clusters where they are expanded, then its edges."""
        level = as_keras_draws(level)
        ends: list[tuple[str, str]] = []
        for node in level.nodes:
            if self._options.expand_nested and node.inside is not None and node.inside.nodes:
                first = self._count
                yield f"{indent}subgraph cluster_{first} {{ label={_dot_text(node.name)}; style=dashed; labeljust=l;"
                yield from self.level(node.inside, f"{indent}    ")
                yield f"{indent}}}"
                ends.append(self._ends[id(node.inside)])
            else:
                name = f"n{self._count}"
                self._count += 1
                yield f"{indent}{name} [label=<{_table(node, self._options)}>];"
                ends.append((name, name))
        for source, target in level.edges:
            yield f"{indent}{ends[source][1]} -> {ends[target][0]};"
        self._ends[id(level)] = ends[0][0], ends[-1][1]


def _table(node: DrawnLayer, options: PlotOptions) -> str:
    """A box as one of Graphviz's tables."""
    rows = rows_of(node, options)
    most = max(map(len, rows))
    lines: list[str] = []
    for row in rows:
        span = most // len(row)
        made = (
            f'<td bgcolor="{cell.fill}" colspan="{span}"><font color="{cell.colour}">{_text(cell.label)}'
            f"<b>{_text(cell.value)}</b></font></td>"
            for cell in row
        )
        lines.append(f"<tr>{''.join(made)}</tr>")
    return f'<table border="0" cellborder="1" cellspacing="0" cellpadding="6">{"".join(lines)}</table>'


def _dot_text(text: str) -> str:
    kept = "".join(c for c in text if c.isprintable()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{kept}"'
