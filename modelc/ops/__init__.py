"""Tensor operations: attributes, shape rule, cost and NumPy definition, one file per family."""
