"""Options that are paths of files or folders: their types say so, and whoever checks, opens or lists files asks the
types.

A spec may come from an untrusted source: the files that it names must lie in its folder. Reading a spec checks every
option whose type is marked here, of whichever class (modelc/language/validation/paths.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.config.base import Config
from modelc.config.registry import RegistryField

C = TypeVar("C", bound=Config)


@dataclass(frozen=True, slots=True)
class PathMark:
    """In the metadata of an annotation: texts in such an option are paths, relative to the folder of the spec."""

    access: Literal["read", "write"]
    """Whether the file exists before, or is made: then its name must be one that every system takes."""
    override: str | None = None
    """The option of commands that is given instead and takes any path: `--data`."""


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def _texts(value: Any) -> Any:
    """One path, or several by name."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        given = cast("Mapping[Any, Any]", value)
        if given and all(isinstance(item, str) for pair in given.items() for item in pair):
            return dict(given)
    if isinstance(value, str):
        return value
    raise PydanticCustomError("value_type", "expected a path, or paths by the names of inputs or outputs")


_SCHEMA: dict[str, Any] = {"type": "string", "format": "path"}
DATA = PathMark("read", "--data")

DataPath = Annotated[str, BeforeValidator(_text), WithJsonSchema(_SCHEMA), DATA]
"""The path of a file or folder of data that exists: text, or a `Path`."""

DataPaths = Annotated[str | dict[str, str], BeforeValidator(_texts), DATA]
"""The path of a file of data, or paths by the names of inputs or outputs."""

WeightsPath = Annotated[str, WithJsonSchema(_SCHEMA), PathMark("read", "--weights")]
"""The path of a file of weights that exists."""

OutputPath = Annotated[str, BeforeValidator(_text), WithJsonSchema(_SCHEMA), PathMark("write")]
"""The path of a file or folder that is made or overwritten: text, or a `Path`."""


@dataclass(frozen=True, slots=True)
class PathField:
    """An option that is a path, or paths."""

    name: str
    """The name in Python."""
    key: str
    """The name in a spec."""
    mark: PathMark
    or_config: bool
    """Whether a mapping in its place is a config, whose own options are looked at, not paths by name."""


def path_fields(cls: type[Config]) -> tuple[PathField, ...]:
    """The options of a class that are paths."""
    return _path_fields(cast("Any", cls))  # which type checkers do not take for hashable


@cache
def _path_fields(cls: type[Any]) -> tuple[PathField, ...]:
    found: list[PathField] = []
    for name, field in cast("type[Config]", cls).model_fields.items():
        parts = list(_parts((*field.metadata, field.annotation)))
        marks = [part for part in parts if isinstance(part, PathMark)]
        if marks:
            or_config = any(isinstance(part, RegistryField) for part in parts)
            found.append(PathField(name, field.alias or name, marks[0], or_config))
    return tuple(found)


def _parts(annotations: tuple[Any, ...]) -> Iterator[Any]:
    """An annotation, what it is made of, and its metadata."""
    for one in annotations:
        yield one
        yield from _parts((*getattr(one, "__metadata__", ()), *getattr(one, "__args__", ())))


def paths_in(config: Config) -> Iterator[str]:
    """The paths that a config names."""
    for field in path_fields(type(config)):
        value = getattr(config, field.name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from cast("Mapping[str, str]", value).values()


def with_paths_from(folder: Path, config: C) -> C:
    """The same config, its paths counted from the working folder instead of `folder`."""
    fields = [field for field in path_fields(type(config)) if getattr(config, field.name)]
    located = {field.name: _below(folder, getattr(config, field.name)) for field in fields}
    return config.model_copy(update=located) if located else config


def _below(folder: Path, value: Any) -> Any:
    if isinstance(value, str):
        return os.fspath(folder / value)
    if isinstance(value, Mapping):
        return {name: _below(folder, path) for name, path in cast("Mapping[str, str]", value).items()}
    return value
