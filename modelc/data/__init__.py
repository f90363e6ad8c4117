"""What is trained on: arrays, streams, tables and pictures → batches whose types and shapes are a spec's."""
