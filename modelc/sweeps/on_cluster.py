"""Variants are trained on the workers of a Dask cluster, which reach folder, spec and data by their paths."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from modelc.cluster.connecting import connected, require_workers
from modelc.cluster.tasks import run_tasks
from modelc.errors import ModelcError
from modelc.sweeps.folder import DESCRIPTION
from modelc.sweeps.processes import Outcome
from modelc.sweeps.training import Task, run_task


def on_cluster(tasks: Iterable[Task], cluster: Any) -> Generator[Outcome]:
    """The outcomes of tasks as they come, from the workers at an address, on `local:N`, or of a client.

    The variant of a worker that is lost goes on on another one.
    """
    with ExitStack() as stack:
        if isinstance(cluster, str):
            client = stack.enter_context(connected(cluster))
        else:
            client = cluster
            require_workers(client)
        for ended in run_tasks(client, _run, tasks):
            yield ended.task, ended.result if ended.error is None else _failed(ended.error)


def _run(task: Task) -> dict[str, Any]:
    folder = Path(task.folder).parents[1]
    if not (folder / DESCRIPTION).exists():
        return _failed(ModelcError(f"{folder}: the worker does not reach this folder"))
    return run_task(task)


def _failed(error: Exception) -> dict[str, Any]:
    return {"status": "failed", "error": str(error) if isinstance(error, ModelcError) else repr(error)}
