"""CTC: sequences of labels that are shorter than those of predictions, and not aligned with them."""

from __future__ import annotations

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.arithmetic import add, multiply, reduce, reshape, scale, subtract
from modelc.layers.emit import binary, not_zero, truncate, unary
from modelc.layers.preprocessing.encode import one_hot
from modelc.losses.loss import Loss
from modelc.ops.concat import Concat
from modelc.ops.constant import Constant
from modelc.ops.contract import Contract
from modelc.ops.shape import Pad, Slice
from modelc.ops.softmax import Softmax

_NEVER = -1e5
"""The logarithm of what cannot be."""


class CTC(Loss):
    """Connectionist temporal classification: ``-log P(y | p)``, the probability of all paths through the predicted
    classes that become the labels y when repetitions and then blanks (class 0) are removed (Graves et al., 2006).

    Labels are class indices (N, labels), padded with 0 at the end; predictions are logits (N, steps, classes). The
    graph has about 30 ops per step.
    """

    name: str = "ctc"
    """The name of the loss in logs."""

    def call(self, g: Builder, y_true: Value, y_pred: Value) -> Value:
        """The forward recursion over steps, in logarithms.

        α⁰[n] is the logarithm of the probability of being at a blank after n labels, α¹[n] of being at label n.
        """
        if y_true.type.rank != 2 or y_pred.type.rank != 3:
            raise ShapeError(
                f"CTC takes labels (N, labels) and logits (N, steps, classes), found {y_true.type} and {y_pred.type}"
            )
        steps, classes = y_pred.type.dims
        (count,) = y_true.type.dims
        labels = truncate(g, y_true)
        logs = g.emit(Softmax("log_softmax", 2), y_pred)
        emit = g.emit(Contract("btk", "bnk", "btn"), logs, one_hot(g, labels, classes))
        repeats = self._repeats(g, labels)
        # What is added where a label must, or must not, be followed by a blank.
        same, different = scale(g, repeats, _NEVER), scale(g, repeats, -_NEVER, _NEVER)
        zeros = scale(g, labels, 0.0)
        at_label = scale(g, zeros, 1.0, _NEVER)
        at_blank = add(g, _prepend(g, zeros, count), g.emit(Constant((0.0, *(_NEVER,) * count), (count + 1,))))
        for step in range(steps):
            log_label = reshape(g, _slice(g, emit, step, step + 1), (None, count))
            log_blank = reshape(g, _slice(g, _classes(g, logs, 1), step, step + 1), (None, 1))
            reached = _enter(g, at_blank, add(g, at_label, same))
            before = _slice(g, reached, 0, count)
            next_label = _log_add(g, add(g, before, log_label), add(g, at_label, log_label))
            at_blank = _enter(g, add(g, reached, log_blank), add(g, at_label, log_blank, different))
            at_label = next_label
        at_blank = _enter(g, at_blank, at_label)
        length = reduce(g, "sum", not_zero(g, labels), (1,))
        ends = one_hot(g, length, count + 1)
        return unary(g, "negative", reduce(g, "sum", multiply(g, at_blank, ends), (1,)))

    def _repeats(self, g: Builder, labels: Value) -> Value:
        """1 where the next label is the same, else 0."""
        (count,) = labels.type.dims
        same = binary(g, "equal", _slice(g, labels, 0, count - 1), _slice(g, labels, 1, count))
        return g.emit(Pad(((0, 0), (0, 1))), same)


def _slice(g: Builder, x: Value, start: int, stop: int) -> Value:
    """x[:, start:stop]."""
    rest = x.type.rank - 2
    return g.emit(Slice((0, start, *(0,) * rest), (None, stop, *x.type.shape[2:]), (1,) * (rest + 2)), x)


def _classes(g: Builder, x: Value, stop: int) -> Value:
    """x[:, :, :stop]."""
    return g.emit(Slice((0, 0, 0), (None, x.type.dims[0], stop), (1, 1, 1)), x)


def _prepend(g: Builder, x: Value, count: int) -> Value:
    """(N, count) → (N, count + 1), a zero first."""
    return g.emit(Pad(((0, 0), (1, 0))), x)


def _enter(g: Builder, at_blank: Value, scores: Value) -> Value:
    """The blanks, each but the first one reached from the label before it as well."""
    count = scores.type.dims[0]
    first, others = _slice(g, at_blank, 0, 1), _slice(g, at_blank, 1, count + 1)
    return g.emit(Concat(1), first, _log_add(g, others, scores))


def _log_add(g: Builder, a: Value, b: Value) -> Value:
    """``log(exp(a) + exp(b))``."""
    gap = unary(g, "negative", unary(g, "abs", subtract(g, a, b)))
    return add(g, binary(g, "maximum", a, b), unary(g, "log1p", unary(g, "exponential", gap)))
