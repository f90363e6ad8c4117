"""Sorting, and the order of the samples of a batch."""
