"""Attention among the samples of a batch."""
