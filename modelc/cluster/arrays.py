"""Predictions of arrays and data frames: of Dask, lazily; of NumPy, chunk by chunk on a cluster."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.bulk.chunk import Rows
from modelc.bulk.reading.arrays import ArraySource
from modelc.bulk.reading.layout import layout
from modelc.bulk.run import DEFAULT_BATCH, chunk_size
from modelc.bulk.writing.delimited import number_columns
from modelc.bulk.writing.outputs import WrittenOutput, outputs_of
from modelc.cluster.artifacts import Artifact, on_workers
from modelc.cluster.connecting import require_workers
from modelc.cluster.handle import ModelHandle
from modelc.cluster.package import dask_array, distributed
from modelc.cluster.prediction import Chunks, ChunkTask, predict_task, require_stateless
from modelc.cluster.tasks import run_tasks
from modelc.errors import InputError
from modelc.graph.feeding import check, gather
from modelc.graph.sizes import shown
from modelc.model.model import Model
from modelc.model.opening import load

Array = NDArray[Any]


def predict(
    model: Model | str | os.PathLike[str],
    x: Any,
    *,
    client: Any = None,
    batch_size: int | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
) -> Any:
    """The outputs of a model for all samples: an array, or a list of arrays, as `model.predict` gives.

    An array of Dask gives an array of Dask with the same chunks of samples, and a data frame of Dask gives a data frame
    with the same partitions and index, both lazily: `compute`, `to_zarr` or `to_parquet` of the result does the work.
    `columns` are those of a data frame by input, in order. Arrays of NumPy, memory-mapped ones too, are sent chunk by
    chunk to the workers of `client`, by default that which was made last; the results are in order. For several inputs,
    `x` is a list or a mapping by name.

    Each worker gets the model once. The results have the bytes of those of one process where each chunk holds whole
    batches of `batch_size`. Raises `InputError` for what does not fit the model, and where there is no client.
    """
    made = model if isinstance(model, Model) else load(model)
    require_stateless(made)
    size = batch_size or made.face.batch_size or DEFAULT_BATCH
    if _is_frame(x):
        return _of_frame(made, x, size, columns or {})
    arrays = _gathered(made, x)
    if any(map(_is_lazy, arrays)):
        return _single(_of_lazy(made, arrays, size))
    return _single(_on_cluster(made, [np.asanyarray(one) for one in arrays], size, client))


def _single(outputs: list[Any]) -> Any:
    return outputs[0] if len(outputs) == 1 else outputs


def _is_lazy(x: Any) -> bool:
    """Whether something is an array of Dask."""
    return hasattr(x, "dask") and hasattr(x, "chunks")


def _is_frame(x: Any) -> bool:
    """Whether something is a data frame of Dask."""
    return hasattr(x, "map_partitions") and hasattr(x, "columns")


def _gathered(model: Model, x: Any) -> list[Any]:
    """The arrays for the inputs, in order."""
    names = model.input_names
    if _is_lazy(x):
        x = [x]
    if isinstance(x, list | tuple) and any(map(_is_lazy, cast("Sequence[Any]", x))):
        given = list(cast("Sequence[Any]", x))
        if len(given) != len(names):
            raise InputError(f"the model takes {len(names)} inputs ({', '.join(names)}), found {len(given)} arrays")
        return given
    if isinstance(x, Mapping) and any(map(_is_lazy, cast("Mapping[str, Any]", x).values())):
        mapping = cast("Mapping[str, Any]", x)
        missing = [name for name in names if name not in mapping]
        if missing or len(mapping) != len(names):
            raise InputError(f"the inputs of the model are {', '.join(names)}, found {', '.join(mapping)}")
        return [mapping[name] for name in names]
    return list(gather(x, names))


def _of_lazy(model: Model, arrays: list[Any], batch_size: int) -> list[Any]:
    """Arrays of Dask, one for each output."""
    graph = model.face
    whole: list[Any] = [dask_array.asarray(one) for one in arrays]
    samples = [np.broadcast_to(np.zeros((), one.dtype), (1, *one.shape[1:])) for one in whole]
    check(samples, graph, graph.input_names)
    chunks = whole[0].chunks[0]
    whole = [one.rechunk({0: chunks, **dict.fromkeys(range(1, one.ndim), -1)}) for one in whole]
    handle = ModelHandle.of(model)
    pairs: list[Any] = []
    for i, one in enumerate(whole):
        pairs += [one, (0, *range(100 * (i + 1), 100 * (i + 1) + one.ndim - 1))]
    parts = dask_array.blockwise(
        _predict_block, (0,), *pairs, handle=handle.delayed(), batch_size=batch_size, dtype=object, concatenate=True,
        meta=np.empty((0,), object), align_arrays=False,
    )  # fmt: skip
    return [_output(parts, i, one) for i, one in enumerate(outputs_of(graph, samples))]


def _output(parts: Any, index: int, output: WrittenOutput) -> Any:
    """One output of the results for blocks, which hold all of them."""
    if not output.is_fixed:
        raise InputError(f"the output `{output.name}` has another size for each sample: an array of Dask has one")
    axes = dict(enumerate(output.sizes, 1))
    return dask_array.blockwise(
        _take, (0, *axes), parts, (0,), index=index, new_axes=axes, dtype=output.dtype,
        meta=np.empty((0,) * (1 + len(axes)), output.dtype),
    )  # fmt: skip


def _predict_block(*arrays: Array, handle: ModelHandle, batch_size: int) -> list[Array]:
    return handle.predict(list(arrays), batch_size)


def _take(outputs: list[Array], index: int) -> Array:
    return outputs[index]


def _of_frame(model: Model, frame: Any, batch_size: int, columns: Mapping[str, Sequence[str]]) -> Any:
    """A data frame of Dask with a column for each number of the outputs."""
    graph = model.face
    header = [str(name) for name in frame.columns]
    types = [value.type.with_shape(shown(value.type.shape)) for value in graph.inputs]
    places = layout(header, types, graph.input_names, columns).columns
    outputs = outputs_of(graph)
    names = [name for one in outputs for name in number_columns([one])]
    kinds = [one.dtype for one in outputs for _ in number_columns([one])]
    # The class of its partitions: a data frame of pandas.
    meta = type(frame._meta)({name: np.empty(0, kind) for name, kind in zip(names, kinds, strict=True)})
    shapes = [tuple(size or 0 for size in type.shape[1:]) for type in types]
    return frame.map_partitions(
        _predict_frame, ModelHandle.of(model).delayed(), places, shapes, batch_size, meta, meta=meta
    )


def _predict_frame(
    frame: Any,
    handle: ModelHandle,
    places: Sequence[Sequence[int]],
    shapes: Sequence[tuple[int, ...]],
    batch_size: int,
    meta: Any,
) -> Any:
    inputs = [
        frame.iloc[:, list(some)].to_numpy().reshape(len(frame), *shape)
        for some, shape in zip(places, shapes, strict=True)
    ]
    outputs = [values.reshape(len(frame), -1) for values in handle.predict(inputs, batch_size)]
    columns = [column for values in outputs for column in values.T]
    return type(meta)(dict(zip(meta.columns, columns, strict=True)), index=frame.index)


def _on_cluster(model: Model, arrays: list[Array], batch_size: int, client: Any) -> list[Rows]:
    """The outputs for arrays in memory, each sent to a worker chunk by chunk."""
    used = client if client is not None else _default_client()
    require_workers(used)
    graph = model.face
    check(arrays, graph, graph.input_names)
    source = ArraySource(arrays, "x")
    found: dict[int, list[Rows]] = {}
    with tempfile.TemporaryDirectory(prefix="modelc-") as folder:
        path = Path(folder) / "model.modelc"
        model.save(path)
        artifact = Artifact.at(path)
        with on_workers(used, artifact, everywhere=False):
            chunks, tasks = Chunks.of(model, source, batch_size), _tasks(model, source, artifact, batch_size)
            for ended in run_tasks(used, predict_task, tasks, together=chunks.together, total=chunks.total):
                found[ended.task.number] = ended.value().outputs
    columns = zip(*(found[number] for number in sorted(found)), strict=True)
    return [_joined(list(column), model) for column in columns]


def _tasks(model: Model, source: ArraySource, artifact: Artifact, batch_size: int) -> Iterator[ChunkTask]:
    for number, part in enumerate(source.parts(chunk_size(model, batch_size))):
        yield ChunkTask(number, part, artifact.digest, batch_size, keep_going=False)


def _joined(parts: list[Rows], model: Model) -> Rows:
    if all(isinstance(part, np.ndarray) for part in parts):
        return np.concatenate(cast("list[Array]", parts))
    return [row for part in parts for row in part]


def _default_client() -> Any:
    try:
        return distributed.default_client()
    except ValueError:
        help = "make one: client = distributed.Client(address), or give client=…"
        raise InputError("there is no client of a Dask cluster", help) from None
