"""One variant: trained from its last checkpoint on, saved, and what came of it as plain data.

Task and result are plain data, so that a process on this or another machine can be handed the one and return the other.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

from modelc.callbacks import CSVLogger, checkpoint
from modelc.config.paths import paths_in
from modelc.errors import ModelcError
from modelc.model.spec import Spec
from modelc.model.training_run import Choices, Report, forget_checkpoints, train
from modelc.report.limits import require_limits
from modelc.sweeps.base import Base, digest_of
from modelc.system.file_locks import locked

Status = Literal["done", "failed", "invalid"]


@dataclass(frozen=True)
class Task:
    """A variant to be trained."""

    number: int
    base: Base
    settings: tuple[str, ...]
    digest: str
    """What its spec was when it was validated."""
    folder: str
    """The folder of its run."""
    choices: Choices
    """The options of the command, except for files of the run."""

    def plain(self) -> dict[str, Any]:
        """It as plain data."""
        chosen = {key: value for key, value in asdict(self.choices).items() if value is not None}
        return asdict(self) | {"choices": chosen}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Task:
        """From plain data."""
        return cls(
            plain["number"], Base(**plain["base"]), tuple(plain["settings"]), plain["digest"], plain["folder"],
            Choices(**plain["choices"]),
        )  # fmt: skip

    @property
    def run_choices(self) -> Choices:
        """The options with those of the run: where its checkpoints are, and whether there are any."""
        folder = Path(self.folder)
        checkpoints = folder / "model.modelc.checkpoints"
        resume = bool(checkpoint.newest_first(checkpoints))
        return replace(self.choices, checkpoints=checkpoints, resume=resume, verbose=0, outputs=folder)


def run_task(task: Task) -> dict[str, Any]:
    """Train a variant and save it; what came of it. An error of the variant is a part of that, and raises nothing.

    Raises `InterruptedRun` where it was interrupted, after its state was saved.
    """
    compiled: dict[str, float] = {}

    def note(family: str, seconds: float | None) -> None:
        if seconds is not None:
            compiled[family] = seconds

    start = time.perf_counter()
    try:
        Path(task.folder).mkdir(parents=True, exist_ok=True)
        # A process that was cut off from the one that sent its task may be at it still.
        with locked(task.folder):
            found = _outcome(_trained(task, note))
    except ModelcError as error:
        found = {"status": "failed", "error": str(error)}
    except (OSError, MemoryError) as error:
        found = {"status": "failed", "error": str(error) or "not enough memory"}
    return {**found, "seconds": round(time.perf_counter() - start, 3), "compiled": compiled}


def forget_state(task: Task) -> None:
    """Remove the checkpoints of a variant whose result is kept."""
    forget_checkpoints(task.run_choices)


def _trained(task: Task, on_compile: Any) -> Report:
    spec = task.base.load(task.settings)
    if digest_of(spec) != task.digest:
        raise ModelcError(
            f"{task.base.name}: the spec has changed since the sweep began", "start the sweep into another folder"
        )
    require_limits(spec)
    choices = task.run_choices
    _make_folders(spec, Path(task.folder))
    epochs = CSVLogger(filename=str(Path(task.folder) / "epochs.csv"))
    report = train(spec, choices, [epochs], on_compile)
    report.model.save(Path(task.folder) / "model.modelc")
    return report


def _make_folders(spec: Spec, folder: Path) -> None:
    """Make the folders that the spec's callbacks write to, which are in that of the run."""
    for callback in spec.training.callbacks if spec.training is not None else ():
        for path in paths_in(callback):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)


def _outcome(report: Report) -> dict[str, Any]:
    last = len(report.epochs) - 1
    epoch = last if report.restored is None else report.restored
    model = report.model
    return {
        "status": "done",
        "metrics": {name: _number(values[epoch]) for name, values in report.history.items() if epoch < len(values)},
        "epoch": epoch + 1,
        "epochs": last + 1,
        "updates": model.optimizer.iterations,
    }


def _number(value: Any) -> Any:
    """A value as JSON holds it: null where it is not finite."""
    if isinstance(value, int | float):
        return value if math.isfinite(value) else None
    return cast("Any", value.tolist() if hasattr(value, "tolist") else str(value))
