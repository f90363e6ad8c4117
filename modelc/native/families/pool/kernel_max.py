"""Max pooling: the largest element of a window."""

from __future__ import annotations

import numpy as np

from modelc.native.code.vector import inlined, maximum
from modelc.native.families.pool.kernel import pool_kernel


@inlined
def _as_it_is(largest, count):
    return largest


KERNELS = (pool_kernel("max_pool", maximum, np.float32(-np.inf), _as_it_is),)
