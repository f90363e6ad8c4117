"""How ONNX's operators are read, by their kind."""
