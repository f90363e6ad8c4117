"""`SweepResults`: what came of each variant of a sweep, and the best of them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from modelc.model.opening import load_artifact
from modelc.report.diff.find import Diff
from modelc.sweeps.checking import CheckedVariant
from modelc.sweeps.table import as_text
from modelc.sweeps.training import Status
from modelc.sweeps.variants import SweepVariant

if TYPE_CHECKING:
    from modelc.model.model import Model

Mode = Literal["min", "max"]
"""Whether less or more of a metric is better."""


@dataclass(frozen=True)
class VariantResult:
    """What came of one variant."""

    variant: SweepVariant
    status: Status | None
    """`done`, `failed` or `invalid`; None for one that is not trained yet."""
    params: int | None
    macs: int | str | None
    """Multiply-adds per sample, or their formula in free sizes."""
    metrics: Mapping[str, Any]
    """Losses and metrics of the epoch whose weights the model has, by name."""
    epochs: int | None
    seconds: float | None
    error: str | None
    """Why it failed, or is invalid."""
    model: str | None
    """The path of the trained model."""

    @property
    def values(self) -> dict[str, Any]:
        """What it has at the places that vary."""
        return self.variant.values

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form."""
        return {
            "variant": self.variant.number, "values": self.values, "status": self.status, "metrics": dict(self.metrics),
            "epochs": self.epochs, "params": self.params, "macs": self.macs, "seconds": self.seconds,
            "model": self.model, "error": self.error,
        }  # fmt: skip


@dataclass(frozen=True)
class SweepResults(Sequence[VariantResult]):
    """The results of a sweep, in the order of its variants. `str` formats them as a table, the best ones first."""

    folder: Path
    metric: str
    """What the best is the best by."""
    mode: Mode
    results: tuple[VariantResult, ...]
    diff: Diff | None = None
    """The differences of the best model from the spec as it is written; None where that is no model."""

    @overload
    def __getitem__(self, index: int) -> VariantResult: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[VariantResult, ...]: ...
    def __getitem__(self, index: int | slice) -> VariantResult | tuple[VariantResult, ...]:
        """One result, or some."""
        return self.results[index]

    def __len__(self) -> int:
        return len(self.results)

    @property
    def ranked(self) -> list[VariantResult]:
        """Those that have the metric, the best first; of equal ones the first variant."""
        sign = 1 if self.mode == "min" else -1
        known = [one for one in self.results if isinstance(one.metrics.get(self.metric), int | float)]
        return sorted(known, key=lambda one: sign * one.metrics[self.metric])

    @property
    def best(self) -> VariantResult | None:
        """The best one; None where none has the metric."""
        return next(iter(self.ranked), None)

    def load_best(self) -> Model:
        """The best model, with its weights. Raises `FileNotFoundError` where there is none."""
        best = self.best
        if best is None or best.model is None:
            raise FileNotFoundError(f"{self.folder}: no variant has `{self.metric}`")
        return load_artifact(best.model)

    def counts(self) -> dict[str, int]:
        """How many variants have which status."""
        found: dict[str, int] = {}
        for one in self.results:
            status = one.status or "missing"
            found[status] = found.get(status, 0) + 1
        return found

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form."""
        best = self.best
        return {
            "sweep": os.fspath(self.folder),
            "metric": self.metric,
            "mode": self.mode,
            "best": None if best is None else best.variant.number,
            "counts": self.counts(),
            "variants": [one.to_dict() for one in self.results],
            "diff": None if self.diff is None else self.diff.to_dict(),
        }

    def to_json(self, indent: int | None = 2) -> str:
        """`to_dict` as JSON."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False, allow_nan=False)

    def __str__(self) -> str:
        return as_text(self)


def result_of(checked: CheckedVariant, ended: Mapping[str, Any] | None, model: Path) -> VariantResult:
    """The result of a variant: what was written of it, else that it is invalid or missing."""
    macs = checked.macs.number if checked.macs.formula is None else checked.macs.formula
    if ended is None:
        status: Status | None = None if checked.is_valid else "invalid"
        error = None if checked.is_valid else str(checked.mistakes[0])
        return VariantResult(checked.variant, status, checked.params, macs, {}, None, None, error, None)
    return VariantResult(
        checked.variant, ended["status"], checked.params, macs, ended.get("metrics", {}), ended.get("epochs"),
        ended.get("seconds"), ended.get("error"), os.fspath(model) if ended["status"] == "done" else None,
    )  # fmt: skip
