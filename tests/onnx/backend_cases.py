"""The tests of operators and models that ship with the package onnx, run through modelc.

`python tests/onnx/backend_cases.py` runs all and writes `backend_results.txt`, what is expected of each.
"""

from __future__ import annotations

import re
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.loader import load_model_tests
from onnx.backend.test.runner import Runner

from modelc.errors import ModelcError
from modelc.model.build import build
from modelc.onnx.read.model import OnnxModel, read_onnx

Array = np.ndarray[Any, Any]

KINDS = ("node", "simple", "pytorch-converted", "pytorch-operator", "real")
_NEEDS = re.compile(r"\(`([^`]*)`\) depends on the model's inputs, and modelc takes a constant there")
_MOVED = re.compile(r"`([^`]*)` has the batch as its first axis, and in the file as axis (\d+)")
_PACKAGE = Path(onnx.__file__).parent
RESULTS = Path(__file__).with_name("backend_results.txt")


@dataclass(frozen=True)
class Outcome:
    """What became of a case: `refused` is the reason, empty where it passes."""

    refused: str
    bound: tuple[str, ...] = ()
    """The inputs that are parameters of operators, and had to be constants."""

    def __str__(self) -> str:
        told = f"refused: {self.refused}" if self.refused else "passes"
        return f"{told}, with constants {' '.join(self.bound)}" if self.bound and not self.refused else told


def expected() -> Mapping[str, str]:
    """What is known of each case."""
    lines = RESULTS.read_text("utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines)


@cache
def cases() -> Mapping[str, Any]:
    """All cases by kind and name, those of nodes made up by the package now."""
    with np.errstate(all="ignore"):
        return {f"{kind}/{case.name}": case for kind in KINDS for case in load_model_tests(kind=kind)}


_ROUNDED = {"real/test_bvlc_alexnet": "(its softmax is of numbers of 3.7e12, equal but for their rounding)"}
"""Cases whose expected numbers are an accident of rounding: what is expected of them cannot be held."""


def outcome(key: str, folder: Path, backend: Any = "reference") -> Outcome:
    """Read the model of a case, run it and compare. Raises `AssertionError` for other numbers than those expected."""
    case = cases()[key]
    path = folder / "case.onnx"
    model = _model(case)
    path.write_bytes(model.SerializeToString())
    fixed = {tensor.name for tensor in model.graph.initializer}
    names = [one.name for one in model.graph.input if one.name not in fixed]
    bound: list[str] = []
    for inputs, expected in _data(case, model):
        while True:
            constants = {name: x for name, x in zip(names, inputs, strict=False) if name in bound}
            try:
                made = read_onnx(path, keep_layout=True, constants=constants)
                given = {name: x for name, x in zip(names, inputs, strict=False) if name not in bound}
                results = run(made, given, backend, model)
            except ModelcError as error:
                need = _NEEDS.search(str(error))
                more = None if need is None else _parameter(need[1], names, inputs, bound)
                if more is None:
                    return Outcome(_reason(error, path), tuple(bound))
                bound.append(more)
                continue
            break
        if any(_is_beyond(x) for x in expected):
            return Outcome("(the test has float64 numbers that no float32 can hold)", tuple(bound))
        if key in _ROUNDED:
            return Outcome(_ROUNDED[key], tuple(bound))
        _compare(results, expected, case)
    return Outcome("", tuple(bound))


def _parameter(needed: str, names: Sequence[str], inputs: Sequence[Any], bound: Sequence[str]) -> str | None:
    """The input to bind: what a node needs, or, where that is computed, the next one of sizes or places."""
    if needed in names:
        return None if needed in bound else needed
    ranks = {"i": 1, "f": 0}
    sizes = (
        name
        for name, x in zip(names, inputs, strict=False)
        if name not in bound and np.ndim(x) <= ranks.get(np.asarray(x).dtype.kind, -1)
    )
    return next(sizes, None)


def _reason(error: ModelcError, path: Path) -> str:
    """The first line of a message, without the names of the file and of the node."""
    line = str(error).splitlines()[0].replace(f"`{path}`", "it")
    return re.sub(r"^the ONNX node `[^`]*` \(([^)]*)\)", r"\1", line)[:200]


def _unmoved(made: OnnxModel, results: Sequence[Array], model: Any) -> list[Array]:
    """The outputs with the batch where the file has it."""
    axes = {name: int(axis) for note in made.notes for name, axis in _MOVED.findall(note)}
    return [np.moveaxis(x, 0, axes.get(one.name, 0)) if x.ndim else x
            for x, one in zip(results, model.graph.output, strict=True)]  # fmt: skip


def _model(case: Any) -> Any:
    if case.model is not None:
        return case.model
    if case.url is not None:
        return onnx.load(_PACKAGE.parent / case.url)
    return onnx.load(Path(case.model_dir) / "model.onnx")


def _data(case: Any, model: Any) -> list[tuple[list[Any], list[Any]]]:
    """Inputs and outputs of each set of data."""
    if case.data_sets is not None:
        return [([*map(_array, inputs)], [*map(_array, outputs)]) for inputs, outputs in case.data_sets]
    if case.url is not None:
        fixed = {one.name for one in model.graph.initializer}
        declared = [one for one in model.graph.input if one.name not in fixed]
        inputs = [Runner.generate_dummy_data(one, seed=0, name=case.model_name, random=False) for one in declared]
        before = str(_PACKAGE.parent / case.url).removesuffix(".onnx")
        outputs = [_tensor(Path(f"{before}_output_{i}.pb"), one) for i, one in enumerate(model.graph.output)]
        return [(inputs, outputs)]
    made: list[tuple[list[Any], list[Any]]] = []
    for folder in sorted(Path(case.model_dir).glob("test_data_set_*")):
        inputs = [_tensor(folder / f"input_{i}.pb", one) for i, one in enumerate(model.graph.input)
                  if (folder / f"input_{i}.pb").exists()]  # fmt: skip
        outputs = [_tensor(folder / f"output_{i}.pb", one) for i, one in enumerate(model.graph.output)]
        made.append((inputs, outputs))
    return made


def _array(value: Any) -> Any:
    return numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else value


def _tensor(path: Path, declared: Any) -> Any:
    kind = declared.type.WhichOneof("value")
    if kind != "tensor_type":
        return None  # a sequence or a map, which modelc refuses
    tensor = onnx.TensorProto()
    tensor.ParseFromString(path.read_bytes())
    return numpy_helper.to_array(tensor)


def run(made: OnnxModel, inputs: Mapping[str, Any], backend: Any, proto: Any) -> list[Array]:
    """The outputs as the file has them."""
    model = build(made.spec, weights=made.arrays, backend=backend)
    whole = any("every array is one sample" in note for note in made.notes)
    given = [np.asarray(x)[None] if whole else np.asarray(x) for x in inputs.values()]
    results = model([_plain(x) for x in given])
    results = list(results.values()) if isinstance(results, dict) else results
    results = list(results) if isinstance(results, list | tuple) else [results]
    return _unmoved(made, [x[0] if whole else x for x in results], proto)


def _plain(x: Array) -> Array:
    """A type that models take: bfloat16 and the like as float32, truths as numbers."""
    return x.astype(np.float32) if x.dtype.kind not in "iufb" else x


def _is_beyond(x: Any) -> bool:
    """Whether an array has finite numbers that are too large for float32: what some tests of PyTorch's are made of."""
    if not isinstance(x, np.ndarray) or x.dtype != np.float64:
        return False
    return bool((np.isfinite(x) & (np.abs(x) > np.finfo(np.float32).max)).any())


def _compare(results: Sequence[Array], expected: Sequence[Any], case: Any) -> None:
    assert len(results) == len(expected)
    for got, want in zip(results, expected, strict=True):
        assert got.shape == want.shape, f"{got.shape} is not {want.shape}"
        exact = want.dtype.kind in "iub"
        np.testing.assert_allclose(
            np.asarray(got, np.float64), np.asarray(want, np.float64), rtol=0 if exact else max(case.rtol, 1e-3),
            atol=0 if exact else max(case.atol, 1e-5),
        )  # fmt: skip


def main() -> None:
    """Write what becomes of every case."""
    warnings.simplefilter("ignore")
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for key in cases():
            try:
                lines.append(f"{key}: {outcome(key, Path(folder))}\n")
            except Exception as error:
                print(f"{key}: {type(error).__name__}: {error}", file=sys.stderr)
    RESULTS.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
