"""`predict_files`: from files of samples to a file of results, in one call."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence

from modelc.bulk.chunk import BadSample
from modelc.bulk.reading.opening import Taker, open_by_input, open_samples
from modelc.bulk.run import Counts, Following, run
from modelc.bulk.writing.opening import STANDARD_OUTPUT, Format, open_results
from modelc.bulk.writing.outputs import outputs_of
from modelc.bulk.writing.top import TopClasses
from modelc.language.labels import labels_of
from modelc.language.pictures import preprocessing_of
from modelc.model.model import Model

Path = str | os.PathLike[str]


def predict_files(
    model: Model,
    files: Path | Sequence[Path] | Mapping[str, Path],
    output: Path,
    *,
    format: Format | None = None,
    top: int | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
    batch_size: int | None = None,
    on_bad: Callable[[str, Exception], None] | None = None,
    force: bool = False,
) -> Counts:
    """Predict all samples in files and write the results to a file, as `modelc run` does; both may exceed memory.

    `files` are pictures, folders or globs of them, or a .npy, .npz, CSV, JSON lines or Parquet file; or a mapping of
    files by input. The suffix of `output` says how results are written, unless `format` does: npy, npz, csv, jsonl or
    parquet. With `top` tables hold the likeliest classes. `columns` are those of a table by input, in order. Bad
    samples are handed to `on_bad`, by name, and left out; without it the first one raises its error.
    """
    taker = Taker(model.face, lambda: preprocessing_of(model.spec), columns or {})
    if isinstance(files, Mapping):
        source = open_by_input([os.fspath(files[name]) for name in model.input_names], taker)
    else:
        some = [files] if isinstance(files, str | os.PathLike) else files
        source = open_samples([os.fspath(one) for one in some], taker)
    outputs = outputs_of(model.face, source.arrays, labels_of(model.spec))
    stream = sys.stdout.buffer if output == STANDARD_OUTPUT else None
    writer = open_results(
        os.fspath(output), outputs, format=format, top=None if top is None else TopClasses(outputs, top),
        with_names=source.is_named or on_bad is not None, stream=stream, force=force,
    )  # fmt: skip

    def skip(bad: BadSample) -> None:
        assert on_bad is not None
        on_bad(bad.name, bad.error)

    following = Following(skip=None if on_bad is None else skip)
    return run(model, source, [writer], batch_size=batch_size, following=following)
