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
    shares: tuple[str, ...] = ()
    """The functions of its object that kernels of other families call."""
    uses: tuple[str, ...] = ()
    """The families whose functions its kernels call. These use none themselves."""

    @property
    def symbols(self) -> tuple[str, ...]:
        """The names of all functions that its object defines for others."""
        return self.kernels + self.shares


def _family(name: str, module: str, *kernels: str, shares: tuple[str, ...] = (), uses: tuple[str, ...] = ()) -> Family:
    return Family(name, f"modelc.native.{module}", kernels, shares, uses)


FAMILIES: MappingProxyType[str, Family] = MappingProxyType(
    {
        family.name: family
        for family in (
            _family("walker", "engine.walker", "walk", "work", "walk_slices"),
            _family("bands", "families.bands.kernel", "bands", uses=("activations", "conv")),
            _family("chain", "families.chain.kernel", "chain"),
            _family("conv", "families.conv.kernel", "conv", shares=("run_tiles",)),
            _family("conv_gradient", "families.conv.kernel_gradient", "conv_gradient"),
            _family("conv_packed_gradient", "families.conv.kernel_packed_gradient", "conv_packed_gradient"),
            _family("depthwise", "families.conv.kernel_depthwise", "depthwise"),
            _family("depthwise_3x3", "families.conv.kernel_depthwise_3x3", "depthwise_3x3"),
            _family("depthwise_gradient", "families.conv.kernel_depthwise_gradient", "depthwise_gradient"),
            _family("depthwise_row", "families.conv.kernel_depthwise_row", "depthwise_row"),
            _family("activations", "families.elementwise.kernel_unary", "unary", shares=("map_rows",)),
            _family("elementwise", "families.elementwise.kernel", "binary", "affine", uses=("activations",)),
            _family("extremes_gradient", "families.extremes.kernel", "adaptive_max_gradient", "sparsemax_gradient"),
            _family("gather", "families.gather.kernel", "gather", "cast"),
            _family("scatter", "families.gather.kernel_scatter", "add_rows", "batch_size"),
            _family("loop", "families.loop.kernel", "begin_loop", "turn", "take_part", "put_part", "set_state"),
            _family("random", "families.random.kernel", "random", uses=("activations",)),
            _family("measure", "families.measure.kernel", "timed", "read_clock", "fma_loop", "read_loop"),
            _family("fill", "families.move.kernel_fill", "fill"),
            _family("move", "families.move.kernel", "copy", "pad"),
            _family("normalize", "families.normalize.kernel", "normalize"),
            _family("order", "families.order.kernel", "order", "take_along", "add_along"),
            _family("average_pool", "families.pool.kernel_average", "average_pool"),
            _family("max_pool", "families.pool.kernel_max", "max_pool"),
            _family("average_pool_gradient", "families.pool.kernel_average_gradient", "average_pool_gradient"),
            _family("max_pool_gradient", "families.pool.kernel_max_gradient", "max_pool_gradient"),
            _family("recurrent", "families.recurrent.kernel", "recurrent", "per_sample", uses=("activations", "conv")),
            _family("recurrent_backward", "families.recurrent.kernel_backward", "recurrent_backward", uses=("conv",)),
            _family("reduce", "families.reduce.kernel", "reduce"),
            _family("resample", "families.resample.kernel", "resample"),
            _family("sample_attention", "families.sample_attention.kernel", "sample_attention"),
            _family("select", "families.elementwise.kernel_select", "choose"),
            _family("shuffle", "families.shuffle.kernel", "shuffle"),
            _family("softmax", "families.softmax.kernel", "softmax"),
            _family("strassen", "families.strassen.kernel", "strassen"),
            _family("strassen_sums", "families.strassen.kernel_sums", "strassen_sums"),
            _family("warp", "families.warp.kernel", "warp", "warp_gradient"),
            _family("worksheet", "engine.worksheet_kernel", "work_out"),
            _family("winograd_2", "families.winograd.kernel_2", "winograd_2", uses=("conv",)),
            _family("winograd_4", "families.winograd.kernel_4", "winograd_4", uses=("conv",)),
            _family("winograd_5x5", "families.winograd.kernel_5x5", "winograd_5x5", uses=("conv",)),
            _family("winograd_row3", "families.winograd.kernel_row3", "winograd_row3", uses=("conv",)),
            _family("winograd_row7", "families.winograd.kernel_row7", "winograd_row7", uses=("conv",)),
        )
    }
)

_LONGEST = (
    "chain",
    "winograd_5x5",
    "recurrent_backward",
    "winograd_4",
    "bands",
    "recurrent",
    "winograd_2",
    "conv",
    "conv_packed_gradient",
    "max_pool_gradient",
    "average_pool_gradient",
    "winograd_row3",
    "winograd_row7",
    "conv_gradient",
    "reduce",
    "depthwise_row",
)
"""The families that take longest to compile, from six times as long as most others down to one and a half."""

_FAMILY_OF = {kernel: family.name for family in FAMILIES.values() for kernel in family.kernels}


def family_of(kernel: str) -> str:
    """The name of the family that holds `kernel`. Raises KeyError where there is no such kernel."""
    return _FAMILY_OF[kernel]


def with_used(families: Iterable[str]) -> list[str]:
    """The families and those that they use, each after all that it uses. Raises KeyError where there is no such one."""
    asked = {name for family in families for name in (family, *FAMILIES[family].uses)}
    return sorted(asked, key=lambda name: (len(FAMILIES[name].uses), name))


def longest_first(families: Iterable[str]) -> list[str]:
    """The families in the order in which several processes have compiled all of them soonest."""
    ranks = {name: rank for rank, name in enumerate(_LONGEST)}
    return sorted(families, key=lambda name: ranks.get(name, len(ranks)))
