"""The files that `training` refers to: they must lie in the folder of the spec, which may be untrusted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from modelc.errors import Diagnostic
from modelc.files.paths import file_name_problem, path_problem
from modelc.language.text.node import Node
from modelc.text.quoting import quote

_SOURCES: Final = ("data", "validation")
_DATA_KEYS: Final = frozenset({"path", "x", "y", "sample_weight"})
_CALLBACK_KEYS: Final = frozenset({"filepath", "filename", "backup_dir", "log_dir"})
_FILLED_IN: Final = re.compile(r"\{[^{}]*\}")
_RENAME: Final = "give the file another name"
_HELP = "name a file in the folder of the spec or below it; --data on the command takes any path"


def check_paths(training: Node | None, found: list[Diagnostic]) -> None:
    """Report every path in `training` that leaves the folder of the spec (E204)."""
    if training is None or not isinstance(training.value, dict):
        return
    for key in _SOURCES:
        source = training.get(key)
        if source is not None:
            _check([source] if isinstance(source.value, str) else _texts(source, _DATA_KEYS), found)
    callbacks = training.get("callbacks")
    for callback in callbacks.value if callbacks is not None and isinstance(callbacks.value, tuple) else ():
        named = list(_texts(callback, _CALLBACK_KEYS))
        _check(named, found)
        _check_names(named, found)


def _texts(node: Node, keys: frozenset[str]) -> Iterator[Node]:
    """The texts below these keys."""
    for key, child in node.value.items() if isinstance(node.value, dict) else ():
        if key not in keys:
            continue
        if isinstance(child.value, dict):
            yield from (inner for inner in child.value.values() if isinstance(inner.value, str))
        elif isinstance(child.value, str):
            yield child


def _check_names(nodes: list[Node], found: list[Diagnostic]) -> None:
    """Report what cannot be the name of a file on every system, for files that are made (E204)."""
    for node in nodes:
        path = str(node.value)
        if path_problem(path, node.source.folder) is not None:
            continue
        for part in PurePosixPath(_FILLED_IN.sub("0", path)).parts:
            problem = file_name_problem(part)
            if problem is not None:
                found.append(node.diagnostic("E204", f"the path {quote(path)} is none of a file: {problem}", _RENAME))
                break


def _check(nodes: Iterator[Node] | list[Node], found: list[Diagnostic]) -> None:
    for node in nodes:
        path = str(node.value)
        problem = path_problem(path, node.source.folder)
        if problem is not None:
            found.append(node.diagnostic("E204", f"the path {quote(path)} {problem}", _HELP))
