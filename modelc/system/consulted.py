"""Which files a result depends on: what reads files, or looks whether they are there, notes them here.

Nothing is noted unless someone listens; a result that is kept is right as long as the files that were noted are as they
were, those that were absent included.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_noted: ContextVar[dict[str, bool] | None] = ContextVar("noted", default=None)


def consult(path: str | os.PathLike[str], *, content: bool = True) -> None:
    """Note a file that is about to be read, or, without `content`, one whose presence alone counts."""
    files = _noted.get()
    if files is not None:
        name = os.path.abspath(path)
        files[name] = files.get(name, False) or content


@contextmanager
def consulting() -> Generator[dict[str, bool]]:
    """The absolute paths of the files that are noted inside, and whether their content counts."""
    files: dict[str, bool] = {}
    token = _noted.set(files)
    try:
        yield files
    finally:
        _noted.reset(token)
