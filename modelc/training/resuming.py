"""Going on with a run that was stopped: what kind of run it was, and what is different now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

from modelc.callbacks.checkpoint import Checkpoint, latest, newest_first
from modelc.data.batches import ArrayData
from modelc.data.columns import Column
from modelc.errors import InputError
from modelc.spec.node import quote
from modelc.spec.spec import Spec

RUN = "run"
"""Where a checkpoint holds the description of its run."""
_APART = ("data", "validation", "callbacks", "epochs", "validation_freq", "batch_size", "seed")
"""Of `training`, what is described by itself, and what may change: a run may be made longer, and watched otherwise."""
_OF_MODEL = ("inputs", "input", "layers", "outputs", "truncate", "extract", "freeze", "trainable")
_MOST_SHOWN = 8
_WHOLE_BYTES = 1 << 26
"""Up to this size, all of the data is digested; of more, samples spread over all of it."""
_SAMPLES = 64


def described(spec: Spec, seed: int, data: ArrayData, held_out: ArrayData | None) -> dict[str, Any]:
    """What a run depends on, as plain data that JSON holds: the model, how it is trained, and on what."""
    plain = spec.to_dict()
    training = cast("dict[str, Any]", plain.get("training") or {})
    about = {
        **{key: plain[key] for key in _OF_MODEL if key in plain},
        "training": {key: value for key, value in training.items() if key not in _APART},
        "batch size": data.batch_size,
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
    before = None if found is None else found.numbers.get(RUN)
    if accept or not isinstance(before, Mapping):
        return found
    lines = list(_differences(cast("Mapping[str, Any]", before), about, ""))
    if lines:
        shown = lines[:_MOST_SHOWN] + [f"and {len(lines) - _MOST_SHOWN} more"] * (len(lines) > _MOST_SHOWN)
        raise InputError(
            "\n  ".join([f"{folder}: the run that was stopped is another one, before → now:", *shown])
            + "\n  help: train as before, accept what is new by --accept-changes, or remove the folder to begin anew"
        )
    return found


def _of_data(data: ArrayData) -> dict[str, Any]:
    columns = data.columns
    return {
        "samples": len(columns),
        "arrays": [f"{column.dtype} {list(column.sample_shape)}" for column in columns.every()],
        "content": _digest(list(columns.every()), len(columns)),
    }


def _digest(columns: list[Column], samples: int) -> str:
    """A digest of the samples: of all, or of some spread over all where there are many."""
    size = sum(samples * int(np.prod(c.sample_shape, dtype=np.int64)) * c.dtype.itemsize for c in columns)
    whole = size <= _WHOLE_BYTES
    which = slice(None) if whole else np.unique(np.linspace(0, samples - 1, _SAMPLES).astype(np.int64))
    digest = hashlib.sha256()
    for column in columns:
        digest.update(np.ascontiguousarray(column.take(which)).tobytes())
    return digest.hexdigest()[:16]


def _differences(before: Any, now: Any, path: str) -> Iterator[str]:
    """What is different, each in one line."""
    if before == now:
        return
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        old, new = cast("Mapping[str, Any]", before), cast("Mapping[str, Any]", now)
        if old.get("type") == new.get("type"):
            for key in dict.fromkeys([*old, *new]):
                yield from _differences(old.get(key), new.get(key), f"{path}.{key}" if path else key)
            return
    if isinstance(before, list) and isinstance(now, list):
        olds, news = cast("list[Any]", before), cast("list[Any]", now)
        if len(olds) == len(news):
            for i, (one, other) in enumerate(zip(olds, news, strict=True)):
                yield from _differences(one, other, f"{path}[{i}]")
            return
        yield f"{path}: {len(olds)} entries → {len(news)}"
        return
    yield f"{path.removeprefix('training.')}: {_shown(before)} → {_shown(now)}"


def _shown(value: Any) -> str:
    return "left out" if value is None else quote(value if isinstance(value, str) else json.dumps(value)).strip("`")
