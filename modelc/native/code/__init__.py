"""What kernels are written with: lanes, vectors, memory and elementary functions."""
