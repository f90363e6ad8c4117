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


def _family(module: str, *kernels: str) -> Family:
    return Family(module.rpartition(".")[2], f"modelc.native.{module}", kernels)


FAMILIES: MappingProxyType[str, Family] = MappingProxyType(
    {
        family.name: family
        for family in (
            _family("engine.walker", "walk", "work"),
            _family("families.chain.chain", "chain"),
            _family("families.conv.conv", "conv"),
            _family("families.conv.conv_gradient", "conv_gradient"),
            _family("families.conv.depthwise", "depthwise"),
            _family("families.conv.depthwise_gradient", "depthwise_gradient"),
            _family("families.conv.depthwise_row", "depthwise_row"),
            _family("families.elementwise.activations", "unary"),
            _family("families.elementwise.elementwise", "binary", "affine"),
            _family("families.pool.extremes_gradient", "adaptive_max_gradient", "sparsemax_gradient"),
            _family("families.move.gather", "gather", "cast"),
            _family("families.move.scatter", "add_rows", "batch_size"),
            _family("families.random.random", "random"),
            _family("families.move.move", "copy", "fill", "pad"),
            _family("families.reduce.normalize", "normalize"),
            _family("families.order.order", "order", "take_along", "add_along"),
            _family("families.pool.pool", "pool"),
            _family("families.pool.pool_gradient", "max_pool_gradient", "average_pool_gradient"),
            _family("families.recurrent.recurrent", "recurrent", "per_sample"),
            _family("families.recurrent.recurrent_backward", "recurrent_backward"),
            _family("families.reduce.reduce", "reduce"),
            _family("families.move.resample", "resample"),
            _family("families.sample_attention.sample_attention", "sample_attention"),
            _family("families.elementwise.select", "choose"),
            _family("families.order.shuffle", "shuffle"),
            _family("families.reduce.softmax", "softmax"),
            _family("families.warp.warp", "warp", "warp_gradient"),
        )
    }
)

_FAMILY_OF = {kernel: family.name for family in FAMILIES.values() for kernel in family.kernels}


def family_of(kernel: str) -> str:
    """The name of the family that holds `kernel`. Raises KeyError where there is no such kernel."""
    return _FAMILY_OF[kernel]
