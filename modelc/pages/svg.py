"""A picture of a model as SVG: light and dark as the reader's screen is, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from modelc.graph.types import format_shape
from modelc.layered import Route
from modelc.pages.data import shape_told
from modelc.pages.kinds import COST_LABELS, KINDS, Colours, CostName, cost_colour
from modelc.pages.layout import NODE, TITLE, PlacedLevel, placed
from modelc.pages.picture import DrawnLayer, ModelPicture
from modelc.text.amounts import format_bytes

_EDGE = 14.0
"""Around the picture."""
_NAME_LETTERS, _SMALL_LETTERS = 25, 32
"""How many letters of each size fit a box; what is cut stands in the box's title."""

_STYLE = """
.modelc{font:11.5px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#5b6675}
.modelc .n{font-size:13px;font-weight:600;fill:#17202c}.modelc .b{fill:#fff;stroke:#d9dee5}
.modelc .e{fill:none;stroke:#9aa5b3;stroke-width:1.3}.modelc .a{fill:#9aa5b3}.modelc .p{fill:#f6f7f9}
.modelc .t{fill-opacity:.13}.modelc .i{fill-opacity:.07}
@media (prefers-color-scheme:dark){.modelc{fill:#9aa5b3}.modelc .n{fill:#e7ebf0}.modelc .b{fill:#1c222b;stroke:#323b47}
.modelc .e{stroke:#5b6675}.modelc .a{fill:#5b6675}.modelc .p{fill:#12161c}}
""".strip().replace("\n", "")


class SvgText(str):
    """A picture as SVG: a text, which notebooks show as the picture."""

    def _repr_svg_(self) -> str:
        return str(self)


def as_svg(picture: ModelPicture, *, unfolded: bool = False, colours: Colours = "kind") -> SvgText:
    """The picture of a model, with the layers inside of models if `unfolded`. All text is escaped."""
    layout = placed(picture.top, unfolded=unfolded)
    width, height = layout.drawing.width + 2 * _EDGE, layout.drawing.height + 2 * _EDGE
    parts = _level(layout, _EDGE, _EDGE, _Paint(picture, colours))
    return SvgText(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="modelc" role="img" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.1f} {height:.1f}"><title>{_text(picture.name)}</title><style>{_STYLE}</style>'
        f'<rect class="p" width="100%" height="100%"/>{"".join(parts)}</svg>\n'
    )


class _Paint:
    """The colours of nodes, and what stands at the right of their second line."""

    def __init__(self, picture: ModelPicture, colours: Colours) -> None:
        self._cost: CostName | None = None if colours == "kind" else colours
        known = [0] if self._cost is None else [self._amount(n) or 0 for n in picture.top.all_nodes() if not n.inside]
        self._most = max(known, default=0)
        self._least = min((cost for cost in known if cost > 0), default=0)

    def colour(self, node: DrawnLayer) -> str:
        """The colour of a node."""
        if self._cost is None:
            return KINDS[node.kind].colour
        return cost_colour(self._amount(node), self._least, self._most)

    def figure(self, node: DrawnLayer) -> str:
        """The shape of a node's output, or its cost where costs are coloured."""
        if self._cost is None:
            return ", ".join(map(shape_told, node.shapes))
        amount = node.costs.get(self._cost)
        if amount is None:
            return ""
        if amount.number is None:
            return amount.text
        return format_bytes(amount.number) if self._cost == "memory" else f"{amount.number:,}"

    def _amount(self, node: DrawnLayer) -> int | None:
        amount = node.costs.get(self._cost) if self._cost is not None else None
        return None if amount is None else amount.number


def _level(layout: PlacedLevel, x: float, y: float, paint: _Paint) -> Iterator[str]:
    """The boxes and edges of a level whose upper left corner is at (x, y)."""
    for node, box, inside in zip(layout.level.nodes, layout.drawing.boxes, layout.inside, strict=True):
        left, top = x + box.x, y + box.y
        if inside is None:
            yield _box(node, left, top, paint)
        else:
            yield _container(node, left, top, box.width, box.height, paint)
            yield from _level(inside, left + (box.width - inside.drawing.width) / 2, top + TITLE, paint)
    for route in layout.drawing.routes:
        yield _edge(route, x, y)


def _box(node: DrawnLayer, x: float, y: float, paint: _Paint) -> str:
    width, height = NODE
    colour, figure = paint.colour(node), paint.figure(node)
    frame = f'x="{x:.1f}" y="{y:.1f}" width="{width:.0f}" height="{height:.0f}" rx="9"'
    name = f"▸ {node.name}" if node.inside is not None else node.name
    figure = _cut(figure, _SMALL_LETTERS - 6)
    type = _cut(node.type, max(_SMALL_LETTERS - len(figure) - 1, 6))
    return (
        f'<g><title>{_text(_told(node))}</title><rect class="b" {frame}/><rect class="t" {frame} fill="{colour}"/>'
        f'<rect x="{x + 2:.1f}" y="{y + 8:.1f}" width="4" height="{height - 16:.0f}" rx="2" fill="{colour}"/>'
        f'<text class="n" x="{x + 14:.1f}" y="{y + 21:.1f}">{_text(_cut(name, _NAME_LETTERS))}</text>'
        f'<text x="{x + 14:.1f}" y="{y + 39:.1f}">{_text(type)}</text>'
        f'<text x="{x + width - 10:.1f}" y="{y + 39:.1f}" text-anchor="end">{_text(figure)}</text>'
        "</g>"
    )


def _container(node: DrawnLayer, x: float, y: float, width: float, height: float, paint: _Paint) -> str:
    colour = paint.colour(node)
    title = _cut(f"{node.name} · {node.type}", int(width / NODE[0] * _NAME_LETTERS))
    return (
        f'<g><title>{_text(_told(node))}</title><rect class="i" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}" rx="12" fill="{colour}" stroke="{colour}" stroke-width="1.3"/>'
        f'<text class="n" x="{x + 14:.1f}" y="{y + 20:.1f}">{_text(title)}</text></g>'
    )


def _told(node: DrawnLayer) -> str:
    """All of a node in some lines, which a browser shows where the pointer rests."""
    shapes = ", ".join(map(format_shape, node.shapes))
    costs = [
        f"{COST_LABELS[name]}: {format_bytes(c.number) if name == 'memory' and c.number is not None else c.text}"
        for name, c in node.costs.items() if c.number != 0
    ]  # fmt: skip
    where = [f"{node.origin.file}:{node.origin.line}"] if node.origin is not None else []
    return "\n".join([f"{node.path} ({node.type})", f"output: {shapes}", *costs, *where])


def _edge(route: Route, x: float, y: float) -> str:
    points = [(x + px, y + py) for px, py in route.points]
    way = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = (y1 + y2) / 2
        straight = f"L{x2:.1f} {y2:.1f}"
        way.append(straight if x1 == x2 else f"C{x1:.1f} {middle:.1f} {x2:.1f} {middle:.1f} {x2:.1f} {y2:.1f}")
    ex, ey = points[-1]
    head = f"M{ex - 4:.1f} {ey - 6:.1f}L{ex + 4:.1f} {ey - 6:.1f}L{ex:.1f} {ey:.1f}Z"
    return f'<path class="e" d="{"".join(way)}"/><path class="a" d="{head}"/>'


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def _text(text: str) -> str:
    """Text in XML, which has no way to write most control characters, nor half a character."""
    return escape("".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text))
