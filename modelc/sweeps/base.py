"""`Base`: the spec that a sweep varies, as it can be sent to another process."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from modelc.errors import InputError
from modelc.language.definition import Definition
from modelc.language.text.source import SpecSource
from modelc.model.loading import load_spec
from modelc.model.spec import Spec


@dataclass(frozen=True)
class Base:
    """A spec in a file, or as text; settings are applied before its variables are expanded."""

    path: str | None
    text: str | None = None
    folder: str | None = None
    """The folder that the paths in a text start from."""

    @classmethod
    def of(cls, source: SpecSource | Definition) -> Self:
        """From a path, `zoo:NAME`, a mapping or a definition. Raises `InputError` for what can be read only once."""
        if isinstance(source, Definition):
            return cls(None, source.to_json(), os.fspath(source.folder or Path.cwd()))
        if isinstance(source, Mapping):
            import json

            return cls(None, json.dumps(dict(source)), os.getcwd())
        if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
            return cls(None, source, os.getcwd())
        if isinstance(source, str | os.PathLike):
            path = os.fspath(source)
            return cls(path if path.startswith("zoo:") else os.path.abspath(path))
        raise InputError("the spec of a sweep is read for each variant: give its path, its text or a mapping")

    @property
    def name(self) -> str:
        """It in messages."""
        return "<spec>" if self.path is None else self.path

    def load(self, settings: Sequence[str] = ()) -> Spec:
        """The spec with these settings. Raises as `load_spec` does."""
        if self.path is None:
            return load_spec(self.text or "", settings=settings, folder=self.folder)
        return load_spec(self.path if self.path.startswith("zoo:") else Path(self.path), settings=settings)

    def plain(self) -> dict[str, Any]:
        """It as plain data, from which `Base(**…)` makes it again."""
        return asdict(self)


def digest_of(spec: Definition) -> str:
    """What tells a spec from any other one."""
    return hashlib.sha256(spec.to_json(indent=None).encode()).hexdigest()[:32]
