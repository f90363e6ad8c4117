"""Whether `mpirun` started this process, as one of several: by the environment alone, before MPI is loaded."""

from __future__ import annotations

import os
from collections.abc import Mapping

_STARTERS = (
    ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"),  # Open MPI
    ("PMI_SIZE", "PMI_RANK"),  # MPICH, Intel MPI, and what else has the process manager of MPICH
    ("MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"),  # MVAPICH
)
"""The variables that say how many processes there are, and which one this is."""


def started_rank(environment: Mapping[str, str] = os.environ) -> int | None:
    """The rank of this process among several that `mpirun` started; None where it did not, or started one alone."""
    for size, rank in _STARTERS:
        found = environment.get(size, ""), environment.get(rank, "")
        if all(text.isascii() and text.isdecimal() for text in found) and int(found[0]) > 1:
            return int(found[1])
    return None
