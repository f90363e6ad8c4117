"""What an editor offers at the cursor: keys, values, types of layers, names in scope, variables, files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import compile as regex

from lsprotocol import types as lsp

from modelc import zoo
from modelc.language.expansion.files import ZOO
from modelc.language.expansion.references import MODEL_REFERENCE_KEYS, REFERENCE_KEYS
from modelc.lsp.cursor import Cursor, find_cursor
from modelc.lsp.extents import Extent
from modelc.lsp.names import NameScope, names_of
from modelc.lsp.snapshot import Snapshot
from modelc.lsp.vocabulary import (
    SpecOption,
    holds_layers,
    layer_docs,
    layer_names,
    option_at,
    options_around,
    value_at,
    values_of,
)

TRIGGERS = ("{", " ", ":", "[", ",", '"', "$", "/")
LAYER = "layer"
"""The mark of an item whose documentation is that of a type of layer, and is made when the item is looked at."""

_IN_REFERENCE = regex(r"\$\{\s*([\w.-]*)$")
_REFERENCES = frozenset({*REFERENCE_KEYS, *MODEL_REFERENCE_KEYS, "freeze"})
_FILES = {"extends": (".yaml", ".yml", ".json"), "spec": (".yaml", ".yml", ".json"),
          "weights": (".safetensors", ".modelc", ".keras", ".h5")}  # fmt: skip
_MOST_FILES = 200
_SPACED = frozenset({"type", "block", "use"})


def completions(snapshot: Snapshot, line: int, column: int) -> list[tuple[Extent, lsp.CompletionItem]]:
    """The items for a cursor, each with the part of the text that it replaces. Places count from 1."""
    lines = snapshot.lines
    cursor = find_cursor(lines, line, column)
    if cursor is None:
        return []
    text = lines[line - 1][: column - 1] if line <= len(lines) else ""
    reference = _IN_REFERENCE.search(text)
    if reference is not None:
        word = Extent(line, column - len(reference[1]), len(reference[1]) + len(cursor.word_after))
        return [(word, item) for item in _variables(_scope(snapshot, cursor))]
    word = Extent(line, column - len(cursor.word), len(cursor.word) + len(cursor.word_after))
    return [(word, item) for item in _items(cursor, snapshot)]


def resolved(item: lsp.CompletionItem) -> lsp.CompletionItem:
    """The item with its documentation."""
    if item.data == LAYER:
        item.documentation = _markdown(layer_docs(item.label))
    return item


def _scope(snapshot: Snapshot, cursor: Cursor) -> NameScope | None:
    return names_of(snapshot).scope_at(cursor.line)


def _items(cursor: Cursor, snapshot: Snapshot) -> Iterator[lsp.CompletionItem]:
    path = cursor.path
    names = [step for step in path if isinstance(step, str)]
    if path and ((names[-1:] and names[-1] in _REFERENCES) or _is_source(path)) and not _is_model_inputs(path, cursor):
        yield from _references(cursor, snapshot, _scope(snapshot, cursor))
    elif cursor.step is None:
        yield from _keys(cursor, _scope(snapshot, cursor) if "block" in cursor.siblings else None)
    elif cursor.step == "block":
        yield from _blocks(_scope(snapshot, cursor))
    else:
        yield from _values(cursor, snapshot)
        if cursor.step in _FILES:
            yield from _files(cursor, snapshot, _FILES[str(cursor.step)])


def _is_source(path: tuple[str | int, ...]) -> bool:
    """Whether a value is in a mapping from the arguments of a layer to references."""
    return len(path) > 3 and path[-2] == "inputs" and isinstance(path[-3], int)


def _is_model_inputs(path: tuple[str | int, ...], cursor: Cursor) -> bool:
    """Whether it is `inputs` at the top of a model, whose keys are new names, or a key in such a mapping."""
    return path[0] == "inputs" or (cursor.step is None and not isinstance(path[-1], int))


# --- keys


def _keys(cursor: Cursor, scope: NameScope | None) -> Iterator[lsp.CompletionItem]:
    taken = cursor.siblings
    colon = "" if cursor.followed_by_colon else ": "
    for number, option in enumerate(_keys_around(cursor, scope)):
        if option.key not in taken:
            detail = f"required: {option.takes}" if option.required else option.takes
            item = lsp.CompletionItem(option.key, kind=lsp.CompletionItemKind.Property, detail=detail or None)
            item.sort_text = f"{number:03}"
            item.insert_text = option.key + colon
            item.documentation = _markdown(option.description) if option.description else None
            if colon and option.key in _SPACED:
                item.command = lsp.Command("Suggest", "editor.action.triggerSuggest")
            yield item


def _keys_around(cursor: Cursor, scope: NameScope | None) -> Iterable[SpecOption]:
    """The keys of the mapping around the cursor, the parameters of a block that is used before the others."""
    block = cursor.siblings.get("block")
    name_of = str(block.value) if block is not None else ""
    used = _root(scope).blocks.get(str(block.value)) if block is not None and scope is not None else None
    for name, parameter in used.parameters.items() if used is not None else ():
        help = parameter.node.get("help")
        yield SpecOption(name, {"description": str(help.value) if help is not None else f"A parameter of `{name_of}`."})
    yield from options_around(cursor.around).values()


# --- values


def _values(cursor: Cursor, snapshot: Snapshot) -> Iterator[lsp.CompletionItem]:
    schema = value_at(cursor.around, cursor.step)
    if holds_layers(schema):
        for name in layer_names():
            yield lsp.CompletionItem(name, kind=lsp.CompletionItemKind.Class, data=LAYER)
    option = option_at(cursor.around, str(cursor.step)) if isinstance(cursor.step, str) else None
    layers = frozenset(layer_names()) if holds_layers(schema) else frozenset[str]()
    for word in dict.fromkeys(values_of(schema)):
        if word not in layers:
            default = option is not None and str(option.schema.get("default")).lower() == word
            yield lsp.CompletionItem(
                word, kind=lsp.CompletionItemKind.Value, detail="the default" if default else None, preselect=default
            )
    if not cursor.in_quotes:
        for item in _variables(_scope(snapshot, cursor)):
            text = f"${{{item.label}}}"
            item.label = item.insert_text = f'"{text}"' if cursor.in_flow else text
            item.filter_text = item.label
            yield item


def _blocks(scope: NameScope | None) -> Iterator[lsp.CompletionItem]:
    for name, block in _root(scope).blocks.items() if scope is not None else ():
        help = block.node.get("help")
        documentation = _markdown(str(help.value)) if help is not None else None
        yield lsp.CompletionItem(
            name, kind=lsp.CompletionItemKind.Function, documentation=documentation,
            detail=", ".join(block.parameters) or None,
        )  # fmt: skip


def _variables(scope: NameScope | None) -> Iterator[lsp.CompletionItem]:
    seen = set[str]()
    while scope is not None:
        for name, symbol in scope.parameters.items():
            if name not in seen:
                seen.add(name)
                detail = symbol.kind if symbol.kind == "parameter" else str(symbol.node.plain())
                yield lsp.CompletionItem(name, kind=lsp.CompletionItemKind.Variable, detail=detail)
        scope = scope.outer


def _references(cursor: Cursor, snapshot: Snapshot, scope: NameScope | None) -> Iterator[lsp.CompletionItem]:
    """The names of the entries above the cursor; of all entries for the keys of the model."""
    above = cursor.path[0] in ("layers", "blocks")
    seen = set[str]()
    here = max((line for line in scope.entry_lines() if line <= cursor.line), default=0) if scope is not None else 0
    for name, symbol in (scope.names if scope is not None else {}).items():
        if symbol.kind == "input" or not above or (symbol.node.line or 0) < here:
            seen.add(name)
            yield _reference(name, symbol.kind)
    if scope is None or scope.outer is not None:
        return
    for entry in snapshot.entries:
        elsewhere = entry.node.source.name != snapshot.name
        if entry.name not in seen and (not above or elsewhere or (entry.node.line or 0) < here):
            seen.add(entry.name)
            yield _reference(entry.name, entry.type or "use")
    for path in _inside(cursor.word, snapshot):
        yield _reference(path, "layer")
    if above and "input" not in seen:
        yield _reference("input", "input")


def _reference(name: str, detail: str) -> lsp.CompletionItem:
    return lsp.CompletionItem(name, kind=lsp.CompletionItemKind.Reference, detail=detail)


def _inside(word: str, snapshot: Snapshot) -> Iterator[str]:
    """The layers inside of the model whose path is being written."""
    outer = word.rpartition("/")[0]
    trace = snapshot.traces.get(outer)
    for inner in trace.inner if trace is not None else ():
        yield inner.name


def _files(cursor: Cursor, snapshot: Snapshot, endings: tuple[str, ...]) -> Iterator[lsp.CompletionItem]:
    """The files in the folder that is being named, and the architectures of the zoo."""
    if cursor.step in ("extends", "spec"):
        for name in zoo.names():
            yield lsp.CompletionItem(ZOO + name, kind=lsp.CompletionItemKind.Module, detail="the zoo")
    folder = Path(snapshot.name).parent
    inner = cursor.word.rpartition("/")[0]
    if not os.path.isabs(snapshot.name) or ".." in Path(inner).parts or os.path.isabs(inner):
        return
    try:
        found = sorted(os.scandir(folder / inner), key=lambda e: e.name)[:_MOST_FILES]
    except OSError:
        return
    for entry in found:
        if entry.name.startswith(".") or entry.path == snapshot.name:
            continue
        name = f"{inner}/{entry.name}" if inner else entry.name
        if entry.is_dir():
            yield lsp.CompletionItem(f"{name}/", kind=lsp.CompletionItemKind.Folder)
        elif entry.name.endswith(endings):
            yield lsp.CompletionItem(name, kind=lsp.CompletionItemKind.File)


def _root(scope: NameScope | None) -> NameScope:
    assert scope is not None
    while scope.outer is not None:
        scope = scope.outer
    return scope


def _markdown(text: str) -> lsp.MarkupContent:
    return lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
