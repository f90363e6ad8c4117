"""`modelc import`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modelc.cli.colours import say
from modelc.cli.examples import ExampleCommand
from modelc.cli.options import input_shape_option
from modelc.cli.outputs import check_target, files_read, force_option, weights_named
from modelc.files.atomic import replacing_together
from modelc.files.kinds import Kind, kind_of
from modelc.files.outputs import check_outputs_differ
from modelc.files.signatures import is_onnx
from modelc.pytorch.parts import is_index
from modelc.pytorch.pickled import refuse_pickle

if TYPE_CHECKING:
    from modelc.keras.read import KerasModel
    from modelc.keras.weights.weights import LoadReport
    from modelc.onnx.read.model import OnnxModel


@click.command(
    "import",
    cls=ExampleCommand,
    examples={
        "modelc import model.keras -o imported.yaml --weights-out imported.safetensors": "a model of Keras",
        "modelc import model.onnx --annotate": "print the spec of an ONNX model, with the shapes of its layers",
        "modelc import torch.safetensors --onto table.yaml --weights-out table.safetensors --map-out map.yaml": (
            "the weights of a PyTorch model for a spec of the same architecture"
        ),
    },
)
@click.argument("file")
@click.option("-o", "--output", metavar="FILE", help="Output file for the spec, as YAML. Default: standard output.")
@click.option(
    "--weights-out", metavar="FILE", help="Output file for the weights, as safetensors. Without it none are written."
)
@click.option("--weights", metavar="FILE", help="Keras weight file to read the weights from instead of FILE.")
@click.option("--partial", is_flag=True, help="Load the weights that match and report the others, instead of failing.")
@click.option("--onto", metavar="SPEC", help="Spec that takes the weights in FILE, those of a PyTorch model.")
@click.option(
    "--map", "map_file", metavar="FILE", help="Map that says which tensors the weights of --onto are made of."
)
@click.option(
    "--map-out",
    metavar="FILE",
    help="With --onto, output file for the complete map, as YAML. Default: standard output.",
)
@click.option(
    "--keep-layout",
    is_flag=True,
    help="Of an ONNX file: inputs and outputs keep its order of axes. Default: pictures have their channels last.",
)
@click.option("--annotate", is_flag=True, help="Add the output shape of each layer as a comment.")
@force_option
@input_shape_option
def command(
    file: str,
    output: str | None,
    weights_out: str | None,
    weights: str | None,
    partial: bool,
    onto: str | None,
    map_file: str | None,
    map_out: str | None,
    keep_layout: bool,
    annotate: bool,
    force: bool,
    input_shape: tuple[int | None, ...] | None,
) -> None:
    """Convert a Keras or ONNX model to a spec and a weight file, or the weights of a PyTorch model to those of a spec.

    Keras and PyTorch need not be installed. ONNX files need the package onnx, and no runtime.

    With --onto, FILE is the safetensors file of a PyTorch or Hugging Face model of the same architecture as the spec,
    or the index of one in several files (model.safetensors.index.json).
    Which module fills which layer follows from names, shapes and the order of the modules; how each tensor becomes a
    weight is written as a map, to be read, corrected and passed by --map. Where two modules fit a layer, the command
    names both and how to say it in the map.

    An ONNX file becomes layers where its nodes are such, and operations where not. Pictures (N, C, H, W) get their
    channels last, and with them the model's inputs and outputs, unless --keep-layout; notes say which.

    Otherwise FILE is a .keras file, an .h5 file with a whole model, the JSON of `model.to_json()`, or the `model.json`
    of TensorFlow.js. A report lists every weight as loaded, missing, unexpected or of the wrong shape; it goes to
    standard error if the spec goes to standard output.

    Either all output files are written or none. If the process is killed while it renames them, the weight file may be
    there without the spec, but never with the spec of another model: run the command again.
    """
    from modelc.cli.onto import Targets, import_onto
    from modelc.keras.read import read_keras_model
    from modelc.language.text.pretty import pretty_yaml
    from modelc.onnx.read.model import read_onnx

    refuse_pickle(file)
    if onto is not None:
        if weights is not None or partial or annotate or keep_layout or input_shape is not None:
            raise click.UsageError("--onto goes with --map, --map-out, --weights-out and --output alone")
        import_onto(file, onto, map_file, Targets(output, weights_out, map_out), force=force)
        return
    if map_file is not None or map_out is not None:
        raise click.UsageError("a map is for --onto SPEC, which takes the weights")
    if is_index(file) or kind_of(file) is Kind.WEIGHTS:
        raise click.UsageError("FILE holds weights alone: name the spec that takes them by --onto SPEC")
    read = files_read(file, weights=weights)
    check_outputs_differ({"--output": output, "--weights-out": weights_out})
    for target, kind in ((output, Kind.SPEC), (weights_out, Kind.WEIGHTS)):
        if target is not None:
            check_target(target, kind, read, force)
    if is_onnx(file):
        if weights is not None or partial:
            raise click.UsageError("--weights and --partial are for Keras files: an ONNX file holds its weights")
        described = read_onnx(file, input_shape=input_shape, keep_layout=keep_layout)
        spec = described.spec
        if output is not None and weights_out is not None:
            spec = weights_named(spec, Path(output), Path(weights_out))
        text = pretty_yaml(spec, annotate=annotate)
        _write(output, text, weights_out, described.arrays, force)
        if output is None:
            say(text, nl=False)
        for line in _lines_of_onnx(described):
            say(line, err=output is None)
        return
    if keep_layout:
        raise click.UsageError("--keep-layout is for ONNX files: in Keras's the order of axes is that of the layers")
    model = read_keras_model(Path(file), input_shape=input_shape)
    if weights_out is not None and weights is None and model.path is None:
        raise click.UsageError("FILE holds no weights: give a file with weights by --weights")
    arrays, report = _weights(model, weights, partial)
    spec = model.spec
    if output is not None and weights_out is not None and report is not None and report.complete:
        spec = weights_named(spec, Path(output), Path(weights_out))
    text = pretty_yaml(spec, annotate=annotate)
    _write(output, text, weights_out, arrays, force)
    if output is None:
        say(text, nl=False)
    for line in _lines(model, report):
        say(line, err=output is None)


def _weights(model: KerasModel, path: str | None, partial: bool) -> tuple[Mapping[str, Any], LoadReport | None]:
    """The weight arrays and the load report; the report is None if there are no weights."""
    if path is None and model.path is None:
        return {}, None
    return model.read_weights(path, partial=partial)


def _write(output: str | None, text: str, weights_out: str | None, arrays: Mapping[str, Any], force: bool) -> None:
    """Write both files, or neither if one cannot be written. The spec, which refers to the weight file, comes last."""
    from modelc.files.tensors import write_tensors

    targets = [(path, kind) for path, kind in ((weights_out, Kind.WEIGHTS), (output, Kind.SPEC)) if path is not None]
    if not targets:
        return
    with replacing_together(targets, force=force) as temporaries:
        if weights_out is not None:
            write_tensors(temporaries[0], arrays)
        if output is not None:
            temporaries[-1].write_text(text, encoding="utf-8")


def _lines_of_onnx(model: OnnxModel) -> Iterator[str]:
    """The size of the model, and what is read otherwise than it is written."""
    spec = model.spec
    yield f"model: {spec.name}, {len(spec.layers)} layers"
    yield f"tensors: {len(model.arrays)} loaded"
    for note in model.notes:
        yield f"note: {note}"


def _lines(model: KerasModel, report: LoadReport | None) -> Iterator[str]:
    """The report: every tensor, and what was left out of the model."""
    spec = model.spec
    yield f"model: {spec.name}, {len(spec.layers)} layers"
    if report is not None:
        rows = [
            *(("loaded", one.path, one.shape, one.stored) for one in report.loaded),
            *(("missing", path, shape, "") for path, shape in report.missing),
            *(("wrong shape", m.path, m.expected, f"{m.stored} {m.found}") for m in report.mis_shaped),
            *(("unexpected", "", shape, stored) for stored, shape in report.unexpected),
        ]
        widths = [max((len(str(row[i])) for row in rows), default=0) for i in range(3)]
        for row in rows:
            state, path, shape = (str(cell).ljust(width) for cell, width in zip(row[:3], widths, strict=True))
            yield f"{state}  {path}  {shape}  {row[3]}".rstrip()
        counts = {"loaded": report.loaded, "missing": report.missing, "wrong shape": report.mis_shaped}
        counted = ", ".join(f"{len(found)} {name}" for name, found in counts.items())
        yield f"tensors: {counted}, {len(report.unexpected)} unexpected"
        if report.ignored:
            yield f"note: {len(report.ignored)} arrays of the training state were left out"
    for note in model.notes:
        yield f"note: {note}"
