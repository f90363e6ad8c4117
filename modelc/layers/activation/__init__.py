"""Activations.

Layers that are an activation.
"""
