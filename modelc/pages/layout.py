"""Where the layers of a picture stand: models in it folded to one box, or with their layers inside of it."""

from __future__ import annotations

from dataclasses import dataclass

from modelc.layered import Drawing, draw
from modelc.pages.picture import Level

NODE = (216.0, 50.0)
"""The size of a layer's box."""
GAP, ROW_GAP = 26.0, 26.0
MARGIN, TITLE = 14.0, 30.0
"""Around the layers inside of a model's box, and the height of its title."""


@dataclass(frozen=True)
class PlacedLevel:
    """A level laid out; `inside` are those of its models, None for a layer and for a folded model."""

    level: Level
    drawing: Drawing
    inside: tuple[PlacedLevel | None, ...]


def placed(level: Level, *, unfolded: bool = False) -> PlacedLevel:
    """The layout of a level; with the layers inside of models if `unfolded`."""
    inside = tuple(
        placed(node.inside, unfolded=True) if unfolded and node.inside is not None else None for node in level.nodes
    )
    sizes = [NODE if one is None else _around(one.drawing) for one in inside]
    return PlacedLevel(level, draw(sizes, level.edges, gap=GAP, row_gap=ROW_GAP), inside)


def _around(drawing: Drawing) -> tuple[float, float]:
    return max(NODE[0], drawing.width + 2 * MARGIN), drawing.height + TITLE + MARGIN
