"""Convolutions, matrix products among them, and their gradients."""
