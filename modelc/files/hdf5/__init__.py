"""Files in the HDF5 format, as Keras writes them, read without trust."""
