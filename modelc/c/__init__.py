"""A model as a C library: the plan of its graph as machine code over the same kernels, without Python or a runtime."""
