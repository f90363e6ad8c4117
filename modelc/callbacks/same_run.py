"""Whether a checkpoint belongs to the run that resumes from it; differences are reported."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from modelc.callbacks.checkpoint import Checkpoint
from modelc.errors import InputError
from modelc.text.quoting import quote

RUN = "run"
"""Where a checkpoint holds the description of its run."""
_MOST_SHOWN = 8


def require_same_run(folder: Path, found: Checkpoint, about: Mapping[str, Any], way: str) -> None:
    """Raise `InputError` with all that was different in the run whose checkpoint it is; `way` says how to go on.

    A checkpoint that says nothing of its run, as those of Keras and of older versions, is of any.
    """
    before = found.numbers.get(RUN)
    if not isinstance(before, Mapping):
        return
    lines = differences(before, about)
    if lines:
        raise InputError(
            "\n  ".join([f"{folder}: the run that was stopped is another one, before → now:", *lines]),
            f"train as before, {way}, or remove the folder to start over",
        )


def differences(before: Any, now: Any) -> list[str]:
    """What is different in plain data, each in one line: `optimizer.learning_rate: 0.1 → 0.2`; the first ones."""
    lines = list(_differences(before, now, ""))
    return lines[:_MOST_SHOWN] + [f"and {len(lines) - _MOST_SHOWN} more"] * (len(lines) > _MOST_SHOWN)


def _differences(before: Any, now: Any, path: str) -> Iterator[str]:
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
