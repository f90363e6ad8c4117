"""The files that a spec names, which may be untrusted: they must lie in its folder.

Which options are paths is said by their types (modelc/config/paths.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from modelc.config.base import Config
from modelc.config.paths import PathField, PathMark, path_fields
from modelc.errors import Diagnostic
from modelc.files.paths import file_name_problem, path_problem
from modelc.language.text.node import TextNode
from modelc.text.quoting import quote

_FILLED_IN: Final = re.compile(r"\{[^{}]*\}")


def path_mistakes(cls: type[Config], key: str, node: TextNode) -> list[Diagnostic]:
    """What is wrong with the paths in the option `key` of a class: those that leave the folder of the spec, and those
    that cannot be the name of a file that is made (E204)."""
    field = next((field for field in path_fields(cls) if field.key == key), None)
    if field is None:
        return []
    found = [_mistake(field.mark, text) for text in _texts(field, node)]
    return [mistake for mistake in found if mistake is not None]


def named_files(cls: type[Config], node: TextNode) -> Iterator[TextNode]:
    """The texts in the options of a class that are paths."""
    for field in path_fields(cls):
        child = node.get(field.key)
        if child is not None:
            yield from _texts(field, child)


def _texts(field: PathField, node: TextNode) -> Iterator[TextNode]:
    """The value, the items of a list, or the values of a mapping."""
    if isinstance(node.value, str):
        yield node
    elif isinstance(node.value, tuple):
        for item in node.value:
            yield from _texts(field, item)
    elif isinstance(node.value, dict) and not field.or_config:
        for item in node.value.values():
            yield from _texts(field, item)


def _mistake(mark: PathMark, node: TextNode) -> Diagnostic | None:
    path = str(node.value)
    problem = path_problem(path, node.source.folder)
    if problem is not None:
        way = f"; {mark.override} on the command takes any path" if mark.override else ""
        help = f"name a file in the folder of the spec or below it{way}"
        return node.diagnostic("E204", f"the path {quote(path)} {problem}", help)
    if mark.access == "write":
        for part in PurePosixPath(_FILLED_IN.sub("0", path)).parts:
            problem = file_name_problem(part)
            if problem is not None:
                message = f"the path {quote(path)} is none of a file: {problem}"
                return node.diagnostic("E204", message, "give the file another name")
    return None
