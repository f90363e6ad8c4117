"""The kernels, a folder for each family: parameters, packing, lowering rule and kernel."""
