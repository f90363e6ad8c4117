"""Where a name is defined, where it is used, and what changes when it is renamed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from re import compile as regex

from modelc.errors import Diagnostic, InputError
from modelc.language.expansion.extends import follow_extends
from modelc.language.expansion.files import ZOO, find_file, zoo_file
from modelc.language.names import scoped_name_problem
from modelc.language.text.node import Mark, TextNode
from modelc.language.text.source import examine
from modelc.lsp.extents import Extent, scalar_extent
from modelc.lsp.hover import find
from modelc.lsp.names import SpecName, SpecNames, names_of
from modelc.lsp.other_files import OtherFiles
from modelc.lsp.snapshot import Snapshot
from modelc.text.quoting import quote

_FILE_KEYS = ("extends", "spec")
_IN_REFERENCE = regex(r"\$\{\s*([^{}]*?)\s*\}")
_VARIABLE_NAME = regex(r"[A-Za-z_][\w-]*")


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A part of a file."""

    file: str
    extent: Extent


def definition(snapshot: Snapshot, line: int, column: int) -> FilePlace | None:
    """Where what stands at a place is defined: an entry, a block, a variable, a parameter, or another spec."""
    symbol = names_of(snapshot).at(line, column)
    if symbol is not None:
        return _definition_of(symbol)
    tree = snapshot.last_tree
    found = find(tree, line, column) if tree is not None else None
    if tree is None or found is None:
        return None
    around, step, mark = found
    if not isinstance(mark, TextNode) or not isinstance(mark.value, str):
        return None
    if step in _FILE_KEYS:
        path = _file(mark, str(step))
        return None if path is None else FilePlace(str(path), Extent(1, 1, 0))
    reference = _IN_REFERENCE.search(mark.value)
    if reference is not None:
        return _in_base(tree, "vars", reference[1])
    if step == "block":
        return _in_base(tree, "blocks", mark.value)
    steps = [one for one, _ in around]
    return _entry(snapshot, mark.value) if step in ("use", "truncate") or _is_reference(steps, step) else None


def _is_reference(steps: list[str | int | None], step: str | int | None) -> bool:
    return bool({"inputs", "outputs", "extract", "freeze"} & {step, *steps})


def _definition_of(symbol: SpecName) -> FilePlace | None:
    if symbol.definition is not None:
        return FilePlace(symbol.node.source.name, symbol.definition)
    return _at(symbol.node.get("type") or symbol.node.get("block") or symbol.node)


def _at(mark: Mark) -> FilePlace | None:
    if mark.line is None or mark.column is None:
        return None
    return FilePlace(mark.source.name, scalar_extent(mark.source, mark.line, mark.column))


def _entry(snapshot: Snapshot, reference: str) -> FilePlace | None:
    """The entry with that name, wherever a base of the spec has it; of a path the model that is entered."""
    name = reference.removeprefix("!")
    for entry in snapshot.entries:
        if entry.name == name or name.startswith((f"{entry.name}/", f"{entry.name}.", f"{entry.name}[")):
            spec = entry.node.get("spec")
            inner = name[len(entry.name) + 1 :]
            path = _file(spec, "spec") if spec is not None and inner and isinstance(spec.value, str) else None
            return (_in_file(path, inner) if path is not None else None) or _at(
                entry.node.get("name") or entry.node.get("type") or entry.node
            )
    return None


def _in_file(path: Path, name: str) -> FilePlace | None:
    """The entry of another spec with that name."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return None
    return _entry(Snapshot(str(path), text), name.replace(".", "/"))


def _in_base(tree: TextNode, section: str, name: str) -> FilePlace | None:
    """Where a base of the spec defines a variable or a block."""
    merged, _ = follow_extends(tree)
    table = merged.get(section) if merged is not None else None
    found = table.get(name) if table is not None else None
    return None if found is None else _at(found.key or found)


def _file(value: TextNode, key: str) -> Path | None:
    if isinstance(value.value, str) and value.value.startswith(ZOO):
        return zoo_file(value.value)[0]
    path, _ = find_file(value, key, value.source.folder, (), "")
    return path


def uses(snapshot: Snapshot, line: int, column: int, with_definition: bool = True) -> list[Extent]:
    """Where the name at a place is written in this file."""
    symbol = names_of(snapshot).at(line, column)
    if symbol is None:
        return []
    return sorted(set(symbol.extents if with_definition else symbol.uses))


def renamable(snapshot: Snapshot, line: int, column: int) -> tuple[Extent, str]:
    """The name at a place and where it is. Raises `InputError` where nothing can be renamed."""
    symbol = _symbol_to_rename(snapshot, line, column)
    return next(e for e in symbol.extents if e.holds(line, column)), symbol.name


def rename(
    snapshot: Snapshot, line: int, column: int, new: str, others: OtherFiles | None = None
) -> dict[str, list[Extent]]:
    """What is replaced by the new name, by file; `others` are the specs that may use it.

    Raises `InputError` for a name that cannot be, that something has, or that another file uses in a way that cannot be
    followed.
    """
    names = names_of(snapshot)
    symbol = _symbol_to_rename(snapshot, line, column)
    _require_name(symbol, new)
    symbol = names.at(line, column) or symbol
    if new != symbol.name and new in _others(names, symbol, snapshot):
        raise InputError(f"{quote(new)} is the name of another {_WORDS[symbol.kind]}")
    elsewhere = others.renamed(snapshot.name, names, symbol, new) if others is not None else {}
    return {snapshot.name: sorted(set(symbol.extents)), **elsewhere}


_WORDS = {"layer": "entry", "input": "entry", "block": "block", "variable": "variable", "parameter": "parameter"}


def _symbol_to_rename(snapshot: Snapshot, line: int, column: int) -> SpecName:
    if snapshot.tree is None:
        raise InputError("the text cannot be read", "mend its syntax first")
    symbol = names_of(snapshot).at(line, column)
    if symbol is not None and symbol.definition is None:
        why = "is put together of parts" if symbol.node.get("name") is not None else "is an automatic name"
        raise InputError(f"{quote(symbol.name)} {why}", "give the entry a `name` of its own first")
    if symbol is not None:
        return symbol
    place = definition(snapshot, line, column)
    if place is not None and place.file != snapshot.name:
        raise InputError(f"this is defined in {place.file}", "rename it there")
    raise InputError("there is no name of a layer, block or variable here")


def _require_name(symbol: SpecName, new: str) -> None:
    if symbol.kind in ("layer", "input"):
        problem = scoped_name_problem(new) or ("/" in new and "a name must not contain a slash") or None
    else:
        problem = None if _VARIABLE_NAME.fullmatch(new) else "letters, digits, `_` and `-` only"
    if problem is None and _needs_quotes(new):
        problem = "it would need quotes"
    if problem is not None:
        raise InputError(f"{quote(new)} cannot be a name: {problem}")


def _needs_quotes(new: str) -> bool:
    """Whether YAML reads a name without quotes as anything but itself."""
    node, mistakes = examine(f"[{new}]\n")
    return bool(mistakes) or node is None or node.plain() != [new]


def _others(names: SpecNames, symbol: SpecName, snapshot: Snapshot) -> set[str]:
    """The names of the same kind in the scope of a symbol."""
    for scope in names.scopes:
        if symbol in scope.names.values():
            taken = {entry.name for entry in snapshot.entries} if scope is names.root else set[str]()
            return {*scope.names, *taken}
        if symbol in scope.parameters.values():
            return set(scope.parameters)
    return {other.name for other in names.symbols if other.kind == symbol.kind}


def located(diagnostic: Diagnostic, snapshot: Snapshot) -> TextNode | None:
    """The value in this file that names the file in which a mistake is."""
    tree = snapshot.tree
    waiting = [tree] if tree is not None else []
    while waiting:
        node = waiting.pop(0)
        if isinstance(node.value, dict):
            for key in _FILE_KEYS:
                named = node.value.get(key)
                if named is not None and isinstance(named.value, str) and _names(named, key, diagnostic.file):
                    return named
            waiting += node.value.values()
        elif isinstance(node.value, tuple):
            waiting += node.value
    return tree.get("extends") if tree is not None else None


def _names(value: TextNode, key: str, file: str | None) -> bool:
    path = _file(value, key)
    try:
        return path is not None and file is not None and path.samefile(file)
    except OSError:
        return False
