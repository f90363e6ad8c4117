"""Reductions, normalizations and softmax."""
