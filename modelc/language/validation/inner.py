"""The specs of models that are used as layers: `spec: xception.yaml`, `spec: zoo:xception`, or written in place."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from modelc.language.definition import Definition
from modelc.language.expansion.expand import load_leniently
from modelc.language.expansion.files import find_file
from modelc.language.mistakes import Mistakes
from modelc.language.remembered import Remembered
from modelc.language.shared_files import SharedFiles, SharedSpec, shared_files
from modelc.language.text.node import TextNode
from modelc.system.consulted import consult, consulting

Validator: TypeAlias = "Callable[..., Definition | None]"
"""`document` of modelc/language/validation/validate.py, which reads inner specs as well."""


@dataclass(frozen=True, slots=True)
class InnerSpecs:
    """Reads inner specs, each file once; `files` are those around, from the outermost."""

    validate: Validator
    files: tuple[str, ...]
    shared: SharedFiles | None = None
    known: dict[str, Definition | None] = field(default_factory=dict[str, "Definition | None"])

    @classmethod
    def of(cls, root: TextNode, validate: Validator, remembered: Remembered | None = None) -> InnerSpecs:
        """For the models in the spec `root`; `remembered` is what was made of the same text before an edit."""
        files = (os.path.realpath(root.source.name),) if root.source.text else ()
        return cls(validate, files, shared_files() if remembered is None else remembered.specs)

    def read(self, node: TextNode, found: Mistakes) -> Definition | None:
        """The spec that the value of `spec` is or names, or None and its mistakes."""
        if isinstance(node.value, dict):
            return self.validate(node, found, self, nested=True)
        path, problem = find_file(node, "spec", node.source.folder, self.files, "the models contain each other")
        found.add(problem)
        if path is None:
            return None
        file = os.path.realpath(path)
        if file not in self.known:
            self.known[file] = self._read_file(node, path, file, found)
        return self.known[file]

    def _read_file(self, node: TextNode, path: Path, file: str, found: Mistakes) -> Definition | None:
        shared = self.shared
        if shared is None or None in self.known.values():  # a file with mistakes is told once, and left out after that
            return self._validated(node, path, file, found, self.known)
        known = shared.find(path)
        # Files around that it contains, or too long a chain, are mistakes here, and none in the file by itself.
        if known is not None and known.may_be_in(self.files):
            known.consult()
            return known.spec
        inside, before = dict[str, Definition | None](), len(found)
        with consulting() as depends:
            spec = self._validated(node, path, file, found, inside)
        made = SharedSpec.of(spec, depends) if spec is not None else None
        for one, content in depends.items():
            consult(one, content=content)
        if made is not None and len(found) == before:
            shared.keep(path, made)
        self.known.update((name, None) for name, one in inside.items() if one is None)
        return spec

    def _validated(
        self, node: TextNode, path: Path, file: str, found: Mistakes, known: dict[str, Definition | None]
    ) -> Definition | None:
        loaded = load_leniently(path)
        # A file that cannot be read is a mistake at the place that names it.
        found.add(node.diagnostic("E301", d.message) if d.code == "E101" else d for d in loaded.diagnostics)
        if loaded.node is None or loaded.diagnostics:
            return None
        inside: Any = InnerSpecs(self.validate, (*self.files, file), self.shared, known)
        spec = self.validate(loaded.node, found, inside)
        return None if spec is None else spec.with_remarks(loaded.remarks)
