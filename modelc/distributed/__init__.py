"""Past one process: training on MPI and on Dask."""

from __future__ import annotations

from modelc.distributed.mpi import MPI

__all__ = ["MPI"]
