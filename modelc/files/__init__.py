"""Reading and writing files: archives, atomic writes, tensors, arrays, pictures, HDF5."""
