"""Schedules of the learning rate, by Keras's names: `modelc.optimizers.schedules.CosineDecay(0.1, 1000)`."""

from __future__ import annotations

from modelc.optimizers.schedules.classes import (
    SCHEDULES as SCHEDULES,
)
from modelc.optimizers.schedules.classes import (
    CosineDecay as CosineDecay,
)
from modelc.optimizers.schedules.classes import (
    CosineDecayRestarts as CosineDecayRestarts,
)
from modelc.optimizers.schedules.classes import (
    ExponentialDecay as ExponentialDecay,
)
from modelc.optimizers.schedules.classes import (
    InverseTimeDecay as InverseTimeDecay,
)
from modelc.optimizers.schedules.classes import (
    PiecewiseConstantDecay as PiecewiseConstantDecay,
)
from modelc.optimizers.schedules.classes import (
    PolynomialDecay as PolynomialDecay,
)
from modelc.optimizers.schedules.classes import (
    Schedule as Schedule,
)
