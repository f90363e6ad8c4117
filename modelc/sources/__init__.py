"""What the readers of models that other programs wrote share: tensors by reference, their shapes, known data, notes."""
