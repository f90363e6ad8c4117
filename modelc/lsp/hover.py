"""What is shown of the word under the mouse: documentation, and what the model makes of it."""

from __future__ import annotations

from collections.abc import Iterator

from modelc.language.text.node import Mark, TextNode
from modelc.lsp.extents import Extent, scalar_extent
from modelc.lsp.layers_told import by_place, table_of
from modelc.lsp.names import SpecName, names_of
from modelc.lsp.snapshot import Snapshot
from modelc.lsp.vocabulary import Around, layer_docs, layer_names, option_at


def hover(snapshot: Snapshot, line: int, column: int) -> tuple[Extent, str] | None:
    """The extent of the word at a place, and what is shown of it in Markdown; places count from 1."""
    tree = snapshot.last_tree
    found = find(tree, line, column) if tree is not None else None
    if found is None:
        return None
    around, step, mark = found
    extent = scalar_extent(mark.source, line, mark.column or 1)
    told = [text for text in _told(snapshot, around, step, mark, line, column) if text]
    return (extent, "\n\n---\n\n".join(told)) if told else None


def _told(
    snapshot: Snapshot, around: Around, step: str | int | None, mark: Mark, line: int, column: int
) -> Iterator[str]:
    if isinstance(mark, TextNode):
        symbol = names_of(snapshot).at(line, column)
        if symbol is not None:
            yield _symbol(snapshot, symbol)
        if step == "type" and mark.value in layer_names():
            yield _layer(snapshot, around[-1][1], str(mark.value))
            return
    if isinstance(step, str):
        option = option_at(around, step)
        if option is not None:
            yield _option(step, option.description, option.takes, option.schema.get("default"))


def _layer(snapshot: Snapshot, entry: TextNode, type: str) -> str:
    placed = by_place(snapshot.entries, snapshot.traces, snapshot.name).get((entry.line or 0, entry.column or 0), [])
    table = f"\n\n{table_of(placed)}" if placed else ""
    return f"**{type}**{table}\n\n{layer_docs(type)}"


def _option(key: str, description: str, takes: str, default: object) -> str:
    said = f" Default: `{_yaml(default)}`." if default is not None else ""
    return f"**{key}**: {takes or 'any value'}.{said}\n\n{description}"


def _yaml(value: object) -> str:
    return {"True": "true", "False": "false", "None": "null"}.get(str(value), str(value))


def _symbol(snapshot: Snapshot, symbol: SpecName) -> str:
    if symbol.kind == "variable":
        return f"variable **{symbol.name}**: `{_yaml(symbol.node.plain())}`"
    if symbol.kind == "parameter":
        return f"parameter **{symbol.name}**: `{_yaml(symbol.node.plain())}`"
    if symbol.kind == "block":
        help = symbol.node.get("help")
        return f"block **{symbol.name}**" + (f"\n\n{help.value}" if help is not None else "")
    place = (symbol.node.line or 0, symbol.node.column or 0)
    placed = by_place(snapshot.entries, snapshot.traces, symbol.node.source.name).get(place, [])
    type = symbol.node.get("type")
    head = f"{symbol.kind} **{symbol.name}**" + (f" ({type.value})" if type is not None else "")
    return f"{head}\n\n{table_of(placed)}" if placed else head


def find(tree: TextNode, line: int, column: int) -> tuple[Around, str | int | None, Mark] | None:
    """The key or value at a place: what is around it, the step to it, and itself, a `TextNode` only for a value."""
    around: list[tuple[str | int | None, TextNode]] = [(None, tree)]
    while True:
        node = around[-1][1]
        pairs: list[tuple[str | int, TextNode]] = (
            list(node.value.items()) if isinstance(node.value, dict)
            else list(enumerate(node.value)) if isinstance(node.value, tuple) else []
        )  # fmt: skip
        inner: tuple[str | int, TextNode] | None = None
        for step, child in pairs:
            for mark in (child.key, child):
                if mark is None or (mark is child and isinstance(child.value, dict | tuple)):
                    continue
                if mark.line == line and _word(mark).holds(line, column):
                    return around, step, mark
            if isinstance(child.value, dict | tuple) and (child.line or 0, child.column or 0) <= (line, column):
                inner = step, child
        if inner is None:
            return None
        around.append(inner)


def _word(mark: Mark) -> Extent:
    assert mark.line is not None
    assert mark.column is not None
    return scalar_extent(mark.source, mark.line, mark.column)
