"""`sweep`: train the variants of a spec, each once, and compare them."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from modelc.config.arguments import require_choice, require_count
from modelc.errors import InputError, SpecError
from modelc.files.atomic import replacing
from modelc.files.kinds import Kind
from modelc.language.definition import Definition
from modelc.language.text.source import SpecSource
from modelc.model.spec import Spec
from modelc.model.training_run import Choices, described_run, section_of
from modelc.native.engine.cpus import thread_count, threads_of_each
from modelc.report.diff.find import Diff, compare
from modelc.sweeps.base import Base
from modelc.sweeps.checking import CheckedVariant, check_variants, require_valid
from modelc.sweeps.choices import Choice, choices_of
from modelc.sweeps.folder import SweepFolder
from modelc.sweeps.processes import Outcome, in_processes
from modelc.sweeps.results import Mode, SweepResults, VariantResult, result_of
from modelc.sweeps.table import as_csv, as_markdown
from modelc.sweeps.training import Task, forget_state
from modelc.sweeps.variants import variants_of
from modelc.text.unknown import unknown
from modelc.training.watching import logged


@dataclass(frozen=True)
class SweepFollowing:
    """What a sweep tells while it goes on."""

    checked: Callable[[int, int], None] = lambda done, total: None
    """Called with the number of variants that are validated, and that of all."""
    planned: Callable[[int, int, int | None], None] = lambda missing, total, jobs: None
    """Called with the number of variants to be trained, that of all, and in how many processes; None for a cluster."""
    ended: Callable[[VariantResult], None] = lambda result: None
    """Called with each result as it comes."""


@dataclass(frozen=True)
class SweepPlan:
    """A sweep whose variants are validated."""

    base: Base
    choices: Sequence[Choice]
    samples: int | None
    seed: int
    checked: Sequence[CheckedVariant]
    run: Choices
    """The options that hold for all runs."""
    metric: str
    mode: Mode

    @classmethod
    def of(
        cls,
        spec: SpecSource | Definition,
        choices: Sequence[str] | Mapping[str, Any],
        *,
        samples: int | None,
        seed: int,
        run: Choices,
        metric: str | None,
        mode: Mode | Literal["auto"],
        skip_invalid: bool,
        following: SweepFollowing,
    ) -> SweepPlan:
        """Read what varies, and validate each variant.

        Raises `SpecError` with the mistakes of all variants, or, with `skip_invalid`, of those that all have; and
        `InputError` for a metric that is not measured.
        """
        require_choice("mode", mode, ("auto", "min", "max"), "sweep")
        require_count("seed", seed, 0)
        if samples is not None:
            require_count("samples", samples)
        base = Base.of(spec)
        varied = choices_of(choices)
        variants = variants_of(varied, samples, seed)
        done = 0

        def count(one: CheckedVariant) -> None:
            nonlocal done
            done += 1
            following.checked(done, len(variants))

        checked = check_variants(base, variants, count)
        if not skip_invalid or not any(one.is_valid for one in checked):
            require_valid(checked)
        spec_of_first = base.load(next(one for one in checked if one.is_valid).variant.settings)
        return cls(base, varied, samples, seed, checked, run, *_measured(spec_of_first, run, metric, mode))

    @property
    def first(self) -> CheckedVariant:
        """The first valid variant."""
        return next(one for one in self.checked if one.is_valid)

    def about(self) -> dict[str, Any]:
        """What the sweep is, as plain data; the data of the first variant is opened and checked."""
        described = described_run(self.base.load(self.first.variant.settings), self.run)
        try:
            spec = self.base.load().to_dict()
        except SpecError:  # what varies may have to be set
            spec = self.base.load(self.first.variant.settings).to_dict()
        return {
            "spec": spec,
            "choices": {choice.path: choice.plain() for choice in self.choices},
            "samples": self.samples,
            "seed": self.seed,
            "epochs": self.run.epochs,
            "weights": self.run.weights,
            "data": described["data"],
            "validation": described["validation"],
        }

    def results(self, folder: SweepFolder, ended: Mapping[int, Mapping[str, Any]]) -> SweepResults:
        """The results so far."""
        rows = tuple(self.result(one, ended, folder) for one in self.checked)
        found = SweepResults(folder.path, self.metric, self.mode, rows)
        return replace(found, diff=self._diff(found.best))

    def untrained(self) -> list[VariantResult]:
        """All variants with their costs, before any is trained."""
        return [result_of(one, None, Path()) for one in self.checked]

    def result(
        self, checked: CheckedVariant, ended: Mapping[int, Mapping[str, Any]], folder: SweepFolder
    ) -> VariantResult:
        """The result of one variant."""
        number = checked.variant.number
        return result_of(checked, ended.get(number), folder.model(number))

    def _diff(self, best: VariantResult | None) -> Diff | None:
        if best is None:
            return None
        try:
            return compare(self.base.load(), self.base.load(best.variant.settings))
        except SpecError:
            return None


def _measured(spec: Spec, run: Choices, metric: str | None, mode: Mode | Literal["auto"]) -> tuple[str, Mode]:
    """The metric, or the loss on validation data, else that of training; and which way it is better.

    Raises `InputError` for a metric that is not measured, and where it is not known which way it is better.
    """
    training = section_of(spec)
    names = logged(spec, training)
    validated = training.validation is not None if run.validation is None else not _is_zero(run.validation)
    known = [*(f"val_{name}" for name in names if validated), *names]
    if metric is not None and metric not in known:
        message, help = unknown("metric", metric, known)
        if not validated and metric.removeprefix("val_") in names:
            help = "there is no validation data: give --validation 0.2, or add `validation` to `training`"
        raise InputError(message, help)
    chosen = metric or known[0]
    if mode != "auto":
        return chosen, mode
    direction = names[chosen if chosen in names else chosen.removeprefix("val_")]
    if direction is None:
        message = f"it is not known whether a higher or a lower `{chosen}` is better"
        raise InputError(message, "give --mode max or --mode min (in Python: mode=…)")
    return chosen, "max" if direction == "up" else "min"


def _is_zero(validation: str) -> bool:
    try:
        return float(validation) == 0
    except ValueError:
        return False


def sweep(
    spec: SpecSource | Definition,
    choices: Sequence[str] | Mapping[str, Any],
    output: str | os.PathLike[str],
    *,
    samples: int | None = None,
    seed: int = 0,
    jobs: int | None = None,
    metric: str | None = None,
    mode: Literal["auto", "min", "max"] = "auto",
    data: str | None = None,
    validation: str | float | None = None,
    epochs: int | None = None,
    weights: str | None = None,
    skip_invalid: bool = False,
    retry_failed: bool = False,
    dask: Any = None,
    following: SweepFollowing | None = None,
) -> SweepResults:
    """Train the variants of a spec, several at once, and compare them; what the folder `output` has is not done again.

    `choices` are the values by place of the spec: `{"vars.width": [16, 32], "training.optimizer.learning_rate":
    "loguniform(1e-4, 1e-1)"}`; a text is in the language of `modelc sweep --set`. All combinations are trained, or
    `samples` of them, drawn by `seed`. `jobs` is the number of processes, by default the number of CPUs, which share
    the CPUs. The best is that by `metric`: by default `val_loss`, or `loss` without validation data. `data`,
    `validation`, `epochs` and `weights` are those of `modelc train`. Invalid variants are left out with `skip_invalid`,
    and those that failed before are trained again with `retry_failed`. With `dask`, a client, an address or `local:N`,
    the workers of a Dask cluster train instead of `jobs` processes.

    Raises `SpecError` with the mistakes of all variants before any is trained; `InputError` for a folder that has
    another sweep in it, for data that does not match, and for an unknown metric.
    """
    if jobs is not None:
        require_count("jobs", jobs)
    told = following or SweepFollowing()
    plan = SweepPlan.of(
        spec, choices, samples=samples, seed=seed, run=run_choices(data, validation, epochs, weights), metric=metric,
        mode=mode, skip_invalid=skip_invalid, following=told,
    )  # fmt: skip
    return run_plan(plan, output, jobs=jobs, retry_failed=retry_failed, dask=dask, following=told)


def run_choices(
    data: str | None = None,
    validation: str | float | None = None,
    epochs: int | None = None,
    weights: str | None = None,
) -> Choices:
    """The options that hold for all runs, with paths that other processes find."""
    return Choices(data=_path(data), validation=_path(validation), epochs=epochs, weights=_path(weights))


def run_plan(
    plan: SweepPlan,
    output: str | os.PathLike[str],
    *,
    jobs: int | None = None,
    retry_failed: bool = False,
    dask: Any = None,
    following: SweepFollowing,
) -> SweepResults:
    """Train what is missing, and write the tables. Raises as `sweep` does."""
    folder = SweepFolder(output)
    with folder.held(plan.about()):
        ended = folder.ended()
        kept = {number: one for number, one in ended.items() if not (retry_failed and one.get("status") == "failed")}
        missing = [one for one in plan.checked if one.is_valid and one.variant.number not in kept]
        count = max(1, min(jobs or thread_count(), len(missing)))
        following.planned(len(missing), len(plan.checked), None if dask is not None else count)
        by_number = {one.variant.number: one for one in missing}
        tasks = [_task(plan, folder, one) for one in missing]
        try:
            with closing(_outcomes(tasks, count, dask)) as outcomes:
                for task, result in outcomes:
                    values = by_number[task.number].variant.values
                    kept[task.number] = {"variant": task.number, "values": values, **result}
                    folder.append(kept[task.number])
                    if result["status"] == "done":
                        forget_state(task)
                    following.ended(plan.result(by_number[task.number], kept, folder))
        finally:
            results = plan.results(folder, kept)
            _write(results)
    return results


def _outcomes(tasks: Sequence[Task], jobs: int, dask: Any) -> Generator[Outcome]:
    if dask is None:
        yield from in_processes(tasks, jobs, threads_of_each(jobs))
    elif tasks:
        from modelc.sweeps.on_cluster import on_cluster

        yield from on_cluster(tasks, dask)


def _task(plan: SweepPlan, folder: SweepFolder, one: CheckedVariant) -> Task:
    variant = one.variant
    run = os.path.abspath(folder.run(variant.number))
    return Task(variant.number, plan.base, tuple(variant.settings), one.digest, run, plan.run)


def _write(results: SweepResults) -> None:
    """The tables, as files of the folder."""
    texts = {
        "results.csv": (Kind.SWEEP_CSV, as_csv(results)),
        "results.json": (Kind.SWEEP_JSON, results.to_json(indent=1) + "\n"),
        "results.md": (Kind.SWEEP_MARKDOWN, as_markdown(results)),
    }
    for name, (kind, text) in texts.items():
        with replacing(results.folder / name, kind) as temporary:
            temporary.write_text(text, encoding="utf-8")


def _path(given: str | float | os.PathLike[str] | None) -> str | None:
    """A path that another process finds, or the number that it is."""
    if given is None or isinstance(given, int | float):
        return None if given is None else str(given)
    text = os.fspath(given)
    try:
        float(text)
    except ValueError:
        return os.path.abspath(text)
    return text
