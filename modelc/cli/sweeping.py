"""What `modelc sweep` does once its arguments are read: validates, trains, and tells the best."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from modelc.callbacks.progress import format_logs
from modelc.cli import INTERRUPTED
from modelc.cli.colours import say, tell
from modelc.report.diff.text import as_lines
from modelc.sweeps.results import SweepResults, VariantResult
from modelc.sweeps.sweep import SweepFollowing, SweepPlan, run_choices, run_plan
from modelc.sweeps.table import plan_as_text
from modelc.text.terminal import shown_lines

__all__ = ["SweepPlan", "SweepRun", "following", "print_plan", "run_choices"]

_FAILED_SHOWN = 5
_ESTIMATED_OVER = 3600.0
"""The seconds over which the time that is left is estimated: a variant may take many minutes."""


def print_plan(plan: SweepPlan, *, as_json: bool) -> None:
    """Print all variants and their costs."""
    rows = plan.untrained()
    if as_json:
        say(json.dumps([row.to_dict() for row in rows], ensure_ascii=False))
        return
    invalid = sum(row.status == "invalid" for row in rows)
    say(plan_as_text(rows))
    say(f"{len(rows):,} variants" + (f", {invalid:,} of them invalid" if invalid else ""))


@dataclass(frozen=True)
class SweepRun:
    """The options of a sweep that trains."""

    target: Path
    jobs: int | None
    dask: str | None
    retry_failed: bool
    as_json: bool

    def __call__(self, plan: SweepPlan, following: SweepFollowing) -> SweepResults:
        """Train what is missing."""
        return run_plan(
            plan, self.target, jobs=self.jobs, retry_failed=self.retry_failed, dask=self.dask, following=following
        )

    def tell(self, results: SweepResults) -> None:
        """Print the best. Exits with 1 where some have failed."""
        for row in [row for row in results if row.status == "failed"][:_FAILED_SHOWN]:
            tell(f"{row.variant.named} failed: {row.error}")
        say(results.to_json() if self.as_json else _told(results))
        if results.counts().get("failed"):
            raise click.exceptions.Exit(1)

    def interrupted(self) -> NoReturn:
        """Tell how to go on, and exit."""
        say(f"\ninterrupted; what has ended is in {self.target}: the same command goes on from here", err=True)
        raise SystemExit(INTERRUPTED)


def _told(results: SweepResults) -> str:
    """The table of the best, the best one, and what it changes."""
    lines = [str(results)]
    best = results.best
    if best is not None:
        lines += ["", f"best by {results.metric} ({results.mode}): {best.variant.named}", f"  {best.model}"]
    if results.diff is not None:
        lines += ["", "its model against that of the spec:", *(line for _, line in as_lines(results.diff))]
    return "\n".join(lines)


@contextmanager
def following() -> Generator[SweepFollowing]:
    """What shows how far a sweep is: a bar on a terminal, elsewhere a line for each variant that has ended."""
    if not sys.stderr.isatty():
        yield SweepFollowing(planned=_tell_planned, ended=_tell_ended)
        return
    columns = [
        TextColumn("{task.description}"), BarColumn(bar_width=20), TextColumn("{task.completed:,} of {task.total:,}"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    ]  # fmt: skip
    console = Console(stderr=True, soft_wrap=True)
    with Progress(*columns, console=console, speed_estimate_period=_ESTIMATED_OVER) as progress:
        task = progress.add_task("validating", total=1)

        def planned(missing: int, total: int, jobs: int | None) -> None:
            progress.reset(task, total=missing, description=_training(jobs))

        def ended(result: VariantResult) -> None:
            console.print(shown_lines(_line(result)), markup=False, highlight=False)
            progress.advance(task)

        yield SweepFollowing(lambda done, total: progress.update(task, completed=done, total=total), planned, ended)


def _training(jobs: int | None) -> str:
    return "training on Dask" if jobs is None else f"training, {jobs} at once"


def _line(result: VariantResult) -> str:
    """What came of a variant, in a line."""
    told = format_logs(result.metrics) if result.error is None else f"failed: {result.error}"
    return f"{result.variant.named}  {result.seconds or 0:.1f} s  {told}"


def _tell_planned(missing: int, total: int, jobs: int | None) -> None:
    if missing:
        say(f"{_training(jobs)}: {missing:,} of {total:,} variants", err=True)


def _tell_ended(result: VariantResult) -> None:
    say(_line(result), err=True)
