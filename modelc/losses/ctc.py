"""CTC: sequences of labels that are shorter than those of predictions, and not aligned with them."""

from __future__ import annotations

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.formulas import truncate
from modelc.graph.scan import Tensors, scan
from modelc.graph.tensor import Tensor
from modelc.layers.preprocessing.encode import one_hot
from modelc.losses.loss import Loss
from modelc.ops.constant import Range
from modelc.ops.contract import Contract
from modelc.ops.shape import Pad, Slice
from modelc.ops.softmax import Softmax

_NEVER = -1e5
"""The logarithm of what cannot be."""


class CTC(Loss):
    """Connectionist temporal classification: ``-log P(y | p)``, the probability of all paths through the predicted
    classes that become the labels y when repetitions and then blanks (class 0) are removed (Graves et al., 2006).

    Labels are class indices (N, labels), padded with 0 at the end; predictions are logits (N, steps, classes).
    """

    aligned = False

    name: str = "ctc"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Minus the logarithm of the probability of all paths."""
        return self._recursion(g, y_true, y_pred, None)

    def counted(self, g: Builder, y_true: Tensor, y_pred: Tensor, counts: Tensor) -> tuple[Tensor, Tensor | None]:
        """Paths through the steps that samples have: the recursion stands still at those that were added."""
        return self._recursion(g, y_true, y_pred.as_float(), counts), None

    def _recursion(self, g: Builder, y_true: Tensor, y_pred: Tensor, counts: Tensor | None) -> Tensor:
        """The forward recursion over steps, in logarithms.

        α⁰[n] is the logarithm of the probability of being at a blank after n labels, α¹[n] of being at label n.
        """
        if y_true.rank != 2 or y_pred.rank != 3:
            raise ShapeError(
                f"CTC takes labels (N, labels) and logits (N, steps, classes), found {y_true.type} and {y_pred.type}"
            )
        classes = y_pred.dims[1]
        (count,) = y_true.dims
        labels = truncate(y_true)
        logs = y_pred.emit(Softmax("log_softmax", 2))
        emit = logs.emit(Contract("btk", "bnk", "btn"), one_hot(labels, classes))
        repeats = self._repeats(labels)
        # What is added where a label must, or must not, be followed by a blank.
        same, different = repeats * _NEVER, repeats * -_NEVER + _NEVER
        zeros = 0.0 * labels
        at_label = zeros + _NEVER
        at_blank = zeros.emit(Pad(((0, 0), (1, 0)))) + g.emit(Range(count + 1)).greater(0.0) * _NEVER

        def step(given: Tensors, states: Tensors) -> tuple[Tensors, Tensors]:
            (log_label, log_blank, *counted), (at_blank, at_label) = given, states
            reached = _enter(at_blank, at_label + same)
            before = _slice(reached, 0, count)
            next_label = _log_add(before + log_label, at_label + log_label)
            new = _enter(reached + log_blank, at_label + log_blank + different), next_label
            for one in counted:
                new = tuple(after * one + before * (1.0 - one) for before, after in zip(states, new, strict=True))
            return new, ()

        steps = (emit, logs.part(2, 0, 1))
        if counts is not None:
            steps = (*steps, counts.reshape((*counts.shape, 1)))
        done = scan(g, step, steps, (at_blank, at_label), backward=False)
        at_blank = _enter(*done.states)
        length = labels.not_equal(0.0).sum((1,))
        ends = one_hot(length, count + 1)
        return -(at_blank * ends).sum((1,))

    def _repeats(self, labels: Tensor) -> Tensor:
        """1 where the next label is the same, else 0."""
        (count,) = labels.dims
        same = _slice(labels, 0, count - 1).equal(_slice(labels, 1, count))
        return same.emit(Pad(((0, 0), (0, 1))))


def _slice(x: Tensor, start: int, stop: int) -> Tensor:
    """``x[:, start:stop]``."""
    return x.emit(Slice((0, start), (None, stop), (1, 1)))


def _enter(at_blank: Tensor, scores: Tensor) -> Tensor:
    """The blanks, each but the first one reached from the label before it as well."""
    count = scores.dims[0]
    first, others = _slice(at_blank, 0, 1), _slice(at_blank, 1, count + 1)
    return first.concat(_log_add(others, scores), axis=1)


def _log_add(a: Tensor, b: Tensor) -> Tensor:
    """``log(exp(a) + exp(b))``."""
    gap = -abs(a - b)
    return a.maximum(b) + gap.exp().log1p()
