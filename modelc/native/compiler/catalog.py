"""The closed table of kernels: which family (one object file) each belongs to, and the module that defines it.

Numba-free: modules are named, not imported, until a family has to be compiled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Family:
    """A module of kernels that are compiled, cached and loaded together."""

    name: str
    module: str
    kernels: tuple[str, ...]


def _family(name: str, module: str, *kernels: str) -> Family:
    return Family(name, f"modelc.native.{module}", kernels)


FAMILIES: MappingProxyType[str, Family] = MappingProxyType(
    {
        family.name: family
        for family in (
            _family("walker", "engine.walker", "walk", "work", "walk_slices"),
            _family("chain", "families.chain.kernel", "chain"),
            _family("conv", "families.conv.kernel", "conv"),
            _family("conv_gradient", "families.conv.kernel_gradient", "conv_gradient"),
            _family("conv_packed_gradient", "families.conv.kernel_packed_gradient", "conv_packed_gradient"),
            _family("depthwise", "families.conv.kernel_depthwise", "depthwise"),
            _family("depthwise_3x3", "families.conv.kernel_depthwise_3x3", "depthwise_3x3"),
            _family("depthwise_gradient", "families.conv.kernel_depthwise_gradient", "depthwise_gradient"),
            _family("depthwise_row", "families.conv.kernel_depthwise_row", "depthwise_row"),
            _family("activations", "families.elementwise.kernel_unary", "unary"),
            _family("elementwise", "families.elementwise.kernel", "binary", "affine"),
            _family("extremes_gradient", "families.extremes.kernel", "adaptive_max_gradient", "sparsemax_gradient"),
            _family("gather", "families.gather.kernel", "gather", "cast"),
            _family("scatter", "families.gather.kernel_scatter", "add_rows", "batch_size"),
            _family("loop", "families.loop.kernel", "begin_loop", "turn", "take_part", "put_part", "set_state"),
            _family("random", "families.random.kernel", "random"),
            _family("measure", "families.measure.kernel", "timed", "read_clock", "fma_loop", "read_loop"),
            _family("move", "families.move.kernel", "copy", "fill", "pad"),
            _family("normalize", "families.normalize.kernel", "normalize"),
            _family("order", "families.order.kernel", "order", "take_along", "add_along"),
            _family("pool", "families.pool.kernel", "pool"),
            _family("pool_gradient", "families.pool.kernel_gradient", "max_pool_gradient", "average_pool_gradient"),
            _family("recurrent", "families.recurrent.kernel", "recurrent", "per_sample"),
            _family("recurrent_backward", "families.recurrent.kernel_backward", "recurrent_backward"),
            _family("reduce", "families.reduce.kernel", "reduce"),
            _family("resample", "families.resample.kernel", "resample"),
            _family("sample_attention", "families.sample_attention.kernel", "sample_attention"),
            _family("select", "families.elementwise.kernel_select", "choose"),
            _family("shuffle", "families.shuffle.kernel", "shuffle"),
            _family("softmax", "families.softmax.kernel", "softmax"),
            _family("warp", "families.warp.kernel", "warp", "warp_gradient"),
            _family("worksheet", "engine.worksheet_kernel", "work_out"),
            _family("winograd_2", "families.winograd.kernel_2", "winograd_2"),
            _family("winograd_4", "families.winograd.kernel_4", "winograd_4"),
            _family("winograd_5x5", "families.winograd.kernel_5x5", "winograd_5x5"),
            _family("winograd_row3", "families.winograd.kernel_row3", "winograd_row3"),
            _family("winograd_row7", "families.winograd.kernel_row7", "winograd_row7"),
        )
    }
)

_LONGEST = (
    "chain",
    "recurrent",
    "elementwise",
    "recurrent_backward",
    "conv_packed_gradient",
    "random",
    "winograd_4",
    "conv",
    "winograd_5x5",
    "winograd_2",
    "winograd_row7",
    "conv_gradient",
    "winograd_row3",
)
"""The families that take longest to compile, from seven times as long as most others down to one and a half."""

_FAMILY_OF = {kernel: family.name for family in FAMILIES.values() for kernel in family.kernels}


def family_of(kernel: str) -> str:
    """The name of the family that holds `kernel`. Raises KeyError where there is no such kernel."""
    return _FAMILY_OF[kernel]


def longest_first(families: Iterable[str]) -> list[str]:
    """The families in the order in which several processes have compiled all of them soonest."""
    ranks = {name: rank for rank, name in enumerate(_LONGEST)}
    return sorted(families, key=lambda name: ranks.get(name, len(ranks)))
