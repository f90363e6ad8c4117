"""`NAME_train`: a step of training as a function of a C library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelc.c.functions import Feed, function, layer_states
from modelc.c.interface import CFunction, KeptState, Number
from modelc.errors import Diagnostic, SpecError
from modelc.graph.types import TensorType
from modelc.native.target import Target
from modelc.training.step_graph import ITERATION, LEARNING_RATE, STEP, Labels, StepGraph

if TYPE_CHECKING:
    from modelc.model.model import Model

_NUMBERS: dict[str, Number] = {STEP: "step", LEARNING_RATE: "learning_rate", ITERATION: "iteration"}


def training(model: Model, target: Target, threads: int = 1) -> CFunction:
    """The step of a model's optimizer on a batch with labels, and with weights and the optimizer's arrays in the state.

    Raises `SpecError` for a model that is not compiled, and where a step cannot be told before there is data.
    """
    engine = model.trainer.engine
    if engine.optimizer.gradient_accumulation_steps not in (None, 1):
        raise _refused(model, "`gradient_accumulation_steps` updates in some of the steps only", "leave it out")
    step = engine.step_graph(_labels(model))
    graph, variables = step.graph, model.variables_by_path
    arrays = engine.begun(step) | layer_states(model.graph, variables)
    state = KeptState.of(arrays.items(), engine.batches)
    inputs = [*(Feed("x", name) for name in model.input_names), *(_feed(model, feed) for feed in step.feeds)]
    return function("train", graph, variables, target, state, inputs, _results(model, step), threads)


def _results(model: Model, step: StepGraph) -> list[Feed]:
    """The loss in all, that of each output which has one, the outputs, then what is updated."""
    losses = [Feed("data_loss", name) for name in model.trainer.labelled]
    outputs = [Feed("y", name) for name in model.graph.output_keys or model.graph.output_names]
    return [Feed("loss"), *losses, *outputs, *(Feed(path=path) for path in step.updated)]


def _feed(model: Model, feed: str) -> Feed:
    """What an input of the step is that is none of the model's."""
    if feed in _NUMBERS:
        return Feed(number=_NUMBERS[feed])
    kind, _, output = feed.partition(":")
    return Feed("labels", model.graph.output_labels[int(output)]) if kind == "y" else Feed(path=feed)


def _labels(model: Model) -> Labels:
    """The types of the labels: the numbers of classes where the loss takes them, else what the output is."""
    signature, graph = model.trainer.signature, model.graph
    types: dict[str, TensorType] = {}
    for name, expected, classes in zip(signature.output_names, signature.expected, signature.classes, strict=True):
        if expected.loss is None:
            raise _refused(
                model, "which crossentropy is meant depends on the labels",
                "write sparse_categorical_crossentropy, categorical_crossentropy or binary_crossentropy",
            )  # fmt: skip
        output = expected.prediction
        shape = output.shape if classes is None else output.shape[:-1]
        types[name] = TensorType(shape, "float32" if classes is None else "int32")
    none = (None,) * len(graph.outputs)
    return Labels(tuple(types.get(name) for name in graph.output_labels), none)


def _refused(model: Model, why: str, help: str) -> SpecError:
    return SpecError(Diagnostic("E207", f"a C library cannot train the model: {why}", help, model.name))
