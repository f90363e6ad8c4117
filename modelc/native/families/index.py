"""The modules that declare rules of lowering: to import this one is to have all rules."""

# pyright: reportUnusedImport=false

from __future__ import annotations

import modelc.native.families.bands.lower
import modelc.native.families.chain.lower
import modelc.native.families.conv.lower
import modelc.native.families.conv.lower_contract
import modelc.native.families.conv.lower_gradient
import modelc.native.families.conv.lower_packing
import modelc.native.families.conv.lower_residual_sum
import modelc.native.families.conv.lower_transposed
import modelc.native.families.elementwise.lower
import modelc.native.families.extremes.lower
import modelc.native.families.gather.lower
import modelc.native.families.loop.lower
import modelc.native.families.move.lower
import modelc.native.families.normalize.lower
import modelc.native.families.order.lower
import modelc.native.families.pool.lower
import modelc.native.families.pool.lower_gradient
import modelc.native.families.random.lower
import modelc.native.families.recurrent.lower
import modelc.native.families.reduce.lower
import modelc.native.families.resample.lower
import modelc.native.families.sample_attention.lower
import modelc.native.families.shuffle.lower
import modelc.native.families.softmax.lower
import modelc.native.families.strassen.lower
import modelc.native.families.warp.lower
import modelc.native.families.winograd.lower
