"""The closed table of kernels: which family (one object file) each belongs to, and the module that defines it.

Numba-free: modules are named, not imported, until a family has to be compiled.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Family:
    """A module of kernels that are compiled, cached and loaded together."""

    name: str
    module: str
    kernels: tuple[str, ...]


def _family(name: str, *kernels: str) -> Family:
    return Family(name, f"modelc.kernels.{name}", kernels)


FAMILIES: MappingProxyType[str, Family] = MappingProxyType(
    {
        family.name: family
        for family in (
            _family("walker", "walk", "work"),
            _family("chain", "chain"),
            _family("conv", "conv"),
            _family("conv_gradient", "conv_gradient", "depthwise_gradient"),
            _family("depthwise", "depthwise"),
            _family("depthwise_row", "depthwise_row"),
            _family("activations", "unary"),
            _family("elementwise", "binary", "affine"),
            _family("extremes_gradient", "adaptive_max_gradient", "sparsemax_gradient"),
            _family("gather", "gather", "cast"),
            _family("scatter", "add_rows", "batch_size"),
            _family("random", "random"),
            _family("move", "copy", "fill", "pad"),
            _family("normalize", "normalize"),
            _family("order", "order", "take_along", "add_along"),
            _family("pool", "pool"),
            _family("pool_gradient", "max_pool_gradient", "average_pool_gradient"),
            _family("recurrent", "recurrent", "per_sample"),
            _family("recurrent_backward", "recurrent_backward"),
            _family("reduce", "reduce"),
            _family("resample", "resample"),
            _family("sample_attention", "sample_attention"),
            _family("select", "choose"),
            _family("shuffle", "shuffle"),
            _family("softmax", "softmax"),
            _family("warp", "warp", "warp_gradient"),
        )
    }
)

_FAMILY_OF = {kernel: family.name for family in FAMILIES.values() for kernel in family.kernels}


def family_of(kernel: str) -> str:
    """The name of the family that holds `kernel`. Raises KeyError where there is no such kernel."""
    return _FAMILY_OF[kernel]
