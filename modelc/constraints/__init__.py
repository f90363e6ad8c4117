"""The constraints, by Keras's names: `modelc.constraints.MaxNorm(2)`, or `{type: MaxNorm, max_value: 2}` in a spec."""

from __future__ import annotations

from modelc.constraints.classes import (
    CONSTRAINTS as CONSTRAINTS,
)
from modelc.constraints.classes import (
    Constraint as Constraint,
)
from modelc.constraints.classes import (
    ConstraintField as ConstraintField,
)
from modelc.constraints.classes import (
    MaxNorm as MaxNorm,
)
from modelc.constraints.classes import (
    MinMaxNorm as MinMaxNorm,
)
from modelc.constraints.classes import (
    NonNeg as NonNeg,
)
from modelc.constraints.classes import (
    UnitNorm as UnitNorm,
)
