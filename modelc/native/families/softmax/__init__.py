"""Distributions along an axis."""
