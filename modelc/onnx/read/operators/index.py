"""Imports the rules of all operators."""

# pyright: reportUnusedImport=false

import modelc.onnx.read.operators.activations
import modelc.onnx.read.operators.arithmetic
import modelc.onnx.read.operators.contributed
import modelc.onnx.read.operators.control
import modelc.onnx.read.operators.conv
import modelc.onnx.read.operators.indexed
import modelc.onnx.read.operators.joining
import modelc.onnx.read.operators.learning
import modelc.onnx.read.operators.normalization
import modelc.onnx.read.operators.pool
import modelc.onnx.read.operators.product
import modelc.onnx.read.operators.quantized
import modelc.onnx.read.operators.recurrent
import modelc.onnx.read.operators.reduce
import modelc.onnx.read.operators.resample
import modelc.onnx.read.operators.shape
import modelc.onnx.read.operators.sizes
import modelc.onnx.read.operators.taking
