"""The data of a page: a picture of a model as lists of columns, which stay small for many layers."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from re import compile as regex
from typing import Any

from modelc.layered import draw
from modelc.pages.kinds import COST_LABELS, KINDS, NOTHING, SCALE
from modelc.pages.layout import GAP, MARGIN, NODE, ROW_GAP, TITLE
from modelc.pages.picture import DrawnLayer, Level, ModelPicture, WeightShown
from modelc.report.counted import Amount
from modelc.report.summary import Summary
from modelc.report.table import COLUMNS, totals

_UNSAFE = regex("[<>&\u2028\u2029\ud800-\udfff]")
"""Markup, the line breaks of old scripts, and halves of characters, which no file can hold."""
_MOST_PLANNED = 4000
"""The layers up to which the memory of a call is planned for a page: some seconds of work."""
_LONGEST_OPTION = 200
"""The characters of an option that are shown: a table of labels or a lookup may have thousands."""


def shared_data() -> dict[str, Any]:
    """What all pages have: the names and colours of kinds and costs, and the sizes of boxes."""
    return {
        "kinds": {name: [kind.label, kind.colour] for name, kind in KINDS.items()},
        "costs": COST_LABELS,
        "scale": SCALE,
        "nothing": NOTHING,
        "box": {"width": NODE[0], "height": NODE[1], "gap": GAP, "rowGap": ROW_GAP, "margin": MARGIN, "title": TITLE},
    }


def model_data(picture: ModelPicture) -> dict[str, Any]:
    """What a page holds of one model.

    `levels` are the models in it, the whole one first; the nodes of each follow each other from `first` on. Each level
    is laid out with all models in it folded: `x` is the middle of each box, `rank` its row, and of an edge
    `[source, target, x, …]` the places where it passes the rows between, one for all where they are the same. Texts
    that occur again are positions in `strings`.
    """
    texts = _Texts()
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    levels: list[dict[str, Any]] = []
    waiting: deque[tuple[Level, str, int]] = deque([(picture.top, "", -1)])
    first = 0
    while waiting:
        level, path, owner = waiting.popleft()
        levels.append(_level(level, path, owner, first))
        for number, node in enumerate(level.nodes, first):
            inside = -1
            if node.inside is not None:
                inside = len(levels) + len(waiting)
                waiting.append((node.inside, f"{node.path}/", number))
            for name, value in zip(_COLUMNS, _row(node, texts, inside), strict=True):
                columns[name].append(value)
        first += len(level.nodes)
    return {
        "name": picture.name,
        "totals": [list(pair) for pair in _totals(picture.summary)],
        "batch": picture.summary.batch_size,
        "levels": levels,
        "nodes": columns,
        "strings": list(texts.known),
    }


_COLUMNS = (
    "name", "path", "type", "kind", "shape", "params", "trainable", "macs", "memory", "kernel", "field", "frozen",
    "options", "weights", "origin", "outputs", "uses", "inside",
)  # fmt: skip


def _totals(summary: Summary) -> list[tuple[str, str]]:
    """What a summary says of the whole model, but for what would take too long to plan."""
    if len(summary.graph.layers) <= _MOST_PLANNED:
        return totals(summary)
    columns = tuple(column for column in COLUMNS if column != "activation_bytes")
    return [
        *totals(replace(summary, columns=columns)),
        ("Activation memory", f"not planned for more than {_MOST_PLANNED:,} layers, see modelc summary"),
    ]


class _Texts:
    """Texts that occur again and again, each kept once; all other values stand as JSON."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def of(self, text: str) -> int:
        return self.known.setdefault(text, len(self.known))


def _row(node: DrawnLayer, texts: _Texts, inside: int) -> list[Any]:
    """The values of a node, in the order of the columns."""
    costs = [_amount(node.costs.get(name)) for name in COST_LABELS]
    kernel, field = ("×".join(map(str, extents)) if extents else "" for extents in (node.kernel, node.receptive_field))
    origin = node.origin
    return [
        node.name,
        node.path,
        texts.of(node.type),
        texts.of(node.kind),
        texts.of("|".join(map(shape_told, node.shapes))),
        *costs,
        texts.of(kernel),
        texts.of(field),
        int(not node.trainable),
        [[name, texts.of(option_told(value))] for name, value in node.options.items()],
        [_weight(weight, texts) for weight in node.weights],
        None if origin is None else [texts.of(origin.file), origin.line, texts.of(origin.text), texts.of(origin.site)],
        list(node.outputs),
        node.uses,
        inside,
    ]


def _amount(amount: Amount | None) -> int | str:
    if amount is None:
        return 0
    return amount.text if amount.number is None else amount.number


def shape_told(shape: Sequence[int | str | None]) -> str:
    """The sizes of one sample: `224×224×3`; `?` for what is free, and `1` for a number."""
    return "×".join("?" if size is None else str(size) for size in shape[1:]) or "1"


def option_told(value: Any) -> str:
    """An option as a spec would say it, on one line and not too long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_OPTION else f"{text[: _LONGEST_OPTION - 1]}…"


def _weight(weight: WeightShown, texts: _Texts) -> list[Any]:
    plain: list[Any] = [texts.of(weight.name), texts.of("×".join(map(str, weight.shape)) or "1"), int(weight.trainable)]
    values = weight.values
    if values is not None:
        told = [float(f"{one:.6g}") for one in (values.least, values.largest, values.mean, values.deviation)]
        plain += [list(values.counts), *told, values.zeros, values.not_finite]
    return plain


def _level(level: Level, path: str, owner: int, first: int) -> dict[str, Any]:
    drawing = draw([NODE] * len(level.nodes), level.edges, gap=GAP, row_gap=ROW_GAP)
    return {
        "path": path,
        "owner": owner,
        "first": first,
        "count": len(level.nodes),
        "x": [_short(box.middle) for box in drawing.boxes],
        "rank": [box.rank for box in drawing.boxes],
        "edges": [_edge(route.source, route.target, route.bends) for route in drawing.routes],
        "width": _short(drawing.width),
    }


def _edge(source: int, target: int, bends: Sequence[float]) -> list[float]:
    places = [_short(x) for x in bends]
    return [source, target, *(places[:1] if len(set(places)) == 1 else places)]


def _short(x: float) -> float:
    rounded = round(x, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def as_json(data: Mapping[str, Any]) -> str:
    """JSON that can stand in a page: no text in it can end the element that it is in, or begin another one."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
