"""Regularization.

Layers that disturb training only.
"""
