"""ONNX: models as files of the Open Neural Network Exchange format (extra `onnx`)."""
