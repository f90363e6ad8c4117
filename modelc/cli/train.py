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
    from modelc.model.training_run import Report
    from modelc.report.warnings.find import Given
    from modelc.training.freezing import LayerDigest

_COUNT = click.IntRange(min=1, max=2**31 - 1)


@click.command()
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
    type=_COUNT,
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
    """
    from modelc.cli.progress import compiling
    from modelc.files.kinds import Kind
    from modelc.files.outputs import check_not_read, check_outputs_differ
    from modelc.files.suffixes import kind_of_model
    from modelc.model.training_run import Choices, InterruptedRun, forget_checkpoints, train
    from modelc.report.limits import require_limits

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
        say(f"\ninterrupted; the state is saved in {folder}: continue with --resume", err=True)
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
    """The report: what was trained."""
    from modelc.callbacks.progress import format_logs
    from modelc.text.amounts import format_bytes
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
"""Number of unchanged layers shown at each end of a long run of them."""


def _folded(frozen: Sequence[tuple[LayerDigest, LayerDigest]]) -> Iterator[tuple[LayerDigest, LayerDigest] | int]:
    """The frozen layers; the middle of a long run of unchanged layers is replaced by its length."""
    for unchanged, group in groupby(frozen, key=lambda pair: pair[0].digest == pair[1].digest):
        pairs = list(group)
        if not unchanged or len(pairs) <= 2 * _SHOWN + 1:
            yield from pairs
            continue
        yield from pairs[:_SHOWN]
        yield len(pairs) - 2 * _SHOWN
        yield from pairs[-_SHOWN:]


def _memory(report: Report) -> str:
    """The memory of a training step: weights, optimizer state, samples, activations and gradients."""
    from modelc.text.amounts import format_bytes

    memory = report.model.trainer.engine.memory
    if memory is None:
        return "no training step ran"
    extra = f", {memory.extra_work:.1%} of the work recomputed to save memory" if memory.extra_work else ""
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
