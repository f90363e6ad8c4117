"""Resuming a run: the description by which `modelc train --resume` and `BackupAndRestore` recognize it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np

from modelc.callbacks.checkpoint import Checkpoint, latest, newest_first
from modelc.callbacks.same_run import require_same_run
from modelc.config.by_output import is_by_output
from modelc.config.plain import plain_value
from modelc.config.registry import Registry
from modelc.data.batches import ArrayData, Data
from modelc.data.columns import Column
from modelc.data.ragged import Ragged
from modelc.language.definition import Definition
from modelc.language.training import GUESSED
from modelc.losses import LOSSES
from modelc.metrics import METRICS
from modelc.optimizers.optimizer import Optimizer
from modelc.training.bucket_sums import Summing

_OF_MODEL = ("inputs", "input", "layers", "outputs", "truncate", "extract", "freeze", "trainable", "semantics")
_WHOLE_BYTES = 1 << 26
"""Up to this size, all of the data is digested; of more, samples spread over all of it."""
_SAMPLES = 64


class How(NamedTuple):
    """How a model is trained: what `compile` takes."""

    optimizer: Optimizer
    loss: Any
    loss_weights: Any
    metrics: Any
    weighted_metrics: Any

    def plain(self) -> dict[str, Any]:
        """The same as plain data, in which every word stands for one thing."""
        return {
            "optimizer": plain_value(self.optimizer),
            "loss": _plain(self.loss, LOSSES),
            "loss_weights": self.loss_weights,
            "metrics": _plain(self.metrics, METRICS) or None,
            "weighted_metrics": _plain(self.weighted_metrics, METRICS) or None,
        }


def _plain(given: Any, registry: Registry[Any]) -> Any:
    """Losses or metrics, alone, in lists or by the names of outputs; without names, which the process counts."""
    if is_by_output(given):
        return {name: _plain(item, registry) for name, item in given.items()}
    if isinstance(given, list | tuple):
        return [_plain(item, registry) for item in cast("list[Any]", given)]
    if given is None or (isinstance(given, str) and given in GUESSED):
        return given
    options = {key: value for key, value in registry.coerce(given).plain().items() if key != "name"}
    return options if len(options) > 1 else options["type"]


def described(
    spec: Definition, how: How, seed: int, data: Data, held_out: Data | None, summing: Summing
) -> dict[str, Any]:
    """What a run depends on, as plain data that JSON holds: the model, how it is trained, and on what.

    A run may be made longer, be watched otherwise, and be shared out to other processes.
    """
    plain, options = spec.to_dict(), data.options
    about = {
        **{key: plain[key] for key in _OF_MODEL if key in plain},
        "training": {
            **how.plain(),
            "shuffle": options.shuffle,
            "class_weight": options.class_weight,
            "steps_per_epoch": options.steps_per_epoch,
        },
        "batch size": data.batch_size if isinstance(data, ArrayData) else options.batch_size,
        **summing.plain(),
        "seed": seed,
        "data": _of_data(data),
        "validation": None if held_out is None else _of_data(held_out),
    }
    return cast("dict[str, Any]", json.loads(json.dumps(about, default=str)))


def found_to_resume(folder: Path, about: Mapping[str, Any], *, accept: bool) -> Checkpoint | None:
    """The checkpoint to go on from; None before the first one.

    Raises `InputError` with all that was different in the run whose checkpoint it is, unless `accept`.
    """
    found = latest(folder) if newest_first(folder) else None
    if found is not None and not accept:
        require_same_run(folder, found, about, "accept what is new by --accept-changes")
    return found


def _of_data(data: Data) -> dict[str, Any]:
    """What of data is compared: of what gives batches itself, which may not be read twice, only how many there are."""
    if not isinstance(data, ArrayData):
        return {"batches": data.steps}
    columns = data.columns
    return {
        "samples": len(columns),
        "arrays": [f"{column.dtype} {list(column.sample_shape)}" for column in columns.every()],
        "content": _digest(list(columns.every()), len(columns)),
    }


def _elements(column: Column) -> int:
    """The elements of a sample; of samples of different sizes, as if those were 1."""
    return math.prod(1 if size is None else size for size in column.sample_shape)


def _digest(columns: list[Column], samples: int) -> str:
    """A digest of the samples: of all, or of some spread over all where there are many."""
    size = sum(samples * _elements(c) * c.dtype.itemsize for c in columns)
    whole = size <= _WHOLE_BYTES
    which = slice(None) if whole else np.unique(np.linspace(0, samples - 1, _SAMPLES).astype(np.int64))
    digest = hashlib.sha256()
    for column in columns:
        taken = column.take(which)
        for array in taken.samples if isinstance(taken, Ragged) else [taken]:
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]
