"""Kernels: what runs natively, and how it is compiled."""
