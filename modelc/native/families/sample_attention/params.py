"""Parameters of the kernel of attention among the samples of a batch. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.layout import Layout

SAMPLE_ATTENTION = Layout.of(
    y=3, query=3, key=3, value=3, weight=3, mask=3, step=3, normalizer=3, mean=3, dy=3, made=1, samples=1, features=1,
    channels=1, causal=1, mask_is_float=1, step_is_float=1, rate=1, random_key=2,
)  # fmt: skip
"""`ops.sample_attention`: query, key (samples, features), value, dy (samples, channels), weight (features,), mask,
mean (samples,), normalizer (samples, 2). The weight is absent where the score is a dot product, the mask where there
is none, step where nothing is dropped; normalizer, mean and dy where no gradient is made. The mask and the step are
float32 or int32. `samples` a Dim, `made` a `Made`. Units: the rows of y, one for each sample."""


class Made(IntEnum):
    """What y is: (samples, channels), (samples, 2), or the gradient of an operand."""

    OUTPUT = 0
    NORMALIZER = 1
    QUERY = 2
    KEY = 3
    VALUE = 4
    WEIGHT = 5
