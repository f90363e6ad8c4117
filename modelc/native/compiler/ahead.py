"""Compile servers that start before it is known what they are to compile. Imports nothing where none is needed."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager

from modelc.native.compiler.packaged import FOLDER
from modelc.native.compiler.private_cache import default_directory
from modelc.system.mpi_start import started_rank
from modelc.system.pools import pool_size


@contextmanager
def compilers_ahead() -> Generator[None]:
    """Inside, the compile servers of a first build start beside what the build does before it has kernels compiled.

    Where there are kernels in the package or in the cache, nothing is started. What was started and not used ends with
    the block. Of several processes that begin at once, one compiles for all: others than the first start nothing ahead.
    """
    if os.path.isdir(FOLDER) or started_rank() or pool_size() > 1 or _has_kernels(default_directory()):
        yield
        return
    from modelc.native.compiler.processes import started_ahead  # deferred: what few builds need

    with started_ahead():
        yield


def _has_kernels(directory: str) -> bool:
    """Whether there are kernels of any version: then few are missing, if any."""
    try:
        return any(name.endswith(".o") for name in os.listdir(directory))
    except OSError:
        return False
