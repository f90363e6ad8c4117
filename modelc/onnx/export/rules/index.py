"""The modules that declare rules: to import this one is to have all rules."""

# pyright: reportUnusedImport=false

from __future__ import annotations

import modelc.onnx.export.rules.constants
import modelc.onnx.export.rules.conv
import modelc.onnx.export.rules.elementwise
import modelc.onnx.export.rules.loop
import modelc.onnx.export.rules.places
import modelc.onnx.export.rules.product
import modelc.onnx.export.rules.random
import modelc.onnx.export.rules.recurrent
import modelc.onnx.export.rules.reduce
import modelc.onnx.export.rules.resample
import modelc.onnx.export.rules.sample_attention
import modelc.onnx.export.rules.shape
import modelc.onnx.export.rules.warp
