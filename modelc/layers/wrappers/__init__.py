"""Wrappers.

Layers around other layers.
"""
