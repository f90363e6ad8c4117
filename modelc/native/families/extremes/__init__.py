"""Gradients of what picks elements: adaptive maxima and sparsemax."""
