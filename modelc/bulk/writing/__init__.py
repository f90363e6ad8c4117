"""Results into files, chunk by chunk: .npy, .npz, CSV, JSON lines, Parquet, and standard output."""
