"""`modelc run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from modelc.cli.options import BATCH_SIZE, View, reading_options

if TYPE_CHECKING:
    from modelc.runtime.model import Model

_ZIP = b"PK\x03\x04"


@click.command()
@click.argument("model", metavar="ARTIFACT|SPEC")
@click.option("--input", "source", required=True, metavar="FILE", help="A .npy or .npz file, or a picture.")
@click.option("--output", "target", required=True, metavar="FILE", help="A .npy file, or .npz for several outputs.")
@click.option("--batch-size", type=BATCH_SIZE, default=32, show_default=True, help="Samples per call.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="For weights of a SPEC that are drawn."
)
@click.option("--weights", type=click.Path(dir_okay=False), help="A safetensors file.")
@reading_options
def command(model: str, source: str, target: str, batch_size: int, seed: int, weights: str | None, **view: Any) -> None:
    """Run a model on the samples of a file, batch by batch; neither file need fit into memory.

    In an .npz the input is the array of the input's name, or the only one. Outputs are named by their layers.
    """
    from modelc.cli.progress import samples
    from modelc.graph.inputs import check_input
    from modelc.interop.arrays import OutputFile, read_input

    built = _model(model, View(**view), seed, weights)
    outputs = {symbol.name: symbol.value.type for symbol in built.outputs}
    OutputFile.check_name(target, list(outputs))
    input = built.inputs[0].value.type
    name = built.spec.input.name if built.spec.input is not None else None
    x = read_input(source, input, name)
    check_input(x, input, source)
    with OutputFile(target, outputs, len(x)) as file, samples(len(x), batch_size) as advance:
        for batch in built.batches(x, batch_size):
            file.write(batch)
            advance(len(batch[0]))


def _model(path: str, view: View, seed: int, weights: str | None) -> Model:
    if _is_artifact(path):
        if view != View():
            raise click.UsageError("--set and --input-shape are for specs: an artifact is built already")
        from modelc.interop.artifact import load

        model = load(path)
        if weights is not None:
            model.load_weights(weights)
        return model
    from modelc.cli.progress import compiling
    from modelc.report.limits import require_limits
    from modelc.runtime.build import build

    spec = view.open(path)
    require_limits(spec)
    if weights is None and spec.weights is None:
        click.echo(f"no weights were given: they are drawn with the seed {seed}", err=True)
    with compiling() as counter:
        return build(spec, seed=seed, weights=weights, on_compile=counter)


def _is_artifact(path: str) -> bool:
    """By its content, or by its name where it cannot be read: then loading says why."""
    if path.lower().endswith(".modelc"):
        return True
    if path == "-":
        return False
    try:
        with open(path, "rb") as file:
            return file.read(len(_ZIP)) == _ZIP
    except OSError:
        return False
