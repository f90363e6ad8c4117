"""What the outputs of a classifier are: by its loss and its last activation."""

from __future__ import annotations

from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.functions.table import gives_probabilities
from modelc.losses import LOSSES
from modelc.losses.focal import BinaryFocalCrossentropy
from modelc.losses.loss import Loss
from modelc.losses.margin import CategoricalHinge, Hinge, SquaredHinge
from modelc.losses.probability import BinaryCrossentropy, SparseCategoricalCrossentropy
from modelc.model.model import Model
from modelc.report.warnings.inside import layers_by_path
from modelc.report.warnings.last import last_activation, makers
from modelc.training.by_output import coerced, per_output
from modelc.training.signature import CROSSENTROPY

Array = NDArray[Any]


class Scores(Enum):
    """What a classifier returns for each class, or for the second one of two."""

    PROBABILITIES = "probabilities"
    LOGITS = "numbers whose softmax is the probabilities"
    EACH_LOGIT = "numbers whose sigmoids are the probabilities"
    MARGINS = "numbers of which the largest, or one above 0, says the class"


def usual_loss(model: Model) -> Loss:
    """The crossentropy for what the model ends with: from logits unless that gives probabilities."""
    last = _last(model)
    from_logits = last is not None and not gives_probabilities(last)
    kind = BinaryCrossentropy if _units(model) == 1 else SparseCategoricalCrossentropy
    return kind(from_logits=from_logits)


def scores_of(model: Model, loss: Any) -> Scores:
    """What the outputs of a model with this loss are."""
    known = _loss(model, loss)
    if getattr(known, "from_logits", False):
        each = _units(model) == 1 or isinstance(known, BinaryCrossentropy | BinaryFocalCrossentropy)
        return Scores.EACH_LOGIT if each else Scores.LOGITS
    if isinstance(known, Hinge | SquaredHinge | CategoricalHinge):
        return Scores.MARGINS
    last = _last(model)
    is_crossentropy = known is None or hasattr(known, "from_logits")
    return Scores.PROBABILITIES if is_crossentropy or last is None or gives_probabilities(last) else Scores.MARGINS


def labels_for(model: Model, loss: Any, numbers: Array) -> Array:
    """Labels as the loss takes them, of the numbers of classes: these, or 1 for the class and 0 for the others."""
    units, known = _units(model), _loss(model, loss)
    if units == 1:
        return numbers.astype(np.float32)[:, None]
    if known is None or type(known).__name__.startswith("Sparse"):
        return numbers.astype(np.int32)
    return np.eye(units, dtype=np.float32)[numbers]


def probabilities(outputs: Array, scores: Scores) -> Array:
    """Of each sample the probabilities of all classes: rows whose sum is 1."""
    made = outputs.astype(np.float64)  # in which sums are exact enough
    if scores is Scores.EACH_LOGIT:
        made = (1 + np.tanh(made / 2)) / 2  # the sigmoid, which overflows nowhere in this form
    if made.shape[1] == 1:
        return np.hstack([1 - made, made]).astype(np.float32)
    if scores is Scores.LOGITS:
        made = np.exp(made - made.max(axis=1, keepdims=True))
    return (made / made.sum(axis=1, keepdims=True)).astype(np.float32)


def numbers_of_classes(outputs: Array, scores: Scores) -> Array:
    """Of each sample the number of the likeliest class."""
    if outputs.shape[1] == 1:
        return (outputs[:, 0] > (0.5 if scores is Scores.PROBABILITIES else 0)).astype(np.intp)
    return outputs.argmax(axis=1)


def _units(model: Model) -> int:
    return int(model.graph.outputs[0].type.dims[-1])


def _last(model: Model) -> str | None:
    """The activation of the output; None where that cannot be told."""
    graph = model.graph
    made = makers(graph.layers)
    return last_activation(made.get(graph.outputs[0]), made, layers_by_path(model.to_spec()))


def _loss(model: Model, given: Any) -> Loss | None:
    """The loss of the output; None for the word `crossentropy`, which here means the one that takes numbers of
    classes."""
    one = per_output(given, model.graph.output_labels, "loss")[0]
    return None if one in CROSSENTROPY else coerced(LOSSES, one, "loss")
