"""What holds for all specs of a repository: `modelc.toml`, or the table `tool.modelc` of `pyproject.toml`.

The nearest of these files counts, in the folder of a spec or above it, up to the root of the repository. `limits` hold
in addition to those of the spec, the smaller of two; `defaults` are keys that a spec may leave out. They stand below
the spec as a base does that it extends: a mistake in them is located in their file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from re import compile as regex

from modelc.errors import Diagnostic
from modelc.files.regular_file import regular_file
from modelc.language.mistakes import Mistakes
from modelc.language.text.node import TextNode, TextSource
from modelc.language.text.toml_reader import read_toml
from modelc.system.consulted import consult
from modelc.text.amounts import parse_bytes, parse_count, parse_seconds
from modelc.text.unknown import unknown
from modelc.zoo import folder as zoo_folder

NAMES = ("modelc.toml", "pyproject.toml")
_TABLE = ("tool", "modelc")
_IN_PYPROJECT = regex(rb"(?m)^\s*\[+\s*tool\s*(?:\.\s*[\"']?modelc\b|\])|^\s*tool\s*\.\s*[\"']?modelc\b")
"""What a pyproject.toml with such a table has; others need not be read as TOML."""
_MAX_BYTES = 2**20
_HIGHEST = 64
"""So many folders above a spec are looked at."""

WIDTH = 110
"""The longest line of a formatted spec, unless the project says another."""
_DEFAULTS = ("precision", "semantics", "preprocessing", "training")
"""The keys of a spec that may have a default."""
_AMOUNTS: Mapping[str, Callable[[str], float | None]] = {
    "params": parse_count, "macs": parse_count, "activation_memory": parse_bytes, "latency": parse_seconds,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Project:
    """The settings of a repository."""

    folder: Path | None = None
    """The folder of the file that has them; None where there is none."""
    limits: TextNode | None = None
    defaults: Mapping[str, TextNode] = field(default_factory=dict[str, TextNode])
    strict: bool = False
    """Whether `check` treats warnings as errors."""
    exclude: tuple[str, ...] = ()
    """Patterns of paths below `folder` that `check` and `fmt` leave out when they are given a folder."""
    width: int = WIDTH
    """The longest line of a formatted spec."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """The mistakes in the file."""

    def below(self, spec: TextNode) -> TextNode:
        """The spec with the limits and the defaults of the project, where it has no smaller ones and no others."""
        if not isinstance(spec.value, dict):
            return spec
        items = dict(spec.value)
        for key, default in self.defaults.items():
            own = items.get(key)
            if key == "training":
                if own is not None and isinstance(own.value, dict) and isinstance(default.value, dict):
                    items[key] = own.with_value({**default.value, **own.value})
            elif own is None:
                items[key] = default
        if self.limits is not None and isinstance(self.limits.value, dict) and self.limits.value:
            items["limits"] = _smaller(items.get("limits"), self.limits)
        return spec.with_value(items)


def _smaller(own: TextNode | None, limits: TextNode) -> TextNode:
    """The smaller ones of two mappings of limits. What is no amount is left for the validator to tell."""
    if own is None or own.value is None:
        return limits
    if not isinstance(own.value, dict) or not isinstance(limits.value, dict):
        return own
    items = dict(own.value)
    for key, limit in limits.value.items():
        there = items.get(key)
        before, after = (_amount(key, there), _amount(key, limit)) if there is not None else (None, None)
        if there is None or (before is not None and after is not None and after < before):
            items[key] = limit
    return own.with_value(items)


def _amount(key: str, node: TextNode) -> float | None:
    value, parse = node.value, _AMOUNTS.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return parse(value) if isinstance(value, str) and parse is not None else None


def project_of(folder: Path | None) -> Project:
    """The settings for the specs of a folder."""
    if folder is None:
        return Project()
    here = folder.absolute()
    if here == zoo_folder():
        return Project()
    above = str(here)  # which is asked for each of many specs: paths as text take a fifth of the time
    for _ in range(_HIGHEST + 1):
        for name in NAMES:
            found = _read(os.path.join(above, name), folder)
            if found is not None:
                return found
        if os.path.exists(os.path.join(above, ".git")) or above == (above := os.path.dirname(above)):
            break
    return Project()


def _shown(folder: Path, above: Path) -> Path:
    """A folder as messages have it: relative where the spec's is, and in it or above by as many steps."""
    if folder.is_absolute():
        return above
    try:
        return above.relative_to(Path.cwd())
    except ValueError:
        return above


def _read(file: str, folder: Path) -> Project | None:
    """The settings in a file, for the specs of a folder; None where it is not there or has none."""
    consult(file)
    try:
        status = os.stat(file)
    except (OSError, ValueError):
        return None
    path = Path(file)
    return _read_once(path, _shown(folder, path.parent) / path.name, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _read_once(path: Path, shown: Path, size: int, time: int) -> Project | None:
    try:
        with open(path, "rb", opener=regular_file) as file:
            data = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError):
        return None
    is_own = path.name == NAMES[0]
    if not is_own and _IN_PYPROJECT.search(data) is None:
        return None
    if len(data) > _MAX_BYTES:
        return _wrong(path, Diagnostic("E105", "the settings are larger than 1 MiB", None, str(shown)))
    try:
        source = TextSource(str(shown), data.decode(), path.parent)
    except UnicodeDecodeError:
        return _wrong(path, Diagnostic("E102", "the file is not UTF-8 text", "save it as UTF-8", str(shown)))
    root, mistakes = read_toml(source)
    if root is None:
        # A pyproject.toml that is no TOML is told by all others that read it.
        return _wrong(path, *mistakes) if is_own else None
    table = root if is_own else root.at(_TABLE)
    return None if table is None else _Settings(table).project(path.parent)


def _wrong(path: Path, *mistakes: Diagnostic) -> Project:
    return Project(path.parent, diagnostics=mistakes)


class _Settings:
    """The table of settings, looked at key by key."""

    def __init__(self, table: TextNode) -> None:
        self._table = table
        self._found = Mistakes()

    def project(self, folder: Path) -> Project:
        known = {"limits", "defaults", "strict", "exclude", "width"}
        for key, node in self._items(self._table):
            if key not in known:
                said = unknown("key", key, sorted(known), where="in the settings of modelc")
                self._found.report(node.key or node, "E201", *said)
        limits = self._mapping("limits")
        for key, node in self._items(limits):
            if key not in _AMOUNTS:
                said = unknown("key", key, list(_AMOUNTS), where="in `limits`")
                self._found.report(node.key or node, "E201", *said)
            elif _amount(key, node) is None:
                self._found.report(node, "E203", f"`{key}` must be an amount, found {node.kind}")
        defaults = self._mapping("defaults")
        for key, node in self._items(defaults):
            if key not in _DEFAULTS:
                said = unknown("key", key, _DEFAULTS, where="in `defaults`")
                self._found.report(node.key or node, "E201", *said)
        strict, exclude, width = self._strict(), self._exclude(), self._width()
        if self._found:
            return Project(folder, diagnostics=tuple(self._found))
        return Project(folder, limits, dict(self._items(defaults)), strict, exclude, width)

    @staticmethod
    def _items(node: TextNode | None) -> list[tuple[str, TextNode]]:
        return list(node.value.items()) if node is not None and isinstance(node.value, dict) else []

    def _mapping(self, key: str) -> TextNode | None:
        node = self._table.get(key)
        if node is not None and not isinstance(node.value, dict):
            self._found.report(node, "E203", f"`{key}` must be a table, found {node.kind}")
            return None
        return node

    def _strict(self) -> bool:
        node = self._table.get("strict")
        if node is not None and not isinstance(node.value, bool):
            self._found.report(node, "E203", f"`strict` must be true or false, found {node.kind}")
        return node is not None and node.value is True

    def _exclude(self) -> tuple[str, ...]:
        node = self._table.get("exclude")
        if node is None:
            return ()
        items = node.value if isinstance(node.value, tuple) else ()
        texts = tuple(item.value for item in items if isinstance(item.value, str))
        if len(texts) < max(1, len(items)):
            help = 'write `exclude = ["vendor/*"]`'
            self._found.report(node, "E203", f"`exclude` must be a list of patterns, found {node.kind}", help)
        return texts

    def _width(self) -> int:
        node = self._table.get("width")
        value = WIDTH if node is None else node.value
        if node is not None and (isinstance(value, bool) or not isinstance(value, int) or not 40 <= value <= 1000):
            self._found.report(node, "E204", f"`width` must be from 40 to 1000, found {node.kind}")
        return value if isinstance(value, int) else WIDTH
