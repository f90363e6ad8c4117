"""Passes towards the kernels: packing, padding, fusing, and the plan of memory."""
