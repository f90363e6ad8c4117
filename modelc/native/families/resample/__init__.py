"""Weighted sums, or the largest, of a few elements along an axis."""
