"""A model that was built before: its plan is read from the cache, and the rest of it is made when it is asked for.

The file of the model stays open. Its weights are read from it where something asks for them, and are those that the
plan was packed of, whatever has the file's name by then.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from modelc.files.held import HeldFile
from modelc.graph.program import OnCompile
from modelc.model.kept import Kept, digest_of, plan_name
from modelc.native.compiler.private_cache import default_directory
from modelc.native.engine.fingerprint import fingerprint
from modelc.native.engine.plan_cache import FoundPlan, Identity, Note, NoteCache, PlanCache, plans_limit

if TYPE_CHECKING:
    from modelc.model.built import BuiltGraph
    from modelc.model.model import Model


class KeptFile:
    """A `.modelc` file, with what is kept for it in the cache."""

    def __init__(self, file: HeldFile, made_by: str, precision: str | None) -> None:
        self._file = file
        self._identity = file.identity()
        self._precision = precision
        self._made_by = made_by
        directory = default_directory()
        self._plans, self._notes = PlanCache(directory, plans_limit()), NoteCache(directory)

    @classmethod
    def at(cls, path: str | os.PathLike[str], precision: str | None) -> KeptFile | None:
        """That of a path; None where it cannot be opened, or nothing is kept on this system."""
        made_by = fingerprint()
        try:
            return None if made_by is None else cls(HeldFile(path), made_by, precision)
        except OSError:
            return None

    def model(self) -> Model | None:
        """The model by its plan in the cache, where there is one.

        Raises `FileFormatError` where the file is damaged, was modified, or has another format.
        """
        if not self._plans.limit:
            return None
        identity = self._file.identity()
        note = self._notes.find(self._note)
        if note is not None and note.model == identity:
            found = self._plans.read(note.plan, note.written)
            if found is not None:
                return self._of(found)
        return self._verified()

    def built(self, on_compile: OnCompile | None) -> Model:
        """The model, compiled; its plan is kept if it can be. Raises as `model` does."""
        from modelc.model.first_load import compiled

        name = self._named(verified=False)
        model, is_kept = compiled(self._built(), self._plans, name, on_compile)
        if is_kept:
            self._note_that(name)
        return model

    def _verified(self) -> Model | None:
        """The model where the file is no longer the one that a note was made of, but holds the same."""
        if not self._plans.has(self._named(verified=False)):
            return None
        name = self._named(verified=True)
        found = self._plans.read(name)
        if found is None:
            return None
        self._note_that(name, found.identity)
        return self._of(found)

    def _note_that(self, plan: str, written: Identity | None = None) -> None:
        """Note which plan the file led to."""
        identity = written or self._plans.identity(plan)
        if identity is not None and self._file.is_settled():
            self._notes.keep(self._note, Note(self._file.identity(), plan, identity))

    def _named(self, *, verified: bool) -> str:
        """The name of the plan, by what the file says that it holds, or by what it is found to hold."""
        from modelc.files.artifacts import digests

        with self._file.stream() as stream:
            held = digests(stream, self._file.name, verified=verified)
        return plan_name(self._made_by, self._precision, *held)

    @property
    def _note(self) -> str:
        return f"{digest_of(self._made_by, self._precision or '', os.path.realpath(self._file.name))}.note"

    def _of(self, found: FoundPlan) -> Model:
        from modelc.model.model import Model

        return Model.from_kept(Kept(found.face, found.plan, self._built, self._archive))

    def _archive(self) -> bytes | None:
        """The bytes of the file, unless it was changed since, or is not built as it says itself."""
        if self._precision is not None or self._file.identity() != self._identity:
            return None
        with self._file.stream() as stream:
            return stream.read()

    def _built(self) -> BuiltGraph:
        from modelc.model.first_load import traced

        return traced(self._file, self._precision)
