"""Weights of PyTorch models, in safetensors files, for specs of the same architectures."""
