"""Keras models as ONNX files, each layer as the ONNX operator that runtimes know best, with the same weights.

Written here since the public exporters of Keras 3 take some layers apart (normalizations, GELU, attention, or the loop
of an LSTM), which would cost the runtimes that are timed on the files.
"""

from _onnx.export import onnx_of as onnx_of
