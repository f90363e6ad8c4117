"""Core.

Dense, Embedding, EinsumDense and other basic layers.
"""
