"""The initializers, by Keras's names: `modelc.initializers.HeNormal()`, or `he_normal` in a spec."""

from __future__ import annotations

from typing import Any

from modelc.initializers.classes import (
    INITIALIZERS as INITIALIZERS,
)
from modelc.initializers.classes import (
    MAX_ORTHOGONAL as MAX_ORTHOGONAL,
)
from modelc.initializers.classes import (
    Constant as Constant,
)
from modelc.initializers.classes import (
    GlorotNormal as GlorotNormal,
)
from modelc.initializers.classes import (
    GlorotUniform as GlorotUniform,
)
from modelc.initializers.classes import (
    HeNormal as HeNormal,
)
from modelc.initializers.classes import (
    HeUniform as HeUniform,
)
from modelc.initializers.classes import (
    Identity as Identity,
)
from modelc.initializers.classes import (
    Initializer as Initializer,
)
from modelc.initializers.classes import (
    InitializerField as InitializerField,
)
from modelc.initializers.classes import (
    LecunNormal as LecunNormal,
)
from modelc.initializers.classes import (
    LecunUniform as LecunUniform,
)
from modelc.initializers.classes import (
    Ones as Ones,
)
from modelc.initializers.classes import (
    Orthogonal as Orthogonal,
)
from modelc.initializers.classes import (
    RandomNormal as RandomNormal,
)
from modelc.initializers.classes import (
    RandomUniform as RandomUniform,
)
from modelc.initializers.classes import (
    TruncatedNormal as TruncatedNormal,
)
from modelc.initializers.classes import (
    VarianceScaling as VarianceScaling,
)
from modelc.initializers.classes import (
    Zeros as Zeros,
)


def __getattr__(name: str) -> Any:
    if name == "STFT":  # it imports what computes spectra, which only it needs
        from modelc.initializers.stft import STFT

        return STFT
    raise AttributeError(f"module 'modelc.initializers' has no attribute '{name}'")
