"""Specs of ever new numbers, and what must hold of each: the oracle.

Most are grown to be valid, then dressed; some are mistaken afterwards, and some are drawn wildly from the JSON Schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import yaml
from draw import Drawer
from dress import dressed, mistaken
from grow import Grower, code_of, layer_types
from train import require_it_trains, require_message, require_same_gradients

import modelc
from modelc.errors import ModelcError, ResourceError, UnsupportedError
from modelc.language.text.pretty import pretty_yaml
from modelc.report.diff.find import compare

Plain = dict[str, Any]
Array = np.ndarray[Any, Any]

_MOST_WORK = 400_000
"""Multiply-adds and elements up to which a valid spec is run."""
_MISTAKEN, _WILD = 0.15, 0.1


def make(random: Random) -> Plain:
    """A spec as plain data."""
    if random.random() < _WILD:
        return _wild(random)
    spec = dressed(random, Grower(random).grown(random.choice((1, 1, 2, 3, 4, 6))))
    return mistaken(random, deepcopy(spec)) if random.random() < _MISTAKEN else spec


def _wild(random: Random) -> Plain:
    """Layers one after the other, whether they fit or not, with options whether they are such or not."""
    drawer = Drawer(random, odd=0.02)
    entries = [drawer.entry(random.choice(layer_types())) for _ in range(random.choice((1, 1, 2, 3, 5)))]
    for entry in entries[1:]:
        if random.random() < 0.1:
            entry["inputs"] = random.choice((["input", "input"], "input", {"query": "input"}, [0]))
        if random.random() < 0.05:
            entry["repeat"] = random.choice((2, 3, 10**6))
    shape = random.choice(([], [4], [6, 4], [6, 6, 2], [3, 4, 4, 2], [8, 8, 3], [1], [5, 1]))
    return {"modelc": 1, "input": {"shape": shape}, "layers": entries}


def run(number: int, folder: Path, *, native: bool = False) -> str:
    """Check the spec of this number; what became of it. Raises `AssertionError`, or what modelc should not raise."""
    random = Random(number)
    return check(make(random), random, folder, native=native)


def check(data: Plain, random: Random, folder: Path, *, native: bool = False) -> str:
    """Check a spec."""
    try:
        spec = modelc.load_spec(deepcopy(data))
        _ = spec.graph
    except ModelcError as error:
        require_message(error)
        _refused_as_text(data, error, folder)
        return f"refused: {code_of(error)}"
    _reads_the_same(data, spec)
    _is_shown(spec)
    if not _small(spec):
        return "accepted, not run"
    return _runs(spec, random, folder, native)


def _refused_as_text(data: Plain, error: ModelcError, folder: Path) -> None:
    """What is refused as data is refused as a file, at the line and column of each mistake."""
    path = folder / "s.yaml"
    try:
        path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
        _ = modelc.load_spec(path).graph
    except ModelcError as again:
        require_message(again)
        for line in str(again).splitlines():
            if "error[" in line and not line.startswith(" "):
                assert re.match(rf"{re.escape(str(path))}:\d+:\d+: error\[E\d+\]: ", line), f"without a place: {line}"
        return
    finally:
        path.unlink()
    raise AssertionError(f"refused as data, taken as text: {error}")


def _reads_the_same(data: Plain, spec: modelc.Spec) -> None:
    for text in (json.dumps(data), yaml.safe_dump(data, sort_keys=False, allow_unicode=True)):
        assert modelc.load_spec(text) == spec, "its text is another spec"
    for text in (spec.to_yaml(), spec.to_json(), pretty_yaml(spec)):
        again = modelc.load_spec(text)
        assert again == spec, "what it writes is another spec"
        assert again.to_yaml() == spec.to_yaml(), "what it writes is written otherwise"
    assert _summary(again) == _summary(spec), "what it writes has another summary"


def _is_shown(spec: modelc.Spec) -> None:
    summary = spec.summary(wide=True)
    assert str(summary) and summary.to_json() and summary._repr_html_()
    assert all(str(warning) for warning in spec.warnings)
    itself = compare(spec, modelc.load_spec(spec.to_yaml()))
    assert not itself, f"it differs from itself: {itself}"
    assert itself.to_json() and itself._repr_html_() is not None


def _summary(spec: modelc.Spec) -> Any:
    return spec.summary().to_dict()


def _small(spec: modelc.Spec) -> bool:
    nodes = spec.graph.nodes
    work = sum(n.op.macs(n.output.type, *(v.type for v in n.inputs)) + n.output.type.size for n in nodes)
    return work <= _MOST_WORK and sum(weight.size for weight in spec.graph.weights) <= _MOST_WORK


def _runs(spec: modelc.Spec, random: Random, folder: Path, native: bool) -> str:
    """By the definitions, compiled, and from the files that are written of it, with the same outputs."""
    inputs = _inputs(spec, random.randrange(2**32))
    spec = spec.without_weight_files()
    try:
        model = spec.build(backend="reference")
        with np.errstate(all="ignore"):
            expected = _listed(model(inputs))
    except (ModelcError, ResourceError) as error:
        require_message(error)
        return f"accepted, not run: {code_of(error)}"
    for value, found in zip(spec.graph.outputs, expected, strict=True):
        shape = found.shape[1:] if value.type.batched else found.shape
        assert shape == value.type.dims, f"{value.type} is {found.shape}"
    trained = ""
    if native:
        compiled = spec.build(weights=model.arrays)
        _compare(expected, _listed(compiled(inputs)), "compiled")
        alone = [x[:1] for x in inputs]
        if spec.graph.batch_size is None and all(value.type.batched for value in spec.graph.outputs):
            _listed(compiled(alone))
        _trains(compiled, inputs, expected)
        if spec.training is None:
            require_same_gradients(spec, model.arrays, random.randrange(2**32))
        else:
            trained = f", {require_it_trains(spec, random, folder)}"
    for name in random.sample(("m.modelc", "m.keras"), 1):
        _saved(model, folder / name, inputs, expected)
    return f"accepted, run{trained}"


def _trains(model: modelc.Model, inputs: list[Array], outputs: list[Array]) -> None:
    """A step of training, where the model can be trained, leaves numbers, and the weights that are frozen."""
    frozen = {v.path: np.array(v.value) for v in model.weights if not v.trainable}
    try:
        model.compile("sgd", "mse")
        model.train_on_batch(inputs, outputs)
        outputs = _listed(model(inputs))
    except ModelcError as error:
        require_message(error)
        return
    assert all(v.path in frozen or v.trainable for v in model.weights)


def _saved(model: modelc.Model, path: Path, inputs: list[Array], expected: list[Array]) -> None:
    """What is written is read, shows the same summary and computes the same."""
    try:
        model.save(path)
        again = modelc.load(path, backend="reference")
    except UnsupportedError as error:
        require_message(error)
        return
    finally:
        path.unlink(missing_ok=True)
    rows, others = (sorted(_rows(one.spec)) for one in (model, again))
    assert rows == others, f"{path.suffix}: other layers: {rows} and {others}"
    if path.suffix == ".keras" and any(map(_says_training, model.spec.layers)):
        return  # which `predict` of Keras 3 passes over, and so does what is read of its files
    with np.errstate(all="ignore"):
        _compare(expected, _listed(again(inputs)), path.suffix)


def _says_training(layer: Any) -> bool:
    return layer.training is not None or any(map(_says_training, layer.inside))


def _rows(spec: modelc.Spec) -> Iterator[str]:
    """What a file of another framework keeps of a model's layers: their numbers of parameters."""
    for layer in _summary(spec)["layers"]:
        if layer["params"]:
            yield f"{layer['params']} {layer.get('trainable_params')}"


def _inputs(spec: modelc.Spec, seed: int) -> list[Array]:
    random = np.random.default_rng(seed)
    samples = spec.graph.batch_size or 3
    made: list[Array] = []
    for value in spec.graph.inputs:
        x = random.uniform(0, 2, (samples, *value.type.dims))
        made.append(x.astype(value.type.dtype))
    return made


def _listed(outputs: Any) -> list[Array]:
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def _compare(expected: list[Array], found: list[Array], how: str) -> None:
    for one, other in zip(expected, found, strict=True):
        assert one.shape == other.shape, f"{how}: {one.shape} and {other.shape}"
        finite = np.isfinite(one) & (np.abs(one) < 1e6)
        scale = max(1.0, float(np.abs(one[finite]).max(initial=0.0)))
        np.testing.assert_allclose(other[finite], one[finite], rtol=1e-3, atol=1e-3 * scale, err_msg=how)
