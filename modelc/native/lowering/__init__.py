"""Lowering: a planned graph becomes steps of kernels with their parameters."""
