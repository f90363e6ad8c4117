"""How a model is measured, with the files on which other runtimes run it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from modelc.bench.benchmark import Benchmark
from modelc.bench.measure import Conditions as Conditions
from modelc.bench.measure import measure
from modelc.bench.peers.names import require_peers
from modelc.model.saving import save_onnx

if TYPE_CHECKING:
    from modelc.graph.graph import Graph
    from modelc.model.model import Model


def measured(model: Model, graph: Graph, conditions: Conditions) -> Benchmark:
    """`measure`, in turns with runtimes that need no file."""
    with _files(model, conditions.compare or {}) as files:
        return measure(model, graph, replace(conditions, compare=files))


@contextmanager
def _files(
    model: Model, files: Mapping[str, str | os.PathLike[str] | None]
) -> Generator[dict[str, str | os.PathLike[str]]]:
    """The file of each runtime: the one that is given, or, where it is None, the model as an ONNX file, for as long as
    the block lasts. Raises as `require_peers` and `save_onnx` do."""
    require_peers(files)
    given = {name: file for name, file in files.items() if file is not None}
    if len(given) == len(files):
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "model.onnx"
        save_onnx(model, made)
        yield {name: made if file is None else file for name, file in files.items()}
