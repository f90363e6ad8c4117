"""Lowering of attention among the samples of a batch."""

from __future__ import annotations

from modelc.graph.graph import Node, Value
from modelc.native.code.layout import ABSENT, Operand
from modelc.native.families.sample_attention.params import SAMPLE_ATTENTION, Made
from modelc.native.lowering.context import Lowering
from modelc.native.lowering.rules import lowers
from modelc.ops.sample_attention import SampleAttention, SampleAttentionGradient, SampleNormalizer


@lowers(SampleAttention, SampleAttentionGradient, SampleNormalizer)
def lower_sample_attention(lowering: Lowering, node: Node) -> None:
    """A row for each sample, which goes over all of them."""
    op = node.op
    match op:
        case SampleAttention():
            attention, made = op, Made.OUTPUT
        case SampleNormalizer(attention=attention):
            made = Made.NORMALIZER
        case SampleAttentionGradient(attention=attention, of=of):
            made = Made[of.upper()]
        case _:
            raise AssertionError(op)
    given = node.inputs[: attention.arity]
    normalizer, mean, dy = node.inputs[attention.arity :] or (None, None, None)
    q, k, v, *rest = given
    rest = iter(rest)
    weight = next(rest) if attention.score == "tanh" else None
    mask = next(rest) if attention.masked else None
    step = next(rest, None)

    def place(value: Value | None) -> Operand:
        return ABSENT if value is None else lowering.operand(value)

    params = SAMPLE_ATTENTION.pack(
        y=place(node.output), query=place(q), key=place(k), value=place(v), weight=place(weight), mask=place(mask),
        step=place(step), normalizer=place(normalizer), mean=place(mean), dy=place(dy), made=int(made), samples=-1,
        features=q.type.size, channels=v.type.size, causal=int(attention.causal),
        mask_is_float=_is_float(mask), step_is_float=_is_float(step), rate=float(attention.rate),
        random_key=(attention.key & 0xFFFFFFFF, attention.key >> 32),
    )  # fmt: skip
    lowering.step("sample_attention", params, -1, elements=2 * (q.type.size + v.type.size), over_batch=True)


def _is_float(value: Value | None) -> int:
    return int(value is not None and value.type.dtype == "float32")
