"""`modelc train`."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modelc.cli import INTERRUPTED
from modelc.cli.colours import say
from modelc.cli.examples import ExampleCommand
from modelc.cli.options import BATCH_SIZE, BYTES, COUNT, ViewOptions, view_options
from modelc.cli.outputs import (
    check_no_sample,
    check_target,
    default_output,
    files_of_callbacks,
    files_read,
    force_option,
)
from modelc.cli.progress import compiling
from modelc.errors import InputError
from modelc.files.kinds import Kind
from modelc.files.outputs import check_not_read, check_outputs_differ
from modelc.files.suffixes import kind_of_model
from modelc.system.mpi_start import started_rank
from modelc.training import curves
from modelc.training.interrupted import InterruptedRun

if TYPE_CHECKING:
    from modelc.report.warnings.find import Given
    from modelc.training.distribution import Distribution


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc train digits.yaml": "train as the spec says, into digits.modelc",
        "modelc train digits.yaml --epochs 2 --validation 0.2 --json": "for fewer epochs, with a line of JSON for each",
        "modelc train digits.yaml --resume": "go on with a run that was interrupted",
    },
)
@click.argument("spec")
@click.option(
    "--data",
    metavar="FILE",
    help=(
        "Training data, overriding the spec's `data`: an .npz file with arrays x and y, or a folder with one folder of "
        "images per class."
    ),
)
@click.option(
    "--validation",
    metavar="FILE|SHARE",
    help=(
        "Validation data, overriding the spec's `validation`: a file or folder like --data, or a fraction of the "
        "training data such as 0.2 (its last samples); 0 disables validation."
    ),
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="Output file, .modelc or .keras. Default: the spec's file name with .modelc, in the current folder.",
)  # fmt: skip
@click.option(
    "--epochs",
    type=COUNT,
    help="Number of passes over the training data, overriding the spec's `epochs`.",
)
@click.option("--batch-size", type=BATCH_SIZE, help="Samples per training step, overriding the spec's `batch_size`.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="Seed for weight initialization, shuffling and random layers such as Dropout, overriding the spec's `seed`.",
)
@click.option(
    "--weights",
    type=click.Path(dir_okay=False),
    help="Initial weights (.safetensors, .modelc or a Keras file), overriding the spec's `weights`.",
)
@click.option(
    "--checkpoints", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help=(
        "Folder for the checkpoint that is saved after each epoch, for --resume; removed when training ends. Default: "
        "OUTPUT.checkpoints."
    ),
)  # fmt: skip
@click.option(
    "--memory-limit", type=BYTES, metavar="AMOUNT",
    help=(
        "Memory limit of a training step, such as 512MB. Activations are recomputed in the backward pass where needed "
        "to stay below it, which is slower."
    ),
)  # fmt: skip
@click.option(
    "--dask", metavar="ADDRESS|local[:N]",
    help=(
        "Train on the workers of a Dask cluster: that of a scheduler, or N processes on this machine (extra `dask`). "
        "The result does not depend on their number."
    ),
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Continue the interrupted run from its newest checkpoint.")
@click.option(
    "--accept-changes", is_flag=True,
    help="With --resume: continue even if the model, the data, the optimizer or other settings have changed.",
)  # fmt: skip
@click.option(
    "--plot",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Plot the losses and metrics per epoch to this .png or .svg file (requires the extra `plot`).",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object per epoch and one at the end, instead of text.",
)
@force_option
@view_options
def command(
    spec: str,
    data: str | None,
    validation: str | None,
    output: Path | None,
    epochs: int | None,
    batch_size: int | None,
    seed: int | None,
    weights: str | None,
    checkpoints: Path | None,
    memory_limit: int | None,
    dask: str | None,
    resume: bool,
    accept_changes: bool,
    plot: str | None,
    as_json: bool,
    force: bool,
    **view: Any,
) -> None:
    """Train a model as the `training` section of its spec defines, and save it with its weights.

    The state of the run is saved after each epoch and on Ctrl-C: an interrupted run continues with --resume and ends
    with the same result as an uninterrupted one. The report lists the weight digests of frozen layers before and after
    training, which must be equal.

    Started by `mpirun -n 4 modelc train …` (extra `mpi`), it trains in all of these processes together. The result does
    not depend on their number.
    """
    from modelc.model.training_run import Choices, forget_checkpoints, train
    from modelc.report.limits import require_limits

    start = time.perf_counter()
    given: list[Given] = ["files"] if weights is None else ["files", "weights"]
    model_spec = ViewOptions(**view).open(spec, given)
    target = output or default_output(spec, model_spec.name, ".modelc")
    read = files_read(spec, model_spec, weights=weights, data=data, validation=validation)
    check_outputs_differ({"--output": target, "--plot": plot})
    check_target(target, kind_of_model, read, force)
    for path in files_of_callbacks(model_spec):
        check_not_read(path, read)
    if plot is not None:
        curves.check_plot(plot)
        check_target(plot, Kind.PICTURE, read, force)
        check_no_sample(plot, read)
    require_limits(model_spec)
    folder = checkpoints or target.with_name(f"{target.name}.checkpoints")
    choices = Choices(
        data, validation, epochs, batch_size, seed, weights, folder, resume, accept_changes, memory_limit,
        verbose=0 if as_json else "auto",
    )  # fmt: skip
    try:
        with compiling() as counter, _together(dask) as together, _told_how_to_go_on(folder):
            report = train(model_spec, choices, _callbacks(as_json), counter, together)
    except InterruptedRun:
        raise SystemExit(INTERRUPTED) from None
    if together is not None and together.rank:
        return
    report.model.save(target, force=force)
    forget_checkpoints(choices)
    if plot is not None:
        curves.plot(report.history, plot, report.epochs, model_spec.name, force=force)
    told = report.told()
    say(told.to_json(target) if as_json else told.to_text(target, time.perf_counter() - start))


@contextmanager
def _told_how_to_go_on(folder: Path) -> Generator[None]:
    """Say where the state of a run is that was interrupted, before any process is gone."""
    try:
        yield
    except InterruptedRun:
        say(f"\ninterrupted; the state is saved in {folder}: continue with --resume", err=True)
        raise


@contextmanager
def _together(dask: str | None) -> Generator[Distribution | None]:
    """The processes to train in: the workers of a Dask cluster, those that `mpirun` started, or this one alone.

    Raises `InputError` where they cannot be used.
    """
    if started_rank() is not None:
        if dask is not None:
            raise InputError("`--dask` and `mpirun` are two ways to train in many processes", "use one of them")
        from modelc.distributed.mpi import MPI

        processes = MPI()
        try:
            yield processes
        except InterruptedRun as interrupt:
            if not interrupt.together:
                processes.abort(INTERRUPTED)  # the others may compile for a while until they are told
            processes.finish()  # by all of them: `mpirun` ends the others as soon as one is gone
            raise
        except KeyboardInterrupt:  # before the first step
            say("error: interrupted", err=True)
            processes.abort(INTERRUPTED)
        except Exception as error:
            processes.fail(f"{type(error).__name__}: {error}")
            raise
        processes.finish()
    elif dask is not None:
        from modelc.cluster.connecting import connected
        from modelc.distributed.dask import Dask

        with connected(dask) as client:
            yield Dask(client)
    else:
        yield None


def _callbacks(as_json: bool) -> list[Any]:
    if not as_json:
        return []
    from modelc.callbacks.progress import JSONLogger

    return [JSONLogger()]
