"""Parameters of the kernel of attention among the samples of a batch. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.record import DIM, F32, I64, OPERAND, Record

SAMPLE_ATTENTION = Record.of(
    y=OPERAND, query=OPERAND, key=OPERAND, value=OPERAND, weight=OPERAND, mask=OPERAND, step=OPERAND,
    normalizer=OPERAND, mean=OPERAND, dy=OPERAND, made=I64, samples=DIM, features=I64, channels=I64, causal=I64,
    mask_is_float=I64, step_is_float=I64, rate=F32, random_key=I64 * 2,
)  # fmt: skip
"""`ops.sample_attention`: query, key (samples, features), value, dy (samples, channels), weight (features,), mask,
mean (samples,), normalizer (samples, 2). The weight is absent where the score is a dot product, the mask where there
is none, step where nothing is dropped; normalizer, mean and dy where no gradient is made. The mask and the step are
float32 or int32. `made` a `Made`. Units: the rows of y, one for each sample."""


class Made(IntEnum):
    """What y is: (samples, channels), (samples, 2), or the gradient of an operand."""

    OUTPUT = 0
    NORMALIZER = 1
    QUERY = 2
    KEY = 3
    VALUE = 4
    WEIGHT = 5
