"""The modules that declare rules of lowering: to import this one is to have all rules."""

from __future__ import annotations

from modelc.native.families.chain import lower as chain
from modelc.native.families.conv import lower as conv
from modelc.native.families.conv import lower_contract as conv_contract
from modelc.native.families.conv import lower_gradient as conv_gradient
from modelc.native.families.conv import lower_packing as conv_packing
from modelc.native.families.conv import lower_transposed as conv_transposed
from modelc.native.families.elementwise import lower as elementwise
from modelc.native.families.extremes import lower as extremes
from modelc.native.families.gather import lower as gather
from modelc.native.families.move import lower as move
from modelc.native.families.normalize import lower as normalize
from modelc.native.families.order import lower as order
from modelc.native.families.pool import lower as pool
from modelc.native.families.pool import lower_gradient as pool_gradient
from modelc.native.families.random import lower as random
from modelc.native.families.recurrent import lower as recurrent
from modelc.native.families.reduce import lower as reduce
from modelc.native.families.resample import lower as resample
from modelc.native.families.sample_attention import lower as sample_attention
from modelc.native.families.shuffle import lower as shuffle
from modelc.native.families.softmax import lower as softmax
from modelc.native.families.warp import lower as warp

RULES = (
    chain, conv, conv_contract, conv_gradient, conv_packing, conv_transposed, elementwise, extremes, gather,
    move, normalize, order, pool, pool_gradient, random, recurrent, reduce, resample, sample_attention, shuffle,
    softmax, warp,
)  # fmt: skip
