"""Reshaping.

Layers that change the shape of a sample.
"""
