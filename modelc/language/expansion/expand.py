"""Expansion of a spec as written to the full spec: bases, settings, variables, blocks and repeats."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from modelc.errors import Diagnostic, SpecError
from modelc.language.expansion.blocks import read_blocks
from modelc.language.expansion.extends import follow_extends
from modelc.language.expansion.flatten import flatten
from modelc.language.expansion.settings import apply_settings
from modelc.language.expansion.unused import unused
from modelc.language.expansion.variables import substitute
from modelc.language.project import Project
from modelc.language.remembered import Remembered
from modelc.language.text.node import MAX_LAYERS, TextNode
from modelc.language.text.source import SpecSource, examine
from modelc.text.quoting import quote
from modelc.words.text import python_tuple


@dataclass(frozen=True, slots=True)
class ReadSpec:
    """An expanded spec as far as it could be read, and the mistakes found so far.

    `node` is None if there is nothing left to look at. Otherwise it is a mapping without `extends`, `vars`,
    `blocks`, groups and repeats, in which values that were reported are `broken`.
    """

    node: TextNode | None
    diagnostics: tuple[Diagnostic, ...]
    remarks: tuple[Diagnostic, ...] = ()
    """The warnings about the text."""


def load(source: SpecSource, settings: Sequence[str] = (), folder: str | os.PathLike[str] | None = None) -> TextNode:
    """Reads a spec and expands it: `extends`, then `settings`, then `vars`, then `blocks` and `repeat`.

    Raises SpecError with every mistake found, in the order of the text, each once.
    """
    loaded = load_leniently(source, settings, folder)
    if loaded.diagnostics or loaded.node is None:
        raise SpecError(loaded.diagnostics)
    return loaded.node


def load_leniently(
    source: SpecSource, settings: Sequence[str] = (), folder: str | os.PathLike[str] | None = None
) -> ReadSpec:
    """As `load`, but returns the mistakes together with the part that could be read, so that validation can go on."""
    return expand(*examine(source, folder), settings)


def expand(
    node: TextNode | None,
    found: Iterable[Diagnostic] = (),
    settings: Sequence[str] = (),
    remembered: Remembered | None = None,
    project: Project | None = None,
) -> ReadSpec:
    """The expanded form of a spec that was read; `found` are the mistakes of reading it.

    `project` has the settings that hold for all specs of the repository, `remembered` is what was made of the same text
    before an edit.
    """
    diagnostics = list(found)
    if node is None or node.broken:
        return ReadSpec(None, in_order(diagnostics))
    if not isinstance(node.value, dict):
        if node.value is None:
            return ReadSpec(None, in_order([*diagnostics, node.diagnostic("E203", "the spec is empty")]))
        help = "write `key: value`, with a space after the colon" if isinstance(node.value, str) else None
        diagnostics.append(node.diagnostic("E203", f"a spec must be a mapping of keys, found {node.kind}", help))
        return ReadSpec(None, in_order(diagnostics))
    top = node.source.name
    extended, found = follow_extends(node, remembered)
    diagnostics += found
    if extended is None:
        return ReadSpec(None, in_order(diagnostics, top))
    if project is not None:
        extended = project.below(extended)
        diagnostics += project.diagnostics
    before = extended.get("vars")
    written = set(before.value) if before is not None and isinstance(before.value, dict) else set[str]()
    if remembered is not None:
        remembered.begin(before)
    remarks = unused(extended, top, remembered)
    node, in_settings = apply_settings(extended, settings)
    node, variables = substitute(node, remembered)
    if not _is_plain(node):
        node = flatten(node, read_blocks(node.get("blocks"), variables), variables, remembered)
    if not diagnostics and not variables.mistakes:
        in_settings += variables.unused(written)
    return ReadSpec(node, in_order([*diagnostics, *variables.mistakes, *in_settings], top), remarks)


_WRITTEN_OUT = frozenset({
    "block", "repeat", "each", "start", "when", "unless", "layers", "spec", "layer", "use",
    "inputs",
})  # fmt: skip
"""The keys that make an expansion necessary: of blocks, groups and repeats, of references, and of nested models."""


def _is_plain(spec: TextNode) -> bool:
    """Whether all entries are single layers, each applied to the entry before, so that flattening would change
    nothing."""
    layers = spec.get("layers")
    if spec.get("blocks") is not None or layers is None or not isinstance(layers.value, tuple):
        return False
    entries = (entry.value for entry in layers.value)
    return len(layers.value) <= MAX_LAYERS and all(
        isinstance(entry, dict) and _WRITTEN_OUT.isdisjoint(entry) for entry in entries
    )


def _without_tuple(diagnostic: Diagnostic) -> Diagnostic:
    """The diagnostic, or one that names the Python tuple on its line: `(3, 3)` is read as text and as keys, and each
    gives a mistake of its own."""
    if diagnostic.source_line is None or diagnostic.column is None:
        return diagnostic
    found = python_tuple(diagnostic.source_line, diagnostic.column)
    if found is None or diagnostic.code not in ("E103", "E104", "E201", "E203", "E204"):
        return diagnostic
    column, text, meant = found
    message = f"{quote(text)} is a Python tuple"
    return replace(diagnostic, code="E203", message=message, help=f"write {meant}", column=column)


def in_order(diagnostics: Iterable[Diagnostic], top: str | None = None) -> tuple[Diagnostic, ...]:
    """The diagnostics in the order of the text, each once: the file `top` first, others as they first occur."""
    files: dict[str | None, int] = {} if top is None else {top: 0}
    unique = tuple(dict.fromkeys(map(_without_tuple, diagnostics)))
    for diagnostic in unique:
        files.setdefault(diagnostic.file, len(files))
    return tuple(sorted(unique, key=lambda d: (files[d.file], d.line or 0, d.column or 0)))
