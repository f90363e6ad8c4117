"""From kernels to loaded machine code: the catalogue, compilation in child processes, the cache of objects."""
