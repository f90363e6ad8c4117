"""The regularizers, by Keras's names: `modelc.regularizers.L2(1e-4)`, or `{type: L2, l2: 1e-4}` in a spec."""

from __future__ import annotations

from modelc.regularizers.classes import (
    L1 as L1,
)
from modelc.regularizers.classes import (
    L1L2 as L1L2,
)
from modelc.regularizers.classes import (
    L2 as L2,
)
from modelc.regularizers.classes import (
    REGULARIZERS as REGULARIZERS,
)
from modelc.regularizers.classes import (
    OrthogonalRegularizer as OrthogonalRegularizer,
)
from modelc.regularizers.classes import (
    Regularizer as Regularizer,
)
from modelc.regularizers.classes import (
    RegularizerField as RegularizerField,
)
