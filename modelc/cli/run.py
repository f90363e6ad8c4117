"""`modelc run`."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from modelc.cli.colours import say
from modelc.cli.opening import open_model
from modelc.cli.options import BATCH_SIZE, ViewOptions, reading_options
from modelc.cli.outputs import check_target, files_read, force_option
from modelc.cli.progress import samples
from modelc.graph.feeding import check
from modelc.graph.free import output_shapes
from modelc.graph.sizes import is_free

if TYPE_CHECKING:
    from collections.abc import Sequence

    from modelc.cli.top import Top
    from modelc.files.arrays import OutputFile, SampleOutputs
    from modelc.files.picture_list import Pictures
    from modelc.model.model import Model

DEFAULT_BATCH = 32


@click.command()
@click.argument("model", metavar="ARTIFACT|SPEC")
@click.argument("pictures", metavar="[IMAGE]...", nargs=-1)
@click.option(
    "--input", "sources", multiple=True, metavar="[NAME=]FILE",
    help="Input samples: a .npy or .npz file, an image, or a folder of images. For several inputs, one .npz file or "
    "one NAME=FILE each.",
)  # fmt: skip
@click.option(
    "--output",
    "target",
    metavar="FILE",
    help="Output file: .npy for one output, .npz for any number.",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    help="Print the N likeliest classes of each sample, by the spec's `labels`. Then --output can be left out.",
)
@click.option("--json", "as_json", is_flag=True, help="With --top: print JSON instead of text.")
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
    pictures: tuple[str, ...],
    sources: tuple[str, ...],
    target: str | None,
    top: int | None,
    as_json: bool,
    batch_size: int | None,
    seed: int,
    weights: str | None,
    force: bool,
    **view: Any,
) -> None:
    """Predict the outputs of a model for the samples in a file, or for images, batch by batch.

    Images are resized and their values scaled as the spec's `preprocessing` says. Input and output files may be larger
    than memory. In an .npz file each input is the array with the input's name, or the only array. Output arrays are
    named after the layers that compute them, or by the keys of the spec's `outputs`.

    Of a folder all images are read, in the order of their names. Where the sizes of an output depend on those of the
    image, the output file is an .npz with an array `OUTPUT/IMAGE` for each.
    """
    from modelc.cli.inputs import arrays_of, files_of, pictures_of
    from modelc.files.arrays import OutputFile

    if target is None and top is None:
        raise click.UsageError("what to do with the outputs? --output FILE, or --top N to print the likeliest classes")
    if as_json and top is None:
        raise click.UsageError("--json is for --top: arrays are written with --output")
    built, spec = open_model(model, ViewOptions(**view), seed=seed, weights=weights)
    files = files_of(built.input_names, sources, pictures)
    if target is not None:
        OutputFile.check_name(target, built.face.output_labels)
        read = files_read(model, spec, weights=weights) | {f"the input {f}": f for some in files for f in some}
        check_target(target, OutputFile.kind(target), read, force)
    printed = None if top is None else _top(built, files, top)
    images = pictures_of(built, files)
    arrays = [] if images is not None else arrays_of(built, files)
    count = len(images) if images is not None else check(arrays, built.face, built.input_names, [f[0] for f in files])
    size = batch_size or built.face.batch_size or DEFAULT_BATCH
    given = ([batch] for batch in images.batches(size)) if images is not None else [arrays]
    with ExitStack() as stack:
        made = None if target is None else _output(built, target, images, arrays, count, force)
        file = None if made is None else stack.enter_context(made)
        advance = stack.enter_context(samples(count, size))
        for batch in (results for some in given for results in built.batches(some, size)):
            if file is not None:
                file.write(batch)
            if printed is not None:
                printed.add(batch)
            advance(len(batch[0]))
    if printed is not None:
        say(printed.to_json() if as_json else printed.to_text())


def _top(model: Model, files: Sequence[Sequence[str]], count: int) -> Top:
    from modelc.cli.top import Top

    return Top(model, [name for some in files[:1] for name in some], count)


def _output(
    model: Model, target: str, images: Pictures | None, arrays: Sequence[Any], count: int, force: bool
) -> OutputFile | SampleOutputs:
    """The file of the outputs: one array for each, or where its sizes depend on the image one for each image."""
    from modelc.files.arrays import OutputFile, SampleOutputs

    graph = model.face
    types = {name: value.type for name, value in zip(graph.output_labels, graph.outputs, strict=True)}
    if images is None:
        shapes = output_shapes(graph, arrays)
        types = {name: type.with_shape(shape) for (name, type), shape in zip(types.items(), shapes, strict=True)}
    elif any(is_free(size) for type in types.values() for size in type.shape):
        return SampleOutputs(target, list(types), images.names, force=force)
    return OutputFile(target, types, count, force=force)
