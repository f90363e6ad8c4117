"""Average pooling: the mean of those elements of a window that lie inside."""

from __future__ import annotations

import numpy as np

from modelc.native.code.vector import inlined
from modelc.native.families.pool.kernel import pool_kernel


@inlined
def _add(total, x):
    return total + x


@inlined
def _mean(total, count):
    return total * (np.float32(1.0) / np.float32(count))


KERNELS = (pool_kernel("average_pool", _add, np.float32(0.0), _mean),)
