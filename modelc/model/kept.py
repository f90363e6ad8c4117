"""A model that was built before: its plan is read from the cache, and the rest of it is made when it is asked for.

The file of the model stays open. Its weights are read from it where something asks for them, and are those that the
plan was packed of, whatever has the file's name by then.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from modelc.files.held import HeldFile
from modelc.graph.graph import Graph
from modelc.graph.program import OnCompile, Program
from modelc.native.compiler.private_cache import default_directory
from modelc.native.engine.fingerprint import fingerprint
from modelc.native.engine.kept_program import KeptProgram, PlanFor
from modelc.native.engine.open_plan import OpenPlan
from modelc.native.engine.plan import Plan
from modelc.native.engine.plan_cache import FoundPlan, Identity, Note, NoteCache, PlanCache, plans_limit
from modelc.system.forks import cached_property
from modelc.weights.variable import generation

if TYPE_CHECKING:
    from modelc.model.built import BuiltGraph
    from modelc.model.model import Model


class Kept:
    """A plan that was read from the cache, and what makes the model that it is of."""

    def __init__(self, face: Graph, plan: Plan | OpenPlan, build: Callable[[], BuiltGraph]) -> None:
        self.face = face
        """The inputs and outputs of the model's graph."""
        self.plan = plan
        self._build = build
        self._generation = generation()
        self._outdated = False

    @cached_property
    def traced(self) -> BuiltGraph:
        """The traced model with its weights."""
        return self._build()

    def program(self, otherwise: PlanFor) -> Program:
        """What runs the plan; `otherwise` gives plans for sizes that it does not serve."""
        return self.plan if isinstance(self.plan, Plan) else KeptProgram(self.face, self.plan, otherwise)

    def leave(self) -> None:
        """Have the model compiled as if nothing were kept."""
        self._outdated = True

    def is_outdated(self) -> bool:
        """Whether a weight was changed, so that the plan holds old ones. It is asked in every call."""
        if self._outdated or self._generation == generation():
            return self._outdated
        now = generation()
        known: BuiltGraph | None = vars(self).get("traced")
        if known is not None and any(variable.version for variable in known.variables.values()):
            self._outdated = True
        else:
            self._generation = now
        return self._outdated


class KeptFile:
    """A `.modelc` file, with what is kept for it in the cache."""

    def __init__(self, file: HeldFile, made_by: str, precision: str | None) -> None:
        self._file = file
        self._precision = precision
        self._options = f"{made_by} {precision or ''}"
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
        return f"{_digest(self._options, *held)}.plan"

    @property
    def _note(self) -> str:
        return f"{_digest(self._options, os.path.realpath(self._file.name))}.note"

    def _of(self, found: FoundPlan) -> Model:
        from modelc.model.model import Model

        return Model.from_kept(Kept(found.face, found.plan, self._built))

    def _built(self) -> BuiltGraph:
        from modelc.model.first_load import traced

        return traced(self._file, self._precision)


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:40]
