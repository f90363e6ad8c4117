"""Copies, padding, look-ups and resampling."""
