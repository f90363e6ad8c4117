"""Past one process: training on MPI and on Dask, and prediction on Dask."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from modelc.distributed.mpi import MPI

if TYPE_CHECKING:
    from modelc.cluster.arrays import predict as predict
    from modelc.distributed.dask import Dask as Dask

__all__ = ["MPI", "Dask", "predict"]  # pyright: ignore[reportUnsupportedDunderAll]

_NEED_DASK = {"Dask": "modelc.distributed.dask", "predict": "modelc.cluster.arrays"}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in _NEED_DASK:
            return getattr(import_module(_NEED_DASK[name]), name)
        raise AttributeError(f"module 'modelc.distributed' has no attribute '{name}'")
