"""A client of a Dask cluster: one that runs somewhere, or one that is started on this machine."""

from __future__ import annotations

import logging
import re
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Any

from modelc.cluster.package import dask_config, distributed
from modelc.errors import InputError
from modelc.native.engine.cpus import thread_count, threads_of_each
from modelc.system.interrupts import interrupts_wait
from modelc.system.signals import ends_blocked

LOCAL = "local"
"""The word for workers on this machine."""
_LOCAL = re.compile(r"local(?::([0-9]{1,4}))?")
_ADDRESS = re.compile(r"(?:[a-z]+://)?[^\s/:]+:[0-9]{1,5}/?|inproc://\S+|(?:[a-z]+://)?\[[0-9a-f:]+\]:[0-9]{1,5}")
_LOCAL_SETTINGS = {
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.tick.cycle": "10s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.deploy.lost-worker-timeout": "1 day",
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
}
"""Settings of Dask for workers that share this machine's CPUs with the scheduler and the command.

What Dask looks at 10 to 100 times a second, for its dashboard above all, takes a sixth of a CPU by default, and a
thread that samples the stack of a task waits for the interpreter. And a nanny has the C library of a worker return each
large array's memory to the system at once, which costs a page fault for each page of the next one. A worker that is
lost is started again by its nanny; a cluster that finds it gone 15 seconds after it was lost once would end the nanny.
"""
_CONNECT_SECONDS = 10
_WORKERS_SECONDS = 60


def require_address(address: str) -> int | None:
    """The number of workers that `local:N` asks for; None for the address of a scheduler.

    Raises `InputError` for what is neither.
    """
    found = _LOCAL.fullmatch(address)
    if found is not None:
        count = int(found[1]) if found[1] is not None else thread_count()
        if not 1 <= count <= 1024:
            raise InputError(f"{address}: the number of workers must be from 1 to 1024")
        return count
    if not _ADDRESS.fullmatch(address):
        help = "write local, local:2, or the address that dask-scheduler prints, such as tcp://host:8786"
        raise InputError(f"{address[:100]}: not the address of a Dask scheduler", help)
    return None


@contextmanager
def connected(address: str) -> Generator[Any]:
    """A client of the scheduler at an address; for `local:N`, of N processes on this machine that share its CPUs.

    Raises `InputError` where there is no scheduler, or it has no workers.
    """
    count = require_address(address)
    if count is not None:
        threads = threads_of_each(count)
        with ExitStack() as stack:
            # A cluster that is half started, or half closed, leaves processes behind. And Ctrl-C in a terminal is for
            # this process, not for the workers, which would print where it met them.
            with interrupts_wait(), ends_blocked():
                stack.enter_context(dask_config.set(_LOCAL_SETTINGS))
                cluster = distributed.LocalCluster(
                    n_workers=count, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0",
                    silence_logs=logging.CRITICAL, env={"MODELC_NUM_THREADS": str(threads)},
                )  # fmt: skip
                stack.enter_context(cluster)
                client = stack.enter_context(distributed.Client(cluster, set_as_default=False, direct_to_workers=True))
            try:
                yield client
            finally:
                with interrupts_wait():
                    stack.close()
        return
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"{address}: no Dask scheduler answers: {reason}") from None
    with client:
        require_workers(client)
        yield client


def require_workers(client: Any) -> None:
    """Wait for a first worker. Raises `InputError` where none comes."""
    try:
        client.wait_for_workers(1, timeout=_WORKERS_SECONDS)
    except TimeoutError:
        message = f"the cluster at {client.scheduler.address} has no workers"
        raise InputError(message, f"start some: dask worker {client.scheduler.address}") from None
