"""The package distributed. Importing this raises `InputError` where it is not installed."""

from __future__ import annotations

from typing import Any

from modelc.errors import InputError

try:
    import distributed as _distributed
    from distributed import WorkerPlugin
except ImportError:
    raise InputError("Dask is not installed", "pip install 'modelc[dask]'") from None

distributed: Any = _distributed

__all__ = ["WorkerPlugin", "distributed"]
