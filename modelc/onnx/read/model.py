"""`read_onnx`: from an ONNX file to a spec and weights. No runtime is needed, and nothing in a file is executed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import modelc.onnx.read.operators.index  # noqa: F401 - the rules are declared there  # pyright: ignore[reportUnusedImport]
from modelc.errors import FileFormatError, UnsupportedError
from modelc.language.definition import Definition
from modelc.onnx.read.file import read_graph
from modelc.onnx.read.finish import Finished, finished
from modelc.onnx.read.graph import OnnxGraph
from modelc.onnx.read.inputs import declared, shared_batch
from modelc.onnx.read.patterns import with_patterns
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import READINGS, MixesSamplesError
from modelc.onnx.read.values import Flow
from modelc.sources.notes import Notes
from modelc.sources.refs import Array


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """A model that an ONNX file describes."""

    spec: Definition
    arrays: Mapping[str, Array]
    """The arrays of its weights by path."""
    notes: tuple[str, ...]
    """What is read otherwise than it is written, for people to read."""
    path: str
    """The file that holds its weights, too."""


def read_onnx(
    path: str | os.PathLike[str],
    *,
    input_shape: Sequence[int | str | None] | None = None,
    keep_layout: bool = False,
    constants: Mapping[str, Any] = {},
) -> OnnxModel:
    """The model in an ONNX file.

    What is a picture (N, C, H, W) in the file has its channels last in the spec, and so have the model's inputs and
    outputs; `keep_layout` leaves the order of axes of those as it is in the file, by layers that move them.
    `input_shape`, without the batch and in the spec's order of axes, is for a file whose input has no fixed one.
    `constants` are arrays for inputs of the file that are parameters of its operators, by name.

    Raises `FileFormatError` where the file is damaged or something else, `UnsupportedError` with the node for what
    modelc does not have, `InputError` where the package onnx is not installed.
    """
    name = os.fspath(path)
    graph = read_graph(name, READINGS)
    _bind(graph, constants, name)
    graph = with_patterns(graph)
    notes = Notes()
    _leave_out(graph, notes)
    try:
        made = _read(graph, name, notes, input_shape, keep_layout)
    except MixesSamplesError as error:
        raise UnsupportedError(f"{error.node}: {error.reason}", error.help) from None
    return OnnxModel(made.spec, made.arrays, notes.lines(), name)


def _bind(graph: OnnxGraph, constants: Mapping[str, Any], name: str) -> None:
    """Let inputs of the graph be the constants that are given for them."""
    known = {one.name for one in graph.inputs}
    for key, value in constants.items():
        if key not in known:
            raise FileFormatError(f"`{name}` has no input `{key}`")
        array = np.asarray(value)
        graph.constants[key] = (array, array.dtype.name)
    graph.inputs = [one for one in graph.inputs if one.name not in constants]


def _leave_out(graph: OnnxGraph, notes: Notes) -> None:
    """Leave out inputs that nothing reads, such as constants that an exporter folded and forgot."""
    given = {one.name for one in graph.outputs}
    unread = [one for one in graph.inputs if not graph.readers(one.name) and one.name not in given]
    if unread and len(unread) < len(graph.inputs):
        for one in unread:
            notes.add(f"the input `{one.name}` is left out: nothing reads it")
        graph.inputs = [one for one in graph.inputs if one not in unread]


def _read(
    graph: OnnxGraph, name: str, notes: Notes, input_shape: Sequence[int | str | None] | None, keep_layout: bool
) -> Finished:
    """By samples where the first axis of all inputs can be the batch; else each tensor whole, as one sample."""
    batch = shared_batch(graph)
    if batch is not None:
        try:
            return _attempt(graph, name, notes, input_shape, keep_layout, batch)
        except MixesSamplesError as error:
            mixing = f"{error.node}: {error.reason}"
        notes.add(f"every array is one sample, its first axis too, since that cannot be the batch: {mixing}")
        try:
            return _attempt(graph, name, notes, input_shape, keep_layout, None)
        except UnsupportedError as error:
            help = f"the first axis of its inputs cannot be the batch, either: {mixing}"
            raise UnsupportedError(error.message, help if error.help is None else f"{error.help}; {help}") from None
    elif graph.inputs:
        notes.add("every array is one sample: its first axis is not the batch, so calls add one in front")
    return _attempt(graph, name, notes, input_shape, keep_layout, None)


def _attempt(
    graph: OnnxGraph,
    name: str,
    notes: Notes,
    input_shape: Sequence[int | str | None] | None,
    keep_layout: bool,
    batch: Mapping[str, int] | None,
) -> Finished:
    sizes: set[int | str | None] = (
        {one.shape[batch[one.name]] for one in graph.inputs if one.shape} if batch is not None else set()
    )
    fixed = next((size for size in sizes if isinstance(size, int)), None)
    reader = OnnxReader(graph, batch=batch is not None, batch_size=fixed)
    declared(reader, name, input_shape, batch, keep_layout, notes)
    reader.run()
    if not any(isinstance(reader.values.get(one.name), Flow) for one in graph.outputs):
        raise UnsupportedError(f"`{name}` gives constants only: none of its outputs depends on an input")
    return finished(reader, name, keep_layout, notes)
