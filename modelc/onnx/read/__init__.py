"""ONNX files as specs: layers where a graph's nodes are such, bare operations where not."""
