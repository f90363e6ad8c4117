"""`set_random_seed`, as Keras has it."""

from __future__ import annotations

import random

import numpy as np

from modelc.config.arguments import require_count
from modelc.errors import InputError


def set_random_seed(seed: int) -> None:
    """Seed the generators of Python's `random` and of NumPy, which a script's own data may come from.

    modelc needs none of it: weights follow from the `seed` of `build` and of Sequential, and shuffling, dropout and
    augmentation from that of `compile`. Each is 0 unless said, so that a script gives the same results at every run.
    Data that is shuffled without a seed follows from this one. Raises `InputError` for what is no 32-bit number.
    """
    require_count("seed", seed, 0)
    if seed >= 2**32:
        raise InputError(f"`seed` must be less than 2³², found {seed}")
    random.seed(seed)
    np.random.seed(seed)
