"""Training a spec from files alone: its `training` section, data, checkpoints, and a report of what was left alone."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modelc.callbacks.callback import Callback, say
from modelc.callbacks.checkpoint import latest, newest_first, remove
from modelc.callbacks.patience import EarlyStopping
from modelc.callbacks.resume import BackupAndRestore
from modelc.config.paths import with_paths_from
from modelc.data.batches import ArrayData, Options
from modelc.data.sources import Source
from modelc.errors import InputError, NotFiniteError, SpecError
from modelc.graph.program import OnCompile
from modelc.language.labels import with_class_names
from modelc.language.training import Training
from modelc.language.validation.trained import check_trained
from modelc.language.validation.training_outputs import check_outputs
from modelc.model.build import build
from modelc.model.model import Model
from modelc.model.spec import Spec
from modelc.native.environment import require_environment
from modelc.report.training import FrozenLayer, TrainingReport
from modelc.system.interrupts import StoppedByInterrupt, continuing_told, ends_told, interrupts_told
from modelc.system.mpi_start import started_rank
from modelc.training.distribution import Distribution
from modelc.training.fit import summing_of
from modelc.training.freezing import LayerDigest, digests
from modelc.training.interrupted import EndedTogether, InterruptedRun
from modelc.training.located import Located, opened, source_of_run
from modelc.training.metric_names import by_type
from modelc.training.resuming import How, described, found_to_resume
from modelc.training.signature import signature_of
from modelc.training.watching import require_watched


@dataclass(frozen=True)
class Choices:
    """The options of a command that override a spec's `training`."""

    data: str | None = None
    validation: str | None = None
    epochs: int | None = None
    batch_size: int | None = None
    seed: int | None = None
    weights: str | None = None
    checkpoints: Path | None = None
    """The folder in which the state is saved after each epoch, and from which `resume` continues."""
    resume: bool = False
    accept_changes: bool = False
    """Whether `resume` continues a run with another model, data or optimizer."""
    memory_limit: int | None = None
    """The memory limit of a training step in bytes."""
    verbose: Any = "auto"
    outputs: Path | None = None
    """The folder that the paths of what callbacks write start from; None for that of the spec."""


@dataclass(frozen=True)
class Report:
    """The result of a run."""

    model: Model
    history: dict[str, list[Any]]
    epochs: tuple[int, ...]
    before: tuple[LayerDigest, ...]
    after: tuple[LayerDigest, ...] = field(default=())
    restored: int | None = None
    """The epoch, from 0, whose weights a callback has put back at the end; None where they are those of the last."""

    @property
    def frozen(self) -> list[tuple[LayerDigest, LayerDigest]]:
        """The frozen layers, before and after."""
        return [(b, a) for b, a in zip(self.before, self.after, strict=True) if b.frozen]

    def told(self) -> TrainingReport:
        """The result as it is printed."""
        model = self.model
        return TrainingReport(
            model=model.name,
            params=model.count_params(),
            trainable_params=sum(int(v.value.size) for v in model.trainable_weights),
            epochs=len(self.epochs),
            updates=model.optimizer.iterations,
            last_epoch={name: values[-1] for name, values in self.history.items()},
            memory=model.trainer.engine.memory,
            frozen=tuple(FrozenLayer(b.name, b.digest, a.digest) for b, a in self.frozen),
        )


def train(
    spec: Spec,
    choices: Choices,
    callbacks: Sequence[Callback] = (),
    on_compile: OnCompile | None = None,
    distribute: Distribution | None = None,
) -> Report:
    """Train the model of a spec as its `training` section defines, in this process or shared out.

    Raises `SpecError` without such a section; `InputError` and `FileFormatError`, before training starts, for data that
    does not match; `NotFiniteError` if the loss is not finite; `InterruptedRun` on an interrupt, after the state was
    saved.
    """
    training = section_of(spec)
    _require_something_to_do(spec)
    seed = training.seed if choices.seed is None else choices.seed
    samples = _samples(spec, training, choices, seed)
    spec = Spec.of(with_class_names(spec, samples.data.columns.class_names))
    # With an explicit `--validation 0`, callbacks that monitor validation values are allowed and do nothing.
    validated = samples.held_out is not None or choices.validation is not None
    require_watched(spec, training, validated=validated)
    leads = distribute is None or distribute.rank == 0
    backup = None
    if leads:
        backup = _backup(choices, _about(spec, training, seed, samples, shared=distribute is not None))
    require_environment()
    model = build(spec, seed=seed, weights=choices.weights, compiled=False)
    compile_for(model, training, seed, choices.memory_limit)
    model.trainer.engine.stop_where_not_finite = True
    model.trainer.engine.on_compile = on_compile
    before = tuple(digests(model.layers, model.graph.layers, model.arrays))
    own = [_located(callback, choices.outputs or spec.folder) for callback in training.callbacks]
    for callback in own:
        if choices.accept_changes and isinstance(callback, BackupAndRestore):
            callback.accept_changes()
    calls = [*own, *callbacks, *([backup] if backup else [])]
    with _ends_between_steps(model, backup, leads=leads, started=distribute is not None and started_rank() is not None):
        try:
            history = model.fit(
                samples.data, epochs=samples.options.epochs, validation_data=samples.held_out,
                validation_freq=training.validation_freq, callbacks=calls, verbose=choices.verbose,
                micro_batches=training.micro_batches, compress=training.compress, distribute=distribute,
            )  # fmt: skip
        except KeyboardInterrupt as interrupt:
            # In the middle of a step, by who did not want to wait for its end? Kernels are compiled before a step.
            if model.trainer.interrupted and (
                not isinstance(interrupt, StoppedByInterrupt) or model.trainer.keeps_states
            ):
                raise
            progress = model.trainer.progress
            if leads and (backup is None or progress is None):
                raise  # there is no state, or what there is from before has not been restored yet
            if backup is not None and progress is not None:
                backup.save(*progress)
            together = isinstance(interrupt, EndedTogether)
            raise InterruptedRun(str(choices.checkpoints), together=together) from None
        except NotFiniteError as error:
            raise _with_way_back(error, choices.checkpoints) from None
    after = tuple(digests(model.layers, model.graph.layers, model.arrays))
    return Report(model, history.history, tuple(history.epoch), before, after, _restored(own))


def described_run(spec: Spec, choices: Choices) -> dict[str, Any]:
    """What the run of a spec would depend on, as plain data: the model, how it is trained, and on what.

    The data is opened and checked, nothing is built. Raises as `train` does before it starts.
    """
    training = section_of(spec)
    _require_something_to_do(spec)
    seed = training.seed if choices.seed is None else choices.seed
    samples = _samples(spec, training, choices, seed)
    require_watched(spec, training, validated=samples.held_out is not None or choices.validation is not None)
    return _about(spec, training, seed, samples, shared=False)


def _about(spec: Spec, training: Training, seed: int, samples: _Samples, *, shared: bool) -> dict[str, Any]:
    summing = summing_of(training.micro_batches, training.compress, shared=shared)
    return described(spec, _how(training), seed, samples.data, samples.held_out, summing)


def _restored(callbacks: Sequence[Any]) -> int | None:
    """The epoch whose weights a callback has put back."""
    keeping = [one for one in callbacks if isinstance(one, EarlyStopping) and one.best_weights is not None]
    return keeping[-1].best_epoch if keeping else None


def _require_something_to_do(spec: Spec) -> None:
    """Raise `SpecError` if `training` names unknown outputs, or if there is nothing to train."""
    found = check_outputs(spec) or check_trained(spec)
    if found:
        raise SpecError(found)


@dataclass(frozen=True)
class _Samples:
    """The training and validation data of a run."""

    data: ArrayData
    held_out: ArrayData | None
    options: Options


def _samples(spec: Spec, training: Training, choices: Choices, seed: int) -> _Samples:
    """The data of a run, opened and checked before the model is built, which may take long."""
    data, validation = (source_of_run(c, s, spec) for c, s in (
        (choices.data, training.data), (choices.validation, training.validation),
    ))  # fmt: skip
    if data is None or isinstance(data, int | float):
        raise InputError("there is no data to train on", "give --data FILE, or add `data: …` to `training`")
    with _located_in(spec):
        signature = signature_of(spec.graph, training.loss, lambda: spec)
    batch_size = choices.batch_size or training.batch_size
    options = Options(
        batch_size=batch_size, shuffle=training.shuffle, seed=seed, class_weight=training.class_weight,
        steps_per_epoch=training.steps_per_epoch, epochs=choices.epochs or training.epochs,
    )  # fmt: skip
    held_out = None
    if isinstance(validation, Located):
        held_out = opened(signature, validation, Options(batch_size=batch_size, one_size=True))
    first = opened(signature, data, options)
    if validation and not isinstance(validation, Located):
        first, held_out = first.split(validation)
    return _Samples(first, held_out, options)


def forget_checkpoints(choices: Choices) -> None:
    """Remove the checkpoints of a run after its output was written."""
    if choices.checkpoints is not None:
        remove(choices.checkpoints)


def _with_way_back(error: NotFiniteError, folder: Path | None) -> NotFiniteError:
    """The error, with the last good checkpoint in its help."""
    found = None if folder is None else latest(folder)
    if found is None:
        return error
    epoch, batch = found.numbers["epoch"], found.numbers["batch"]
    until = f"step {batch} of epoch {epoch + 1}" if batch else f"epoch {epoch}"
    help = "continue from it with --resume"
    if error.help:
        help += f" --accept-changes, and with {error.help} (--set)"
    return NotFiniteError(f"{error.message}\n  the state after {until} is saved in {folder}", help)


@contextmanager
def _ends_between_steps(
    model: Model, backup: BackupAndRestore | None, *, leads: bool, started: bool
) -> Generator[None]:
    """Let what is to end a run wait for the end of the running step, so that the state is consistent.

    Where training is shared out, it holds for all processes, whichever is told of it. One that was `started` by
    `mpirun` is also ended by what that passes on: SIGTERM and SIGUSR1. Open MPI announces its end by SIGCONT, and has
    killed everything half a second later: so that which `leads` saves its state at that.
    """
    trainer = model.trainer

    def note() -> None:
        if trainer.interrupted and not started:  # whoever asks twice does not want to wait
            raise KeyboardInterrupt
        trainer.asked = True
        trainer.interrupted = leads

    def save() -> None:
        trainer.after_step = saved

    def saved() -> None:
        trainer.after_step = None
        if backup is not None and trainer.progress is not None:
            backup.save(*trainer.progress)

    with interrupts_told(note), ExitStack() as more:
        if started:
            more.enter_context(ends_told(note))
        if started and leads:
            more.enter_context(continuing_told(save))
        yield


def evaluate(model: Model, data: str | None, batch_size: int | None, folder: Path | None = None) -> dict[str, Any]:
    """The losses and metrics of a model on the given data, or on that of its spec. Raises as `train` does.

    `folder` is the base of the spec's relative paths if the spec was not read from a file.
    """
    spec = model.spec
    training = section_of(spec)
    compile_for(model, training, training.seed)
    held_out = training.validation
    own = held_out if isinstance(held_out, Source) else training.data
    source = source_of_run(data, own, spec, folder)
    if source is None or isinstance(source, int | float):
        raise InputError("there is no data to evaluate on", "give --data FILE")
    given = opened(
        model.trainer.signature, source, Options(batch_size=batch_size or training.batch_size, one_size=True)
    )
    return model.evaluate(given, verbose=0, return_dict=True)


def section_of(spec: Spec) -> Training:
    """The `training` section of a spec. Raises `SpecError` if there is none."""
    if spec.training is None:
        help = "add `training: {loss: …, data: …}`; `modelc schema` lists its keys"
        raise SpecError(spec.diagnostic("", "E202", "the spec does not say how it is trained", help))
    return spec.training


def _how(training: Training) -> How:
    return How(
        training.optimizer, training.loss, training.loss_weights, by_type(training.metrics),
        by_type(training.weighted_metrics),
    )  # fmt: skip


def compile_for(model: Model, training: Training, seed: int, memory_limit: int | None = None) -> None:
    """Compile a model as a `training` section defines. Raises `SpecError` at its place if it does not match the
    outputs."""
    with _located_in(model.spec):
        model.compile(*_how(training), seed=seed, memory_limit=memory_limit)


@contextmanager
def _located_in(spec: Spec) -> Generator[None]:
    """Locate errors of `compile` raised inside at `training`."""
    try:
        yield
    except SpecError as error:
        raise SpecError(spec.diagnostic("training", d.code, d.message, d.help) for d in error.diagnostics) from None


def _backup(choices: Choices, about: dict[str, Any]) -> BackupAndRestore | None:
    """What saves the state of a run, and goes on from the last one where the command says so.

    Raises `InputError` for checkpoints of a run that is not to go on, or was another one.
    """
    folder = choices.checkpoints
    if folder is None:
        return None
    if newest_first(folder) and not choices.resume:
        raise InputError(
            f"{folder} holds the checkpoints of a run that did not end",
            "continue it with --resume, or remove the folder",
        )
    if choices.resume and found_to_resume(folder, about, accept=choices.accept_changes) is None:
        say(f"{folder} holds no checkpoint yet: the run begins anew")
    # They stay until the trained model is written: `forget_checkpoints`.
    backup = BackupAndRestore(backup_dir=os.fspath(folder), double_checkpoint=True, delete_checkpoint=False)
    return backup.accept_changes()  # what is not accepted was told above, before the model is built


def _located(callback: Any, folder: Path | None) -> Any:
    """A copy of a spec's callback whose paths are relative to a folder."""
    callback = callback.fresh()
    return callback if folder is None else with_paths_from(folder, callback)
