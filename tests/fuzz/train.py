"""Training in the fuzzer, compiled and by the definitions: gradients, and `fit` as a drawn section asks for it.

Where a function has a kink, at the zero of a ReLU or at a tie of a maximum, roundings decide which of its two slopes
is taken; where a sum of numbers that cancel is divided by, they decide about everything. So what differs counts only
where it differs for other numbers as well, and where the definitions differ less between numbers that are almost equal.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from grow import code_of

import modelc
from modelc.errors import ModelcError
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.language.training import Training
from modelc.language.view import trace_spec
from modelc.losses.expected import Expected
from modelc.losses.labels import ClassNumbers
from modelc.model.training_run import Choices, compile_for, section_of, train
from modelc.native.engine.program import NativeProgram
from modelc.optimizers.momentum import SGD
from modelc.optimizers.optimizer import Optimizer
from modelc.passes.differentiate import differentiate, with_seeds
from modelc.training.signature import signature_of
from modelc.weights.variable import Variable

Array = np.ndarray[Any, Any]
Arrays = Mapping[str, Array]
Results = list[tuple[str, Array]]

_TRIES = 3
"""Draws of numbers, all of which must give different results before these count."""
_ALMOST = 3e-7
"""By how much of themselves numbers differ that are almost equal."""
_SAMPLES, _BATCH, _BATCHES = 5, 2, 3
_STEPS = 2
_MOST_STEPS = 30
"""Steps in all up to which a drawn section is run."""


def require_same_gradients(spec: modelc.Spec, weights: Arrays, seed: int) -> None:
    """The gradients of all inputs and weights, and what the step updates, are the same compiled and by definition."""
    try:
        graph, seeds = with_seeds(trace_spec(spec, training=True))
    except ModelcError as error:  # what augments takes fewer inputs in training than at inference
        require_message(error)
        return
    wanted = [x for x in graph.inputs if x.type.dtype == "float32" and x not in seeds]
    trained = [w.value for w in graph.weights if w.trainable]
    if not any(seeds) or not (wanted or trained):
        return
    made = _lifted(differentiate(graph, [*wanted, *trained], seeds))
    program = NativeProgram(made, {path: Variable(path, value) for path, value in weights.items()})

    def results(draw: int, nudge: float, compiled: bool) -> Results:
        given = [weights.get(name, x) for name, x in _entering(made, draw, nudge)]
        found = program.run(given) if compiled else interpret(made, given, weights)
        return [(f"result {i}", array) for i, array in enumerate(found)]

    _require_same(results, seed)


def require_it_trains(spec: modelc.Spec, random: Random, folder: Path) -> str:
    """A drawn `training` section runs as `modelc train` would, and its losses and metrics are those of the definitions.

    Returns what became of it.
    """
    training, seed, place = section_of(spec), random.randrange(2**32), folder / "trained"
    place.mkdir()
    try:
        if _drawn(spec, training, seed, 1) is None:
            return "no labels fit"
        _run(spec, training, seed, place, random)
        _require_same(partial(_steps, spec, training, training.optimizer, False), seed)
        # Others divide by gradients, of which some are 0 but for roundings: so weights are compared after this one.
        _require_same(partial(_steps, spec, training, SGD(learning_rate=0.01), True), seed)
    except ModelcError as error:
        require_message(error)
        return f"not trained: {code_of(error)}"
    finally:
        shutil.rmtree(place)
    return "trained"


def require_message(error: ModelcError) -> None:
    """A message, and not a book."""
    text = str(error)
    assert text.strip() and len(text) < 100_000, f"{len(text)} characters"
    assert "Traceback" not in text and "\x1b" not in text


def difference(expected: Array, found: Array, what: str) -> str | None:
    """How two results differ, beyond roundings; None where they do not, or are not finite."""
    if expected.shape != found.shape:
        return f"{what}: {expected.shape} and {found.shape}"
    finite = np.isfinite(expected) & (np.abs(expected) < 1e6)
    scale = max(1.0, float(np.abs(expected[finite]).max(initial=0.0)))
    try:
        np.testing.assert_allclose(found[finite], expected[finite], rtol=1e-3, atol=1e-3 * scale)
    except AssertionError as error:
        return f"{what}: {error}"
    return None


def _require_same(results: Callable[[int, float, bool], Results], seed: int) -> None:
    """`results` of a draw of numbers, moved by a nudge, compiled or not."""
    told: str | None = None
    for draw in range(seed, seed + _TRIES):
        expected = results(draw, 0.0, False)
        told = _difference(expected, results(draw, 0.0, True))
        if told is None or _difference(expected, results(draw, _ALMOST, False)) is not None:
            return
    raise AssertionError(f"compiled: {told}")


def _difference(expected: Results, found: Results) -> str | None:
    assert [name for name, _ in expected] == [name for name, _ in found]
    told = (difference(a, b, name) for (name, a), (_, b) in zip(expected, found, strict=True))
    return next(filter(None, told), None)


def _uniform(random: np.random.Generator, shape: tuple[int, ...], dtype: str, nudge: float) -> Array:
    x = random.uniform(0, 2, shape)
    return (x if dtype != "float32" else x * (1 + nudge * random.choice((-1, 1), shape))).astype(dtype)


def _lifted(graph: Graph) -> Graph:
    """The graph with the weights that a step changes as inputs, as the step of a training has them."""
    lifted = [w for w in graph.weights if w.trainable or w.path in graph.updates]
    return replace(
        graph,
        weights=tuple(w for w in graph.weights if w not in lifted),
        inputs=(*graph.inputs, *(w.value for w in lifted)),
        input_dtypes=(*graph.input_dtypes, *("float32" for _ in lifted)),
        input_names=(*graph.input_names, *(w.path for w in lifted)),
    )


def _entering(graph: Graph, seed: int, nudge: float) -> Iterator[tuple[str, Array]]:
    """The names of inputs, and numbers for them."""
    random, batch = np.random.default_rng(seed), graph.batch_size or 3
    for name, value in zip(graph.input_names, graph.inputs, strict=True):
        shape = tuple(batch if size is None else size for size in value.type.shape)
        yield name, _uniform(random, shape, value.type.dtype, nudge)


# --- a section of a spec


def _run(spec: modelc.Spec, training: Training, seed: int, folder: Path, random: Random) -> None:
    """`modelc train`, on a file of data."""
    batch, epochs = spec.graph.batch_size or _BATCH, min(training.epochs, 2)
    drawn = _drawn(spec, training, seed, _BATCHES * batch if spec.graph.batch_size else _SAMPLES)
    names = [*spec.graph.input_names, *signature_of(spec.graph, training.loss, lambda: spec).output_names]
    if drawn is None or len(set(names)) < len(names) or epochs * (training.steps_per_epoch or 1) > _MOST_STEPS:
        return
    (folder / "s.yaml").write_text(spec.to_yaml(), encoding="utf-8")
    arrays: dict[str, Any] = dict(zip(names, (*drawn[0], *drawn[1]), strict=True))
    data = folder / "data.npz"
    np.savez(data, **arrays)
    choices = Choices(
        data=str(data), validation=random.choice(("0", "0.4", str(data))), epochs=epochs, batch_size=batch,
        checkpoints=random.choice((None, folder / "checkpoints")), verbose=0,
    )  # fmt: skip
    report = train(modelc.load_spec(folder / "s.yaml"), choices)
    assert len(report.epochs) <= epochs
    for before, after in report.frozen:
        assert before.digest == after.digest, f"{before.name} is frozen, and was changed"
    assert report.told().to_json(folder / "m.modelc")


def _steps(
    spec: modelc.Spec, training: Training, optimizer: Optimizer, weights: bool, seed: int, nudge: float, compiled: bool
) -> Results:
    """The losses and metrics of some steps, and the weights after them."""
    drawn = _drawn(spec, training, seed, spec.graph.batch_size or _SAMPLES, nudge)
    assert drawn is not None
    model = spec.build(seed=seed % 1000, backend="native" if compiled else "reference")
    compile_for(model, training.model_copy(update={"optimizer": optimizer}), seed % 1000)
    results: Results = []
    for step in range(_STEPS):
        told = model.train_on_batch(*drawn, return_dict=True)
        results += [(f"step {step}, {name}", np.asarray(value)) for name, value in told.items()]
    return results + [(v.path, np.array(v.value)) for v in model.variables if weights]


def _drawn(
    spec: modelc.Spec, training: Training, seed: int, samples: int, nudge: float = 0.0
) -> tuple[list[Array], list[Array]] | None:
    """Inputs and labels that the losses take; None where none do."""
    signature, random = signature_of(spec.graph, training.loss, lambda: spec), np.random.default_rng(seed)
    inputs = [_uniform(random, (samples, *type.dims), type.dtype, nudge) for type in signature.inputs]
    labels: list[Array] = []
    for expected, classes in zip(signature.expected, signature.classes, strict=True):
        made = next(filter(partial(_fit, expected), _labels(expected, classes, random, samples)), None)
        if made is None:
            return None
        labels.append(made)
    return inputs, labels


def _labels(
    expected: Expected, classes: ClassNumbers | None, random: np.random.Generator, samples: int
) -> Iterator[Array]:
    """Labels of the shapes that losses take: numbers of classes, shares of each class, or any numbers."""
    if not expected.prediction.batched:
        return
    dims = expected.prediction.dims
    if classes is not None:
        yield from (random.integers(0, classes.count, (samples, *dims[:-1], *one)) for one in ((), (1,)))
    numbers = random.uniform(0.01, 1, (samples, *dims))
    yield (numbers / numbers.sum(-1, keepdims=True) if dims else numbers).astype(np.float32)
    yield random.uniform(0, 1, (samples,)).astype(np.float32)


def _fit(expected: Expected, labels: Array) -> bool:
    kind = "int32" if labels.dtype.kind in "iu" else "float32"
    try:
        expected.require(TensorType((None, *labels.shape[1:]), kind), None, "the labels")
    except ModelcError:
        return False
    return True
