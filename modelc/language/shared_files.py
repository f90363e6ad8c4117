"""Files of several specs, such as bases and models inside of them, and one that has many variants: read once while many
specs are checked."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from modelc.language.expansion.files import LONGEST_CHAIN
from modelc.language.text.source import Examined, SpecSource, examine
from modelc.system.consulted import consult, consulting
from modelc.system.stamps import Stamp, stamp_of

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


class SharedFiles:
    """What the files are that were read so far, by their paths as they were named: mistakes in them are told so."""

    def __init__(self, *, variants: bool = False) -> None:
        self.variants = variants
        """Whether the specs that are read are variants of one, whose own file or text is shared as well."""
        self.texts: dict[tuple[str, str | None], tuple[Examined, Mapping[str, bool]]] = {}
        self._specs: dict[str, SharedSpec] = {}

    def find(self, path: Path) -> SharedSpec | None:
        """The spec in a file, if it was read before."""
        return self._specs.get(str(path))

    def keep(self, path: Path, made: SharedSpec) -> None:
        """Note the spec in a file."""
        self._specs[str(path)] = made


class WatchedFiles(SharedFiles):
    """Shared files of which one that has changed is read again."""

    def __init__(self) -> None:
        super().__init__()
        self._stamps: dict[str, dict[str, Stamp | bool | None]] = {}

    def find(self, path: Path) -> SharedSpec | None:
        """The spec in a file, if all files that it depends on are as they were."""
        known = super().find(path)
        return known if known is not None and self._stamps[str(path)] == _stamps(known.depends) else None

    def keep(self, path: Path, made: SharedSpec) -> None:
        """Note the spec in a file, and what the files are now that it depends on."""
        super().keep(path, made)
        self._stamps[str(path)] = _stamps(made.depends)


def _stamps(depends: Mapping[str, bool]) -> dict[str, Stamp | bool | None]:
    """What the files are; of those whose content does not count, whether they are there."""
    return {path: stamp_of(path) if content else stamp_of(path) is not None for path, content in depends.items()}


_shared: ContextVar[SharedFiles | None] = ContextVar("shared", default=None)


def shared_files() -> SharedFiles | None:
    """Where the specs that are read share their files; None where each reads its own."""
    return _shared.get()


@contextmanager
def sharing_files(*, variants: bool = False) -> Generator[None]:
    """The specs that are read inside share the files that they name: one that changes meanwhile is not read again.

    Those that are `variants` of one share its own file or text as well.
    """
    token = _shared.set(SharedFiles(variants=True) if variants else _shared.get() or SharedFiles())
    try:
        yield
    finally:
        _shared.reset(token)


def examined(source: SpecSource, folder: str | os.PathLike[str] | None = None) -> Examined:
    """`examine` of a file or a text, once while files are shared."""
    shared = _shared.get()
    if shared is None or not isinstance(source, str | os.PathLike):
        return examine(source, folder)
    key = os.fspath(source), None if folder is None else os.fspath(folder)
    known = shared.texts.get(key)
    if known is None:
        with consulting() as files:
            found = examine(source, folder)
        known = shared.texts[key] = found, files
    for path, content in known[1].items():
        consult(path, content=content)
    return known[0]


def examined_spec(source: SpecSource, folder: str | os.PathLike[str] | None) -> Examined:
    """`examine` of a spec that is read by itself, once while its variants are read."""
    shared = _shared.get()
    return examine(source, folder) if shared is None or not shared.variants else examined(source, folder)
