"""`SideBySide`: two models beside each other on a page, with what was removed, added and changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelc.graph.types import format_shape
from modelc.language.definition import Definition
from modelc.pages.data import model_data, option_told, shared_data
from modelc.pages.html import page
from modelc.pages.picture import ModelPicture, picture_of
from modelc.pages.view import framed, open_in_browser, save_text
from modelc.report.diff.find import Added, Diff, LayerPair, Removed, compare
from modelc.report.diff.text import as_lines, cost_rows

Status = str
"""`removed`, `added`, `changed`, `renamed`, `reshaped`, or nothing."""


@dataclass(frozen=True)
class SideBySide:
    """Two models beside each other. Notebooks show the page."""

    pictures: tuple[ModelPicture, ModelPicture]
    diff: Diff
    names: tuple[str, str]
    """What the two are called above their graphs, such as their files."""

    def to_html(self) -> str:
        """A page of its own with both graphs: selecting a layer in one selects its counterpart in the other."""
        models = [model_data(picture) for picture in self.pictures]
        title = " → ".join(dict.fromkeys(self.diff.names))
        data = {"title": title, "shared": shared_data(), "models": models, "diff": self._data(models)}
        return page(f"{title} · modelc diff", data)

    def save(self, path: str | os.PathLike[str], *, force: bool | None = None) -> None:
        """Write the page to a file. Raises `OverwriteError` for the place of a file of another kind, unless `force`."""
        save_text(self.to_html(), path, "html", force=force)

    def open(self, path: str | os.PathLike[str]) -> None:
        """Write the page to a file and open it in the browser."""
        self.save(path)
        open_in_browser(path)

    def _repr_html_(self) -> str:
        return framed(self.to_html())

    def _data(self, models: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """What the page says of both.

        By side: the `status` of each node, its `partner` on the other side or -1, and what `options` of it differ.
        """
        nodes = [_by_path(model["nodes"]["path"]) for model in models]
        counts = [len(model["nodes"]["path"]) for model in models]
        status: list[list[Status]] = [[""] * count for count in counts]
        partner = [[-1] * count for count in counts]
        options: list[dict[int, list[list[str]]]] = [{}, {}]
        order: list[list[int]] = []
        for before, after, told, differences in self._layers():
            sides = [nodes[side].get(path, []) if path is not None else [] for side, path in ((0, before), (1, after))]
            for side, its in enumerate(sides):
                for i, node in enumerate(its):
                    status[side][node] = told
                    if differences:
                        options[side][node] = differences
                    other = sides[1 - side]
                    partner[side][node] = other[min(i, len(other) - 1)] if other else -1
            if told and told != "reshaped":
                side = 1 if sides[1] else 0
                order += [[side, node] for node in sides[side][:1]]
        for i in range(counts[0]):  # inputs have no options: they belong together by name
            path = models[0]["nodes"]["path"][i]
            if partner[0][i] < 0 and not status[0][i] and len(nodes[1].get(path, [])) == 1:
                j = nodes[1][path][0]
                if partner[1][j] < 0 and not status[1][j]:
                    partner[0][i], partner[1][j] = j, i
        return {
            "captions": [f"A  {self.names[0]}", f"B  {self.names[1]}"],
            "summary": self._summary(),
            "status": status,
            "partner": partner,
            "options": options,
            "order": order,
            "costs": cost_rows(self.diff) if self.diff else [],
            "notes": [[kind, line] for kind, line in as_lines(self.diff, costs=False, layers=False) if line],
        }

    def _layers(self) -> Iterator[tuple[str | None, str | None, Status, list[list[str]]]]:
        """The paths of each layer in both models, what became of it, and what differs."""
        for layer in self.diff.layers:
            match layer:
                case Removed():
                    yield layer.part.path, None, "removed", []
                case Added():
                    yield None, layer.part.path, "added", []
                case LayerPair():
                    yield layer.before.path, layer.after.path, _status(layer), list(_differences(layer))

    def _summary(self) -> str:
        diff = self.diff
        counts = {
            "removed": len(diff.removed), "added": len(diff.added), "changed": len(diff.changed),
            "renamed": len(diff.renamed), "with other shapes": len(diff.reshaped),
        }  # fmt: skip
        told = [f"{count:,} {name}" for name, count in counts.items() if count]
        return ", ".join(told) or ("no layer differs" if diff else "no differences")


def side_by_side(
    a: Definition,
    b: Definition,
    names: tuple[str, str] | None = None,
    *,
    batch_size: int = 1,
    sizes: Mapping[str, int] | None = None,
) -> SideBySide:
    """Two models beside each other; costs are for `batch_size` samples and the free `sizes` that each of them has.

    Raises `SpecError` where a shape does not fit or is not known.
    """
    diff = compare(a, b, batch_size, sizes)
    pictures = tuple(
        picture_of(model, batch_size=batch_size, sizes=_own(sizes, found))
        for model, found in zip((a, b), diff.sizes, strict=True)
    )
    return SideBySide((pictures[0], pictures[1]), diff, names or (a.name, b.name))


def _own(sizes: Mapping[str, int] | None, free: Sequence[Any]) -> dict[str, int]:
    names = {size.symbol.name for size in free}
    return {name: size for name, size in (sizes or {}).items() if name in names}


def _by_path(paths: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for node, path in enumerate(paths):
        found.setdefault(path, []).append(node)
    return found


def _status(pair: LayerPair) -> Status:
    if pair.changed:
        return "changed"
    if pair.renamed:
        return "renamed"
    return "reshaped" if pair.reshaped else ""


def _differences(pair: LayerPair) -> Iterator[list[str]]:
    for option in pair.options:
        yield [option.name, *("none" if x is None else option_told(x) for x in (option.before, option.after))]
    if pair.moved:
        yield ["position", "", "moved"]
    shapes = [", ".join(map(format_shape, part.output_shapes)) for part in (pair.before, pair.after)]
    if shapes[0] != shapes[1]:
        yield ["output", *shapes]
    if pair.before.params != pair.after.params:
        yield ["parameters", f"{pair.before.params:,}", f"{pair.after.params:,}"]
