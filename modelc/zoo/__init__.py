"""The zoo: the architectures of `keras.applications` as specs, named `zoo:NAME`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The names of the architectures, in the order of the alphabet."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.yaml")))


def folder() -> Path:
    """The folder of the architectures."""
    return _FOLDER


def path(name: str) -> Path:
    """The file of an architecture. Raises `KeyError` where there is none of that name."""
    if name not in names():
        raise KeyError(name)
    return _FOLDER / f"{name}.yaml"


def description(name: str) -> str:
    """One line on an architecture: what it is called, and who described it where. Raises `KeyError` as `path` does."""
    with path(name).open(encoding="utf-8") as file:
        return file.readline().removeprefix("#").strip()
