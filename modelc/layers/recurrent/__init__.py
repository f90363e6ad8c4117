"""Recurrent layers.

Layers and cells that go through a sequence step by step.
"""
