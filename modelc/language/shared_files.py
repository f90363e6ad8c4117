"""Files that several specs name, such as bases and models inside of them: read once while many specs are checked."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from modelc.language.expansion.files import LONGEST_CHAIN
from modelc.language.text.source import Examined, examine
from modelc.system.consulted import consult

if TYPE_CHECKING:
    from modelc.language.definition import Definition


@dataclass(frozen=True, slots=True)
class SharedSpec:
    """The spec in a file, which has no mistakes, and the files that it depends on, as `consulting` gives them."""

    spec: Definition
    depends: Mapping[str, bool]
    real_paths: frozenset[str]
    """Those of these files."""

    @classmethod
    def of(cls, spec: Definition, depends: Mapping[str, bool]) -> SharedSpec:
        """A spec that was read with these files."""
        return cls(spec, depends, frozenset(map(os.path.realpath, depends)))

    def may_be_in(self, files: Sequence[str]) -> bool:
        """Whether it has no mistakes inside of these files either; they are real paths, from the outermost."""
        return self.real_paths.isdisjoint(files) and len(files) + len(self.depends) < LONGEST_CHAIN

    def consult(self) -> None:
        """Note the files that the spec depends on, as reading it would."""
        for path, content in self.depends.items():
            consult(path, content=content)


@dataclass(frozen=True, slots=True)
class SharedFiles:
    """What the files are that were read so far, by their paths as they were named: mistakes in them are told so."""

    texts: dict[str, Examined] = field(default_factory=dict[str, Examined])
    specs: dict[str, SharedSpec] = field(default_factory=dict[str, SharedSpec])


_shared: ContextVar[SharedFiles | None] = ContextVar("shared", default=None)


def shared_files() -> SharedFiles | None:
    """Where the specs that are read share their files; None where each reads its own."""
    return _shared.get()


@contextmanager
def sharing_files() -> Generator[None]:
    """The specs that are read inside share the files that they name: one that changes meanwhile is not read again."""
    token = _shared.set(_shared.get() or SharedFiles())
    try:
        yield
    finally:
        _shared.reset(token)


def examined(path: Path) -> Examined:
    """`examine` of a file, once while files are shared."""
    shared = _shared.get()
    if shared is None:
        return examine(path)
    known = shared.texts.get(str(path))
    if known is None:
        known = shared.texts[str(path)] = examine(path)
    else:
        consult(path)
    return known
