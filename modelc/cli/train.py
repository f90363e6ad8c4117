"""`modelc train`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modelc.cli.colours import say
from modelc.cli.options import BATCH_SIZE, BYTES, View, view_options
from modelc.cli.outputs import (
    check_no_sample,
    check_target,
    default_output,
    files_of_callbacks,
    files_read,
    force_option,
)

if TYPE_CHECKING:
    from modelc.report.warnings.find import Given
    from modelc.training.freezing import LayerDigest
    from modelc.training.run import Report

_COUNT = click.IntRange(min=1, max=2**31 - 1)


@click.command()
@click.argument("spec")
@click.option(
    "--data",
    metavar="FILE",
    help=(
        "The training data, in place of the spec's: an .npz file with x and y, or a folder with a folder of pictures "
        "for each class."
    ),
)
@click.option(
    "--validation",
    metavar="FILE|SHARE",
    help=(
        "The data on which losses and metrics are measured after each epoch: a file, or a share of the data such as "
        "0.2."
    ),
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="The file for the trained model; by default the spec's name with the ending .modelc, in the current folder.",
)  # fmt: skip
@click.option(
    "--epochs",
    type=_COUNT,
    help="The number of times that training goes through all the data, in place of the spec's.",
)
@click.option("--batch-size", type=BATCH_SIZE, help="The number of samples in one step, in place of the spec's.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help=(
        "The seed of all random numbers: the first weights, the order of the samples, Dropout. In place of the spec's."
    ),
)
@click.option(
    "--weights",
    type=click.Path(dir_okay=False),
    help=(
        "The file with the weights to start from, in place of the spec's: .safetensors, .modelc, or one that Keras "
        "saved. Without any they are random."
    ),
)
@click.option(
    "--checkpoints", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help=(
        "The folder in which the state of the run is saved after each epoch, for --resume; by default beside the "
        "output. Removed when training is done."
    ),
)  # fmt: skip
@click.option(
    "--memory-limit", type=BYTES, metavar="AMOUNT",
    help=(
        "The most memory that a step may take, such as 512MB: to stay below it, values are computed again instead "
        "of kept, which takes longer."
    ),
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Continue the run whose state was saved in the folder of --checkpoints.")
@click.option(
    "--accept-changes", is_flag=True,
    help="With --resume: continue even where the model, the data, the optimizer or the batch size has changed.",
)  # fmt: skip
@click.option(
    "--plot",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Draw the losses and metrics over the epochs to this .png or .svg file (needs the extra `plot`).",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object per epoch, and one at the end, instead of a report for people.",
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
    resume: bool,
    accept_changes: bool,
    plot: str | None,
    as_json: bool,
    force: bool,
    **view: Any,
) -> None:
    """Train the model of SPEC as its `training` section says, and write it with its weights to one .modelc file.

    The state of the run is saved after each epoch: a run that was stopped, by Ctrl-C or by the machine, continues with
    --resume, and ends with the same result. The report shows by digests of the weights that frozen layers did not
    change.
    """
    from modelc.cli.progress import compiling
    from modelc.interop.kinds import Kind
    from modelc.interop.outputs import check_not_read, check_outputs_differ
    from modelc.interop.saving import kind_of_model
    from modelc.report.limits import require_limits
    from modelc.training.run import Choices, InterruptedRun, forget_checkpoints, train

    start = time.perf_counter()
    given: list[Given] = ["files"] if weights is None else ["files", "weights"]
    model_spec = View(**view).open(spec, given)
    target = output or default_output(spec, model_spec.name, ".modelc")
    read = files_read(spec, model_spec, weights=weights, data=data, validation=validation)
    check_outputs_differ({"--output": target, "--plot": plot})
    check_target(target, kind_of_model, read, force)
    for path in files_of_callbacks(model_spec):
        check_not_read(path, read)
    if plot is not None:
        from modelc.training.curves import check_plot

        check_plot(plot)
        check_target(plot, Kind.PICTURE, read, force)
        check_no_sample(plot, read)
    require_limits(model_spec)
    folder = checkpoints or target.with_name(f"{target.name}.checkpoints")
    choices = Choices(
        data, validation, epochs, batch_size, seed, weights, folder, resume, accept_changes, memory_limit,
        verbose=0 if as_json else "auto",
    )  # fmt: skip
    try:
        with compiling() as counter:
            report = train(model_spec, choices, _callbacks(as_json), counter)
    except InterruptedRun:
        say(f"\ninterrupted; the state is saved in {folder}: go on with --resume", err=True)
        raise SystemExit(130) from None
    report.model.save(target, force=force)
    forget_checkpoints(choices)
    if plot is not None:
        from modelc.training.curves import plot as draw

        draw(report.history, plot, report.epochs, model_spec.name, force=force)
    if as_json:
        say(_json(report, target))
    else:
        say(_text(report, target, time.perf_counter() - start))


def _callbacks(as_json: bool) -> list[Any]:
    if not as_json:
        return []
    from modelc.callbacks.progress import JSONLogger

    return [JSONLogger()]


def _text(report: Report, target: Path, seconds: float) -> str:
    """What was trained."""
    from modelc.callbacks.progress import format_logs
    from modelc.spec.amounts import format_bytes
    from modelc.training.freezing import DIGEST_LENGTH

    model, history = report.model, report.history
    lines = {
        "model": model.name,
        "trained": f"{sum(int(v.value.size) for v in model.trainable_weights)} of {model.count_params()} parameters",
        "epochs": f"{len(report.epochs)}, {model.optimizer.iterations} updates in all",
        "last epoch": format_logs({name: values[-1] for name, values in history.items()}),
        "memory": _memory(report),
        "time": f"{seconds:.1f} s",
        "artifact": f"{target} ({format_bytes(target.stat().st_size)})",
    }
    width = max(map(len, lines)) + 2
    text = [f"{name.ljust(width)}{value}" for name, value in lines.items()]
    if report.frozen:
        text.append("frozen layers, by the digests of their weights before and after:")
        longest = max(len(before.name) for before, _ in report.frozen)
        for pair in _folded(report.frozen):
            if isinstance(pair, int):
                text.append(f"  … {pair} more layers, all unchanged (--json has their digests)")
                continue
            before, after = pair
            same = "unchanged" if before.digest == after.digest else f"CHANGED to {after.digest[:DIGEST_LENGTH]}"
            text.append(f"  {before.name.ljust(longest)}  {before.digest[:DIGEST_LENGTH]}  {same}")
    return "\n".join(text)


_SHOWN = 4
"""How many layers that did not change are shown at the beginning and at the end of a row of many."""


def _folded(frozen: Sequence[tuple[LayerDigest, LayerDigest]]) -> Iterator[tuple[LayerDigest, LayerDigest] | int]:
    """The frozen layers, and in place of the inner ones of a long row of unchanged ones their number."""
    for unchanged, group in groupby(frozen, key=lambda pair: pair[0].digest == pair[1].digest):
        pairs = list(group)
        if not unchanged or len(pairs) <= 2 * _SHOWN + 1:
            yield from pairs
            continue
        yield from pairs[:_SHOWN]
        yield len(pairs) - 2 * _SHOWN
        yield from pairs[-_SHOWN:]


def _memory(report: Report) -> str:
    """What a step took: weights, optimizer, samples, and all that is computed."""
    from modelc.spec.amounts import format_bytes

    memory = report.model.trainer.engine.memory
    if memory is None:
        return "no step was needed"
    extra = f", {memory.extra_work:.1%} of the work done again to save some" if memory.extra_work else ""
    return f"{format_bytes(memory.bytes)} for a step of {memory.batch_size} samples{extra}"


def _json(report: Report, target: Path) -> str:
    import json

    model = report.model
    return json.dumps({
        "event": "report",
        "model": model.name,
        "params": model.count_params(),
        "trainable_params": sum(int(v.value.size) for v in model.trainable_weights),
        "step_memory": memory.bytes if (memory := model.trainer.engine.memory) else None,
        "extra_work": memory.extra_work if memory else None,
        "updates": model.optimizer.iterations,
        "artifact": str(target),
        "frozen": [
            {"layer": before.name, "before": before.digest, "after": after.digest} for before, after in report.frozen
        ],
    })  # fmt: skip
