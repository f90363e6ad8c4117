"""The kernels, in families that are compiled together, each with its parameters, its packing and its rules of lowering.

`params.py` says what lowering writes and a kernel reads, `pack.py` in which order a kernel reads its weights,
`lower*.py` holds the rules, `kernel*.py` what numba compiles; only these load numba. Sizes and strides count elements,
not bytes. `Dim` marks an extent that may grow with the batch (see `code/layout.py`); all else is a plain integer. The
units of a kernel, which is what a step is divided by, are given in its record's docstring.
"""
