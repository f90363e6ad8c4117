"""`ModelPlot`: a model as Keras's `plot_model` shows it: a box for each layer, with what was asked for in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal, NamedTuple

from modelc.graph.types import Shape
from modelc.language.wiring import ANONYMOUS_INPUT
from modelc.layered import draw
from modelc.pages.picture import DrawnLayer, Level, ModelPicture
from modelc.text.terminal import cells

Direction = Literal["TB", "BT", "LR", "RL"]
"""Where edges lead: from the top to the bottom, and so on, by Graphviz's names."""

Point = tuple[float, float]

TITLE_FILL, PLAIN_FILL, TRAINED_FILL, FROZEN_FILL = "#17202c", "#ffffff", "#15803d", "#b91c1c"
FONT_SIZE = 12.0
"""In points, as all lengths of a plot: 72 to the inch."""
_LETTER = 0.62 * FONT_SIZE
"""The width of a letter, on average; a plot does not know the font that it is shown in."""
_ROW, _PADDING = 26.0, 16.0
_GAP, _ROW_GAP = 22.0, 30.0
_MARGIN, _FRAME_TITLE = 14.0, 26.0


@dataclass(frozen=True, kw_only=True)
class PlotOptions:
    """What boxes hold besides the types of layers, and how they are arranged."""

    show_shapes: bool = False
    show_dtype: bool = False
    show_layer_names: bool = False
    show_layer_activations: bool = False
    show_trainable: bool = False
    expand_nested: bool = False
    rankdir: Direction = "TB"


class PlotCell(NamedTuple):
    """A text in a box: what it is called, and the value, which is bold."""

    label: str
    value: str
    fill: str = PLAIN_FILL

    @property
    def text(self) -> str:
        """Both."""
        return f"{self.label}{self.value}"

    @property
    def colour(self) -> str:
        """The colour of the text, which can be read on `fill`."""
        return "#17202c" if self.fill == PLAIN_FILL else "#ffffff"


Rows = tuple[tuple[PlotCell, ...], ...]


def rows_of(node: DrawnLayer, options: PlotOptions) -> Rows:
    """The rows of a layer's box: its type, its activation, and side by side all else."""
    title = PlotCell("", f"{node.name} ({node.type})" if options.show_layer_names else node.type, TITLE_FILL)
    rows: list[tuple[PlotCell, ...]] = [(title,)]
    if options.show_layer_activations and node.activation is not None:
        rows.append((PlotCell("Activation: ", node.activation),))
    last: list[PlotCell] = []
    if options.show_shapes:
        if node.type != "InputLayer":
            last.append(PlotCell("Input shape: ", _shapes(node.input_shapes)))
        last.append(PlotCell("Output shape: ", _shapes(node.shapes)))
    if options.show_dtype:
        last.append(PlotCell("Output dtype: ", ", ".join(node.dtypes)))
    if options.show_trainable and (node.weights or (node.inside is not None and node.costs["params"].number)):
        last.append(PlotCell("", *(("Trainable", TRAINED_FILL) if node.trainable else ("Non-trainable", FROZEN_FILL))))
    return (*rows, tuple(last)) if last else tuple(rows)


def _shapes(shapes: Sequence[Shape]) -> str:
    """One shape, or the list of several, as Python writes them."""
    return str(tuple(shapes[0])) if len(shapes) == 1 else f"[{', '.join(str(tuple(shape)) for shape in shapes)}]"


class PlotBox(NamedTuple):
    """A layer's box, and where it stands."""

    rows: Rows
    x: float
    y: float
    width: float
    height: float


class PlotFrame(NamedTuple):
    """What is drawn around the layers of a model."""

    title: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Plot:
    """Where all is drawn, in points from the upper left corner."""

    width: float
    height: float
    boxes: tuple[PlotBox, ...]
    frames: tuple[PlotFrame, ...]
    """Outer ones before those inside of them."""
    edges: tuple[tuple[Point, ...], ...]


def plot_of(picture: ModelPicture, options: PlotOptions) -> Plot:
    """The plot of a model."""
    made = _Plotter(options)
    width, height = made.level(top_level(picture), _MARGIN, _MARGIN)
    return made.plot(width + 2 * _MARGIN, height + 2 * _MARGIN)


def top_level(picture: ModelPicture) -> Level:
    """The level of the model itself, as Keras draws it."""
    level, names = as_keras_draws(picture.top), picture.summary.graph.input_names
    if not level.nodes or level.nodes[0].path != ANONYMOUS_INPUT or names[0] == ANONYMOUS_INPUT:
        return level
    return Level((replace(level.nodes[0], name=names[0]), *level.nodes[1:]), level.edges)


def as_keras_draws(level: Level) -> Level:
    """A level with its input as Keras has it: an InputLayer, and none for what a Sequential model takes."""
    if not level.nodes or level.nodes[0].type != "input":
        return level
    first, *others = level.nodes
    if level.edges != tuple(pairwise(range(len(level.nodes)))):
        return Level((replace(first, name="input_layer", type="InputLayer"), *others), level.edges)
    return Level(tuple(others), tuple((source - 1, target - 1) for source, target in level.edges if source))


@dataclass
class _Plotter:
    """Lays out levels from top to bottom, on its side where edges lead to the right, and turns all at the end."""

    options: PlotOptions
    boxes: list[PlotBox] = field(default_factory=list[PlotBox])
    frames: list[PlotFrame] = field(default_factory=list[PlotFrame])
    edges: list[tuple[Point, ...]] = field(default_factory=list[tuple[Point, ...]])

    @property
    def _sideways(self) -> bool:
        return self.options.rankdir in ("LR", "RL")

    def level(self, level: Level, x: float, y: float) -> tuple[float, float]:
        """Draw a level whose corner is there; its width and height."""
        level = as_keras_draws(level)
        drawing = draw([self._size(node) for node in level.nodes], level.edges, gap=_GAP, row_gap=_ROW_GAP)
        for node, box in zip(level.nodes, drawing.boxes, strict=True):
            left, top = x + box.x, y + box.y
            inside = self._inside(node)
            if inside is None:
                self.boxes.append(PlotBox(rows_of(node, self.options), left, top, box.width, box.height))
                continue
            self.frames.append(PlotFrame(node.name, left, top, box.width, box.height))
            beside, above = (_FRAME_TITLE, _MARGIN) if self._sideways else (_MARGIN, _FRAME_TITLE)
            self.level(inside, left + beside, top + above)
        self.edges += [tuple((x + px, y + py) for px, py in route.points) for route in drawing.routes]
        return drawing.width, drawing.height

    def _inside(self, node: DrawnLayer) -> Level | None:
        """What is drawn inside of a node."""
        return node.inside if self.options.expand_nested and node.inside is not None and node.inside.nodes else None

    def _size(self, node: DrawnLayer) -> tuple[float, float]:
        inside = self._inside(node)
        if inside is None:
            width, height = _box_size(rows_of(node, self.options))
            return (height, width) if self._sideways else (width, height)
        width, height = _Plotter(self.options).level(inside, 0, 0)
        if self._sideways:
            return width + _FRAME_TITLE + _MARGIN, height + 2 * _MARGIN
        return width + 2 * _MARGIN, height + _FRAME_TITLE + _MARGIN

    def plot(self, width: float, height: float) -> Plot:
        """All that was drawn, turned."""
        turn = _TURNS[self.options.rankdir]
        total = (height, width) if self._sideways else (width, height)

        def turned(x: float, y: float, w: float, h: float) -> tuple[float, float, float, float]:
            corners = [turn(x, y, *total), turn(x + w, y + h, *total)]
            (left, right), (top, bottom) = (sorted(values) for values in zip(*corners, strict=True))
            return left, top, right - left, bottom - top

        return Plot(
            *total,
            tuple(PlotBox(box.rows, *turned(*box[1:])) for box in self.boxes),
            tuple(PlotFrame(frame.title, *turned(*frame[1:])) for frame in self.frames),
            tuple(tuple(turn(x, y, *total) for x, y in points) for points in self.edges),
        )


_TURNS: dict[Direction, Callable[[float, float, float, float], Point]] = {
    "TB": lambda x, y, width, height: (x, y),
    "BT": lambda x, y, width, height: (x, height - y),
    "LR": lambda x, y, width, height: (y, x),
    "RL": lambda x, y, width, height: (width - y, x),
}
"""Where a point of a drawing from top to bottom goes; the width and the height are those of the plot."""


def _box_size(rows: Rows) -> tuple[float, float]:
    width = max(sum(_cell_width(cell) for cell in row) for row in rows)
    return width, _ROW * len(rows)


def _cell_width(cell: PlotCell) -> float:
    return _LETTER * cells(cell.text) + _PADDING


def placed_cells(box: PlotBox) -> Iterator[tuple[PlotCell, float, float, float, float]]:
    """The cells of a box with their places: x, y, width, height; a row is as wide as the box."""
    height = box.height / len(box.rows)
    for i, row in enumerate(box.rows):
        natural = [_cell_width(cell) for cell in row]
        x, scale = box.x, box.width / sum(natural)
        for cell, width in zip(row, natural, strict=True):
            yield cell, x, box.y + i * height, width * scale, height
            x += width * scale
