"""Training data: arrays, streams, tables and folders of images → batches with the types and shapes of a model."""
