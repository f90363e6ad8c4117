"""Dask: its arrays, delayed values, settings and clusters.

Importing this raises `InputError` where it is not installed.
"""

from __future__ import annotations

from typing import Any

from modelc.errors import InputError

try:
    import dask.array as _array
    import dask.config as _config
    import distributed as _distributed
    from dask.delayed import delayed as _delayed  # pyright: ignore[reportUnknownVariableType]
    from distributed import WorkerPlugin
except ImportError:
    raise InputError("Dask is not installed", "pip install 'modelc[dask]'") from None

# Dask says the types of few of its functions.
dask_array: Any = _array
dask_config: Any = _config
delayed: Any = _delayed  # pyright: ignore[reportUnknownVariableType]
distributed: Any = _distributed

__all__ = ["WorkerPlugin", "dask_array", "dask_config", "delayed", "distributed"]
