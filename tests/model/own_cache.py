"""A cache that a test has for itself, with the kernels that there are."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from modelc.native.compiler.private_cache import default_directory


def cache_of_its_own(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have modelc use the folder `cache`, which is made, here and in processes that are started."""
    kernels = Path(os.environ.get("MODELC_CACHE_DIR") or default_directory())
    cache.mkdir(mode=0o700)
    for file in kernels.glob("*.o"):
        with suppress(FileNotFoundError):  # another process has cleared its cache
            os.link(file, cache / file.name) if _same_disk(file, cache) else shutil.copy2(file, cache / file.name)
    monkeypatch.setenv("MODELC_CACHE_DIR", str(cache))


def _same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev
