"""`modelc run`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from modelc.cli.colours import say
from modelc.cli.options import BATCH_SIZE, ViewOptions, reading_options
from modelc.cli.outputs import check_target, files_read, force_option
from modelc.files.signatures import is_artifact

if TYPE_CHECKING:
    from modelc.model.model import Model

DEFAULT_BATCH = 32


@click.command()
@click.argument("model", metavar="ARTIFACT|SPEC")
@click.option(
    "--input", "sources", required=True, multiple=True, metavar="[NAME=]FILE",
    help="Input samples: a .npy or .npz file, or an image. For several inputs, one .npz file or one NAME=FILE each.",
)  # fmt: skip
@click.option(
    "--output",
    "target",
    required=True,
    metavar="FILE",
    help="Output file: .npy for one output, .npz for any number.",
)
@click.option(
    "--batch-size",
    type=BATCH_SIZE,
    help="Samples per batch. Default: 32, or the batch size that the model fixes.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Seed for the weight initializers, if a spec has no weights.",
)
@click.option(
    "--weights",
    type=click.Path(dir_okay=False),
    help="Weight file (.safetensors, .modelc or Keras) to load instead of the model's own weights.",
)
@force_option
@reading_options
def command(
    model: str,
    sources: tuple[str, ...],
    target: str,
    batch_size: int | None,
    seed: int,
    weights: str | None,
    force: bool,
    **view: Any,
) -> None:
    """Predict the outputs of a model for the samples in a file, batch by batch.

    Input and output files may be larger than memory. In an .npz file each input is the array with the input's name, or
    the only array. Output arrays are named after the layers that compute them, or by the keys of the
    spec's `outputs`.
    """
    from modelc.cli.progress import samples
    from modelc.files.arrays import OutputFile, read_input
    from modelc.graph.feeding import check

    built = _model(model, ViewOptions(**view), seed, weights)
    outputs = {name: v.type for name, v in zip(built.graph.output_labels, built.graph.outputs, strict=True)}
    OutputFile.check_name(target, list(outputs))
    files = _files(built.input_names, sources)
    read = files_read(model, built.spec, weights=weights) | {f"the input {file}": file for file in files}
    check_target(target, OutputFile.kind(target), read, force)
    types = [symbol.value.type for symbol in built.inputs]
    arrays = [read_input(f, type, name) for f, type, name in zip(files, types, built.input_names, strict=True)]
    count = check(arrays, built.graph, built.input_names, files)
    size = batch_size or built.graph.batch_size or DEFAULT_BATCH
    with OutputFile(target, outputs, count, force=force) as file, samples(count, size) as advance:
        for batch in built.batches(arrays, size):
            file.write(batch)
            advance(len(batch[0]))


def _files(names: Sequence[str], sources: Sequence[str]) -> list[str]:
    """The file for each input: `NAME=FILE`, or the one file without a name."""
    named: dict[str, str] = {}
    others: list[str] = []
    for source in sources:
        name, equals, file = source.partition("=")
        if equals and name in names and name not in named:
            named[name] = file
        else:
            others.append(source)
    missing = [name for name in names if name not in named]
    if len(others) != min(1, len(missing)):
        wanted = " ".join(f"--input {name}=FILE" for name in names)
        raise click.UsageError(
            f"the model has the inputs {', '.join(names)}: give one file with all of them, or {wanted}"
        )
    return [named.get(name) or others[0] for name in names]


def _model(path: str, view: ViewOptions, seed: int, weights: str | None) -> Model:
    if is_artifact(path):
        if view.changes:
            raise click.UsageError("--set and --input-shape apply to specs, not to a .modelc artifact")
        from modelc.model.loading import load_artifact

        model = load_artifact(path)
        if weights is not None:
            model.load_weights(weights)
        return model
    from modelc.cli.progress import compiling
    from modelc.model.build import build
    from modelc.report.limits import require_limits

    spec = view.read(path, ("weights", "data"))
    require_limits(spec)
    if weights is None and spec.weights is None:
        say(f"no weights given: initialized randomly with seed {seed}", err=True)
    with compiling() as counter:
        return build(spec, seed=seed, weights=weights, on_compile=counter)
