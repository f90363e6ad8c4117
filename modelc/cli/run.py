"""`modelc run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from modelc.cli.examples import ExampleCommand
from modelc.cli.opening import open_model
from modelc.cli.options import BATCH_SIZE, ViewOptions, reading_options
from modelc.cli.outputs import files_read, force_option

if TYPE_CHECKING:
    from modelc.bulk.writing.opening import Format
    from modelc.cli.cluster import DaskRun

_FORMATS = ("npy", "npz", "csv", "jsonl", "parquet")


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc run model.modelc photos --top 3": "the likeliest classes of all pictures in a folder",
        "modelc run model.modelc 'photos/*.png' --output classes.csv": "the outputs for pictures, as a table",
        "modelc run table.modelc rows.csv --keep-going --output out.npy": "the outputs for rows that are good",
    },
)
@click.argument("model", metavar="ARTIFACT|SPEC")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option(
    "--input", "sources", multiple=True, metavar="[NAME=]FILE",
    help="Samples, as FILE; for several inputs, one file that has all, or one NAME=FILE each: a .npy file, an .npz "
    "file or an image.",
)  # fmt: skip
@click.option(
    "--columns", "columns", multiple=True, metavar="[NAME=]A,B,…",
    help="The columns of a table that hold the numbers of an input, in their order. Default: NAME[0], NAME[1], … or "
    "NAME, else all columns.",
)  # fmt: skip
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE|DIR",
    help="Output file: .npy for one output, .npz, .csv, .jsonl or .parquet; `-` is standard output. With --dask a "
    "folder.",
)
@click.option(
    "--format",
    "format",
    type=click.Choice(_FORMATS),
    help="Format of the output. Default: by the ending of --output; of standard output jsonl; with --dask npy for one "
    "output, else npz.",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    help="The N likeliest classes of each sample, by the spec's `labels`. They are printed; or written instead of the "
    "numbers where --output is a table: .csv, .jsonl or .parquet.",
)
@click.option("--json", "as_json", is_flag=True, help="With --top: print JSON instead of text.")
@click.option(
    "--keep-going",
    is_flag=True,
    help="Leave out samples that cannot be read or run, report each by name, and count them, instead of ending at the "
    "first one.",
)
@click.option(
    "--dask", metavar="ADDRESS|local[:N]",
    help="Predict on the workers of a Dask scheduler, or on N processes of this machine, chunk by chunk (requires the "
    "extra `dask`). --output is a folder, which gets a file for each chunk and a manifest; the same command goes on "
    "where it was stopped.",
)  # fmt: skip
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
    files: tuple[str, ...],
    sources: tuple[str, ...],
    columns: tuple[str, ...],
    target: str | None,
    format: Format | None,
    top: int | None,
    as_json: bool,
    keep_going: bool,
    dask: str | None,
    batch_size: int | None,
    seed: int,
    weights: str | None,
    force: bool,
    **view: Any,
) -> None:
    """Predict the outputs of a model for the samples in files, chunk by chunk: files may be larger than memory.

    FILE is an image, a folder of images, a pattern such as 'photos/*.jpg', a .npy or .npz file, a Zarr array or group
    (.zarr, requires the extra `zarr`), a CSV file with a header (.csv, .tsv), JSON lines (.jsonl), or a Parquet file
    (requires the extra `tables`). Several files are of one kind. `-` is standard input: CSV, JSON lines or .npy, told
    by how it begins.

    Images are resized and their values scaled as the spec's `preprocessing` says. In an .npz file each input is the
    array with the input's name, or the only array. A line of JSON is a list of numbers, or an object with the inputs by
    name. A column of a Parquet file may hold lists, too.

    Output arrays are named after the layers that compute them, or by the keys of the spec's `outputs`. A table has a
    row for each sample, which begins with the sample's name: the file of an image, else the file and the line. An .npz
    file has these names as the array `input`, unless samples are rows of arrays. Where the sizes of an output depend on
    those of the sample, an .npz file has an array `OUTPUT/SAMPLE` for each.
    """
    _check_usage(model, files, sources, target, format, top, as_json)
    from modelc.cli.bulk import BulkRun

    on_dask = None if dask is None else _on_dask(dask, target, format, top, keep_going, batch_size)
    built, spec = open_model(model, ViewOptions(**view), seed=seed, weights=weights)
    bulk = BulkRun(target, format, top, as_json, keep_going, force, batch_size, on_dask)
    path = model if weights is None else ""
    bulk(built, path, files, sources, columns, files_read(model, spec, weights=weights))


def _on_dask(
    address: str, target: str | None, format: Format | None, top: int | None, keep_going: bool, batch_size: int | None
) -> DaskRun:
    """The run on Dask. Raises `InputError` where that is not installed, and for what is no address."""
    if target is None:
        raise click.UsageError("--dask writes a file for each chunk: give a folder by --output")
    from modelc.cli.cluster import DaskRun

    return DaskRun(address, target, format, top, keep_going, batch_size)


def _check_usage(
    model: str,
    files: tuple[str, ...],
    sources: tuple[str, ...],
    target: str | None,
    format: str | None,
    top: int | None,
    as_json: bool,
) -> None:
    if target is None and top is None:
        raise click.UsageError("what to do with the outputs? --output FILE, or --top N to print the likeliest classes")
    if as_json and top is None:
        raise click.UsageError("--json is for --top: arrays are written with --output")
    if format is not None and target is None:
        raise click.UsageError("--format is that of --output FILE")
    if [model, *files, *(source.rpartition("=")[2] for source in sources)].count("-") > 1:
        raise click.UsageError("standard input, `-`, is read once")
