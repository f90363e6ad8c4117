"""`modelc export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import modelc
from modelc.cli.c_options import COptions, c_options
from modelc.cli.colours import say
from modelc.cli.examples import ExampleCommand
from modelc.cli.opening import open_spec
from modelc.cli.options import ViewOptions, view_options
from modelc.cli.outputs import check_target, default_output, files_read, force_option
from modelc.files.kinds import Kind
from modelc.files.outputs import check_not_read
from modelc.files.signatures import is_artifact
from modelc.onnx.package import LARGEST_OPSET, LEAST_OPSET, USUAL_OPSET, place_beside, require_onnx, require_opset

if TYPE_CHECKING:
    from modelc.model.model import Model

_ENDINGS = {"keras": ".keras", "keras-weights": ".weights.h5", "onnx": ".onnx"}
_C = "c"
_KINDS = {"keras": Kind.KERAS, "keras-weights": Kind.KERAS_WEIGHTS, "onnx": Kind.ONNX}


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc export model.modelc": "a file that Keras opens",
        "modelc export model.modelc --format onnx --half": "an ONNX file in float16",
        "modelc export model.modelc --format c -o library --name digits": "a C library",
    },
)
@click.argument("model", metavar="SPEC|ARTIFACT|KERAS-FILE")
@click.option(
    "--format", "kind", type=click.Choice([*_ENDINGS, _C]), default="keras", show_default=True,
    help="Output format: `keras`, the whole model; `keras-weights`, its weights alone as .weights.h5; `onnx`, the "
    "whole model as an ONNX file, for ONNX Runtime, OpenVINO and others; `c`, a C library.",
)  # fmt: skip
@click.option(
    "-o",
    "--output",
    metavar="FILE|FOLDER",
    help="Output file. Default: the model's file name with the ending of the format, in the current folder. Of C the "
    "folder, which is made if it is not there. Default: the current one.",
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
@click.option(
    "--opset",
    type=int,
    help=f"Of ONNX: the version of the operators, {LEAST_OPSET} to {LARGEST_OPSET}. Default: {USUAL_OPSET}.",
)
@click.option(
    "--half", is_flag=True, help="Of ONNX: weights and computation in float16. Inputs and outputs stay float32."
)
@click.option(
    "--weights-beside",
    is_flag=True,
    help="Of ONNX: the weights in a file of their own, FILE.safetensors; weights of more than 2 GB always are.",
)
@c_options
@force_option
@view_options
def command(
    model: str, kind: str, output: str | None, seed: int, weights: str | None, opset: int | None, half: bool,
    weights_beside: bool, force: bool, **others: Any,
) -> None:  # fmt: skip
    """Save a model, or its weights alone, in a file that Keras 3 opens, as an ONNX file, or as a C library.

    A model that the format cannot express is refused with the reason.

    A C library is for Linux: libNAME.a and libNAME.so, the header NAME.h, which says how to use them, and the weights
    as NAME.weights. It needs neither Python nor a runtime, allocates nothing, and gives the same bits as modelc on the
    same CPU.
    """
    c, view = COptions.taken(others), ViewOptions(**others)
    given = {"--opset": opset is not None, "--half": half, "--weights-beside": weights_beside}
    misplaced = [option for option, is_given in given.items() if is_given and kind != "onnx"]
    if misplaced:
        raise click.UsageError(f"{misplaced[0]} is for --format onnx")
    if c.given() and kind != _C:
        raise click.UsageError(f"{c.given()[0]} is for --format c")
    if kind == "onnx":
        require_onnx()
        require_opset(USUAL_OPSET if opset is None else opset)
    from modelc.keras.export.correct_pad import padded_as_even
    from modelc.keras.export.export import export_keras, export_keras_weights
    from modelc.model.saving import save_onnx

    built = _model(model, view, seed, weights)
    read = files_read(model, built.spec, weights=weights)
    if kind == _C:
        from modelc.cli.export_c import export_c

        export_c(built, read, output, c, force)
        return
    target = Path(output) if output else default_output(model, built.name, _ENDINGS[kind])
    if not target.name.endswith(_ENDINGS[kind]):
        why = "" if kind == "onnx" else ", which Keras requires"
        raise click.UsageError(f"the file name must end in {_ENDINGS[kind]}{why}: {target.name}")
    check_target(target, _KINDS[kind], read, force)
    if kind == "onnx":
        check_not_read(place_beside(target), read)
        notes = save_onnx(built, target, opset=opset, half=half, weights_beside=weights_beside or None, force=force)
        for note in notes:
            say(f"note: {note}", err=True)
        say(f"wrote {target}: {len(built.layers)} layers, {len(built.weights)} weights")
        return
    export = export_keras if kind == "keras" else export_keras_weights
    spec = built.to_spec()
    export(target, spec, built.arrays, force=force)
    even = padded_as_even(spec) if kind == "keras" else []
    if even:
        more = f" and {len(even) - 1} more" if len(even) > 1 else ""
        which = f"`{even[0]}`{more}"
        say(f"note: {which}: padded as for even sizes; where a size is free, Keras has one amount for all", err=True)
    say(f"wrote {target}: {len(built.layers)} layers, {len(built.weights)} weights")
    if built.labels or built.preprocessing:
        say("note: Keras's files have no place for `labels` and `preprocessing`, which are not in it", err=True)


def _model(path: str, view: ViewOptions, seed: int, weights: str | None) -> Model:
    """The model in a spec or an artifact, without compiled kernels."""
    from modelc.model.build import build

    if not is_artifact(path):
        return build(view.read(path, ("weights", "data")), seed=seed, weights=weights, backend="reference")
    built = modelc.load(path, backend="reference")
    if not view.changes and weights is None:
        return built
    arrays: Any = weights if weights is not None else built.arrays
    return build(open_spec(path, view), seed=seed, weights=arrays, backend="reference")
