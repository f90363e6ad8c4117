"""A small picture of an architecture: a stripe for each layer, as high as its output is large, over where costs are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from modelc.pages.kinds import COST_LABELS, KINDS, CostName
from modelc.pages.picture import DrawnLayer, ModelPicture

SHOWN = ("convolution", "core", "pooling", "merging", "attention", "recurrent")
"""The kinds of layers that get a stripe. The others keep shapes, and cost next to nothing."""
COSTS: tuple[tuple[CostName, str], ...] = (("macs", "#f97316"), ("params", "#14b8a6"))
"""What is drawn below the stripes, with its colour."""

_WIDTH, _TALLEST, _LEAST, _COST = 360.0, 96.0, 5.0, 18.0
"""In pixels: the picture, the highest and the lowest stripe, and each row of costs."""
_LABEL = 12.0
_APART = 24.0
"""The least distance of two labels."""


def zoo_picture(picture: ModelPicture) -> str:
    """The picture as SVG, in colours that are seen on light and on dark."""
    layers = [node for node in picture.top.all_nodes() if node.inside is None and node.kind in SHOWN]
    step = _WIDTH / len(layers)
    largest = max(map(_side, layers))
    middle = _LABEL + _TALLEST / 2

    def half(node: DrawnLayer) -> float:
        return max(_LEAST, _TALLEST * (_side(node) / largest) ** 0.5) / 2

    stripes: dict[str, list[str]] = {}
    for at, node in enumerate(layers):
        x, reach = (at + 0.5) * step, half(node)
        stripes.setdefault(node.kind, []).append(f"M{x:.1f} {middle - reach:.1f}v{2 * reach:.1f}")
    parts = [
        f'<path stroke="{KINDS[kind].colour}" stroke-width="{step * 0.86:.2f}" d="{"".join(lines)}"/>'
        for kind, lines in stripes.items()
    ]
    base = _LABEL + _TALLEST + 4
    for cost, colour in COSTS:
        base += _COST
        parts.append(_profile(layers, _amount(cost), step, base, colour))
    height = base + 2
    labels = "".join(_labels(layers, step, lambda node: middle - half(node) - 3))
    told = f"{picture.name}: {len(layers)} layers; below, {' and '.join(COST_LABELS[cost] for cost, _ in COSTS)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{_WIDTH:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {_WIDTH:.0f} {height:.0f}"><title>{escape(told)}</title>{"".join(parts)}'
        f'<g font-family="system-ui, sans-serif" font-size="9" fill="#7a8594">{labels}</g></svg>\n'
    )


def _side(node: DrawnLayer) -> int:
    """The height of a layer's output in pixels; 1 for a vector."""
    sizes = [size for size in node.shapes[0][1:-1] if isinstance(size, int)]
    return sizes[0] if sizes else 1


def _amount(cost: CostName) -> Callable[[DrawnLayer], int]:
    return lambda node: (node.costs[cost].number or 0) if cost in node.costs else 0


def _profile(
    layers: list[DrawnLayer], amount: Callable[[DrawnLayer], int], step: float, base: float, colour: str
) -> str:
    """How a cost is spread over the layers, as an area above `base`."""
    most = max(map(amount, layers)) or 1
    line = "".join(f"V{base - _COST * 0.9 * amount(node) / most:.1f}h{step:.2f}" for node in layers)
    return f'<path fill="{colour}" d="M0 {base:.1f}{line}V{base:.1f}z"/>'


def _labels(layers: list[DrawnLayer], step: float, top: Callable[[DrawnLayer], float]) -> Iterable[str]:
    """The sizes of outputs, where they become smaller than all before."""
    least, end = 10**9, -_APART
    for at, node in enumerate(layers):
        side, x = _side(node), at * step
        if side < least and side > 1 and x - end >= _APART:
            yield f'<text x="{x:.1f}" y="{top(node):.1f}">{side}</text>'
            end = x
        least = min(least, side)
